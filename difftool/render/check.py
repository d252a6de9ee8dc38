"""Checks as people read them: a table of the comparisons, what explains them, and the verdict.

The records come from `difftool.checking`; `table` draws, and a screen too narrow for it gets a few
lines for each comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

from difftool.render.characters import fold, width
from difftool.render.diagnostic import error_text
from difftool.render.screen import Screen
from difftool.render.table import GAP, Cell, Column, cell, draw
from difftool.report.check import CheckRecord, ComparisonRecord, Tally

INDENT = "  "
LABEL = 12
LONGEST_EXPRESSION = 240
NO_EDGE = 10**9

METHODS = {
    "numeric": "central differences",
    "forward": "forward mode",
    "against": "hand-derived gradient",
}


def check_text(record: CheckRecord, screen: Screen) -> str:
    """One check in full, the last newline included."""
    parts = [_head(record, screen)]
    if record.error is not None:
        parts.append(error_text(record.error, screen))
    if record.comparisons:
        parts.append(_comparisons(record.comparisons, screen))
    notes = [(screen.shown(c.input), note) for c in record.comparisons for note in c.notes]
    notes += [("", note) for note in record.notes]
    if notes:
        parts.append("".join([_note(name, note, screen) for name, note in dict.fromkeys(notes)]))
    parts.append(_verdict(record, screen))
    return "\n".join(parts)


def checks_text(records: Sequence[CheckRecord], screen: Screen) -> str:
    """Several checks: one line each, those that did not pass in full, and a line that sums up."""
    rows = [_row(record, screen) for record in records]
    parts = [draw([Column("check"), Column("result"), Column("worst")], rows, screen)]
    parts += [
        screen.paint(screen.shown(_place(record)), "heading") + "\n\n" + check_text(record, screen)
        for record in records
        if not record.passed
    ]
    tally = Tally.of(records)
    style = "good" if tally.passed == len(records) else "error"
    parts.append(screen.paint(tally.line, style) + "\n")
    return "\n".join(parts)


def _place(record: CheckRecord) -> str:
    if record.file is None or record.line is None:
        return record.title
    return f"{record.title} ({record.file} line {record.line})"


def _row(record: CheckRecord, screen: Screen) -> list[Cell]:
    if record.error is not None:
        result, style = "error", "error"
    else:
        result, style = ("passed", "good") if record.passed else ("failed", "error")
    worst = worst_of(record)
    name = screen.shorten(screen.shown(record.title), LONGEST_EXPRESSION // 4)
    said = ""
    if record.error is not None:
        said = screen.shorten(screen.shown(record.error.message), LONGEST_EXPRESSION // 4)
    elif worst is not None and worst.worst is not None:
        said = f"{_where(worst, screen)} off by {_short(worst.worst.relative)} relative"
    return [cell(name), cell(result, style), cell(said)]


def worst_of(record: CheckRecord) -> ComparisonRecord | None:
    """The comparison that is furthest off: one that failed, if any did."""
    return max(
        [c for c in record.comparisons if c.worst is not None or not c.passed],
        key=lambda c: (not c.passed, c.worst is None, 0.0 if c.worst is None else c.worst.relative),
        default=None,
    )


def _head(record: CheckRecord, screen: Screen) -> str:
    facts = {"expression": record.expression}
    if record.against is not None:
        facts["against"] = record.against
    facts["seed"] = str(record.seed)
    if record.file is None:
        facts["seed"] += f" (--seed {record.seed} repeats this check)"
    if record.trials > 1:
        facts["trials"] = str(record.trials)
    lines = []
    for name, fact in facts.items():
        text = screen.shorten(screen.shown(" ".join(fact.split("\n"))), LONGEST_EXPRESSION)
        first, *others = fold(text, (screen.width or NO_EDGE) - LABEL)
        lines.append(screen.paint(name.ljust(LABEL), "dim") + first)
        lines += [" " * LABEL + line for line in others]
    return "\n".join(lines) + "\n"


HEADINGS = (
    *("input", "compared with", "wrong", "worst at"),
    *("derivative", "expected", "difference", "relative"),
)


def _comparisons(comparisons: Sequence[ComparisonRecord], screen: Screen) -> str:
    rows = [_cells(comparison, screen) for comparison in comparisons]
    widths = [
        max(len(heading), *[width(row[column]) for row in rows])
        for column, heading in enumerate(HEADINGS)
    ]
    if screen.width is not None and sum(widths) + GAP * (len(widths) - 1) > screen.width:
        return "\n".join(
            [_block(row, c, screen) for row, c in zip(rows, comparisons, strict=True)]
        )
    columns = [Column(heading, heading in HEADINGS[4:]) for heading in HEADINGS]
    cells = [
        [
            cell(text, _style(column, comparison))
            for column, text in enumerate(row)
        ]
        for row, comparison in zip(rows, comparisons, strict=True)
    ]
    return draw(columns, cells, screen)


def _style(column: int, comparison: ComparisonRecord) -> str | None:
    if HEADINGS[column] == "input":
        return "name"
    if HEADINGS[column] == "wrong" and not comparison.passed:
        return "error"
    return None


def _cells(comparison: ComparisonRecord, screen: Screen) -> list[str]:
    method = METHODS[comparison.method]
    if comparison.order == 2:
        method += ", 2nd order"
    worst = comparison.worst
    numbers = ["-"] * 4
    if worst is not None:
        numbers = [
            _number(worst.analytic),
            _number(worst.reference),
            _short(worst.absolute),
            _short(worst.relative),
        ]
    return [
        screen.shown(comparison.input),
        method,
        f"{comparison.failed} of {comparison.entries + comparison.directions}",
        _where(comparison, screen),
        *numbers,
    ]


def _block(row: Sequence[str], comparison: ComparisonRecord, screen: Screen) -> str:
    """A comparison in lines of its own, for screens that are too narrow for the table."""
    name, method, wrong, *rest = row
    lines = [f"{screen.paint(name, 'name')}: {method}, wrong {wrong}"]
    if comparison.worst is not None:
        lines += [
            f"{INDENT}{screen.paint(heading.ljust(LABEL), 'dim')}{text}"
            for heading, text in zip(HEADINGS[3:], rest, strict=True)
        ]
    return "\n".join(lines) + "\n"


def _where(comparison: ComparisonRecord, screen: Screen) -> str:
    worst = comparison.worst
    name = screen.shown(comparison.input)
    if worst is None:
        return "-"
    if worst.place is None:
        return "a direction"
    return f"{name}[{', '.join(map(str, worst.place))}]" if worst.place else name


def _note(name: str, note: str, screen: Screen) -> str:
    start = f"{name}: " if name else ""
    room = (screen.width or NO_EDGE) - len(INDENT)
    first, *others = fold(start + screen.shown(note), room)
    if name and first.startswith(start):
        first = screen.paint(name, "name") + first.removeprefix(name)
    return "".join([f"{line}\n" for line in (first, *[INDENT + other for other in others])])


def _verdict(record: CheckRecord, screen: Screen) -> str:
    if record.error is not None:
        return screen.paint("not carried out", "error") + "\n"
    if record.passed:
        return screen.paint("passed", "good") + "\n"
    wrong = [comparison for comparison in record.comparisons if not comparison.passed]
    names = dict.fromkeys([screen.shown(comparison.input) for comparison in wrong])
    text = f"failed: the gradient by {', '.join(names)}"
    if any([comparison.trial > 1 for comparison in wrong]):
        seeds = dict.fromkeys([comparison.seed for comparison in wrong])
        text += f" (the worst trial by itself: --seed {', '.join(map(str, seeds))})"
    return screen.paint(text, "error") + "\n"


def _number(value: float) -> str:
    return f"{value:.8g}"


def _short(value: float) -> str:
    return f"{value:.3g}"




def failure_text(record: CheckRecord) -> str:
    """Why a check did not pass, without colour: for a test's report."""
    if record.error is not None:
        return error_text(record.error, Screen()).rstrip("\n")
    return check_text(record, Screen()).rstrip("\n")
