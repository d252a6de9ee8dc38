"""Tables of numbers: .csv with commas, .tsv with tabs.

`reading` calls `read_table`. numpy.loadtxt reads the numbers, exactly; when it can't, the rows are
gone through once more to name the row, the column and the cell that is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from difftool.tensors.source import Array, Source
from difftool.tensors.text import quoted, text_of

NUMBER = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)", re.ASCII | re.IGNORECASE
)
SEPARATORS = {",": "commas", "\t": "tabs"}


def read_table(source: Source, delimiter: str) -> Array:
    """The numbers of a table as float64.

    Empty lines at the end don't count, nor does what stands behind `#` (numpy.savetxt writes
    headers so). One row or one column gives shape (n,), anything else (rows, columns). A header, a
    ragged row, an empty cell and whatever else is no number raise DifftoolError with the row (the
    line of the file), the column and the cell.
    """
    lines = text_of(source).split("\n")
    while lines and not lines[-1].strip(" "):
        lines.pop()
    if all(line.partition("#")[0].strip(" ") == "" for line in lines):
        raise source.fault(f"{source.name} holds no numbers")
    if any('"' in line for line in lines):
        # loadtxt would join lines at a quote that isn't closed, so it gets none to see.
        rows = list(_rows(lines, delimiter))
        _check(rows, source, delimiter)
        plain = [delimiter.join(cells) for _, cells in rows]
    else:
        plain = lines
    try:
        if "" in lines:
            raise ValueError  # loadtxt would leave the row out
        table: Array = np.loadtxt(plain, delimiter=delimiter, ndmin=2)
    except ValueError:
        _check(_rows(lines, delimiter), source, delimiter)
        raise source.fault(f"{source.name} is no table of numbers") from None
    if np.isinf(table).any():
        _check(_rows(lines, delimiter), source, delimiter, finite=True)
    return table.ravel() if 1 in table.shape else table


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with its line number from 1."""
    from csv import Error, reader

    for number, line in enumerate(lines, 1):
        content, comment, _ = line.partition("#")
        if comment and not content.strip(" "):
            continue
        if '"' not in content:
            yield number, content.split(delimiter)
            continue
        try:
            yield number, next(reader([content], delimiter=delimiter, strict=True))
        except Error:  # a quote that isn't closed: the cells keep their quotes and are refused
            yield number, content.split(delimiter)


def _check(
    rows: Iterator[tuple[int, list[str]]] | list[tuple[int, list[str]]],
    source: Source,
    delimiter: str,
    finite: bool = False,
) -> None:
    """Raise for the first cell that is no number and the first row of another length; with
    `finite`, for the first cell that is too large for float64 too."""
    columns, first = 0, True
    for number, cells in rows:
        for column, cell in enumerate(cells, 1):
            text = cell.strip()
            place = f"{source.name}, row {number}, column {column}"
            if not text:
                if not any(map(str.strip, cells)) and len(cells) == 1:
                    raise source.fault(f"{source.name}, row {number}: the line is empty")
                raise source.fault(
                    f"{place}: the cell is empty", "write nan for a number that is missing"
                )
            if not NUMBER.fullmatch(text):
                raise source.fault(
                    f"{place}: {quoted(text)} is not a number", _advice(text, first, delimiter)
                )
            if finite and "n" not in text.lower() and np.isinf(float(text)):
                raise source.fault(f"{place}: {quoted(text)} is too large for float64")
        if first:
            columns, first = len(cells), False
        elif len(cells) != columns:
            raise source.fault(
                f"{source.name}, row {number}: {len(cells)} {_cells(len(cells))}, but the rows"
                f" above have {columns}"
            )


def _cells(count: int) -> str:
    return "cell" if count == 1 else "cells"


def _advice(text: str, first: bool, delimiter: str) -> str | None:
    parts = re.split(r"[;\t, ]+", text)
    if len(parts) > 1 and all(map(NUMBER.fullmatch, parts)):
        other = ".tsv" if delimiter == "," else ".csv"
        return f"cells are separated by {SEPARATORS[delimiter]} here, in {other} files by" + (
            " tabs" if delimiter == "," else " commas"
        )
    if first and text[0].isalpha():
        return "a header line has no place here: remove it, or begin it with #"
    return None
