"""Pivots: the rows that an LU decomposition exchanged, and the permutation they make.

They are LAPACK's: row i was exchanged with row pivots[i], counted from 1, one after the other.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.registry import Array, Operation, Type


def order_of(pivots: Array, rows: int) -> Any:
    """For each row of L U the row of the matrix that it is.

    Raises:
        DifftoolError: kind "value", for pivots that are no rows.
    """
    if pivots.size and (pivots.min() < 1 or pivots.max() > rows):
        raise DifftoolError(
            f"pivots are rows counted from 1 to {rows}, not from {pivots.min()} to {pivots.max()}",
            kind="value",
            hint="give what lu_factor gave",
        )
    flat = np.reshape(pivots, (prod(pivots.shape[:-1]), pivots.shape[-1])) - 1
    order = np.tile(np.arange(rows), (len(flat), 1))
    everyone = np.arange(len(flat))
    for place in range(flat.shape[-1]):
        other = flat[:, place]
        moved = order[everyone, other]
        order[everyone, other] = order[:, place]
        order[:, place] = moved
    return order.reshape((*pivots.shape[:-1], rows))


def matrix(pivots: Array, rows: int, dtype: Any) -> Any:
    """P of A = P L U."""
    return (order_of(pivots, rows)[..., None, :] == np.arange(rows)[:, None]).astype(dtype)


def _kernel(factors: Array, pivots: Array) -> Any:
    rows = factors.shape[-2]
    return np.array(
        np.broadcast_to(
            matrix(pivots, rows, factors.dtype), (*factors.shape[:-2], rows, rows)
        )
    )


def _type(factors: Node, pivots: Node) -> Type:
    rows = factors.shape[-2]
    return Type((*factors.shape[:-2], rows, rows), factors.dtype)


def _axes(node: Node) -> axes.Axes:
    factors, pivots = node.inputs
    outer = tuple(range(factors.ndim - 2))
    own = outer if pivots.shape[:-1] == factors.shape[:-2] else (None,) * (pivots.ndim - 1)
    return axes.Axes((*outer, None, None), ((*outer, None, None), (*own, None)))


matrix_of = Operation(
    ("lu_unpack(LU_data, LU_pivots)",),
    _kernel,
    _type,
    axes=_axes,
    meaning="",
    example="",
)
