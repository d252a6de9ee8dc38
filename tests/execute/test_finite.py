"""Whether large arrays are finite, without an array of their size for the answer."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from difftool.execute.finite import is_finite
from tests.execute.blocks import Array

NUMBERS: Array = np.ones((600, 1000))
ARRAYS = {
    "rows": NUMBERS,
    "columns": NUMBERS.T,
    "every other row": NUMBERS[::2],
    "every other column": NUMBERS[:, ::2],
    "backwards": NUMBERS[::-1, ::-1],
    "a repeated row": np.broadcast_to(NUMBERS[0], (600, 1000)),
    "a repeated number": np.broadcast_to(NUMBERS[0, 0], (600, 1000)),
    "three dimensions": NUMBERS.reshape(60, 10, 1000).transpose(1, 2, 0)[:, ::3],
    "single precision": NUMBERS.astype(np.float32)[:, 1:],
}


@pytest.mark.parametrize("name", ARRAYS)
def test_finite_arrays_are(name: str) -> None:
    array = ARRAYS[name]
    assert is_finite(array)
    tracemalloc.start()
    try:
        is_finite(array)
        assert tracemalloc.get_traced_memory()[1] < 2**17
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ARRAYS)
def test_one_element_that_is_not_is_found(name: str, number: float) -> None:
    source = np.random.default_rng(2)
    for _ in range(10):
        array = np.array(ARRAYS[name], order="K")
        array[tuple([source.integers(length) for length in array.shape])] = number
        wider = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wider[..., ::2] = array
        assert not is_finite(array)
        assert not is_finite(wider[..., ::2])
        assert not is_finite(array.T)


def test_whole_numbers_and_nothing_are_finite() -> None:
    assert is_finite(np.full((300, 300), 2**40)[:, ::2])
    assert is_finite(np.zeros((0, 10**6)))
    assert is_finite(np.array(1.0))
