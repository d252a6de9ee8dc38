"""New tensors in the dtype of another one: `x.new_zeros(2, 3)` and its like.

`filled` has `zeros_like` and its like, which take the shape too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from difftool.graph.dtype import DType
from difftool.graph.node import Node, Number
from difftool.operations.registry import composite, ops

_SIZED = "(input, *size: int, dtype: DType | None = None, requires_grad: bool = False)"


@composite(f"new_zeros{_SIZED}", example="new_zeros(ones(2), 2, 2)")
def new_zeros(
    input: Node, size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """Zeros of a given size in the dtype of a tensor."""
    made: Node = ops.zeros(size, dtype=dtype or input.dtype, requires_grad=requires_grad)
    return made


@composite(f"new_ones{_SIZED}", example="new_ones(zeros(2), 2, 2)")
def new_ones(
    input: Node, size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """Ones of a given size in the dtype of a tensor."""
    made: Node = ops.ones(size, dtype=dtype or input.dtype, requires_grad=requires_grad)
    return made


@composite(f"new_empty{_SIZED}", example="new_empty(ones(2), 2, 2)")
def new_empty(
    input: Node, size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """A tensor to be filled, in the dtype of another; zeros here, undefined in PyTorch."""
    made: Node = ops.zeros(size, dtype=dtype or input.dtype, requires_grad=requires_grad)
    return made


@composite(
    "new_full(input, size: Size, fill_value: Number, *, dtype: DType | None = None, "
    "requires_grad: bool = False)",
    example="new_full(ones(2), (2, 2), 7)",
)
def new_full(
    input: Node,
    size: Sequence[int],
    fill_value: Number,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """A tensor of a given size filled with one number, in the dtype of a tensor."""
    made: Node = ops.full(
        size, fill_value, dtype=dtype or input.dtype, requires_grad=requires_grad
    )
    return made


@composite(
    "new_tensor(input, data: Any, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="new_tensor(ones(2), [1, 2, 3])",
)
def new_tensor(
    input: Node, data: Any, dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """A tensor of the numbers in nested lists, in the dtype of a tensor."""
    made: Node = ops.tensor(data, dtype=dtype or input.dtype, requires_grad=requires_grad)
    return made
