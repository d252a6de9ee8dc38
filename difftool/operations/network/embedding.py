"""Rows of a table looked up by whole numbers: `embedding`.

With `max_norm` PyTorch shortens the rows of the table in place, where no gradient sees it; here
just the result shows it.
"""

from __future__ import annotations

from typing import Any

from difftool.graph.node import Node
from difftool.operations.axes import Axes
from difftool.operations.network.table_rows import (
    added_up,
    padding_row,
    refuse_sparse,
    require_table,
    rows_at,
)
from difftool.operations.registry import Check, Operation, Type, composite, ops


def _embedding_type(weight: Node, indices: Node, **parameters: Any) -> Type:
    return Type((*indices.shape, weight.shape[1]), weight.dtype)


def _embedding_rule(
    g: Node, out: Node, weight: Node, indices: Node, padding: int, by_frequency: bool, **rest: Any
) -> Node:
    used = ops.ne(indices, padding) if padding >= 0 else None
    return added_up(g, indices, used, by_frequency, weight.shape[0])


def _embedding_axes(node: Node) -> Axes:
    """The indices; and the columns, but where rows are shortened."""
    indices = tuple(range(node.ndim - 1))
    column = node.ndim - 1 if node.parameters["max_norm"] is None else None
    return Axes((*indices, column), ((None, column), indices))


_embedding = Operation(
    ("embedding(weight, indices)",),
    lambda weight, indices, max_norm, norm_type, **rest: rows_at(
        weight, indices, max_norm, norm_type
    ),
    _embedding_type,
    (_embedding_rule, None),
    axes=_embedding_axes,
    scratch=lambda node: 0 if node.parameters["max_norm"] is None else 2,
    meaning="",
    example="",
)


@composite(
    "embedding(weight, indices, padding_idx: int = -1, scale_grad_by_freq: bool = False, "
    "sparse: bool = False)",
    example="embedding([[1., 2.], [3., 4.]], tensor([1, 0, 1]))",
    checks=(Check("embedding(x, tensor([[0, 1], [1, 1]])) ^ 2", {"x": (3, 2)}),),
)
def embedding(
    weight: Node,
    indices: Node,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Node:
    """For each index the row of the table `weight`."""
    require_table("embedding", weight, indices)
    refuse_sparse(sparse)
    return _embedding(
        weight,
        indices,
        padding=padding_idx,
        by_frequency=scale_grad_by_freq,
        max_norm=None,
        norm_type=2.0,
    )


@composite(
    "functional.embedding(input, weight, padding_idx: int | None = None, "
    "max_norm: float | None = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, "
    "sparse: bool = False)",
    example="torch.nn.functional.embedding(tensor([1, 0, 1]), [[1., 2.], [3., 4.]])",
    aliases=("F.embedding",),
    checks=(
        Check("nn.functional.embedding(tensor([0, 1, 1]), x) ^ 2", {"x": (3, 2)}),
    ),
)
def functional_embedding(
    input: Node,
    weight: Node,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Node:
    """For each index in `input` the row of the table `weight`, no longer than max_norm."""
    require_table("embedding", weight, input)
    refuse_sparse(sparse)
    return _embedding(
        weight,
        input,
        padding=padding_row(padding_idx, weight.shape[0]),
        by_frequency=scale_grad_by_freq,
        max_norm=max_norm,
        norm_type=norm_type,
    )
