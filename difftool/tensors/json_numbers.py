"""How the numbers of an array look in JSON: the one form for records, files and standard output.

`report.json_lines` and `writing` take their nested lists from here. Every number is the shortest
decimal that reads back to the same bits in the array's own dtype (float32 0.1 is 0.1); what is not
finite is one of three strings, for JSON (RFC 8259) has no numbers for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

NON_FINITE = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}

# Elements of an array that are turned into text at once: some hundred kilobytes.
ELEMENTS_A_PIECE = 8192


def jsonable(array: np.ndarray[Any, np.dtype[Any]]) -> Any:
    """Nested lists for an array of any shape, a bare number for a 0-d one, ready for json.dumps.

    Integers become int, booleans bool, floating-point numbers float, or "NaN", "Infinity" and
    "-Infinity".
    """
    if array.dtype.kind != "f":
        return array.tolist()
    finite = np.isfinite(array)
    numbers = array if array.dtype.itemsize == 8 else _shortest(array)
    if finite.all():
        return numbers.tolist()
    mixed = np.array(numbers, dtype=object)  # also where NumPy made a scalar of a 0-d array
    mixed[np.isnan(array)] = "NaN"
    mixed[np.isposinf(array)] = "Infinity"
    mixed[np.isneginf(array)] = "-Infinity"
    return mixed.tolist()


def json_pieces(array: np.ndarray[Any, np.dtype[Any]]) -> Iterator[str]:
    """The JSON text of `jsonable(array)`, in pieces, so that a large one is never held whole."""
    if array.size == 0:
        yield from _brackets(array.shape)
        return
    if array.size <= ELEMENTS_A_PIECE:
        yield _piece(array)
        return
    row = prod(array.shape[1:])
    yield "["
    if row > ELEMENTS_A_PIECE:
        for position, part in enumerate(array):
            yield ", " if position else ""
            yield from json_pieces(part)
    else:
        rows = ELEMENTS_A_PIECE // row
        for start in range(0, len(array), rows):
            yield ", " if start else ""
            yield _piece(array[start : start + rows])[1:-1]
    yield "]"


def _brackets(shape: tuple[int, ...]) -> Iterator[str]:
    """The nested lists of an array without elements, which may have any number of rows."""
    yield "["
    for row in range(shape[0]):
        yield ", " if row else ""
        yield from _brackets(shape[1:])
    yield "]"


def _piece(array: np.ndarray[Any, np.dtype[Any]]) -> str:
    values = jsonable(array)
    if array.dtype.kind in "iuf":
        # Python writes finite numbers and lists of them as JSON does; strings differ, by a quote.
        text = repr(values)
        if "'" not in text:
            return text
    from json import dumps

    return dumps(values, allow_nan=False)


def _shortest(array: np.ndarray[Any, np.dtype[Any]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The float64 numbers whose shortest decimals are the shortest ones of float32 or float16.

    NumPy writes a float32 with as few digits as tell it from its neighbours, nine at most; the
    float64 nearest to that decimal is written with the same digits.
    """
    return array.astype("S32").astype(np.float64)
