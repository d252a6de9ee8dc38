"""A Jacobian or a Hessian as one matrix, its rows and columns labelled: `x[0]`, `W[1,2]`.

`derivatives` puts it into its view. What doesn't fit the screen, or is more than anyone reads, is
left out of the middle of rows and columns, and the text says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.render import tensor_text
from difftool.render.characters import width
from difftool.render.screen import Screen
from difftool.report.derivatives import MatrixRecord

# More rows or columns than this are not read; so many at each end stay.
MOST = 24
ENDS = 8

# A label longer than this loses its middle.
LONGEST_LABEL = 24

GAP = 2


def matrix_text(matrix: MatrixRecord, screen: Screen, precision: int, indent: str) -> list[str]:
    """The matrix as lines of text, `indent` before each.

    All numbers share one format. On a screen with an edge, columns that don't fit are left out.
    """
    if not matrix.rows or not matrix.columns:
        return [f"{indent}[], {len(matrix.rows)} rows, {len(matrix.columns)} columns"]
    rows = _kept(len(matrix.rows), ENDS if len(matrix.rows) > MOST else None)
    ends = ENDS if len(matrix.columns) > MOST else None
    while True:
        columns = _kept(len(matrix.columns), ends)
        lines = _grid(matrix, rows, columns, screen, precision, indent)
        fits = screen.width is None or max(map(width, lines)) <= screen.width
        if fits or len(columns) <= 2:
            break
        ends = (len(columns) - 1) // 2
    if len(rows) < len(matrix.rows) or len(columns) < len(matrix.columns):
        shape = f"{len(matrix.rows):,} rows, {len(matrix.columns):,} columns"
        note = f"{shape}, not all shown; --json and --out have every number"
        lines += [screen.paint(indent + note, "dim")]
    return lines


def _kept(count: int, ends: int | None) -> list[int]:
    """The numbers of the rows, or columns, that are shown."""
    if ends is None or count <= 2 * ends:
        return list(range(count))
    return [*range(ends), *range(count - ends, count)]


def _grid(
    matrix: MatrixRecord,
    rows: Sequence[int],
    columns: Sequence[int],
    screen: Screen,
    precision: int,
    indent: str,
) -> list[str]:
    shown = matrix.data[np.ix_(rows, columns)]
    texts = tensor_text.elements(shown, precision=precision)
    ellipsis = screen.symbol("…")
    grid = [["", *_labels(matrix.columns, columns, screen)]]
    for number, label in enumerate(_labels(matrix.rows, rows, screen)):
        grid.append([label, *texts[number * len(columns) : (number + 1) * len(columns)]])
    # Where something is left out stands a row, or a column, of ellipses.
    if len(columns) < len(matrix.columns):
        for row in grid:
            row.insert(1 + len(columns) // 2, ellipsis)
    if len(rows) < len(matrix.rows):
        grid.insert(1 + len(rows) // 2, [ellipsis] * len(grid[0]))
    widths = [max(map(width, column)) for column in zip(*grid, strict=True)]
    lines = []
    for number, (label, *cells) in enumerate(grid):
        padded = [_right(cell, size) for cell, size in zip(cells, widths[1:], strict=True)]
        start = screen.paint(label, "name") + " " * (widths[0] - width(label))
        if number == 0:
            padded = [screen.paint(cell, "name") for cell in padded]
        lines.append(indent + (" " * GAP).join([start, *padded]))
    return lines


def _labels(labels: Sequence[str], kept: Sequence[int], screen: Screen) -> list[str]:
    return [screen.shorten(screen.shown(labels[number]), LONGEST_LABEL) for number in kept]


def _right(text: str, size: int) -> str:
    return " " * (size - width(text)) + text
