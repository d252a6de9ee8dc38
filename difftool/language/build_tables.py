"""Parse tables from a grammar: Lark reads it and analyses it, this module writes down the result.

`write_tables` runs when the package is built and makes modules of plain constants, `tables` and
`program_tables`; `grammar` comes here too when there are none. The parse table is taken from what
Lark's documented `save` writes. Here it is numbered for `lalr`'s driver, and the rules that only
hand on one part (`?sum: product`) are taken out of it: every name and number would pass a dozen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from difftool.language.grammar import (
    EXPRESSIONS,
    GRAMMARS,
    checksum,
    pack_cells,
    read_grammar,
    read_grammars,
)
from difftool.language.lalr import LIST, MISSING, PART, Pick, Tables

if TYPE_CHECKING:
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

START = "program"
NEWLINE = "_NEWLINE"
END = "$END"
STRAY = "$STRAY"  # a character that begins no token
PUNCTUATION = "$PUNCTUATION"  # a group of the pattern; each sign is a terminal of its own
BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}

Row: TypeAlias = dict[str, int]  # by symbol: the next state, or a rule to reduce by as ~number


class Shape(NamedTuple):
    """What the driver must know of a rule: see `lalr.Tables.rules`."""

    origin: str
    length: int
    action: str
    picks: tuple[Pick, ...]

    @property
    def hands_on(self) -> bool:
        """Whether the rule does nothing but call one part by another name."""
        return self.action == PART and self.length == 1


def write_tables(path: str, name: str = EXPRESSIONS) -> None:
    """Write a grammar's tables as a Python module, whole or not at all.

    Args:
        path: where the module is to stand.
        name: what it is called in the package.

    Raises:
        FileNotFoundError: there is no grammar.
    """
    texts = read_grammars(name)
    if texts is None:
        raise FileNotFoundError(f"{' or '.join(GRAMMARS[name])} is missing in grammar/")
    unfinished = f"{path}.{os.getpid()}"
    with open(unfinished, "w", encoding="utf-8", newline="\n") as file:
        file.write(tables_module(*texts))
    os.replace(unfinished, path)


def tables_module(text: str, *imported: str) -> str:
    """The source of the module of tables for the grammar `text` and those it imports; always the
    same for the same texts."""
    tables = build_tables(text)
    source = '"""The parse tables of a grammar, made by `build_tables`; not to be edited."""\n\n'
    source += f"CHECKSUM = {checksum(text, *imported)}\n"
    for name in Tables.__slots__:
        if name != "cells":
            source += f"{name.upper()} = {getattr(tables, name)!r}\n"
    # Tens of thousands of numbers: as such, Python would need longer to read them than to parse.
    return f"{source}CELLS = {pack_cells(tables.cells)!r}\n"


def build_tables(text: str) -> Tables:
    """The tables of the grammar `text`, whose start rule is `program`."""
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    parser = Lark(text, parser="lalr", lexer="basic", start=START, import_paths=[_imported])
    saved, memo = parser.memo_serialize([TerminalDef, Rule])
    table = saved["parser"]["parser"]
    rows: dict[int, Row] = {
        state: {
            str(table["tokens"][token]): ~argument["@"] if reduces else argument
            for token, (reduces, argument) in actions.items()
        }
        for state, actions in table["states"].items()
    }
    # The text is accepted when its end follows what the start rule was reduced to.
    end = table["end_states"][START]
    rows[end][END] = end
    shapes = {
        number: _shape(Rule.deserialize(entry, memo))
        for number, entry in memo.items()
        if entry["__type__"] == "Rule"
    }
    short = _merged(_short_cut(rows, shapes, table["start_states"][START]))
    return _numbered(parser.terminals, set(parser.ignore_tokens), short, shapes)


def _imported(place: str | None, path: str) -> tuple[str, str]:
    """For Lark: the grammar that another one imports, found where that one was."""
    text = read_grammar(path)
    if text is None:
        raise FileNotFoundError(f"grammar/{path} is missing")
    return path, text


def _shape(rule: Rule) -> Shape:
    """Lark's rules for the form of a tree: punctuation goes, a rule `_x` is spliced into what
    holds it, `?x` with one part is that part, and a missing `[x]` counts as nothing."""
    gaps = "".join("01"[gap] for gap in rule.options.empty_indices) or "0" * len(rule.expansion)
    missing = [len(run) for run in gaps.split("0")]
    picks: list[Pick] = []
    for position, symbol in enumerate(rule.expansion):
        picks += [(MISSING, False)] * missing[position]
        if not (symbol.is_term and getattr(symbol, "filter_out", False)):
            picks.append((position, not symbol.is_term and symbol.name.startswith("_")))
    picks += [(MISSING, False)] * missing[-1]
    origin = str(rule.origin.name)
    # Lark writes `expression__add` for what is called `add` in a grammar that was imported.
    action = str(rule.alias or origin).rpartition("__")[2]
    if origin.startswith("_"):
        action = LIST
    elif rule.options.expand1 and not rule.alias and len(picks) == 1:
        if picks[0][1]:
            raise ValueError(f"the driver can't tell whether {rule} has one part or more")
        action = PART
    return Shape(origin, len(rule.expansion), action, tuple(picks))


def _short_cut(rows: dict[int, Row], shapes: dict[int, Shape], start: int) -> list[Row]:
    """The same parser without reductions by rules that only hand on; the start state comes first.

    A state is known by its row, here still in the old numbers, and gets a new number when it is
    first reached.
    """
    reached: list[Row] = []
    numbers: dict[tuple[tuple[str, int], ...], int] = {}

    def number(row: Row) -> int:
        key = tuple(sorted(row.items()))
        if key not in numbers:
            numbers[key] = len(reached)
            reached.append(row)
        return numbers[key]

    number(rows[start])
    short: list[Row] = []
    for row in reached:  # which grows meanwhile
        short.append({})
        for symbol, code in sorted(row.items()):
            short[-1][symbol] = code if code < 0 else number(_settled(row, code, rows, shapes))
    return short


def _settled(row: Row, state: int, rows: dict[int, Row], shapes: dict[int, Shape]) -> Row:
    """The row of `state`, entered from `row`, as it is once every rule that only hands on has been
    reduced by: for each symbol to come, what the last state of that chain does."""
    settled: Row = {}
    chain = [rows[state]]
    for follower in chain:
        for symbol, code in follower.items():
            if code < 0 and shapes[~code].hands_on:
                following = rows[row[shapes[~code].origin]]
                if following not in chain:
                    chain.append(following)
            elif settled.setdefault(symbol, code) != code:
                return rows[state]  # two states of the chain differ: leave it as it is
    return settled


def _merged(rows: list[Row]) -> list[Row]:
    """The same parser with states that do the same made one, as in a finite automaton."""
    while True:
        first: dict[tuple[tuple[str, int], ...], int] = {}
        kept: list[Row] = []
        numbers: list[int] = []
        for row in rows:
            key = tuple(row.items())
            if key not in first:
                first[key] = len(kept)
                kept.append(row)
            numbers.append(first[key])
        if len(kept) == len(rows):
            return rows
        rows = [
            {symbol: code if code < 0 else numbers[code] for symbol, code in row.items()}
            for row in kept
        ]


def _numbered(
    terminals: Collection[TerminalDef], ignored: set[str], rows: list[Row], shapes: dict[int, Shape]
) -> Tables:
    """The tables with every symbol, state and rule by its number."""
    # Lark tries the patterns in this order; all come before the fixed texts, which none matches
    # but words: those are names until they are looked up.
    patterns = sorted(
        (terminal for terminal in terminals if terminal.pattern.type == "re"),
        key=lambda found: (
            -found.priority,
            -found.pattern.max_width,
            -len(found.pattern.value),
            found.name,
        ),
    )
    fixed = [terminal for terminal in terminals if terminal.pattern.type == "str"]
    texts = {terminal.pattern.value: str(terminal.name) for terminal in fixed}
    signs = sorted(text for text in texts if not text.isidentifier())
    signs.sort(key=len, reverse=True)
    groups = {
        str(found.name): found.pattern.to_regexp()
        for found in patterns
        if found.name not in ignored
    }
    single = "".join(re.escape(sign) for sign in signs if len(sign) == 1)
    several = [re.escape(sign) for sign in signs if len(sign) > 1]
    groups[PUNCTUATION] = "|".join([*several, f"[{single}]"] if single else several)
    groups[END] = r"\Z"
    groups[STRAY] = r"[\s\S]"
    between = "|".join(found.pattern.to_regexp() for found in patterns if found.name in ignored)
    pattern = f"(?:{between})*(?:{'|'.join(f'({group})' for group in groups.values())})"
    if re.compile(pattern).groups != len(groups):
        raise ValueError("a terminal of the grammar has a group of its own; write (?:...)")

    nonterminals = sorted({symbol for row in rows for symbol in row} - {*groups, *texts.values()})
    symbols = ("", *groups, *sorted(texts.values()), *nonterminals)
    column = {symbol: number for number, symbol in enumerate(symbols)}
    nesting = {column[texts[sign]]: step for sign, step in BRACKETS.items() if sign in texts}
    nesting[column[NEWLINE]] = 0

    used = sorted({~code for row in rows for code in row.values() if code < 0})
    place = {number: position for position, number in enumerate(used)}
    rules = tuple(
        (column[shape.origin], shape.length, shape.action, shape.picks)
        for shape in (shapes[number] for number in used)
    )
    cells = [0] * (len(rows) * len(symbols))
    for state, row in enumerate(rows):
        for symbol, code in row.items():
            cell = ~place[~code] if code < 0 else code * len(symbols)
            cells[state * len(symbols) + column[symbol]] = cell
    return Tables(
        symbols=symbols,
        pattern=pattern,
        words={text: column[texts[text]] for text in sorted(texts)},
        nesting=nesting,
        end=column[END],
        rules=rules,
        cells=tuple(cells),
    )
