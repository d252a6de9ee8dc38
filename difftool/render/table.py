"""A grid of cells drawn with rich, which only this module imports, and only when it draws.

`nodes` and `functions` lay out what stands in the cells: every line is already `shown`, folded and
as wide as it will be. Text is never markup here, nothing is highlighted and nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from difftool.render.characters import width
from difftool.render.screen import Screen

# Columns between two columns of a table.
GAP = 2

# rich's names for the styles of `screen.STYLES` that stand in tables.
_STYLES = {
    "heading": "bold",
    "dim": "dim",
    "name": "cyan",
    "good": "green",
    "error": "bold red",
}


class Line(NamedTuple):
    """A line of a cell: its text and a style of `screen.STYLES`, or None."""

    text: str
    style: str | None = None


Cell: TypeAlias = Sequence[Line]


class Column(NamedTuple):
    """A column: its heading, and whether its cells, of one line each, end at the same place."""

    heading: str
    ends_aligned: bool = False


def cell(text: str, style: str | None = None) -> Cell:
    """A cell of the lines of `text`, all in one style."""
    return [Line(line, style) for line in text.split("\n")]


def cell_width(content: Cell) -> int:
    """The columns of the widest line."""
    return max((width(line.text) for line in content), default=0)


def draw(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], screen: Screen) -> str:
    """The table as text: a line of headings, a rule, the rows; each line without blanks at its end.

    It is as wide as its cells: whoever makes them keeps to the width of the screen.
    """
    from io import StringIO

    from rich.box import Box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Cells bring their own blanks and columns their own width: rich needn't pad or measure them.
    contents = [[Text(column.heading, _STYLES["heading"])] for column in columns]
    for row in rows:
        for texts, content in zip(contents, row, strict=True):
            lines = (Text(line.text, _STYLES.get(line.style or "", "")) for line in content)
            texts.append(Text("\n").join(lines))
    table = Table(
        box=Box(_frame(screen.symbol("─"))),
        show_edge=False,
        pad_edge=False,
        padding=0,
        header_style="",
    )
    last = len(columns) - 1
    for position, (column, texts) in enumerate(zip(columns, contents, strict=True)):
        widest = max(cell_len(line) for text in texts for line in text.plain.split("\n"))
        if column.ends_aligned:
            for text in texts:
                text.pad_left(widest - cell_len(text.plain))
        # The line between two columns is a blank, one column wide.
        gap = GAP - 1 if position < last else 0
        table.add_column(texts[0], width=widest + gap, no_wrap=True)
    for cells in zip(*(texts[1:] for texts in contents), strict=True):
        table.add_row(*cells)
    sheet = StringIO()
    console = Console(
        file=sheet,
        # Columns have their widths; no edge of a console may come in between.
        width=1_000_000,
        height=25,
        force_terminal=screen.color,
        color_system="standard" if screen.color else None,
        no_color=not screen.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(table)
    return "\n".join(line.rstrip() for line in sheet.getvalue().splitlines()) + "\n"


def _frame(rule: str) -> str:
    """rich's notation of a frame, eight lines of four characters: a rule below the headings."""
    blank = " " * 4
    return "\n".join([blank, blank, f" {rule}  ", *[blank] * 5])
