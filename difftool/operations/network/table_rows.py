"""Rows of a table at whole numbers, and their gradients: what `embedding` and its bags share.

The gradient of a row is the sum of those of its copies; the row `padding_idx` has none.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32, int64
from difftool.graph.node import Node
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Array, ops
from difftool.operations.shapes import dtype_name, out_of_range

# What PyTorch adds to the length it divides by.
_CAUTION = 1e-7


def require_table(function: str, weight: Node, indices: Node) -> None:
    if weight.ndim != 2:
        raise DifftoolError(
            f"{function} has a table of shape {weight.shape}",
            kind="shape",
            hint="the weight has 2 dimensions: one row for each index",
        )
    if indices.dtype not in (int64, int32):
        raise DifftoolError(
            f"{function} takes int64 indices, not {dtype_name(indices.dtype)}",
            kind="dtype",
            hint="convert them with .long(); F.embedding(input, weight) has the indices first, "
            "torch.embedding(weight, indices) the table",
        )


def padding_row(padding_idx: int | None, rows: int) -> int:
    """The row without a gradient, counted from the front; -1 where there is none."""
    if padding_idx is None:
        return -1
    if not -rows <= padding_idx < rows:
        raise DifftoolError(
            f"there is no row {padding_idx} in a table of {rows}",
            kind="index",
            hint=f"padding_idx goes from {-rows} to {rows - 1}",
        )
    return padding_idx % rows


def refuse_sparse(sparse: bool) -> None:
    if sparse:
        raise DifftoolError(
            "there are no sparse gradients here",
            kind="unsupported",
            hint="leave sparse=True out: the values are the same",
        )


def rows_at(weight: Array, indices: Array, max_norm: float | None, norm_type: float) -> Array:
    """The rows of a table at indices, shortened to `max_norm` where they are longer."""
    wrong = indices[(indices < 0) | (indices >= len(weight))]
    if wrong.size:
        raise out_of_range(int(wrong[0]), 0, len(weight), 0)
    rows: Array = weight[indices]
    if max_norm is not None:
        lengths = np.linalg.norm(rows, norm_type, axis=-1, keepdims=True)
        too_long = lengths > max_norm
        factors = np.where(too_long, max_norm / (lengths + _CAUTION), 1)
        rows = rows * factors.astype(rows.dtype)
    return rows


def added_up(g: Node, indices: Node, used: Node | None, by_frequency: bool, rows: int) -> Node:
    """Gradients `g` of the rows at `indices`, where `used`, summed in a table."""
    if by_frequency:
        ones = ops.ones(indices.shape, dtype=g.dtype)
        zeros = ops.zeros((rows,), dtype=g.dtype)
        counts = ops.index_put(zeros, indices, ones, dims=(0,), accumulate=True)
        g = g / ops.unsqueeze(ops.index(counts, indices, dims=(0,)), dim=-1)
    if used is not None:
        g = g * ops.unsqueeze(used, dim=-1)
    table = zeros_for(g, (rows, g.shape[-1]))
    gradient: Node = ops.index_put(table, indices, g, dims=(0,), accumulate=True)
    return gradient
