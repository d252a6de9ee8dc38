"""Partitions, where it matters which of equal elements is chosen: PyTorch's algorithms, row by row.

To find the k largest elements or the k-th smallest, PyTorch's kernels don't sort, they partition
(C. A. R. Hoare, "Algorithm 65: FIND", 1961). Of equal elements they choose those that their swaps
leave in place. To choose the same ones, all rows of a matrix of ranks are partitioned here at once:
a pass swaps in every row all the pairs at which the two scans of a partition would stop.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np

from difftool.graph.node import Node
from difftool.operations.registry import Array

# Longer rows are sorted: in them the first of equal elements is as good as any.
LONGEST_ROW = 128

# As many elements are worked on at a time, in whole rows.
_ELEMENTS = 2**13


def by_rows(x: Array, dim: int, count: int, places: Callable[[Array], Array]) -> Array:
    """What `places` finds in a matrix of rows, `count` places in each, for all rows along `dim`.

    They stand along `dim` of the result.
    """
    if not x.ndim:
        return np.zeros((), np.int64)
    moved = np.moveaxis(x, dim, -1)
    number, length = moved.size // max(x.shape[dim], 1), x.shape[dim]
    found = np.empty((number, count), np.int64)
    if found.size:
        matrix = moved.reshape(number, length)
        step = max(_ELEMENTS // length, 1)
        for start in range(0, number, step):
            found[start : start + step] = places(matrix[start : start + step])
    return np.moveaxis(found.reshape(*moved.shape[:-1], count), -1, dim)


def scratch(arrays: float) -> Callable[[Node], float]:
    """What a kernel that works `by_rows` fills: rows in line, and so many arrays of whole numbers.

    Those are of a few rows.
    """

    def used(node: Node) -> float:
        x, dim = node.inputs[0], node.parameters["dim"]
        length = x.shape[dim] if x.ndim else 1
        # Rows of neighbours, and those of the first dimension, are viewed as a matrix.
        in_line = prod(x.shape[:dim]) > 1 and prod(x.shape[dim + 1 :]) > 1
        share = max(length, _ELEMENTS) / max(x.size, 1)
        return in_line + arrays * min(share, 1) * 8 / max(x.dtype.itemsize, 8)

    return used


def sorted_places(x: Array, dim: int, descending: bool = False) -> Array:
    """The stable order of x along `dim`; NaN counts as the largest."""
    if not x.ndim:
        return np.zeros((), np.int64)
    if not descending:
        return np.argsort(x, dim, kind="stable")
    # Sorted backwards and then turned round, equal elements keep their order.
    places = np.argsort(np.flip(x, dim), dim, kind="stable")
    np.subtract(x.shape[dim] - 1, places, out=places)
    return np.ascontiguousarray(np.flip(places, dim))


def have_ties(values: Array) -> bool:
    """Whether any of the sorted rows holds equal elements, NaN among them."""
    ahead, behind = values[:, 1:], values[:, :-1]
    return bool(np.any(ahead == behind)) or bool(np.any((ahead != ahead) & (behind != behind)))


def ranks(x: Array, order: Array) -> Array:
    """The rank of each element of x along the last axis, given its order; equal ones rank alike."""
    values = np.take_along_axis(x, order, -1)
    ahead, behind = values[..., 1:], values[..., :-1]
    steps = np.zeros(x.shape, np.int64)
    steps[..., 1:] = (ahead != behind) & ~((ahead != ahead) & (behind != behind))
    rank = np.empty_like(steps)
    np.put_along_axis(rank, order, np.cumsum(steps, -1), -1)
    return rank


class _Rows:
    """Rows of ranks on their way to an order: what stands where, and where it came from."""

    def __init__(self, rank: Array) -> None:
        self.rank = rank.copy()
        self.origin = np.broadcast_to(np.arange(rank.shape[1]), rank.shape).copy()

    def swap(self, rows: Array, first: Array, second: Array) -> None:
        for array in (self.rank, self.origin):
            array[rows, first], array[rows, second] = array[rows, second], array[rows, first]

    def swap_where(self, chosen: Array, rows: Array, first: Array, second: Array) -> None:
        self.swap(rows[chosen], first[chosen], second[chosen])

    def above(self, rows: Array, first: Array, second: Array) -> Array:
        greater: Array = self.rank[rows, first] > self.rank[rows, second]
        return greater

    def partition(
        self,
        rows: Array,
        pivot: Array,
        left: tuple[Array, Array],
        right: tuple[Array, Array],
        *,
        passing: bool,
    ) -> tuple[Array, Array]:
        """Hoare's partition of some rows; where the scans from the left and the right end.

        Args:
            pivot: the place of each row's pivot, outside of both ranges.
            left, right: the first and the last place that each scan sees.
            passing: whether scans that meet at one element go on behind it.
        """
        length = self.rank.shape[1]
        place = np.arange(length)
        value = self.rank[rows, pivot][:, None]
        sees_left = (place >= left[0][:, None]) & (place <= left[1][:, None])
        sees_right = (place >= right[0][:, None]) & (place <= right[1][:, None])
        rank = self.rank[rows]
        upwards = np.sort(np.where(sees_left & (rank >= value), place, length), 1)
        downwards = -np.sort(np.where(sees_right & (rank <= value), -place, 1), 1)
        row, number = np.nonzero(upwards < downwards)
        self.swap(rows[row], upwards[row, number], downwards[row, number])
        # Both scans go on from the last pair.
        pairs = upwards <= downwards if passing else upwards < downwards
        count = np.count_nonzero(pairs, 1)[:, None]
        final = np.maximum(count - 1, 0)
        above = np.where(count > 0, np.take_along_axis(upwards, final, 1), -1)
        below = np.where(count > 0, np.take_along_axis(downwards, final, 1), length)
        rank = self.rank[rows]
        up = np.argmax(sees_left & (place > above) & (rank >= value), 1)
        down = length - 1 - np.argmax((sees_right & (place < below) & (rank <= value))[:, ::-1], 1)
        return up, down


    def split(self, rows: Array, start: Array, stop: Array) -> Array:
        """Part pieces of rows as libstdc++ does, by the median of three; where they are cut.

        A row may have several pieces, of more than three elements each.
        """
        low, middle, high = start + 1, (start + stop) // 2, stop - 1
        middle_above, high_above = self.above(rows, middle, low), self.above(rows, high, low)
        last_above = self.above(rows, high, middle)
        ascending = np.where(last_above, middle, np.where(high_above, high, low))
        descending = np.where(high_above, low, np.where(last_above, high, middle))
        self.swap(rows, start, np.where(middle_above, ascending, descending))
        cut, _ = self.partition(rows, start, (low, high), (low, high), passing=False)
        return cut


def _most_splits(length: int) -> int:
    """After how many partitions libstdc++ takes to a heap; here the piece is sorted then."""
    return 2 * (length.bit_length() - 1)


def leading(rank: Array, count: int, in_order: bool) -> Array:
    """The places of the `count` lowest ranks of each row, as std::nth_element leaves them.

    This is introselect (D. R. Musser, "Introspective Sorting and Selection Algorithms", 1997). With
    `in_order` all but the last, which is the highest, are sorted as by std::sort.
    """
    rows = _Rows(rank)
    number, length = rank.shape
    first, last = np.zeros(number, np.int64), np.full(number, length)
    for _ in range(_most_splits(length)):
        active = np.flatnonzero(last - first > 3)
        if not active.size:
            break
        start, stop = first[active], last[active]
        cut = rows.split(active, start, stop)
        below = cut < count
        first[active] = np.where(below, cut, start)
        last[active] = np.where(below, stop, cut)
    place = np.arange(length)
    part = np.where(place < first[:, None], 0, np.where(place < last[:, None], 1, 2))
    final = np.lexsort((np.where(part == 1, rows.rank, 0), part))
    chosen = np.take_along_axis(rows.origin, final, 1)[:, :count]
    if in_order:
        order = sorting(np.take_along_axis(rank, chosen[:, :-1], 1))
        chosen[:, :-1] = np.take_along_axis(chosen, order, 1)
    return chosen


def sorting(rank: Array) -> Array:
    """The places of the elements of each row in the order that std::sort gives them.

    Introsort parts what is longer than 16 elements, and then inserts, which is stable.
    """
    rows = _Rows(rank)
    number, length = rank.shape
    row = np.arange(number)
    start, stop = np.zeros(number, np.int64), np.full(number, length)
    for _ in range(_most_splits(length)):
        is_long = stop - start > 16
        if not np.any(is_long):
            break
        row, start, stop = row[is_long], start[is_long], stop[is_long]
        cut = rows.split(row, start, stop)
        row = np.concatenate((row, row))
        start, stop = np.concatenate((start, cut)), np.concatenate((cut, stop))
    order = np.argsort(rows.rank, 1, kind="stable")
    return np.take_along_axis(rows.origin, order, 1)


def inserted(values: Array) -> Array:
    """The places of the elements of each row after an insertion sort by <, which NaN never is.

    So std::sort leaves rows of at most 16 elements, with a NaN among them too.
    """
    number, length = values.shape
    order = np.zeros((number, 1), np.int64)
    for step in range(1, length):
        value = values[:, step : step + 1]
        stays = ~(value < np.take_along_axis(values, order, 1))
        target = np.where(stays[:, 0], step - np.argmax(stays[:, ::-1], 1), 0)[:, None]
        place = np.arange(step + 1)
        before = np.minimum(np.where(place < target, place, place - 1), step - 1)
        moved = np.take_along_axis(order, np.maximum(before, 0), 1)
        order = np.where(place == target, step, moved)
    return order


def single(rank: Array, place: int) -> Array:
    """The place of the element that would stand at `place` of each sorted row.

    PyTorch's kthvalue: Hoare's quickselect with R. Sedgewick's median of three ("Implementing
    Quicksort Programs", 1978).
    """
    rows = _Rows(rank)
    number, length = rank.shape
    first, last = np.zeros(number, np.int64), np.full(number, length - 1)
    while True:
        active = np.flatnonzero(last > first + 1)
        if not active.size:
            break
        left, right = first[active], last[active]
        second = left + 1
        rows.swap(active, (left + right) // 2, second)
        for lower, upper in ((second, right), (left, right), (second, left)):
            rows.swap_where(rows.above(active, lower, upper), active, lower, upper)
        scans = ((left + 2, right), (second, right - 1))
        up, down = rows.partition(active, left, *scans, passing=True)
        rows.swap(active, left, down)
        first[active] = np.where(down <= place, up, left)
        last[active] = np.where(down >= place, down - 1, right)
    pairs = np.flatnonzero(last == first + 1)
    rows.swap_where(
        rows.above(pairs, first[pairs], last[pairs]), pairs, first[pairs], last[pairs]
    )
    chosen: Array = rows.origin[:, place]
    return chosen
