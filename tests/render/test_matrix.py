"""Labelled matrices: alignment, shared formats, what is left out where there is no room."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.render.characters import width
from difftool.render.matrix import LONGEST_LABEL, MOST, matrix_text
from difftool.render.screen import Screen
from difftool.report.derivatives import MatrixRecord


def square(count: int, name: str = "x") -> MatrixRecord:
    names = tuple([f"{name}[{number}]" for number in range(count)])
    return MatrixRecord(names, names, np.arange(count**2).reshape(count, count) / 2)


def test_numbers_stand_below_their_labels_and_share_a_format() -> None:
    matrix = MatrixRecord(("output[0]", "s"), ("W[0,0]", "x"), np.array([[1, -0.5], [np.nan, 20]]))
    assert matrix_text(matrix, Screen(), 2, "  ") == [
        "             W[0,0]      x",
        "  output[0]    1.00  -0.50",
        "  s             nan  20.00",
    ]


def test_large_and_small_numbers_are_written_in_scientific_notation() -> None:
    matrix = MatrixRecord(("x",), ("x", "y"), np.array([[1e-8, 1e8]]))
    assert matrix_text(matrix, Screen(), 1, "")[1] == "x  1.0e-08  1.0e+08"


@pytest.mark.parametrize("count", [1, 2, MOST])
def test_a_matrix_that_fits_is_shown_whole(count: int) -> None:
    lines = matrix_text(square(count), Screen(), 4, "")
    assert len(lines) == count + 1
    assert len(lines[0].split()) == count
    assert len({len(line) for line in lines}) == 1


def test_the_middle_of_a_large_matrix_is_left_out() -> None:
    lines = matrix_text(square(300), Screen(), 4, "")
    assert lines[0].split()[:2] == ["x[0]", "x[1]"] and lines[0].endswith("  x[299]")
    assert lines[0].split()[8] == "…" and set(lines[9].split()) == {"…"}
    assert lines[-1] == "300 rows, 300 columns, not all shown; --json and --out have every number"
    assert lines[1].endswith("1.4950e+02") and lines[-2].endswith("4.5000e+04")
    assert len(lines) == 1 + 8 + 1 + 8 + 1


@pytest.mark.parametrize("edge", [36, 40, 80, 120])
def test_columns_that_do_not_fit_the_screen_are_left_out(edge: int) -> None:
    for count in (3, 20, 300):
        lines = matrix_text(square(count), Screen(edge), 2, "  ")[:-1]
        assert max(map(width, lines)) <= edge
        assert lines[0].split()[0] == "x[0]" and lines[0].split()[-1] == f"x[{count - 1}]"


def test_a_screen_of_ascii_gets_ascii() -> None:
    text = "\n".join(matrix_text(square(30, "α"), Screen(60, "ascii"), 4, ""))
    assert text.isascii() and "\\u03b1[0]" in text and " ... " in text


def test_labels_are_coloured_and_long_ones_shortened() -> None:
    lines = matrix_text(square(2, "weight" * 10), Screen(color=True), 4, "")
    assert [line.count("\x1b[36m") for line in lines] == [2, 1, 1]
    plain = matrix_text(square(2, "weight" * 10), Screen(), 4, "")
    assert width(plain[1].split()[0]) == LONGEST_LABEL and "…" in plain[1]


@pytest.mark.parametrize(("rows", "columns"), [(0, 2), (2, 0), (0, 0)])
def test_a_matrix_without_elements(rows: int, columns: int) -> None:
    matrix = MatrixRecord(("r",) * rows, ("c",) * columns, np.zeros((rows, columns)))
    assert matrix_text(matrix, Screen(), 4, "  ") == [f"  [], {rows} rows, {columns} columns"]
