"""What is refused by name: characters, words and forms of Python or mathematics that are not ours.

`literals` and the parser's actions come here with what a rule was built from, `faults` with what no
rule takes. Nothing here is loaded for a text that is right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from difftool.errors import DifftoolError, Span
from difftool.language.kinds import (
    Binary,
    Call,
    Compare,
    Conditional,
    Expression,
    Keyword,
    List,
    Literal,
    Logical,
    String,
    Tuple,
    Unary,
)
from difftool.language.literals import KEYWORDS, shorten
from difftool.language.unparse import unparse

# What is written for a character from mathematics, word processors and other keyboards.
ASCII_FORMS = {
    **dict.fromkeys("×·⋅∗•⊙✕✖", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‘’‚′´", "'"),
    **dict.fromkeys("≠≢", "!="),
    **dict.fromkeys("≡≟", "=="),
    **dict.fromkeys("≤⩽≦", "<="),
    **dict.fromkeys("≥⩾≧", ">="),
    **dict.fromkeys("←≔", "="),
    **{"ᵀ": ".T", "⊤": ".T", "π": "pi", "∞": "inf", "√": "sqrt(...)", "∑": "sum(...)"},
    **{"∏": "prod(...)", "‖": "norm(...)", "∧": "and", "∨": "or", "¬": "not", "…": "..."},
    **{raised: f"^{digit}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{"⁻": "^-", "½": "0.5", "¼": "0.25", "¾": "0.75"},
}

KEYWORD_HINTS = {
    **dict.fromkeys(("is", "in"), "write == to compare"),
    **dict.fromkeys(
        ("for", "while"), "operations work on all elements of a tensor at once: sum(x^2)"
    ),
    **dict.fromkeys(("lambda", "def", "class"), "write the expression itself: y = x + 2; mean(y)"),
    **dict.fromkeys(
        ("import", "from", "as"), "leave it out: mean(x) and torch.mean(x) are known without"
    ),
    **dict.fromkeys(("return", "yield"), "the last expression is the output: y = x + 2; mean(y)"),
    "with": "detach(x) keeps a value out of the gradient",
    "assert": "write the condition itself: x > 0",
    "del": "a name can be assigned again",
    "pass": "leave it out",
    "elif": "write a if c else b if d else f",
}
NO_HINT = "an expression has operators, calls and indexing; names are assigned by y = x + 2"


def _refusal(message: str, hint: str, span: Span) -> DifftoolError:
    return DifftoolError(message, kind="syntax", hint=hint, span=span)


def keyword(word: str, span: Span) -> DifftoolError:
    """The error for a keyword of Python that is none of the language."""
    hint = KEYWORD_HINTS.get(word, NO_HINT)
    return _refusal(f"`{word}` is not part of difftool's language", hint, span)


def character(sign: str, span: Span) -> DifftoolError:
    """The error for a character that nothing in the language begins with."""
    if sign == "{":
        return _refusal(
            "dict and set literals are not part of difftool's language",
            "write a list, [1, 2], or a tuple, (1, 2)",
            span,
        )
    if sign.isprintable() and sign != "`":
        shown = f"`{sign}`"
    else:
        shown = f"the character U+{ord(sign):04X}"
        known = unicodedata.name(sign, "").lower()
        shown += f" ({known})" if known else ""
    return _refusal(f"{shown} is not part of difftool's language", _way_out(sign), span)


def in_ascii(word: str) -> str:
    """`word` with every character that has an ASCII form written in it."""
    return "".join(ASCII_FORMS.get(sign, sign) for sign in word)


def _way_out(sign: str) -> str:
    form = ASCII_FORMS.get(sign)
    if form is None and not sign.isascii():
        form = unicodedata.normalize("NFKC", sign)
    if form == " " or sign.isspace():
        return "write an ordinary blank"
    if form is not None and form.isascii():
        return f"write {form}"
    if sign == "!":
        return "write != to compare, ~ for a boolean tensor, not for a truth value"
    if sign == "?":
        return "a choice is written a if c else b"
    if sign == "\\":
        return "a backslash continues a line, as the last character of it"
    return "leave it out"


def normalised(word: str, span: Span) -> str:
    """A name with letters beyond ASCII as Python spells it.

    Raises:
        DifftoolError: a character of it belongs to no name or stands for something else, or the
            whole is a keyword in other letters.
    """
    for position, sign in enumerate(word):
        if sign in ASCII_FORMS:
            start = span.start + position
            raise character(sign, Span(start, start + 1))
    plain = unicodedata.normalize("NFKC", word)
    if not word.isidentifier():
        way_out = plain if plain.isidentifier() else "it in letters and digits"
        raise _refusal(f"{shorten(word)} is not a name", f"write {shorten(way_out)}", span)
    if plain in KEYWORDS:
        raise keyword(plain, span)
    return plain


def check_encoding(text: str) -> None:
    """Refuse what no text can hold: half surrogates, which stand for bytes that are no UTF-8, and
    null characters.

    Raises:
        DifftoolError: at the first of them.
    """
    null = text.find("\0")
    if null >= 0:
        raise character("\0", Span(null, null + 1))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        point = ord(text[error.start])
        what = f"the byte 0x{point - 0xDC00:02X}" if 0xDC80 <= point <= 0xDCFF else f"U+{point:04X}"
        raise _refusal(
            f"{what} is not a character",
            "the text must be UTF-8",
            Span(error.start, error.start + 1),
        ) from None


def not_callable(
    function: Expression, arguments: Sequence[Expression | Keyword], span: Span
) -> DifftoolError:
    """The error for a call of something that is neither a name nor an attribute."""
    called = shorten(unparse(function))
    maker = unparse(function.function).rpartition(".")[2] if isinstance(function, Call) else ""
    if maker[:1].isupper():
        return _refusal(
            f"{called} is a module, which holds state",
            "call a function: F.relu(x), F.linear(x, weight, bias)",
            Span(span.start, function.span.end),
        )
    if isinstance(function, Binary | Unary | Compare | Logical | Conditional):
        called = f"({called})"
    single = len(arguments) == 1 and not isinstance(arguments[0], Keyword)
    if single and not isinstance(function, List | Tuple | String | Literal):
        inside = shorten(unparse(arguments[0]))
        return _refusal(
            f"{called}({inside}) is not multiplication", f"write {called}*({inside})", span
        )
    return _refusal(
        f"{called} is not a function",
        "a call is written f(x), an index x[0]",
        Span(span.start, function.span.end),
    )


def check_keywords(arguments: Sequence[Expression | Keyword]) -> None:
    """Refuse arguments of a call in an order, or twice, as Python does.

    Raises:
        DifftoolError: a plain argument after a keyword, or a keyword twice.
    """
    seen: set[str] = set()
    for argument in arguments:
        if isinstance(argument, Keyword):
            if argument.name in seen:
                raise _refusal(
                    f"the argument {shorten(argument.name)} is given twice",
                    "leave one of them out",
                    argument.span,
                )
            seen.add(argument.name)
        elif seen:
            raise _refusal(
                "a plain argument follows one with a name",
                "put it before the named ones: f(x, dim=1)",
                argument.span,
            )
