"""Words and signs of other languages: mistakes that one or two neighbouring words give away.

`faults` asks each function here about the place where a text left the language (`scene`), before it
looks at brackets and operands: `3x`, `x && y`, `x += 1`, `f"a"`, `lambda`, `×`, an open string.
"""

from __future__ import annotations

from difftool.errors import DifftoolError, Span
from difftool.language import refusals
from difftool.language.literals import KEYWORDS, shorten
from difftool.language.scene import ARITHMETIC, Scene, across, fault

# Signs from other languages, which the scanner reads as two of ours.
SIGN_HINTS = {
    "&&": "write and for truth values, & for boolean tensors",
    "||": "write or for truth values, | for boolean tensors",
    "===": "write ==",
    "!==": "write !=",
    "<>": "write !=",
    "~=": "write !=",
    "=<": "write <=",
    "=>": "write >=",
    "<<": "write x * 2^n",
    ">>": "write x // 2^n",
    ":=": "assign in a statement of its own: y = x + 2; mean(y)",
    "->": "leave it out",
    "..": "a slice is written 1:3, an ellipsis ...",
    "++": "write y = x + 1",
    "--": "write y = x - 1",
}
STRING_PREFIXES = frozenset(("f", "r", "b", "u", "t", "fr", "rf", "br", "rb", "tr", "rt"))


def unknown_character(scene: Scene) -> DifftoolError | None:
    """A character that begins no word: `×`, `{`, `!`, a quote without its other one."""
    here = scene.here
    if here.kind != "$STRAY" or here.text == "}":
        return None
    if here.text in ("'", '"'):
        return _open_text(scene) or _open_string(scene)
    return refusals.character(here.text, here.span)


def _open_string(scene: Scene) -> DifftoolError:
    here = scene.here
    hint = f"add {here.text} at its end"
    if scene.before.touches(here) and scene.before.ends_value:
        hint += "; a transposed matrix is written x.T"
    line = scene.text[here.start :].replace("\r", "\n").partition("\n")[0]
    return fault("this string is not closed", hint, Span(here.start, here.start + len(line)))


def _open_text(scene: Scene) -> DifftoolError | None:
    """Three quotes without an end read as an empty string and the beginning of another."""
    before, here = scene.before, scene.here
    if not before.touches(here) or before.text != here.text[0] * 2:
        return None
    span = Span(before.start, len(scene.text))
    return fault("this text is not closed", f"add {before.text}{here.text[0]} at its end", span)


def keyword(scene: Scene) -> DifftoolError | None:
    """A keyword of Python, here or just before: `lambda x: x`, `x not in y`."""
    if scene.here.text == "not" and scene.after.text == "in":
        return refusals.keyword("in", across(scene.here, scene.after))
    for word in (scene.here, scene.before):
        if word.kind == "NAME" and word.text in KEYWORDS:
            return refusals.keyword(word.text, word.span)
    return None


def glued_string(scene: Scene) -> DifftoolError | None:
    """`f'a'`, and two strings in a row."""
    before, here = scene.before, scene.here
    if here.kind != "STRING":
        return None
    if before.touches(here) and before.text.lower() in STRING_PREFIXES:
        return fault(
            f"{before.text.lower()}-strings are not part of difftool's language",
            f"write {shorten(here.text)} without the {before.text}",
            across(before, here),
        )
    if before.kind == "STRING":
        return _open_text(scene) or fault(
            "two strings in a row", "write them as one, or a comma between", across(before, here)
        )
    return None


def glued_number(scene: Scene) -> DifftoolError | None:
    """`3x`, `1.2.3`, `0x`: a number with a word right behind it."""
    before, here = scene.before, scene.here
    if before.kind != "NUMBER" or not before.touches(here) or here.kind not in ("NAME", "NUMBER"):
        return None
    whole, span = shorten(before.text + here.text), across(before, here)
    based = whole[0] == "0" and whole[1] in "xXoObB"
    if based or here.kind == "NUMBER" or here.text[0] == "_":
        form = "0xff, 0o17 or 0b11" if based else "12.5, 1_000 or 1e-3"
        return fault(f"{whole} is not a number", f"write it like {form}", span)
    product = f"{before.text.rstrip('.')}*{refusals.in_ascii(here.text)}"
    if here.touches(scene.after) and scene.after.text == "(":
        product += "(...)"
    if here.text in ("j", "J"):
        return fault(
            "complex numbers are not part of difftool's language",
            f"the product is written {product}",
            span,
        )
    hint = f"write {shorten(product)}"
    if here.text in ("e", "E"):
        hint += f", or {before.text}e0 for a power of ten"
    return fault(f"{whole} is not multiplication", hint, span)


def foreign_sign(scene: Scene) -> DifftoolError | None:
    """`x += 1`, `x && y`, `x++`: two words of ours that touch are one sign elsewhere."""
    before, here = scene.before, scene.here
    if before.text in ARITHMETIC and before.touches(here) and here.text == "=":
        target = scene.word(-2)
        name = shorten(target.text) if target.kind == "NAME" else "y"
        return fault(
            f"`{before.text}=` is not part of an expression",
            f"write {name} = {name} {before.text} ...",
            across(before, here),
        )
    for first, second in ((before, here), (here, scene.after), (scene.word(-2), before)):
        hint = SIGN_HINTS.get(first.text + second.text) if first.touches(second) else None
        if hint is not None:
            sign = first.text + second.text
            return fault(f"`{sign}` is not an operator here", hint, across(first, second))
    return None
