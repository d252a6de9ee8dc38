"""Copies: views as tensors with memory of their own, `select_copy` of `select` and so on.

Each is its view in all but the grad_fn's name and the strides, which are those of a new tensor.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations.arrangement import reordering, reshaping, size_one, sliding, strided
from difftool.operations.indexing import slicing
from difftool.operations.registry import Array, Check, Operation


def _row_by_row(node: Node, *strides: Strides) -> Strides:
    return layout.contiguous(node.shape)


def _copy(
    view: Operation,
    *signatures: str,
    check: Check,
    example: str,
    meaning: str = "",
    grad_fn: str | None = None,
    kernel: Callable[..., Array] | None = None,
) -> Operation:
    """The operation that is `view` in memory of its own."""
    kind = reshaping.Sized if isinstance(view, reshaping.Sized) else Operation
    return kind(
        signatures,
        kernel or view.kernel,
        view.infer,
        view.rules,
        grad_fn=grad_fn or (lambda node: f"{view.grad_fn_of(node)}_copy"),
        narrow=view.narrow,
        # Of the array: nobody changes it, so it needs no copy, unless it would repeat elements.
        view=kernel is None,
        owned=True,
        rearranges=view.rearranges,
        layout=_row_by_row,
        batch=view.batch,
        axes=view.axes,
        checks=(check,),
        meaning=meaning or f"{view.name}, as a tensor with memory of its own.",
        example=example,
    )


alias_copy = _copy(
    slicing.alias,
    "alias_copy(input)",
    check=Check("alias_copy(x) ^ 2", {"x": (2,)}),
    example="alias_copy([1, 2])",
    meaning="The tensor itself, with memory of its own.",
)

select_copy = _copy(
    slicing.select,
    "select_copy(input, dim: int, index: int)",
    check=Check("select_copy(x, 1, -1) ^ 2", {"x": (2, 3)}),
    example="select_copy([[1, 2], [3, 4]], 1, 0)",
)

slice_copy = _copy(
    slicing.slice_,
    "slice_copy(input, dim: int = 0, start: int | None = None, end: int | None = None, "
    "step: int = 1)",
    check=Check("slice_copy(x, 1, 1, 3) ^ 2", {"x": (2, 4)}),
    example="slice_copy(arange(10), 0, 2, 8, 3)",
)

permute_copy = _copy(
    reordering.permute,
    "permute_copy(input, dims: Size)",
    check=Check("permute_copy(x, (2, 0, 1)) ^ 2", {"x": (2, 3, 2)}),
    example="permute_copy(ones(2, 3, 4), (2, 0, 1))",
)

transpose_copy = _copy(
    reordering.transpose,
    "transpose_copy(input, dim0: int, dim1: int)",
    check=Check("transpose_copy(x, 0, -1) ^ 2", {"x": (2, 3, 2)}),
    example="transpose_copy([[1, 2], [3, 4]], 0, 1)",
)

t_copy = _copy(
    reordering.t,
    "t_copy(input)",
    check=Check("t_copy(x) ^ 2", {"x": (2, 3)}),
    example="t_copy([[1, 2], [3, 4]])",
)

unsqueeze_copy = _copy(
    size_one.unsqueeze,
    "unsqueeze_copy(input, dim: int)",
    check=Check("unsqueeze_copy(x, -1) ^ 2", {"x": (2, 3)}),
    example="unsqueeze_copy([1, 2, 3], 0)",
)

squeeze_copy = _copy(
    size_one.squeeze,
    "squeeze_copy(input, dim: Dims | None = None)",
    check=Check("squeeze_copy(x, (0, 2)) ^ 2", {"x": (1, 2, 1)}),
    example="squeeze_copy([[1, 2, 3]])",
)

expand_copy = _copy(
    size_one.expand,
    "expand_copy(input, size: Size)",
    check=Check("expand_copy(x, (2, 3)) ^ 2", {"x": (3,)}),
    kernel=lambda x, *, shape: np.array(np.broadcast_to(x, shape)),
    example="expand_copy([1, 2, 3], (2, 3))",
)

view_copy = _copy(
    reshaping.unsafe_view,  # which copies where a view would have to be refused
    "view_copy(input, size: Size)",
    "view_copy(input, dtype: DType)",
    check=Check("view_copy(x.T, (2, 3)) ^ 2", {"x": (2, 3)}),
    example="view_copy(arange(6), (2, -1))",
    grad_fn="ViewBackward0_copy",
    meaning="view, as a tensor with memory of its own, so that no shape is refused.",
)

unfold_copy = _copy(
    sliding.unfold,
    "unfold_copy(input, dimension: int, size: int, step: int)",
    check=Check("unfold_copy(x, 0, 2, 1) ^ 2", {"x": (4,)}),
    example="unfold_copy(arange(5), 0, 2, 1)",
)

as_strided_copy = _copy(
    strided.as_strided,
    "as_strided_copy(input, size: Size, stride: Size, storage_offset: int | None = None)",
    check=Check("as_strided_copy(x, (2, 2), (1, 2)) ^ 2", {"x": (2, 3)}),
    example="as_strided_copy(arange(6), (2, 2), (1, 2))",
)
