"""Tables of measures with their targets, for a terminal or for a Markdown document.

A part measures and gives a `Table`; whether a target is met is computed here, from the measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.box import HORIZONTALS
from rich.console import Console, JustifyMethod
from rich.table import Table as Grid
from rich.text import Text


class Column(NamedTuple):
    """A measure: its heading, how it is written, and the name a target calls it by."""

    heading: str
    form: str = "{:.3g}"
    name: str = ""


class Target(NamedTuple):
    """A bound on a measure: at least so much, or at most."""

    measure: str
    least: float | None = None
    most: float | None = None

    def verdict(self, value: float | None) -> str:
        if value is None:
            return "not measured"
        low = self.least is not None and not value >= self.least
        high = self.most is not None and not value <= self.most
        return "missed" if low or high else "met"

    def bound(self) -> str:
        bounds = [
            f"{sign} {bound:g}"
            for sign, bound in (("≥", self.least), ("≤", self.most))
            if bound is not None
        ]
        return " and ".join(bounds)


class Row(NamedTuple):
    """What was measured of one thing, by column; `refused` says why there are no measures."""

    label: str
    measures: Mapping[str, float | None]
    targets: Sequence[Target] = ()
    refused: str = ""


class Table(NamedTuple):
    """A part's measures; the notes say how to read them and what could not be measured."""

    title: str
    columns: Mapping[str, Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    judged: bool = True


def cells(table: Table) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of a table as text, with a line for each target.

    A column that nothing fills is left out.
    """
    columns = {
        key: column
        for key, column in table.columns.items()
        if any([row.measures.get(key) is not None for row in table.rows])
    }
    heading = ["", *[column.heading for column in columns.values()], "target"]
    return heading, [list(_cells(table, columns, row)) for row in table.rows]


def _cells(table: Table, columns: Mapping[str, Column], row: Row) -> Iterator[str]:
    yield row.label
    for key, column in columns.items():
        value = row.measures.get(key)
        yield "–" if value is None else column.form.format(value)
    if row.refused:
        yield row.refused
    else:
        yield "\n".join([_judged(table, row, target) for target in row.targets])


def _judged(table: Table, row: Row, target: Target) -> str:
    column = table.columns[target.measure]
    named = f"{column.name or column.heading} {target.bound()}"
    return f"{named} {target.verdict(row.measures.get(target.measure))}" if table.judged else named


def on_terminal(table: Table, console: Console) -> None:
    heading, rows = cells(table)
    console.print(table.title, style="bold", markup=False, highlight=False)
    grid = Grid(box=HORIZONTALS)
    for number, text in enumerate(heading):
        last = number == len(heading) - 1
        justify: JustifyMethod = "left" if last or number == 0 else "right"
        grid.add_column(text, justify=justify, no_wrap=not last, overflow="fold")
    for row in rows:
        grid.add_row(*[Text(text) for text in row])
    console.print(grid)
    for note in table.notes:
        console.print(note, markup=False, highlight=False)
    console.print()


def in_markdown(table: Table) -> str:
    heading, rows = cells(table)
    inner = len(heading) - 2
    lines = [f"**{table.title}**", "", _line(heading), "| --- |" + " ---: |" * inner + " --- |"]
    lines += [_line([_code(row[0]), *row[1:-1], row[-1].replace("\n", ", ")]) for row in rows]
    for note in table.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _code(label: str) -> str:
    """A label as code, unless it is words."""
    return f"`{label}`" if "(" in label else label


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join([text.replace('|', chr(92) + '|') for text in texts])} |"
