"""Why a text is no program: in which order mistakes are looked for, and those of lines and blocks.

The parser of programs comes here as that of expressions comes to `faults`, whose recognisers have a
part in it too. Mistakes inside statements are in `statement_faults`, and in `program_refusals` what
is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable

from difftool.errors import DifftoolError, Span
from difftool.language import faults, foreign, program_refusals, statement_faults
from difftool.language.blocks import BYTE_ORDER_MARK
from difftool.language.lalr import Driver, Rejected
from difftool.language.literals import shorten
from difftool.language.program_scene import LOOPS, ProgramScene, column
from difftool.language.scene import Word, across, fault


def explain(text: str, driver: Driver, rejected: Rejected) -> DifftoolError:
    """The error for a program that the driver rejected."""
    if text.startswith(BYTE_ORDER_MARK):
        text = text.replace(BYTE_ORDER_MARK, " ", 1)
    return _first(ProgramScene(text, driver, rejected), MISTAKES)


def explain_field(text: str, driver: Driver, rejected: Rejected) -> DifftoolError:
    """The error for what stands between the braces of a formatted string."""
    return _first(ProgramScene(text, driver, rejected), MISTAKES_OF_FIELDS)


def _first(scene: ProgramScene, mistakes: tuple[Recogniser, ...]) -> DifftoolError:
    for recognise in mistakes:
        error = recognise(scene)
        if error is not None:
            return error
    return fault(f"{scene.here.shown} can't stand here", "leave it out", scene.here.span)


# ----- Lines and blocks -----


def _indented(scene: ProgramScene) -> DifftoolError | None:
    if scene.rejected != "_INDENT":
        return None
    here, margin = next(scene.first_words())
    return fault(
        "this line is indented, but no block begins before it",
        "begin it where the line before begins; a block follows a line that ends with `:`",
        Span(here.start - len(margin), here.start),
    )


def _no_block(scene: ProgramScene) -> DifftoolError | None:
    if not scene.accepts_terminal("_INDENT"):
        return None
    here = scene.here
    first = next(word for word, _ in scene.first_words() if word is not here)
    offset = -1
    while scene.word(offset).kind == "_NEWLINE":
        offset -= 1
    header = across(first, scene.word(offset))
    shown = shorten(scene.text[header.start : header.end])
    return fault(
        f"the indented block of `{shown}` is missing",
        "indent its lines by four blanks; `pass` is a statement that does nothing",
        header if here.kind == "$END" else here.span,
    )


def _no_colon(scene: ProgramScene) -> DifftoolError | None:
    """`while x < 3` without its colon, `else if`."""
    header, before, here = scene.header, scene.before, scene.here
    if header is None or scene.bracket is not None or not scene.accepts(":"):
        return None
    goes_on = before.ends_value and here.begins_value
    if here.ends_statement or goes_on and all(word.text != ":" for word in scene.rest):
        return fault(
            f"`:` is missing after {before.shown}",
            f"the line of {header.shown} ends with `:`, and its block follows",
            before.span,
        )
    if before.text == "else" and here.text == "if":
        span = across(before, here)
        return fault("`else if` is not part of difftool's language", "write elif", span)
    if before.text == "else":
        return fault("`else` has no condition", "write `else:`, or elif with one", here.span)
    return None


def _branch(scene: ProgramScene) -> DifftoolError | None:
    """`else` and `elif` where no `if` is before them."""
    here = scene.here
    if here.text not in ("else", "elif"):
        return None
    if scene.clause != scene.statement or scene.before.text == ";":
        hint = "write it in a line of its own, below that of its `if`"
        return fault(f"{here.shown} does not begin a line", hint, here.span)
    if not scene.before.ends_statement:
        return None
    owner = _owner(scene)
    if owner is not None and owner.text in LOOPS:
        return fault(
            f"`{here.text}` after a loop is not part of difftool's language",
            "a name can say how the loop ended: found = False",
            here.span,
        )
    if owner is not None and owner.text == "else":
        return fault(
            f"{here.shown} stands after `else`",
            "`else` is the last of the branches",
            here.span,
        )
    return fault(
        f"{here.shown} has no `if` before it",
        "it begins where the line of its `if` begins, right after that one's block",
        here.span,
    )


def _owner(scene: ProgramScene) -> Word | None:
    """The first word of the last line before `here` that stands no further in."""
    lines = scene.first_words()
    _, margin = next(lines)
    return next((word for word, other in lines if column(other) <= column(margin)), None)


Recogniser = Callable[[ProgramScene], DifftoolError | None]

# As in `faults`, what the words give away comes first, then brackets, then the rest.
_WORDS: tuple[Recogniser, ...] = (
    program_refusals.open_formatted,
    foreign.unknown_character,
    program_refusals.foreign_keyword,
    program_refusals.quotes_inside,
    foreign.glued_string,
    foreign.glued_number,
    program_refusals.foreign_sign,
    foreign.foreign_sign,
)
_EXPRESSIONS: tuple[Recogniser, ...] = (
    faults.dot,
    statement_faults.misplaced,
    faults.choice,
    statement_faults.unpacking,
    statement_faults.missing_value,
    faults.missing_value,
    faults.loose_not,
    statement_faults.comma,
    statement_faults.colon,
    faults.punctuation,
    statement_faults.misspelled,
    faults.missing_operator,
)
MISTAKES: tuple[Recogniser, ...] = (
    _indented,
    program_refusals.decorator,
    program_refusals.match,
    *_WORDS,
    faults.bracket,
    statement_faults.open_header,
    _no_block,
    statement_faults.comprehension,
    statement_faults.imports,
    statement_faults.membership,
    statement_faults.with_as,
    _no_colon,
    _branch,
    statement_faults.for_names,
    statement_faults.equals,
    *_EXPRESSIONS,
)
MISTAKES_OF_FIELDS: tuple[Recogniser, ...] = (
    *_WORDS,
    faults.bracket,
    statement_faults.comprehension,
    statement_faults.membership,
    statement_faults.with_as,
    statement_faults.equals,
    *_EXPRESSIONS,
)
