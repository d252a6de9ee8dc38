"""Why a text is not of the language: "unexpected token" made into the user's own terms.

The driver stops at the first token that can't follow what stands before it. Each function here
knows one kind of mistake and looks at the words around that place (`scene`); the first that
recognises its own says what is wrong, where, and what to write. Here are the mistakes of structure,
brackets and operands; words and signs of other languages are `foreign`.
"""

from __future__ import annotations

from collections.abc import Callable

from difftool.errors import DifftoolError, Span
from difftool.language import foreign
from difftool.language.lalr import Driver, Rejected
from difftool.language.literals import shorten
from difftool.language.scene import ARITHMETIC, CLOSING, Scene, across, fault

COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))
BETWEEN = ARITHMETIC | COMPARISONS | {"and", "or", "if", "else", "=", ",", ":", "."}
WAITING = BETWEEN | {"not", "~", "(", "["}  # after these a value must come

A_VALUE = "put a name, a number or an expression in brackets there"


def explain(text: str, driver: Driver, rejected: Rejected) -> DifftoolError:
    """The error for a text that the driver rejected."""
    scene = Scene(text, driver, rejected)
    for recognise in MISTAKES:
        error = recognise(scene)
        if error is not None:
            return error
    return fault(f"{scene.here.shown} can't stand here", "leave it out", scene.here.span)


def _nothing(scene: Scene) -> DifftoolError | None:
    if any(word.text for word in scene.words):
        return None
    return fault(
        "the expression is empty", "write one, such as mean(x^2)", Span(0, len(scene.text))
    )


def bracket(scene: Scene) -> DifftoolError | None:
    here, opened = scene.here, scene.bracket
    if here.text in (")", "]", "}"):
        if opened is None:
            return fault(f"{here.shown} closes no bracket", "leave it out", here.span)
        if here.text != CLOSING[opened.text]:
            return fault(
                f"{opened.shown} is closed by {here.shown}",
                f"write {CLOSING[opened.text]} instead of {here.text}",
                opened.span,
            )
    if opened is None:
        return None
    if scene.closer is None and (here.ends_statement or scene.on_new_line):
        hint = f"add {CLOSING[opened.text]} where it ends"
        return fault(f"{opened.shown} is never closed", hint, opened.span)
    if here.text == ";":
        return fault(
            "`;` stands inside brackets",
            "write a comma between arguments; a statement ends outside brackets",
            here.span,
        )
    return None


def choice(scene: Scene) -> DifftoolError | None:
    """`a if c else b` without one of its parts."""
    before, here = scene.before, scene.here
    form = "write a if c else b"
    if here.text == "if" and not before.ends_value:
        return fault("`if` stands between two values", form, here.span)
    if here.text == "else" and before.ends_value:
        return fault("`else` has no `if` before it", form, here.span)
    if before.ends_value and scene.accepts("else"):
        return fault("`if` has no `else` after it", form, scene.lone_if().span)
    return None


def _assignment(scene: Scene) -> DifftoolError | None:
    here = scene.here
    if here.text != "=":
        return None
    if scene.bracket is not None:
        return fault("`=` assigns and has no value here", "write == to compare", here.span)
    statement = scene.statement
    if not statement:
        return fault("a name is missing before `=`", "write y = ..., or == to compare", here.span)
    if not scene.before.ends_value:
        return None
    span = across(statement[0], scene.before)
    if any(word.text == "=" for word in statement):
        return fault(
            "a statement has one `=`",
            "write == to compare, or two statements: y = x + 2; z = y",
            here.span,
        )
    what = shorten(scene.text[span.start : span.end])
    hint = "write y = ..., or == to compare"
    return fault(f"only a name can be assigned, not {what}", hint, span)


def _unpacking(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    stars = here.text in ("*", "**") and before.text in ("(", "[", ",")
    if not stars or not scene.after.begins_value:
        return None
    return fault(
        f"unpacking with {here.shown} is not part of difftool's language",
        "write the values one by one",
        across(here, scene.after),
    )


def dot(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if before.text == ".":
        if here.text.isidentifier():
            return fault(f"{here.shown} can't be a name", "it is a keyword", here.span)
        return fault("a name is missing after `.`", "write x.T, x.mean() or the like", before.span)
    if before.touches(here) and here.kind == "NUMBER" and here.text[0] == ".":
        index = here.text.strip(".")
        return fault(
            f"{here.shown} is not an attribute", f"an element is written x[{index}]", here.span
        )
    return None


def missing_value(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if here.begins_value or before.ends_value or here.text == ":":
        return None
    if here.text == ";" and before.ends_statement:
        return fault("a statement is missing before `;`", "leave the `;` out", here.span)
    if before.text == "[" and here.text == "]":
        hint = "write x[0], x[:, 1] or the like"
        return fault("an index is missing", hint, across(before, here))
    hint = A_VALUE
    if before.text not in WAITING or before.text in CLOSING:
        if here.text == "@":
            hint = "a file is read by an option: --x @data.npy"
        return fault(f"a value is missing before {here.shown}", hint, here.span)
    if here.text in BETWEEN:
        return fault(
            f"a value is missing between {before.shown} and {here.shown}",
            hint,
            across(before, here),
        )
    if here.kind == "_NEWLINE":
        hint = "an expression goes on in the next line only inside brackets"
    return fault(f"a value is missing after {before.shown}", hint, before.span)


def loose_not(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if here.text != "not" or before.ends_value:
        return None
    hint = "write (not x) in brackets, or ~x for a boolean tensor"
    return fault(f"`not` is looser than {before.shown} before it", hint, across(before, here))


def punctuation(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if here.text == ",":
        names = [word.text for word in scene.statement]
        if before.kind == scene.after.kind == "NUMBER" and here.touches(scene.after):
            hint = f"a large number is written {shorten(f'{before.text}_{scene.after.text}')}"
        elif "=" in names or scene.word(2).text != "=":
            hint = "a tuple is written (x, y); between statements stands a `;`"
        else:
            hint = "one name is assigned at a time: x = 1; y = 2"
        return fault("`,` stands only inside brackets", hint, here.span)
    if here.text == ":":
        if scene.in_index:
            return fault("a slice has three parts at most", "write start:stop:step", here.span)
        hint = "write x[1:3]; a named argument is written f(x, dim=1)"
        return fault("`:` stands only in an index", hint, here.span)
    return None


def missing_operator(scene: Scene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if not (before.ends_value and here.begins_value):
        return None
    one, two = shorten(before.text), shorten(here.text)
    what = "an operator"
    if scene.bracket is not None:
        what = "a comma or an operator"
        hint = "write a comma between them, or * to multiply"
    elif scene.after.text == "=":
        what = "`;` or an operator"
        hint = f"a new statement begins after a `;`: {two} = ..."
    elif here.text == "not":
        hint = "write `and` or `or` before it"
    elif before.kind == "NAME" and here.kind == "STRING":
        hint = f"a call is written {one}({two})"
    elif before.kind in ("NAME", "NUMBER") and here.kind in ("NAME", "NUMBER"):
        hint = f"write {one}*{two} to multiply"
        if before.kind == "NAME":
            hint += f", {one}({two}) to call"
    else:
        hint = "write * to multiply, or a `;` between statements"
    return fault(
        f"{what} is missing between {before.shown} and {here.shown}", hint, across(before, here)
    )


# The order matters where a text has two faults at one place: what the words give away comes first,
# then brackets, since nothing behind a missing one is where it seems to be.
MISTAKES: tuple[Callable[[Scene], DifftoolError | None], ...] = (
    _nothing,
    foreign.unknown_character,
    foreign.keyword,
    foreign.glued_string,
    foreign.glued_number,
    foreign.foreign_sign,
    bracket,
    dot,
    choice,
    _assignment,
    _unpacking,
    missing_value,
    loose_not,
    punctuation,
    missing_operator,
)
