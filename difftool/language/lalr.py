"""The driver: runs parse tables over a text, without Lark and without recursion.

Lark reads the grammar and works out the tables (`build_tables`); `grammar` finds them or has them
made; `parser` says what each rule builds. This module only turns the handle: a scanner, and the
shift/reduce loop of an LALR(1) parser (Aho, Lam, Sethi and Ullman, Compilers, section 4.6), with
actions run as soon as a rule is recognised. Its stacks are lists, so depth costs memory only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from difftool.errors import Span

# One part of a rule that its action gets: where it stands in the rule and whether it is a list to
# be spliced in; position -1 stands for a part that may be missing and is.
Pick: TypeAlias = tuple[int, bool]
Token: TypeAlias = tuple[int, str, int]  # terminal, text, where it starts
Action: TypeAlias = Callable[..., object]
# Makes a rule's value from all values, where the rule's begin, and where its text starts and stops.
Build: TypeAlias = Callable[[list[Any], int, int, int], object]

MISSING = -1
PART, LIST = "(part)", "(list)"

_new = tuple.__new__  # twice as fast as a named tuple's own constructor


class Tables:
    """A grammar as the driver needs it.

    Symbols are numbered: first the groups of `pattern`, then words and punctuation, then the
    nonterminals. A state is the offset of its row in `cells`.

    Attributes:
        symbols: names by number, for tests and for what an error says.
        pattern: matches blanks and one token; the group that matched is the token's terminal.
        words: the terminal of each fixed text: keywords, operators, brackets.
        nesting: for a bracket's terminal +1 or -1, for the line end's 0.
        end: the terminal of the end of the text.
        rules: for each rule its nonterminal, its length, its action's name (or `PART`: the one part
            it keeps stands for it; or `LIST`: a list of its parts) and the parts its action gets.
        cells: for a state and a symbol, at their sum: the next state, or a rule to reduce by as a
            negative number (~its place in `rules`), or 0 where the text is not of the language.
            The first row is the start, which no symbol leads to.
    """

    __slots__ = ("symbols", "pattern", "words", "nesting", "end", "rules", "cells")

    def __init__(
        self,
        symbols: tuple[str, ...],
        pattern: str,
        words: dict[str, int],
        nesting: dict[int, int],
        end: int,
        rules: tuple[tuple[int, int, str, tuple[Pick, ...]], ...],
        cells: tuple[int, ...],
    ) -> None:
        self.symbols = symbols
        self.pattern = pattern
        self.words = words
        self.nesting = nesting
        self.end = end
        self.rules = rules
        self.cells = cells


class Rejected(Exception):
    """The text is not of the language: `token` can't follow what was read before it."""

    def __init__(self, token: Token, states: list[int]) -> None:
        super().__init__(token)
        self.token = token
        self.states = states


class Driver:
    """Tables with actions: `parse` gives what the start rule's action makes of a text."""

    def __init__(self, tables: Tables, actions: Mapping[str, Action]) -> None:
        """Bind every rule's action, called with the rule's span and then its parts."""
        self.tables = tables
        self._tokens = re.compile(tables.pattern).finditer
        self._rules = [
            (symbol, length, _builder(action, picks, actions))
            for symbol, length, action, picks in tables.rules
        ]

    def scan(self, text: str, start: int = 0) -> Iterator[Token]:
        """The tokens of `text` from `start` to its end, which is one, without the line ends inside
        brackets.

        A character that begins no token is one of a terminal that no rule takes.
        """
        words, nesting = self.tables.words, self.tables.nesting
        depth = 0
        for match in self._tokens(text, start):
            group = match.lastindex or 0
            word = match[group]
            terminal = words.get(word, group)
            if terminal in nesting:
                step = nesting[terminal]
                if step:
                    depth = max(depth + step, 0)
                elif depth:
                    continue
            yield terminal, word, match.start(group)
            if terminal == self.tables.end:
                return

    def parse(self, text: str) -> object:
        """Parse a text.

        Raises:
            Rejected: the text is not of the language.
        """
        return self.parse_tokens(self.scan(text))

    def parse_tokens(self, tokens: Iterable[Token]) -> object:
        """Parse what `scan`, or a layer on top of it, made of a text; the last token is the end."""
        cells, rules = self.tables.cells, self._rules
        state = stop = 0
        states, starts = [state], [0]  # where the part that led to a state starts in the text
        values: list[Any] = [None]
        for token in tokens:
            terminal, word, start = token
            code = cells[state + terminal]
            while code < 0:
                symbol, length, build = rules[~code]
                if length == 1:
                    values[-1] = build(values, -1, starts[-1], stop)
                    state = states[-1] = cells[states[-2] + symbol]
                else:
                    base = len(values) - length
                    values[base] = build(values, base, starts[base], stop)
                    del values[base + 1 :], states[base:], starts[base + 1 :]
                    state = cells[states[-1] + symbol]
                    states.append(state)
                code = cells[state + terminal]
            if code == 0:
                raise Rejected(token, states)
            state = code
            states.append(code)
            starts.append(start)
            values.append(word)
            stop = start + len(word)
        return values[1]

    def accepts(self, states: list[int], terminal: int) -> bool:
        """Whether `terminal` may follow what led to `states`."""
        cells, rules = self.tables.cells, self.tables.rules
        depth, above = len(states), [states[-1]]  # the states as they were up to depth, then above
        while (code := cells[above[-1] + terminal]) < 0:
            symbol, length, _, _ = rules[~code]
            if length >= len(above):
                depth -= length - len(above) + 1
                above = [states[depth - 1]]
            else:
                del above[-length:]
            above.append(cells[above[-1] + symbol])
        return code > 0


def _builder(name: str, picks: tuple[Pick, ...], actions: Mapping[str, Action]) -> Build:
    """What makes the value of a rule; one or two plain parts, the usual case, need no loop."""
    if name == PART:
        return _single(picks[0][0])
    if name == LIST:
        return _listed(picks)
    plain = [position for position, spliced in picks if position != MISSING and not spliced]
    if len(plain) == len(picks) == 1:
        return _from_one(actions[name], plain[0])
    if len(plain) == len(picks) == 2:
        return _from_two(actions[name], plain[0], plain[1])
    return _from_many(actions[name], picks)


def _single(at: int) -> Build:
    return lambda values, base, start, stop: values[base + at]


def _from_one(action: Action, at: int) -> Build:
    return lambda values, base, start, stop: action(_new(Span, (start, stop)), values[base + at])


def _from_two(action: Action, first: int, second: int) -> Build:
    return lambda values, base, start, stop: action(
        _new(Span, (start, stop)), values[base + first], values[base + second]
    )


def _from_many(action: Action, picks: tuple[Pick, ...]) -> Build:
    def build(values: list[Any], base: int, start: int, stop: int) -> object:
        return action(_new(Span, (start, stop)), *_parts(values, base, picks))

    return build


def _listed(picks: tuple[Pick, ...]) -> Build:
    return lambda values, base, start, stop: _parts(values, base, picks)


def _parts(values: list[Any], base: int, picks: tuple[Pick, ...]) -> list[Any]:
    """The parts a rule keeps. A list at the front is continued in place: a list of n parts, which
    its rule makes one part at a time, takes n steps and not n squared."""
    parts: list[Any] = []
    for position, spliced in picks:
        if position == MISSING:
            parts.append(None)
        elif not spliced:
            parts.append(values[base + position])
        elif parts:
            parts += values[base + position]
        else:
            parts = values[base + position]
    return parts
