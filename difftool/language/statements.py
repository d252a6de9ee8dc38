"""The kinds of node that only programs have: statements with blocks, imports, formatted strings.

`programs` builds them; `syntax` hands them on like those of expressions (`kinds`), whose parser
never loads this module. A body is a tuple of statements and is never empty.
"""

from __future__ import annotations

from difftool.errors import Span
from difftool.language.kinds import (
    Attribute,
    Expression,
    Name,
    Statement,
    Subscript,
    Target,
)
from difftool.language.tree import NOWHERE, Tree, write


class FormattedValue(Tree):
    """`{value}`, `{value!r}` or `{value:.4f}` in a formatted string.

    Attributes:
        conversion: "r", "s" or "a", or None.
        format: what stands after the colon, or None; a `FormattedString` if there are values in
            it, as in `{value:.{digits}f}`.
    """

    __slots__ = __match_args__ = ("value", "conversion", "format")
    value: Expression
    conversion: str | None
    format: str | FormattedString | None

    def __init__(
        self,
        value: Expression,
        conversion: str | None,
        format: str | FormattedString | None,
        span: Span = NOWHERE,
    ) -> None:
        write(self, "value", value)
        write(self, "conversion", conversion)
        write(self, "format", format)
        write(self, "span", span)


class FormattedString(Tree):
    """`f"loss {loss:.4f}"`: texts and at least one value; no text is empty or next to another.

    `{loss=}` is the text `loss=` before a value with the conversion "r".
    """

    __slots__ = __match_args__ = ("parts",)
    parts: tuple[str | FormattedValue, ...]

    def __init__(self, parts: tuple[str | FormattedValue, ...], span: Span = NOWHERE) -> None:
        write(self, "parts", parts)
        write(self, "span", span)


class AugmentedAssign(Tree):
    """`target += value`; the operator is that of a `Binary`."""

    __slots__ = __match_args__ = ("operator", "target", "value")
    operator: str
    target: Name | Attribute | Subscript
    value: Expression

    def __init__(
        self,
        operator: str,
        target: Name | Attribute | Subscript,
        value: Expression,
        span: Span = NOWHERE,
    ) -> None:
        write(self, "operator", operator)
        write(self, "target", target)
        write(self, "value", value)
        write(self, "span", span)


class While(Tree):
    """`while test:` and its body."""

    __slots__ = __match_args__ = ("test", "body")
    test: Expression
    body: tuple[Statement, ...]

    def __init__(
        self, test: Expression, body: tuple[Statement, ...], span: Span = NOWHERE
    ) -> None:
        write(self, "test", test)
        write(self, "body", body)
        write(self, "span", span)


class For(Tree):
    """`for target in iterable:` and its body."""

    __slots__ = __match_args__ = ("target", "iterable", "body")
    target: Target
    iterable: Expression
    body: tuple[Statement, ...]

    def __init__(
        self,
        target: Target,
        iterable: Expression,
        body: tuple[Statement, ...],
        span: Span = NOWHERE,
    ) -> None:
        write(self, "target", target)
        write(self, "iterable", iterable)
        write(self, "body", body)
        write(self, "span", span)


class If(Tree):
    """`if`, each `elif`, and `else`.

    Attributes:
        branches: the tests in order, each with the body that it guards.
        otherwise: the body after `else`; empty if there is none.
    """

    __slots__ = __match_args__ = ("branches", "otherwise")
    branches: tuple[tuple[Expression, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...]

    def __init__(
        self,
        branches: tuple[tuple[Expression, tuple[Statement, ...]], ...],
        otherwise: tuple[Statement, ...],
        span: Span = NOWHERE,
    ) -> None:
        write(self, "branches", branches)
        write(self, "otherwise", otherwise)
        write(self, "span", span)


class With(Tree):
    """`with items:` and its body, such as `with torch.no_grad():`."""

    __slots__ = __match_args__ = ("items", "body")
    items: tuple[Expression, ...]
    body: tuple[Statement, ...]

    def __init__(
        self,
        items: tuple[Expression, ...],
        body: tuple[Statement, ...],
        span: Span = NOWHERE,
    ) -> None:
        write(self, "items", items)
        write(self, "body", body)
        write(self, "span", span)


class Assert(Tree):
    """`assert test`, `assert test, message`."""

    __slots__ = __match_args__ = ("test", "message")
    test: Expression
    message: Expression | None

    def __init__(
        self, test: Expression, message: Expression | None, span: Span = NOWHERE
    ) -> None:
        write(self, "test", test)
        write(self, "message", message)
        write(self, "span", span)


class Delete(Tree):
    """`del a, b`; brackets around targets are gone."""

    __slots__ = __match_args__ = ("targets",)
    targets: tuple[Name | Attribute | Subscript, ...]

    def __init__(
        self, targets: tuple[Name | Attribute | Subscript, ...], span: Span = NOWHERE
    ) -> None:
        write(self, "targets", targets)
        write(self, "span", span)


class Import(Tree):
    """`import torch`, `import torch.nn.functional as F`, `from torch.nn import functional as F`.

    Attributes:
        module: the module after `from`, or None.
        names: what is imported, from the module or as modules, each with its name after `as` or
            None.
    """

    __slots__ = __match_args__ = ("module", "names")
    module: str | None
    names: tuple[tuple[str, str | None], ...]

    def __init__(
        self,
        module: str | None,
        names: tuple[tuple[str, str | None], ...],
        span: Span = NOWHERE,
    ) -> None:
        write(self, "module", module)
        write(self, "names", names)
        write(self, "span", span)

    @property
    def bindings(self) -> tuple[tuple[str, str], ...]:
        """Each name that is bound, with what it stands for as a dotted name: ("F",
        "torch.nn.functional"). `import torch.nn` binds `torch`; `__future__` binds nothing."""
        if self.module == "__future__":
            return ()
        bound: list[tuple[str, str]] = []
        for name, alias in self.names:
            whole = name if self.module is None else f"{self.module}.{name}"
            if alias is not None:
                bound.append((alias, whole))
            elif self.module is not None:
                bound.append((name, whole))
            else:
                first = name.partition(".")[0]
                bound.append((first, first))
        return tuple(bound)


class Pass(Tree):
    """`pass`: nothing is done."""

    __slots__ = __match_args__ = ()

    def __init__(self, span: Span = NOWHERE) -> None:
        write(self, "span", span)


class Break(Tree):
    """`break`: the innermost loop ends."""

    __slots__ = __match_args__ = ()

    def __init__(self, span: Span = NOWHERE) -> None:
        write(self, "span", span)


class Continue(Tree):
    """`continue`: the innermost loop goes on with its next round."""

    __slots__ = __match_args__ = ()

    def __init__(self, span: Span = NOWHERE) -> None:
        write(self, "span", span)
