"""`.csv` and `.tsv`: exact numbers, and errors that name the row, the column and the cell."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

from difftool import tensors
from difftool.errors import DifftoolError

HEADER = "a header line has no place here: remove it, or begin it with #"
MISSING = "write nan for a number that is missing"
COMMAS = "cells are separated by commas here, in .tsv files by tabs"
TABS = "cells are separated by tabs here, in .csv files by commas"


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str | bytes, name: str = "t.csv") -> str:
    pathlib.Path(name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return f"@{name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1,2\n3,4", [[1, 2], [3, 4]]),
        ("1,2,3\n", [1, 2, 3]),
        ("1\n2\n3\n", [1, 2, 3]),
        ("5\n", [5]),
        (" 1 , +2.\n.5,-1e-3\n", [[1, 2], [0.5, -0.001]]),
        ("\ufeff1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
        ("1\r2\r", [1, 2]),
        ("1,2\n\n  \n\n", [1, 2]),
        ("# a, b\n1,2 # first\n#\n3,4\n", [[1, 2], [3, 4]]),
        ('"1","2"\n3,"4"\n', [[1, 2], [3, 4]]),
        ("1,2\n3,4".encode("utf-16"), [[1, 2], [3, 4]]),
        ("inf,-Infinity,INF\n", [np.inf, -np.inf, np.inf]),
    ],
)
def test_numbers(text: str | bytes, expected: list[object]) -> None:
    found = tensors.read(written(text))
    assert found.dtype == np.float64
    assert found.tolist() == expected


def test_tabs() -> None:
    assert tensors.read(written("1\t2\n3\t4\n", "t.TSV")).tolist() == [[1, 2], [3, 4]]


def test_numbers_are_exact() -> None:
    bits = np.random.default_rng(1).integers(0, 2**64, (200, 5), dtype=np.uint64)
    numbers = bits.view(np.float64)
    numbers[0] = [-0.0, 5e-324, np.nan, np.inf, np.finfo(float).max]
    text = "\n".join(",".join(map(repr, row)) for row in numbers.tolist())
    np.testing.assert_array_equal(tensors.read(written(text)), numbers)
    assert np.signbit(tensors.read(written(text))[0, 0])


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a,b\n1,2\n", "t.csv, row 1, column 1: 'a' is not a number", HEADER),
        ('"a",1\n', "t.csv, row 1, column 1: 'a' is not a number", HEADER),
        ("1,2\n3\n", "t.csv, row 2: 1 cell, but the rows above have 2", None),
        ("# h\n1,2\n3,4,5\n", "t.csv, row 3: 3 cells, but the rows above have 2", None),
        ("1,2\n3,x\n", "t.csv, row 2, column 2: 'x' is not a number", None),
        ("1,2\n3,\n", "t.csv, row 2, column 2: the cell is empty", MISSING),
        ('1,2\n3,""\n', "t.csv, row 2, column 2: the cell is empty", MISSING),
        ("1, ,2\n", "t.csv, row 1, column 2: the cell is empty", MISSING),
        ("1,2\n\n3,4\n", "t.csv, row 2: the line is empty", None),
        ("\n1,2\n", "t.csv, row 1: the line is empty", None),
        ("1\n \n2\n", "t.csv, row 2: the line is empty", None),
        ("1;2\n3;4\n", "t.csv, row 1, column 1: '1;2' is not a number", COMMAS),
        ("1 2 3\n", "t.csv, row 1, column 1: '1 2 3' is not a number", COMMAS),
        ('"1\n2"\n', "t.csv, row 1, column 1: '\"1' is not a number", None),
        ("0x10\n", "t.csv, row 1, column 1: '0x10' is not a number", None),
        ("1\n1_000\n", "t.csv, row 2, column 1: '1_000' is not a number", None),
        ("\uff11\n", "t.csv, row 1, column 1: '\uff11' is not a number", None),
        ("1,1e999\n", "t.csv, row 1, column 2: '1e999' is too large for float64", None),
        ("inf\n-1e400\n", "t.csv, row 2, column 1: '-1e400' is too large for float64", None),
        ("\x1b[31m\n", "t.csv, row 1, column 1: '\\x1b[31m' is not a number", None),
        ("1," + "9x" * 99, "t.csv, row 1, column 2: '" + "9x" * 18 + "9...' is not", None),
        ("", "t.csv is empty", None),
        ("\n\n", "t.csv holds no numbers", None),
        ("# only\n# comments\n", "t.csv holds no numbers", None),
        (b"1,\xff2\n", "t.csv is no text: byte 3 is not UTF-8", None),
        (b"\x93NUMPY\x01", "t.csv is no text: byte 1", "it begins like NumPy's .npy"),
    ],
)
def test_errors(text: str | bytes, message: str, hint: str | None) -> None:
    with pytest.raises(DifftoolError) as caught:
        tensors.read(written(text), place="--x")
    assert message in caught.value.message
    assert caught.value.hint == hint
    assert (caught.value.kind, caught.value.place) == ("file", "--x")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("1,2\n", "t.tsv, row 1, column 1: '1,2' is not a number", TABS),
        ("1\t2\n\t\n", "t.tsv, row 2, column 1: the cell is empty", MISSING),
        ("1\t\n", "t.tsv, row 1, column 2: the cell is empty", MISSING),
    ],
)
def test_errors_with_tabs(text: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        tensors.read(written(text, "t.tsv"))
    assert caught.value.message == message
    assert caught.value.hint == hint


def test_keys_have_no_meaning() -> None:
    with pytest.raises(DifftoolError, match="t.csv is a .csv file and holds one array"):
        tensors.read(written("1,2\n") + ":a")
