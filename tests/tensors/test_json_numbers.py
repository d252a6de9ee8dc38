"""The one form of numbers in JSON: shortest, exact, never NaN as a bare word."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np
import pytest

from difftool.tensors.json_numbers import ELEMENTS_A_PIECE, json_pieces, jsonable


@pytest.mark.parametrize(
    ("numbers", "dtype", "text"),
    [
        (0.1, "float64", "0.1"),
        (0.1 + 0.2, "float64", "0.30000000000000004"),
        (0.1, "float32", "0.1"),
        (0.1, "float16", "0.1"),
        (1 / 3, "float32", "0.33333334"),
        (16777216, "float32", "16777216.0"),
        (3.4028235e38, "float32", "3.4028235e+38"),
        (1e-45, "float32", "1e-45"),
        (6e-8, "float16", "6e-08"),
        (65504, "float16", "65500.0"),
        (1e16, "float64", "1e+16"),
        (-0.0, "float64", "-0.0"),
        (-0.0, "float32", "-0.0"),
        (3, "float64", "3.0"),
        (3, "int64", "3"),
        (-(2**63), "int64", "-9223372036854775808"),
        (True, "bool", "true"),
        (np.nan, "float64", '"NaN"'),
        (np.inf, "float16", '"Infinity"'),
        ([[1, -np.inf], [np.nan, 0.5]], "float32", '[[1.0, "-Infinity"], ["NaN", 0.5]]'),
        ([True, False], "bool", "[true, false]"),
        ([], "float64", "[]"),
        ([[], []], "int64", "[[], []]"),
    ],
)
def test_text(numbers: object, dtype: str, text: str) -> None:
    array = np.array(numbers, dtype)
    assert json.dumps(jsonable(array), allow_nan=False) == text
    assert "".join(json_pieces(array)) == text


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_random_bits_come_back(dtype: str) -> None:
    size = np.dtype(dtype).itemsize
    whole = np.random.default_rng(7).integers(0, 256, 20_000 * size, dtype=np.uint8)
    array = whole.view(dtype)
    array = array[np.isfinite(array)]
    text = "".join(json_pieces(array))
    found = np.array(json.loads(text), np.float64).astype(dtype)
    assert found.tobytes() == array.tobytes()


def test_every_float16_is_the_shortest() -> None:
    array = np.arange(2**16, dtype=np.uint16).view(np.float16)
    array = array[np.isfinite(array)]
    for number, text in zip(array, map(repr, jsonable(array)), strict=True):
        assert float(text) == float(str(number)), number


def test_pieces_are_small() -> None:
    pieces = list(json_pieces(np.zeros((3, 2, ELEMENTS_A_PIECE))))
    assert max(map(len, pieces)) < 6 * ELEMENTS_A_PIECE
    assert json.loads("".join(pieces)) == np.zeros((3, 2, ELEMENTS_A_PIECE)).tolist()


def test_views_in_any_order() -> None:
    array = np.arange(6.0).reshape(2, 3).T[::-1]
    assert jsonable(array) == [[2.0, 5.0], [1.0, 4.0], [0.0, 3.0]]


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 5), (1, 2, 0), (0, 10**12)])
def test_an_array_without_elements_is_written_as_its_lists(shape: tuple[int, ...]) -> None:
    array = np.zeros(shape)
    assert "".join(json_pieces(array)) == json.dumps(jsonable(array))


def test_any_number_of_empty_rows_is_written_piece_by_piece() -> None:
    pieces = json_pieces(np.zeros((10**12, 0)))
    assert "".join(islice(pieces, 10)).startswith("[[], []")
