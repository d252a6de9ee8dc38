"""The lines and statements around the place where a text left the language of programs.

What `program_faults` and `statement_faults` see of a program: a `scene` that knows where lines
begin, and which words make a statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from difftool.language.blocks import TAB
from difftool.language.scene import CLOSING, Scene, Word

LOOPS = frozenset(("while", "for"))
BLOCKS = LOOPS | {"if", "elif", "else", "with"}  # what begins the line before a block
IMPORTS = frozenset(("import", "from"))
ALONE = frozenset(("pass", "break", "continue"))
SIMPLE = ALONE | IMPORTS | {"assert", "del"}
UPDATES = frozenset(("+=", "-=", "*=", "/=", "//=", "%=", "@=", "**=", "^=", "&=", "|="))
WAITING = UPDATES | LOOPS | {"if", "elif", "with", "in", "is", "assert", "del", "="}  # for a value


class ProgramScene(Scene):
    """A program and the place where it left the language."""

    @property
    def clause(self) -> list[Word]:
        """The words of the statement before `here`, without a `while c:` that it stands after."""
        words = self.statement
        if words and words[0].text in BLOCKS:
            depth = 0
            for position, word in enumerate(words):
                depth += (word.text in CLOSING) - (word.text in CLOSING.values())
                if word.text == ":" and depth == 0:
                    return words[position + 1 :]
        return words

    @property
    def header(self) -> Word | None:
        """The first word of the line before a block, if `here` is in such a line before its `:`."""
        words = self.clause
        whole = words and words[0].text in BLOCKS and words == self.statement
        return words[0] if whole else None

    @property
    def rest(self) -> list[Word]:
        """The words from `here` to the end of its statement."""
        words: list[Word] = []
        while not (word := self.word(len(words))).ends_statement:
            words.append(word)
        return words

    def first_words(self) -> Iterator[tuple[Word, str]]:
        """The first word of each line, with what stands before it; `here`'s line is the first."""
        offset = 0
        while (word := self.word(offset)).kind:
            previous = self.word(offset - 1)
            if previous.kind in ("", "_NEWLINE") and word.kind != "_NEWLINE":
                before = self.text[max(previous.start, 0) : word.start]
                yield word, before[1 + max(before.rfind("\n"), before.rfind("\r")) :]
            offset -= 1


def column(margin: str) -> int:
    """How far in a line stands that begins with `margin`."""
    return len(margin.expandtabs(TAB))
