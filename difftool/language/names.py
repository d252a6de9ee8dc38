"""Which names a program with loops and branches takes from outside.

`syntax.free_names` comes here with statements that expressions don't have. A name is free when its
first reading in the text comes before anything that sets it. What runs on a condition inside a loop
may run in a later round for the first time: there everything that the loop sets counts as set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from difftool.language.kinds import Assign, Expression, List, Name, Statement, Target, Tuple
from difftool.language.statements import (
    Assert,
    AugmentedAssign,
    Delete,
    For,
    If,
    Import,
    While,
    With,
)
from difftool.language.syntax import names_read
from difftool.language.tree import Tree


def names_of_program(statements: Sequence[Statement]) -> tuple[str, ...]:
    """The free names of a program, in order of appearance."""
    reader = _Reader()
    reader.block(statements)
    return tuple(reader.found)


class _Reader:
    """Reads the statements of a program in the order of the text.

    Attributes:
        found: the free names.
        known: the names that may have a value by now.
    """

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self.known: set[str] = set()
        # The body of the outermost loop around this place; empty once all it sets is known.
        self._loop: Sequence[Statement] | None = None

    def block(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: Statement) -> None:
        match statement:
            case Assign(target, value):
                self._read(value)
                self._set(target)
            case AugmentedAssign(_, target, value):
                self._read(target)
                self._read(value)
                self._set(target)
            case While(test, body):
                self._read(test)
                self._repeat(body)
            case For(target, iterable, body):
                self._read(iterable)
                self._set(target)
                self._repeat(body)
            case If(branches, otherwise):
                for place, (test, body) in enumerate(branches):
                    self._read(test)
                    if place == 0:
                        self._enter_condition()
                    self.block(body)
                self.block(otherwise)
            case With(items, body):
                for item in items:
                    self._read(item)
                self.block(body)
            case Delete(targets):
                for one in targets:
                    if not isinstance(one, Name):
                        self._read(one)
            case Import():
                self.known.update(name for name, _ in statement.bindings)
            case Assert(test, message):
                self._read(test)
                if message is not None:
                    self._read(message)
            case _:
                self._read(statement)

    def _repeat(self, body: Sequence[Statement]) -> None:
        if self._loop is None:
            self._loop = body
            self.block(body)
            self._loop = None
        else:
            self._enter_condition()
            self.block(body)

    def _enter_condition(self) -> None:
        """What follows need not run in the first round of the loop around it, if there is one."""
        if self._loop:
            self.known.update(_names_set(self._loop))
            self._loop = ()

    def _read(self, tree: Tree) -> None:
        for name in names_read(tree):
            if name not in self.known:
                self.found[name] = None

    def _set(self, target: Target) -> None:
        for one in _single(target):
            if isinstance(one, Name):
                self.known.add(one.name)
            else:
                self._read(one)


def _single(target: Target) -> Iterator[Expression]:
    waiting: list[Expression] = [target]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Tuple | List):
            waiting += reversed(one.items)
        else:
            yield one


def _names_set(statements: Sequence[Statement]) -> Iterator[str]:
    """Every name that the statements set, in whatever block."""
    waiting = list(statements)
    while waiting:
        statement = waiting.pop()
        match statement:
            case Assign(target) | AugmentedAssign(_, target) | For(target):
                yield from (one.name for one in _single(target) if isinstance(one, Name))
            case Import():
                yield from (name for name, _ in statement.bindings)
        match statement:
            case For(_, _, body) | While(_, body) | With(_, body):
                waiting += body
            case If(branches, otherwise):
                waiting += otherwise
                for _, body in branches:
                    waiting += body
