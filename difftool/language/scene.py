"""The words around the place where a text left the language, as `faults` and `foreign` see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from difftool.errors import DifftoolError, Span
from difftool.language.lalr import Driver, Rejected
from difftool.language.literals import shorten

ARITHMETIC = frozenset(("+", "-", "*", "/", "//", "%", "@", "^", "**", "&", "|"))
CLOSING = {"(": ")", "[": "]"}
PREFIXES = frozenset(("not", "~"))
WORDS_OF_VALUES = frozenset(("NAME", "NUMBER", "STRING", "FORMATTED"))
VALUES = frozenset(("True", "False", "None", "..."))


class Word(NamedTuple):
    """A token: the name of its terminal, its text (none for a line end), and its place."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def shown(self) -> str:
        """The word as messages have it."""
        return f"`{shorten(self.text)}`"

    @property
    def span(self) -> Span:
        """Where the word stands."""
        return Span(self.start, self.end)

    @property
    def ends_statement(self) -> bool:
        """Whether it is a line end, a `;` or the end of the text."""
        return self.text in ("", ";")

    @property
    def begins_value(self) -> bool:
        """Whether only a value can begin with it; a sign can join two values as well."""
        return self._is_word_of_value or self.text in PREFIXES or self.text in CLOSING

    @property
    def ends_value(self) -> bool:
        """Whether a value can end with it."""
        return self._is_word_of_value or self.text in CLOSING.values()

    @property
    def _is_word_of_value(self) -> bool:
        return self.kind in WORDS_OF_VALUES or self.text in VALUES

    def touches(self, following: Word) -> bool:
        """Whether `following` stands right after this word, without a blank."""
        return self.end == following.start and bool(self.text and following.text)


class Scene:
    """A text and the place where it left the language.

    Attributes:
        here: the word that can't stand where it does; the end of the text has no text.
        before, after: the words on either side of it; beyond the ends of the text, empty ones.
        rejected: the terminal of the token that can't stand at `here`: that of this word, or of a
            line or block that begins or ends there.
        bracket: the innermost bracket open at that place, or None.
        closer: the word that closes `bracket`, or None if it is never closed.
    """

    def __init__(self, text: str, driver: Driver, rejected: Rejected) -> None:
        self.text = text
        self.words = list(_words(text, driver))
        self._driver = driver
        self._states = rejected.states
        self.rejected = driver.tables.symbols[rejected.token[0]]
        self._index = [word.start for word in self.words].index(rejected.token[2])
        self.before, self.here, self.after = self.word(-1), self.word(0), self.word(1)
        self._opened, closers = self._brackets()
        self.bracket = self.words[self._opened[-1]] if self._opened else None
        self.closer = closers.get(self._opened[-1]) if self._opened else None

    def word(self, offset: int) -> Word:
        """The word that many places after `here`."""
        position = self._index + offset
        if 0 <= position < len(self.words):
            return self.words[position]
        return Word("", "", -1, -1)

    def accepts(self, text: str) -> bool:
        """Whether this word of the language could stand where `here` can't."""
        return self._driver.accepts(self._states, self._driver.tables.words[text])

    def accepts_terminal(self, name: str) -> bool:
        """Whether a token of this terminal, which need not have a text, could stand there."""
        return self._driver.accepts(self._states, self._driver.tables.symbols.index(name))

    @property
    def in_index(self) -> bool:
        """Whether `bracket` is that of an index, as opposed to a list."""
        if self.bracket is None or self.bracket.text != "[":
            return False
        position = self._opened[-1]
        return position > 0 and self.words[position - 1].ends_value

    @property
    def on_new_line(self) -> bool:
        """Whether a line ends between `before` and `here`, which matters outside brackets only."""
        between = self.text[max(self.before.end, 0) : self.here.start]
        return "\n" in between or "\r" in between

    @property
    def statement(self) -> list[Word]:
        """The words of the statement before `here`, which no bracket encloses."""
        begin = self._index
        while begin and not self.words[begin - 1].ends_statement:
            begin -= 1
        return self.words[begin : self._index]

    def lone_if(self) -> Word:
        """The last `if` before `here` that has no `else`."""
        depth = answered = 0
        for word in reversed(self.words[: self._index]):
            depth += (word.text in CLOSING.values()) - (word.text in CLOSING)
            if depth == 0 and word.text == "else":
                answered += 1
            elif depth == 0 and word.text == "if":
                if not answered:
                    return word
                answered -= 1
        return self.here

    def _brackets(self) -> tuple[list[int], dict[int, Word]]:
        """The positions of the brackets open at `here`, and what closes each one that is closed."""
        opened: list[int] = []
        at_place: list[int] = []
        closers: dict[int, Word] = {}
        for position, word in enumerate(self.words):
            if position == self._index:
                at_place = opened.copy()
            if word.text in CLOSING:
                opened.append(position)
            elif opened and word.text == CLOSING[self.words[opened[-1]].text]:
                closers[opened.pop()] = word
        return at_place, closers


def _words(text: str, driver: Driver) -> Iterator[Word]:
    """The words of a text. A string that is not closed ends them: what follows is part of it."""
    for terminal, word, start in driver.scan(text):
        kind = driver.tables.symbols[terminal]
        yield Word(kind, "" if kind == "_NEWLINE" else word, start, start + len(word))
        if kind == "$STRAY" and word in ("'", '"'):
            yield Word("$END", "", len(text), len(text))
            return


def fault(message: str, hint: str, span: Span) -> DifftoolError:
    """The error of a text that is not of the language."""
    return DifftoolError(message, kind="syntax", hint=hint, span=span)


def across(first: Word, last: Word) -> Span:
    """The text from one word to another."""
    return Span(first.start, last.end)
