"""What of Python is refused by name in programs: words, signs and forms that are not ours.

`program_parser` comes here with what a rule was built from, `program_faults` with what no rule
takes. Nothing here is loaded for a program that is right.
"""

from __future__ import annotations

from difftool.errors import DifftoolError, Span
from difftool.language.foreign import STRING_PREFIXES
from difftool.language.kinds import Call, Conditional, Expression, Number
from difftool.language.literals import KEYWORDS, shorten
from difftool.language.scene import Scene, across, fault
from difftool.language.statements import Break, Continue
from difftool.language.unparse import unparse

KEYWORD_HINTS = {
    **dict.fromkeys(
        ("class", "def", "lambda"), "write the steps themselves, and a loop around what is repeated"
    ),
    **dict.fromkeys(("return", "yield"), "print(y) shows a value"),
    **dict.fromkeys(("try", "except", "finally"), "an error ends the program"),
    "raise": "assert ends the program where a condition does not hold",
    **dict.fromkeys(("global", "nonlocal"), "leave it out: a program's names are known everywhere"),
    **dict.fromkeys(("async", "await"), "leave it out"),
}
NO_HINT = "there are assignments, while, for, if, with, assert, del, import and expressions"

SIGNS = {
    ":=": "assign in a line before: y = x + 2",
    "->": "leave it out",
    "<<=": "write x *= 2^n",
    ">>=": "write x //= 2^n",
    "<<": "write x * 2^n",
    ">>": "write x // 2^n",
}


def keyword(word: str, span: Span) -> DifftoolError:
    """The error for a keyword of Python that is none of the language."""
    hint = KEYWORD_HINTS.get(word, NO_HINT)
    return fault(f"`{word}` is not part of difftool's language", hint, span)


def foreign_keyword(scene: Scene) -> DifftoolError | None:
    """A keyword of Python that no rule has, here or just before."""
    for word in (scene.before, scene.here):
        if word.kind == "NAME" and word.text in KEYWORDS:
            return keyword(word.text, word.span)
    return None


def special_name(name: str, span: Span) -> DifftoolError:
    """The error for `__class__`, `__import__` and the like."""
    hint = "names with two underscores at both ends lead into Python itself"
    if name == "__name__":
        hint = 'leave `if __name__ == "__main__":` out; a program runs from its first line'
    return DifftoolError(
        f"{shorten(name)} is not part of difftool's language", kind="name", hint=hint, span=span
    )


def unknown_module(name: str, span: Span) -> DifftoolError:
    """The error for the import of anything but torch, numpy and math."""
    return fault(
        f"the module {shorten(name, 60)} is not part of difftool's language",
        "torch, numpy and math can be imported",
        span,
    )


def outside_loop(statement: Break | Continue) -> DifftoolError:
    """The error for a `break` that has no loop around it."""
    word = "break" if isinstance(statement, Break) else "continue"
    what = "ends" if word == "break" else "begins the next round of"
    return fault(
        f"`{word}` stands outside a loop", f"it {what} the while or for around it", statement.span
    )


# ----- Targets -----


def not_a_target(target: Expression, purpose: str) -> DifftoolError:
    """The error for `f(x) = 3`; `purpose` is what was to happen to it ("assigned")."""
    hint = "write == to compare" if purpose == "assigned" else "write del x"
    if isinstance(target, Call):
        hint = "what a call gives has a name when it is assigned: y = f(x)"
    elif isinstance(target, Conditional):
        hint = "write if and else around two assignments"
    elif isinstance(target, Number) and purpose == "assigned":
        hint = "the name stands left of the sign: x = 3"
    return fault(
        f"{shorten(unparse(target))} can't be {purpose}: it is no name, attribute or element",
        hint,
        target.span,
    )


def not_a_single_target(target: Expression) -> DifftoolError:
    """The error for `a, b += 1`."""
    return fault(
        "several names can't be updated at once", "write a line for each: a += 1", target.span
    )


def not_a_chained_target(target: Expression) -> DifftoolError:
    """The error for `x[0] = y = 1`."""
    return fault(
        f"{shorten(unparse(target))} stands in a chain of assignments, which takes only names",
        "write a line for each: y = ..., then x[0] = y",
        target.span,
    )


# ----- Forms -----


def decorator(scene: Scene) -> DifftoolError | None:
    """`@torch.no_grad()` in a line of its own."""
    if scene.here.text != "@" or not scene.before.ends_statement:
        return None
    return fault(
        "decorators, with `@`, are not part of difftool's language",
        "with torch.no_grad(): takes a block out of the gradient",
        scene.here.span,
    )


def match(scene: Scene) -> DifftoolError | None:
    """`match x:` and `case 1:`, whose first words are names elsewhere."""
    words = scene.statement
    if not words or words[0].kind != "NAME" or words[0].text not in ("match", "case"):
        return None
    offset = 0
    while not scene.word(offset + 1).ends_statement:
        offset += 1
    if any(word.text == "=" for word in words) or scene.word(offset).text != ":":
        return None
    return fault(
        f"`{words[0].text}` is not part of difftool's language",
        "write if, elif and else",
        words[0].span,
    )


def foreign_sign(scene: Scene) -> DifftoolError | None:
    """`:=` and other signs that our scanner takes for two."""
    before, here, after = scene.before, scene.here, scene.after
    for first, second in ((before, here), (here, after), (scene.word(-2), before)):
        sign = first.text + second.text
        if first.touches(second) and sign in SIGNS:
            return fault(
                f"`{sign}` is not part of difftool's language", SIGNS[sign], across(first, second)
            )
    return None


def open_formatted(scene: Scene) -> DifftoolError | None:
    """A formatted string without its second quote, which was not read as one."""
    before, here = scene.before, scene.here
    if here.kind != "$STRAY" or here.text not in ("'", '"') or not before.touches(here):
        return None
    quotes = before.text[1:] + here.text
    if before.text[0] not in "fF" or quotes not in (here.text, here.text * 3):
        return None
    line = scene.text[here.start :].replace("\r", "\n").partition("\n")[0]
    end = here.start + len(line) if len(quotes) == 1 else len(scene.text)
    return fault("this string is not closed", f"add {quotes} at its end", Span(before.start, end))


def open_text(quotes: str, span: Span) -> DifftoolError:
    """The error for a text whose last three quotes are missing; `quotes` are two of the first."""
    return fault("this text is not closed", f"add {quotes[-1] * 3} at its end", span)


def quotes_inside(scene: Scene) -> DifftoolError | None:
    """`f"{x["a"]}"`: the second quote ends the string."""
    before, here = scene.before, scene.here
    if before.kind != "FORMATTED" or not before.touches(here) or here.text in STRING_PREFIXES:
        return None
    if before.text.count("{") <= before.text.count("}"):
        return None
    return fault(
        f"the string ends here, within its braces: {shorten(before.text)}",
        "between the braces use the other kind of quotes",
        before.span,
    )
