"""Mistakes inside a program's statements: imports, assignments, loops, words out of place.

`program_faults` asks each recogniser here about the place where a text left the language (`scene`),
between those of lines and blocks and those of expressions.
"""

from __future__ import annotations

from difflib import get_close_matches

from difftool.errors import DifftoolError
from difftool.language import faults
from difftool.language.literals import KEYWORDS, shorten
from difftool.language.program_scene import (
    ALONE,
    BLOCKS,
    IMPORTS,
    LOOPS,
    SIMPLE,
    UPDATES,
    WAITING,
    ProgramScene,
)
from difftool.language.scene import Word, across, fault

FORMS_OF_IMPORT = "write import torch, import numpy as np, or from torch import nn"


def open_header(scene: ProgramScene) -> DifftoolError | None:
    """`while (x < 3:`, whose `:` stands inside the bracket."""
    opened, words = scene.bracket, scene.statement
    if opened is None or scene.closer is not None or scene.here.text != ":":
        return None
    if words[0].text not in BLOCKS or opened.text != "(":
        return None
    return fault(f"{opened.shown} is never closed", "add ) where it ends", opened.span)


def imports(scene: ProgramScene) -> DifftoolError | None:
    clause, before, here = scene.clause, scene.before, scene.here
    if not clause or clause[0].text not in IMPORTS:
        return None
    first = clause[0]
    if here.text == "*" and before.text == "import":
        what = shorten(scene.text[first.start : here.end], 60)
        hint = "import the names one by one, or the module: import torch"
        return fault(f"`{what}` is not part of difftool's language", hint, across(first, here))
    if here.text in (".", "...") and before.text == "from":
        what = "modules beside the program are not part of difftool's language"
        return fault(what, "torch, numpy and math can be imported", here.span)
    if before.text in IMPORTS | {"as", ",", "."}:
        if here.text in KEYWORDS:
            return fault(f"{here.shown} can't be a name", "it is a keyword", here.span)
        return fault(f"a name is missing after {before.shown}", FORMS_OF_IMPORT, before.span)
    if first.text == "from" and not any(word.text == "import" for word in clause):
        return fault("`import` is missing after `from`", FORMS_OF_IMPORT, across(first, before))
    return fault(
        f"{here.shown} can't stand in an import" if here.text else "the import is not complete",
        FORMS_OF_IMPORT,
        here.span if here.text else before.span,
    )


def for_names(scene: ProgramScene) -> DifftoolError | None:
    clause = scene.clause
    if not clause or clause[0].text != "for" or scene.header is None:
        return None
    if any(word.text == "in" for word in clause) or not scene.before.ends_value:
        return None
    return fault(
        "`in` is missing after the names of `for`",
        "write for i in range(3):",
        scene.here.span if scene.here.text else scene.before.span,
    )


def membership(scene: ProgramScene) -> DifftoolError | None:
    """`x in y`, `x not in y`."""
    here, after = scene.here, scene.after
    negated = here.text == "not" and after.text == "in"
    if not scene.before.ends_value or not (negated or here.text == "in"):
        return None
    return fault(
        "`in` is not part of difftool's language but after `for`",
        "write == to compare with each value, joined by or",
        across(here, after) if negated else here.span,
    )


def with_as(scene: ProgramScene) -> DifftoolError | None:
    clause, here = scene.clause, scene.here
    if here.text != "as":
        return None
    if clause and clause[0].text == "with":
        begun = clause[0] if scene.bracket is None else scene.before
        what = shorten(scene.text[begun.start : here.start].strip(), 40)
        return fault(
            f"`as` after `{what}` is not part of difftool's language",
            "leave it out: with torch.no_grad():",
            here.span,
        )
    return fault("`as` stands only in an import", "assign a name with =", here.span)


def equals(scene: ProgramScene) -> DifftoolError | None:
    before, here, clause = scene.before, scene.here, scene.clause
    if here.text not in UPDATES | {"="}:
        return None
    if before.kind != "NAME" and before.text in KEYWORDS:
        return fault(f"{before.shown} can't be a name", "it is a keyword", before.span)
    compares = "write == to compare" if here.text == "=" else "update the name in a line before"
    if scene.bracket is not None:
        return fault(f"{here.shown} assigns and has no value here", compares, here.span)
    if scene.header is not None or (clause and clause[0].text in SIMPLE):
        what = (scene.header or clause[0]).shown
        return fault(f"{here.shown} assigns, and can't stand after {what}", compares, here.span)
    if not clause:
        hint = "write y = ..., or == to compare" if here.text == "=" else f"write y {here.text} ..."
        return fault(f"a name is missing before {here.shown}", hint, here.span)
    if before.ends_value and any(word.text in UPDATES | {"="} for word in clause):
        return fault(
            f"{here.shown} can't stand in the same statement as another assignment",
            "write one line for each of them, or == to compare",
            here.span,
        )
    return None


def unpacking(scene: ProgramScene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if here.text not in ("*", "**"):
        return None
    if not scene.after.begins_value and scene.after.text not in ("+", "-"):
        return None
    if before.ends_statement or before.text in ("", ":", "(", "[", ",", "=", "in", "for"):
        return fault(
            f"unpacking with {here.shown} is not part of difftool's language",
            "write the values or names one by one",
            across(here, scene.after),
        )
    return None


def comprehension(scene: ProgramScene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if here.text != "for" or not before.ends_value:
        return None
    return fault(
        "a comprehension with `for` is not part of difftool's language",
        "operations work on all elements of a tensor at once; a list grows in a loop by append",
        here.span,
    )


def misplaced(scene: ProgramScene) -> DifftoolError | None:
    """A word that begins statements, where none begins; and what follows `pass`."""
    before, here = scene.before, scene.here
    if before.text in ALONE and not here.ends_statement:
        return fault(f"{before.shown} stands alone", "begin a new line after it", here.span)
    if here.text not in BLOCKS | SIMPLE or here.kind == "NAME":
        return None
    if scene.after.text == "=" or before.text in (".", "import", "as", "for", "del"):
        return fault(f"{here.shown} can't be a name", "it is a keyword", here.span)
    if before.text in (";", ":") and here.text in BLOCKS and scene.bracket is None:
        return fault(
            f"{here.shown} does not begin a line",
            "write it in a line of its own, and its block after that",
            here.span,
        )
    if here.text in LOOPS | SIMPLE | {"with"}:
        return fault(
            f"{here.shown} begins a statement and has no value",
            "write it in a line of its own",
            here.span,
        )
    return None


def missing_value(scene: ProgramScene) -> DifftoolError | None:
    before, here = scene.before, scene.here
    if before.text not in WAITING or before.kind == "NAME" or here.begins_value:
        return None
    return fault(f"a value is missing after {before.shown}", faults.A_VALUE, before.span)


def colon(scene: ProgramScene) -> DifftoolError | None:
    """`y: int = 3`, and lines that end like those before a block."""
    here, clause = scene.here, scene.clause
    if here.text != ":" or scene.bracket is not None or not clause:
        return None
    if any(word.text in ("if", "else") for word in clause):
        return fault("`:` can't stand in a choice", "write a if c else b", here.span)
    first = clause[0]
    near = _nearly(first)
    if near and scene.after.ends_statement:
        return fault(f"{first.shown} begins no block", f"did you mean {near}?", first.span)
    if scene.after.ends_statement:
        return fault(
            "no block begins here",
            "`:` ends the lines of while, for, if, elif, else and with",
            here.span,
        )
    return fault(
        "annotations are not part of difftool's language",
        f"leave it out: {shorten(clause[0].text)} = ...",
        here.span,
    )


def comma(scene: ProgramScene) -> DifftoolError | None:
    here = scene.here
    if here.text != "," or scene.bracket is not None:
        return None
    return fault("`,` can't stand here", "a tuple is written in brackets: (x, y)", here.span)


def misspelled(scene: ProgramScene) -> DifftoolError | None:
    """`whlie x < 3:`, `print x`: two words in a row of which the first is nearly right."""
    first = scene.clause[:1]
    if not first or scene.before != first[0] or first[0].kind != "NAME":
        return None
    rest, here = scene.rest, scene.here
    if first[0].text == "print" and here.begins_value:
        what = shorten(scene.text[here.start : rest[-1].end])
        span = across(first[0], here)
        return fault("`print` is a function", f"write print({what})", span)
    near = _nearly(first[0])
    if near and any(word.text == ":" for word in rest):
        return fault(f"{first[0].shown} begins no block", f"did you mean {near}?", first[0].span)
    return None


def _nearly(word: Word) -> str | None:
    """What begins the line before a block and is spelled nearly like `word`."""
    if word.text in ("elseif", "elsif"):
        return "elif"
    near = get_close_matches(word.text, sorted(BLOCKS), n=1, cutoff=0.7)
    return near[0] if near and word.kind == "NAME" else None
