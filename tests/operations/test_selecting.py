"""Selection among equal elements: the same in whatever portions the rows are worked on."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.operations.reductions import partition
from difftool.operations.registry import Array
from tests import oracle_adapter

SOURCE = np.random.default_rng(4)


def ranks_of(rows: Array) -> Array:
    return partition.ranks(rows, partition.sorted_places(rows, 1))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 16, 17, 64, 200])
def test_what_is_selected_is_what_sorting_puts_there(length: int) -> None:
    rows = SOURCE.integers(0, max(length // 3, 1), (50, length))
    rank = ranks_of(rows)
    expected = np.sort(rows, 1)
    for count in {1, (length + 1) // 2, length}:
        places = partition.leading(rank, count, in_order=True)
        np.testing.assert_array_equal(np.take_along_axis(rows, places, 1), expected[:, :count])
        loose = np.take_along_axis(rows, partition.leading(rank, count, in_order=False), 1)
        np.testing.assert_array_equal(np.sort(loose, 1), expected[:, :count])
        single = partition.single(rank, count - 1)[:, None]
        np.testing.assert_array_equal(
            np.take_along_axis(rows, single, 1)[:, 0], expected[:, count - 1]
        )
    order = partition.sorting(rank)
    np.testing.assert_array_equal(np.sort(order, 1), np.broadcast_to(np.arange(length), rows.shape))
    np.testing.assert_array_equal(np.take_along_axis(rows, order, 1), expected)


def test_rows_that_quicksort_parts_badly_are_selected_too() -> None:
    """Every partition takes off next to nothing, until the last resort."""
    length = 120
    rows = np.concatenate((np.arange(0, length, 2), np.arange(1, length, 2)))[None]
    for pattern in (rows, -rows, np.minimum(rows, length - rows)):
        places = partition.leading(ranks_of(pattern), 60, in_order=True)
        expected = np.sort(pattern, 1)[:, :60]
        np.testing.assert_array_equal(np.take_along_axis(pattern, places, 1), expected)


@pytest.mark.parametrize("function", ["topk(x, 3, 1)", "kthvalue(x, 9, 1)", "mode(x, 1)"])
def test_many_rows_are_selected_from_as_each_one_by_itself(function: str) -> None:
    x = SOURCE.integers(0, 6, (9, 24, 100))
    (whole,) = oracle_adapter.values(f"{function}[1]", {"x": x})
    for number in (0, 5, 8):
        (part,) = oracle_adapter.values(f"{function}[1]", {"x": x[number : number + 1]})
        np.testing.assert_array_equal(part[0], whole[number])


def test_nan_is_the_largest_and_equals_itself_in_ranks() -> None:
    rows = np.array([[2.0, np.nan, 1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(ranks_of(rows), [[1, 2, 0, 2, 1]])
