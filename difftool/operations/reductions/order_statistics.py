"""Elements by their rank among those along a dimension: the k-th smallest, the median, the mode.

The median is the lower one of two. Over a dimension it comes with its place, and its gradient goes
there; the median of all shares it among equals. `picking` says how values and places belong
together; `quantiles` are interpolated between such elements.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.reductions import partition, picking
from difftool.operations.registry import Array, Check, Composite, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim, refuse_booleans


def _one(x: Array, dim: int, keepdim: bool, places: Callable[[Array], Array]) -> Array:
    """One place for each row along `dim`, where that dimension was or without it."""
    found = partition.by_rows(x, dim, 1, places)
    return found if keepdim or not x.ndim else np.squeeze(found, dim)


# ----- The k-th smallest -----


class kthvalue_result(picking.Picked):
    """The pair that `kthvalue` gives."""


def _kth_type(input: Node, *, k: int, dim: int, keepdim: bool) -> Type:
    refuse_booleans("kthvalue", input)
    dim = normal_dim(dim, input.ndim)
    length = picking.length(input, dim)
    if not 0 < k <= length:
        raise DifftoolError(
            f"kthvalue has no element number {k} among {length}",
            kind="argument",
            hint="k goes from 1 to the length of dim" if length else "the dimension is empty",
        )
    return picking.one_place(input, dim=dim, keepdim=keepdim, k=k)


def _kth(x: Array, *, k: int, dim: int, keepdim: bool) -> Array:
    def places(rows: Array) -> Array:
        order = partition.sorted_places(rows, 1)
        if rows.shape[1] <= partition.LONGEST_ROW:
            if partition.have_ties(np.take_along_axis(rows, order, 1)):
                return partition.single(partition.ranks(rows, order), k - 1)[:, None]
        return order[:, k - 1 : k]

    return _one(x, dim, keepdim, places)


_kth_place = Operation(
    ("kthvalue_place(input, k: int, dim: int, keepdim: bool)",),
    _kth,
    _kth_type,
    batch=batch.along,
    axes=axes.along,
    scratch=partition.scratch(1),
    meaning="",
    example="",
)

_kth_value = picking.picked("kthvalue_values", "KthvalueBackward0")


@composite(
    "kthvalue(input, k: int, dim: int = -1, keepdim: bool = False)",
    example="kthvalue([3., 1., 2.], 2).values",
    checks=(
        Check("kthvalue(x, 2)[0] ^ 2", {"x": (2, 3)}),
        Check("kthvalue(x, 1, 0, True)[0] * x", {"x": (3, 2)}),
        Check("kthvalue(x, 1)[0] ^ 2", {"x": ()}),
    ),
)
def kthvalue(input: Node, k: int, dim: int = -1, keepdim: bool = False) -> kthvalue_result:
    """The k-th smallest element along dim, and where it is."""
    index = _kth_place(input, k=k, dim=dim, keepdim=keepdim)
    place = {"dim": index.parameters["dim"], "keepdim": keepdim}
    return kthvalue_result(_kth_value(input, index, **place), index)


# ----- The mode -----


class mode_result(picking.Picked):
    """The pair that `mode` gives."""


def _mode_type(input: Node, *, dim: int, keepdim: bool) -> Type:
    type_ = picking.one_place(input, dim=dim, keepdim=keepdim)
    picking.require_elements("mode", input, normal_dim(dim, input.ndim))
    return type_


def _most_frequent(rows: Array) -> Array:
    """The end of the longest run of the sorted elements of each row, the first of such runs."""
    length = rows.shape[1]
    order = partition.sorted_places(rows, 1)
    if length <= 16 and np.any(rows != rows):
        order = partition.inserted(rows)
    elif 16 < length <= partition.LONGEST_ROW:
        order = partition.sorting(partition.ranks(rows, order))
    values = np.take_along_axis(rows, order, 1)
    ends = np.ones(rows.shape, bool)
    np.not_equal(values[:, 1:], values[:, :-1], out=ends[:, :-1])
    before = np.zeros(rows.shape, np.int64)
    before[:, 1:] = np.where(ends[:, :-1], np.arange(1, length), 0)
    np.maximum.accumulate(before, 1, out=before)
    runs = np.where(ends, np.arange(1, length + 1) - before, 0)
    longest = np.argmax(runs, 1)[:, None]
    return np.take_along_axis(order, longest, 1)


def _mode(x: Array, *, dim: int, keepdim: bool) -> Array:
    return _one(x, dim, keepdim, _most_frequent)


_mode_place = Operation(
    ("mode_place(input, dim: int, keepdim: bool)",),
    _mode,
    _mode_type,
    batch=batch.along,
    axes=axes.along,
    scratch=partition.scratch(5),
    meaning="",
    example="",
)

_mode_value = picking.picked("mode_values", "ModeBackward0")


@composite(
    "mode(input, dim: int = -1, keepdim: bool = False)",
    example="mode([3., 1., 3.]).values",
    checks=(
        Check("mode(x)[0] ^ 2", {"x": (2, 3)}),
        Check("mode(x, 0, True)[0] * x", {"x": (3, 2)}),
    ),
)
def mode(input: Node, dim: int = -1, keepdim: bool = False) -> mode_result:
    """The most frequent element along dim (the smallest of such), and the place of its last."""
    index = _mode_place(input, dim=dim, keepdim=keepdim)
    place = {"dim": index.parameters["dim"], "keepdim": keepdim}
    return mode_result(_mode_value(input, index, **place), index)


# ----- Medians -----


class median_result(picking.Picked):
    """The pair that `median` gives."""


class nanmedian_result(picking.Picked):
    """The pair that `nanmedian` gives."""


def _median_places(rows: Array, skip_nan: bool) -> Array:
    """The place of each row's lower median; NaN, which sorts last, counts or is skipped."""
    order = partition.sorted_places(rows, 1)
    count = np.full(len(rows), rows.shape[1])
    if rows.dtype.kind == "f":
        missing = np.count_nonzero(np.isnan(rows), 1)
        if skip_nan:
            # Where all are NaN, the first of them.
            count = np.maximum(count - missing, 1)
        else:
            # One NaN makes the median NaN: the first one.
            middle = np.where(missing > 0, count - missing, (count - 1) // 2)
            return np.take_along_axis(order, middle[:, None], 1)
    return np.take_along_axis(order, ((count - 1) // 2)[:, None], 1)


def _medians(name: str, skip_nan: bool, result: type[picking.Picked]) -> tuple[Any, ...]:
    """`median` or `nanmedian`: of all, over a dimension, and the function for both forms."""
    title = name.capitalize()

    def all_type(input: Node) -> Type:
        refuse_booleans(name, input)
        return Type((), input.dtype)

    def of_all(x: Array) -> Any:
        if not x.size:
            # As PyTorch: the smallest integer stands for NaN.
            return nan if is_float(x.dtype) else np.iinfo(x.dtype).min
        row = x.reshape(1, -1)
        return row[0, _median_places(row, skip_nan)[0, 0]]

    def all_rule(g: Node, out: Node, x: Node) -> Node:
        """Equal elements share evenly; NaN came from the NaNs."""
        is_nan = ops.isnan(out)
        chosen = ops.where(is_nan, ops.isnan(x), ops.eq(x, out))
        shared: Node = ops.where(chosen, g / ops.sum(chosen), 0)
        return shared

    def batches(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
        return batch.by_rows(node, inputs, size)

    whole = Operation(
        (f"{name}(input)",),
        of_all,
        all_type,
        (all_rule,),
        axes=axes.opaque,
        batch=batches,
        scratch=1.125,
        meaning="",
        example="",
    )

    def place_type(input: Node, *, dim: int, keepdim: bool) -> Type:
        refuse_booleans(name, input)
        type_ = picking.one_place(input, dim=dim, keepdim=keepdim)
        picking.require_elements(name, input, normal_dim(dim, input.ndim))
        return type_

    def places(x: Array, *, dim: int, keepdim: bool) -> Array:
        return _one(x, dim, keepdim, lambda rows: _median_places(rows, skip_nan))

    place = Operation(
        (f"{name}_place(input, dim: int, keepdim: bool)",),
        places,
        place_type,
        batch=batch.along,
        axes=axes.along,
        scratch=partition.scratch(1),
        meaning="",
        example="",
    )
    values = picking.picked(f"{name}_values", f"{title}Backward1")

    def compose(
        input: Node, dim: int | None = None, keepdim: bool = False
    ) -> Node | picking.Picked:
        if dim is None:
            return whole(input)
        index = place(input, dim=dim, keepdim=keepdim)
        found = values(input, index, dim=index.parameters["dim"], keepdim=keepdim)
        return result(found, index)

    but = ", NaN left out" if skip_nan else ""
    every_form = Composite(
        (f"{name}(input)", f"{name}(input, dim: int, keepdim: bool = False)"),
        compose,
        meaning=f"The (lower) median of all elements{but}; over dim with its index.",
        example=f"{name}([3., 1., 2., 7.])",
        checks=(
            Check(f"{name}(x) * x", {"x": (2, 3)}),
            Check(f"{name}(x)", {"x": ()}),
            Check(f"{name}(x, 1)[0] ^ 2", {"x": (2, 4)}),
            Check(f"{name}(x, 0, True).values * x", {"x": (3, 2)}),
        ),
    )
    return whole, place, values, every_form


_median, _median_place, _median_value, median = _medians("median", False, median_result)
_nanmedian, _nanmedian_place, _nanmedian_value, nanmedian = _medians(
    "nanmedian", True, nanmedian_result
)
