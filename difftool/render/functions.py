"""The functions of the language: all of them in a table by family, or one in full.

The records come from the registry of operations; `table` draws. A screen too narrow for three
columns gets the example below the meaning, one too narrow for two gets everything below the
signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby

from difftool.render.characters import fold, width
from difftool.render.screen import Screen
from difftool.render.table import GAP, Cell, Column, Line, cell, draw
from difftool.report.record import FunctionRecord

# The widest signature that is not folded, and the narrowest columns that still read well.
SIGNATURE = 44
NARROW_SIGNATURE = 28
LEAST_MEANING = 34
LEAST_EXAMPLE = 24


def function_text(functions: Sequence[FunctionRecord], screen: Screen) -> str:
    """One function in full, or several in a table; the last newline included."""
    return _in_full(functions[0], screen) if len(functions) == 1 else _table(functions, screen)


def _in_full(function: FunctionRecord, screen: Screen) -> str:
    room = (screen.width or 10**6) - 2
    lines = []
    for signature in function.signatures:
        first, *rest = fold(screen.shown(signature), room)
        lines += [screen.paint(line, "heading") for line in (first, *[f"  {x}" for x in rest])]
    lines += ["  " + line for line in fold(screen.shown(function.meaning), room)]
    facts = {
        "also": ", ".join(function.aliases),
        "family": function.family,
        "grad_fn": function.grad_fn or "",
        "example": function.example,
    }
    for name, fact in facts.items():
        if fact:
            lines.append(f"  {screen.paint(f'{name:8}', 'dim')} {screen.shown(fact)}")
    return "\n".join(lines) + "\n"


def _table(functions: Sequence[FunctionRecord], screen: Screen) -> str:
    signatures = [list(map(screen.shown, function.signatures)) for function in functions]
    meanings = [_meaning(function, screen) for function in functions]
    examples = [screen.shown(function.example) for function in functions]
    natural = [
        max(map(width, texts), default=0) for texts in (chain(*signatures), meanings, examples)
    ]
    edge = screen.width or sum(natural) + 2 * GAP
    first = min(natural[0], edge if screen.width is None else SIGNATURE)
    third = min(natural[2], max(edge - first - natural[1] - 2 * GAP, LEAST_EXAMPLE))
    second = edge - first - third - 2 * GAP
    with_examples = second >= LEAST_MEANING
    if not with_examples:
        first = min(first, NARROW_SIGNATURE)
        second = edge - first - GAP
    if second < LEAST_MEANING:
        return "\n".join(_below(function, screen, edge) for function in functions)
    columns = [Column("function"), Column("meaning")] + [Column("example")] * with_examples
    rows: list[list[Cell]] = []
    described = zip(functions, signatures, meanings, examples, strict=True)
    for family, members in groupby(described, key=lambda row: row[0].family):
        if rows:
            rows.append([cell("")] * len(columns))
        rows.append([cell(screen.shown(family), "heading"), *[cell("")] * (len(columns) - 1)])
        for _, signature, meaning, example in members:
            calls = [line for call in signature for line in _folded(call, first)]
            row: list[Cell] = [calls, _folded(meaning, second)]
            if with_examples:
                row.append(_folded(example, third, "name"))
            else:
                row[1] = [*row[1], *_folded(example, second, "name")]
            rows.append(row)
    return draw(columns, rows, screen)


def _below(function: FunctionRecord, screen: Screen, edge: int) -> str:
    signatures = [fold(screen.shown(line), edge) for line in function.signatures]
    lines = [screen.paint(line, "heading") for line in chain(*signatures)]
    lines += ["  " + line for line in fold(_meaning(function, screen), edge - 2)]
    example = fold(screen.shown(function.example), edge - 2)
    lines += ["  " + screen.paint(line, "name") for line in example]
    return "\n".join(lines) + "\n"


def _meaning(function: FunctionRecord, screen: Screen) -> str:
    also = f" (also {', '.join(function.aliases)})" if function.aliases else ""
    return screen.shown(function.meaning + also)


def _folded(text: str, limit: int, style: str | None = None) -> Cell:
    return [Line(line, style) for line in fold(text, max(limit, 1))]
