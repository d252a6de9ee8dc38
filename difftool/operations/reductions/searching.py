"""Searching: where values belong among sorted ones. No gradient flows through it."""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int32, int64
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.registry import Array, Operation, Type, composite, ops
from difftool.operations.shapes import result_dtype

# ----- Among sorted values -----


def _search_type(sorted_sequence: Node, input: Node, *, right: bool, out_int32: bool) -> Type:
    rows, values = sorted_sequence.shape, input.shape
    if not rows or (len(rows) > 1 and rows[:-1] != values[:-1]):
        raise DifftoolError(
            f"searchsorted can't look up values of shape {values} in sequences of shape {rows}",
            kind="shape",
            hint="take one sequence, or as many as there are rows of values",
        )
    dtype = result_dtype((sorted_sequence, input))
    if dtype == boolean:
        raise DifftoolError(
            "searches among booleans are not defined", kind="dtype", hint="convert with .long()"
        )
    result = int32 if out_int32 else int64
    parameters = {"right": right, "out_int32": out_int32}
    return Type(values, result, dtype, parameters)


def _search(sequence: Array, values: Array, *, right: bool, out_int32: bool) -> Array:
    """Bisection of all values at once, to PyTorch's letter where NaN is among them."""
    length = sequence.shape[-1]
    low = np.zeros(values.shape, np.int64)
    high = np.full(values.shape, length)
    below = np.less_equal if right else np.less
    for _ in range(length.bit_length()):
        middle = (low + high) // 2
        inside = np.minimum(middle, length - 1)
        found = sequence[inside] if sequence.ndim == 1 else np.take_along_axis(sequence, inside, -1)
        # What is neither below nor above counts as below.
        is_below = (below(found, values) | (found != found) | (values != values)) & (low < high)
        low = np.where(is_below, middle + 1, low)
        high = np.where(is_below, high, np.minimum(middle, high))
    return low


def _search_axes(node: Node) -> axes.Axes:
    """One sequence is seen whole; of several, those whose rows are looked up."""
    sequence, values = node.inputs
    rows = tuple(range(values.ndim))
    own = (*rows[:-1], None) if sequence.ndim > 1 else (None,)
    result = (*rows[:-1], None) if sequence.ndim > 1 else rows
    return axes.Axes(result, (own, result))


_searched = Operation(
    ("searchsorted(sorted_sequence, input)",),
    _search,
    _search_type,
    axes=_search_axes,
    scratch=6,
    meaning="",
    example="",
)


@composite(
    "searchsorted(sorted_sequence, input, *, out_int32: bool = False, right: bool = False, "
    "side: str | None = None, sorter: Tensor | None = None)",
    example="searchsorted([1., 3., 5.], [0., 3., 9.])",
)
def searchsorted(
    sorted_sequence: Node,
    input: Node,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Node | None = None,
) -> Node:
    """The places at which values may be put into sorted sequences, before equals or behind."""
    if side not in (None, "left", "right") or (side == "left" and right):
        raise DifftoolError(
            f"searchsorted has no side {side!r} with right={right}",
            kind="argument",
            hint="side is 'left' or 'right'; right=True means the same as 'right'",
        )
    if input.ndim == 0 and sorted_sequence.ndim > 1:
        raise DifftoolError(
            f"searchsorted looks a number up in one sequence, not in shape {sorted_sequence.shape}",
            kind="shape",
            hint="give as many rows of values as there are sequences",
        )
    if sorter is not None:
        if sorter.dtype != int64 or sorter.shape != sorted_sequence.shape:
            raise DifftoolError(
                "the sorter of searchsorted holds the places of the sequence's elements in order",
                kind="argument",
                hint="argsort(sequence) gives it",
            )
        sorted_sequence = ops.gather(sorted_sequence, sorter, dim=-1)
    places: Node = _searched(
        sorted_sequence, input, right=right or side == "right", out_int32=out_int32
    )
    return places


@composite(
    "bucketize(input, boundaries, *, out_int32: bool = False, right: bool = False)",
    example="bucketize([0., 3., 9.], [1., 3., 5.])",
)
def bucketize(
    input: Node, boundaries: Node, out_int32: bool = False, right: bool = False
) -> Node:
    """The buckets that values fall into, between sorted boundaries."""
    if boundaries.ndim != 1:
        raise DifftoolError(
            f"bucketize takes a vector of boundaries, not shape {boundaries.shape}",
            kind="shape",
            hint="searchsorted has a sequence for each row",
        )
    places: Node = _searched(boundaries, input, right=right, out_int32=out_int32)
    return places
