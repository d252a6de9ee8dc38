"""Programs: statements run one after another, define-by-run, as PyTorch runs them.

This is the interpreter of expressions with what programs add: variables that change, loops and
branches, printing, in-place operations, gradient modes. Nodes are frozen, so an in-place operation
makes a new node and hands it to everyone who held the old one (`aliases`).

Blocks run by recursion, which the parser's limit on their nesting bounds; expressions don't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast

from difftool.errors import DifftoolError, Span
from difftool.graph.node import Node, building, building_with
from difftool.language import aliases, syntax
from difftool.language.builtins import (
    BUILTINS,
    TORCH,
    Builtin,
    GradMode,
    ProgramRuntime,
    mathematics,
)
from difftool.language.interpreter import Callee, Interpreter, Unknown, Visit
from difftool.language.memory import Memory, in_place_value
from difftool.operations.registry import constant, ops
from difftool.operations.signature import describe


class AssertionFailed(DifftoolError):
    """An `assert` of a program that does not hold."""

    exit_status = 1


class _Break(Exception):
    """`break` on its way to the loop."""


class _Continue(Exception):
    """`continue` on its way to the loop."""


class ProgramInterpreter(Interpreter):
    """Runs one program file.

    Args:
        source: the text that the tree's spans count in.
        variables: values of the names the program uses but does not set.
        runtime: computes, accumulates gradients, prints.
        max_steps: statements and graph operations the program may run.
    """

    runtime: ProgramRuntime
    lists_are_tensors = False

    def __init__(
        self,
        source: str,
        variables: Mapping[str, Any],
        runtime: ProgramRuntime,
        max_steps: int,
        unknown: Unknown | None = None,
    ) -> None:
        super().__init__(source, variables, runtime, unknown)
        self.runtime = runtime
        self.max_steps = max_steps
        self._statements_run = 0
        self._first_number = constant(0).number
        self._loops: list[Span] = []
        self.memory = Memory(self.variables, runtime)

    def run(self, program: syntax.Program) -> None:
        """Run all statements; bare expressions at top level are shown, as a notebook shows them."""
        for statement in program.statements:
            try:
                if type(statement) in self._executions:
                    self._execute(statement)
                else:
                    self._count()
                    self._show(cast("syntax.Expression", statement))
            except _Break:
                raise self._outside_loop("break", statement) from None
            except _Continue:
                raise self._outside_loop("continue", statement) from None

    def _outside_loop(self, word: str, statement: syntax.Statement) -> DifftoolError:
        return self._error(
            f"`{word}` stands outside a loop",
            statement.span,
            kind="syntax",
            hint="it ends a while or for loop around it",
        )

    def _show(self, expression: syntax.Expression) -> None:
        if isinstance(expression, syntax.String):
            return
        value = self.settled(self.value(expression))
        if value is not None and not _is_update(expression):
            self.runtime.write(self.runtime.text(value) + "\n")

    def _execute(self, statement: syntax.Statement) -> None:
        self._count()
        building.span = statement.span
        try:
            execution = self._executions.get(type(statement))
            if execution is not None:
                execution(self, statement)
            else:
                self.settled(self.value(cast("syntax.Expression", statement)))
        except DifftoolError as error:
            raise error.at(statement.span, self.source) from None

    def _block(self, body: Sequence[syntax.Statement]) -> None:
        for statement in body:
            self._execute(statement)

    def _count(self) -> None:
        """Count a statement, and stop a program that runs away."""
        self._statements_run += 1
        if self._statements_run % 64 and self.max_steps > 10_000:
            return
        made = constant(0).number - self._first_number
        if self._statements_run + made > self.max_steps:
            where = self._loops[-1] if self._loops else None
            raise DifftoolError(
                f"the program ran more than {self.max_steps:,} steps"
                + (", most of them in this loop" if where else ""),
                kind="limit",
                span=where,
                source=self.source,
                hint="check the loop's condition, or raise --max-steps",
            )

    # ----- Variables -----

    def settled(self, value: Any) -> Any:
        """A value whose tensors are computed; those that need no gradient forget how."""
        if isinstance(value, Node):
            return self.runtime.settle(value)
        if isinstance(value, tuple):
            items = [self.settled(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        if isinstance(value, list):
            value[:] = [self.settled(item) for item in value]
        return value

    def _assign(self, statement: syntax.Assign) -> None:
        self._give(statement.target, self.settled(self.value(statement.value)))

    def _give(self, target: syntax.Expression, value: Any) -> None:
        if isinstance(target, syntax.Name):
            self.variables[target.name] = value
        elif isinstance(target, syntax.Tuple | syntax.List):
            items = list(self._placed_items(value, target.span))
            if len(items) != len(target.items):
                raise self._error(
                    f"{len(items)} values for {len(target.items)} names",
                    target.span,
                    kind="value",
                    hint="give as many names as there are values",
                )
            for one, item in zip(target.items, items, strict=True):
                self._give(one, self.settled(item))
        elif isinstance(target, syntax.Attribute):
            self._give_attribute(target, value)
        else:
            assert isinstance(target, syntax.Subscript)
            self._give_item(target, value)

    def _give_attribute(self, target: syntax.Attribute, value: Any) -> None:
        owner = self.value(target.value)
        if isinstance(owner, Node) and target.name == "grad":
            if value is not None and not isinstance(value, Node):
                raise self._error(
                    f".grad is a tensor or None, not {describe(value)}",
                    target.span,
                    kind="argument",
                    hint="x.grad = None forgets the gradient",
                )
            self.runtime.set_grad(owner, value)
        elif isinstance(owner, Node) and target.name == "data" and isinstance(value, Node):
            self.memory.change_data(owner, value)
        elif isinstance(owner, Node) and target.name == "requires_grad":
            self.memory.require_grad(owner, bool(value))
        else:
            raise self._error(
                f".{target.name} can't be assigned",
                target.span,
                kind="unsupported",
                hint=".grad, .data and .requires_grad of tensors can",
            )

    def _give_item(self, target: syntax.Subscript, value: Any) -> None:
        owner = self.value(target.value)
        if isinstance(owner, list):
            index = self.value(target.index)
            if isinstance(index, int) and -len(owner) <= index < len(owner):
                owner[index] = value
                return
            raise self._error(
                f"index {describe(index)} is out of range for {len(owner)} items",
                target.span,
                kind="index",
                hint="append(...) makes a list longer",
            )
        part = self.value(target)
        if not isinstance(part, Node):
            raise self._error(
                f"{describe(owner)} can't be changed",
                target.span,
                kind="unsupported",
                hint="tensors and lists can",
            )
        self.memory.assign(part, self._as_tensor(value, target.span))

    def _augmented(self, statement: syntax.AugmentedAssign) -> None:
        target = statement.target
        before = self.value(target)
        value = self.value(statement.value)
        after = self._operate(
            statement, statement.operator, (target, statement.value), (before, value)
        )
        if isinstance(before, Node) and isinstance(after, Node):
            if isinstance(target, syntax.Attribute) and target.name == "data":
                self.memory.change_data(self.value(target.value), after)
            else:
                assigned = isinstance(target, syntax.Subscript)
                self.memory.update(before, after, assigned)
        elif isinstance(before, list) and isinstance(value, list):
            before.extend(value)
        else:
            self._give(target, self.settled(after))

    def _delete(self, statement: syntax.Delete) -> None:
        for target in statement.targets:
            if not isinstance(target, syntax.Name) or target.name not in self.variables:
                raise self._error(
                    "`del` takes names of variables",
                    target.span,
                    kind="name",
                    hint="x.grad = None forgets a gradient",
                )
            del self.variables[target.name]

    def _as_tensor(self, value: Any, span: Span) -> Node:
        if isinstance(value, Node):
            return value
        if isinstance(value, int | float):
            return constant(value)
        if isinstance(value, list):
            node: Node = ops.tensor(value)
            return node
        raise self._error(
            f"a tensor can't become {describe(value)}", span, kind="argument", hint="give numbers"
        )

    # ----- Loops and branches -----

    def _while(self, statement: syntax.While) -> None:
        self._loops.append(statement.span)
        while self._truth(self.value(statement.test), statement.test):
            self._count()
            try:
                self._block(statement.body)
            except _Break:
                break
            except _Continue:
                continue
        self._loops.pop()

    def _for(self, statement: syntax.For) -> None:
        iterable = self.value(statement.iterable)
        self._loops.append(statement.span)
        for item in self._placed_items(iterable, statement.iterable.span):
            self._count()
            self._give(statement.target, self.settled(item))
            try:
                self._block(statement.body)
            except _Break:
                break
            except _Continue:
                continue
        self._loops.pop()

    def items(self, value: Any) -> Iterator[Any]:
        """What a loop or a tuple of names goes over; a tensor gives its rows."""
        if isinstance(value, Node):
            if value.ndim == 0:
                raise DifftoolError(
                    "a tensor of shape () has no rows to go over",
                    kind="shape",
                    hint="unsqueeze it, or use it as it is",
                )
            return self._rows(value)
        if isinstance(value, list | tuple | range | zip | enumerate):
            return iter(value)
        raise DifftoolError(
            f"{describe(value)} has no items to go over",
            kind="argument",
            hint="range(n), a list, a tuple or a tensor has",
        )

    def _rows(self, tensor: Node) -> Iterator[Node]:
        """The rows of a tensor, as they are when the loop comes to them."""
        place = len(self.memory.iterated)
        self.memory.iterated.append(tensor)
        for row in range(tensor.shape[0]):
            yield ops.select(self.memory.iterated[place], dim=0, index=row)
        del self.memory.iterated[place:]

    def _placed_items(self, value: Any, span: Span) -> Iterator[Any]:
        building.span = span
        try:
            return self.items(value)
        except DifftoolError as error:
            raise error.at(span, self.source) from None

    def _if(self, statement: syntax.If) -> None:
        for test, body in statement.branches:
            if self._truth(self.value(test), test):
                self._block(body)
                return
        self._block(statement.otherwise)

    def _with(self, statement: syntax.With) -> None:
        enabled = building.grad_enabled
        for item in statement.items:
            mode = self.value(item)
            if not isinstance(mode, GradMode):
                raise self._error(
                    f"`with` takes a gradient mode, not {describe(mode)}",
                    item.span,
                    kind="unsupported",
                    hint="torch.no_grad() and torch.enable_grad() are",
                )
            enabled = mode.enabled
        with building_with(grad_enabled=enabled):
            self._block(statement.body)

    def _break(self, statement: syntax.Break) -> None:
        raise _Break

    def _continue(self, statement: syntax.Continue) -> None:
        raise _Continue

    def _assert(self, statement: syntax.Assert) -> None:
        test = statement.test
        if isinstance(test, syntax.Compare) and len(test.operators) == 1:
            sides = tuple([self.settled(self.value(operand)) for operand in test.operands])
            holds = self._truth(self._operate(test, test.operators[0], test.operands, sides), test)
            facts = [
                f"{self.source[side.span.start : side.span.end]} is {self.runtime.text(value)}"
                for side, value in zip(test.operands, sides, strict=True)
                if not isinstance(side, syntax.Number | syntax.String | syntax.Literal)
            ]
        else:
            holds = self._truth(self.value(test), test)
            facts = []
        if holds:
            return
        message = "the assertion does not hold"
        if statement.message is not None:
            message += f": {self.runtime.text(self.value(statement.message))}"
        raise AssertionFailed(
            message, kind="assertion", span=test.span, source=self.source, notes=tuple(facts)
        )

    # Of the class, as `_visits` is.
    _executions: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        syntax.Assign: _assign,
        syntax.AugmentedAssign: _augmented,
        syntax.While: _while,
        syntax.For: _for,
        syntax.If: _if,
        syntax.With: _with,
        syntax.Assert: _assert,
        syntax.Delete: _delete,
        syntax.Import: lambda self, statement: None,
        syntax.Pass: lambda self, statement: None,
        syntax.Break: _break,
        syntax.Continue: _continue,
    }

    # ----- Calls and texts -----

    def _callee(self, name: str, path: Sequence[str]) -> Callee | None:
        """What a name means when it is called: a program has more functions than an expression."""
        if len(path) == 0:
            builtin = BUILTINS.get(name) or TORCH.get(name)
            if builtin is not None:
                return _bound(builtin, self)
        elif path[0] == "math":
            return mathematics(name, self.runtime)
        else:
            builtin = TORCH.get(".".join([*path[1:], name])) or TORCH.get(name)
            if builtin is not None:
                return _bound(builtin, self)
        return super()._callee(name, path)

    def _method(self, name: str, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
        target = arguments[0]
        if isinstance(target, list) and name == "append" and len(arguments) == 2 and not keywords:
            target.append(self.settled(arguments[1]))
            return None
        if target is None:
            raise DifftoolError(
                f"None has no method `{name}`",
                kind="value",
                hint=".grad is None before backward() has reached the tensor",
            )
        if isinstance(target, Node):
            if name == "backward":
                return self._backward(arguments, keywords)
            if name == "requires_grad_":
                return self.memory.require_grad(target, bool((arguments[1:] or [True])[0]))
            if name == "detach_":
                return self.memory.exchange(target, ops.detach(target), recorded=True)
            if name.endswith("_") and not name.startswith("_"):
                value = in_place_value(name.rstrip("_"), arguments, keywords)
                return self.memory.update(target, value)
        return super()._method(name, arguments, keywords)

    def _backward(self, arguments: list[Any], keywords: Mapping[str, Any]) -> None:
        """`y.backward()`; gradients that are added to are changed in place."""
        held = aliases.tensors_in(self.variables.values())
        changed = super()._method("backward", arguments, keywords)
        if changed and not changed.keys().isdisjoint(held):
            changed = {old: self.runtime.settle(new) for old, new in changed.items()}
            self.memory.hand_out(changed)

    def _formatted(self, expression: syntax.FormattedString) -> Visit:
        pieces = []
        for part in expression.parts:
            if isinstance(part, str):
                pieces.append(part)
            else:
                value = self.settled((yield part.value))
                form = part.format
                if isinstance(form, syntax.FormattedString):
                    form = yield form
                pieces.append(self._format(value, part, form or ""))
        return "".join(pieces)

    _visits = {**Interpreter._visits, syntax.FormattedString: _formatted}

    def _format(self, value: Any, part: syntax.FormattedValue, form: str) -> str:
        if part.conversion:
            value = self.runtime.text(value, nested=part.conversion == "r")
        elif isinstance(value, Node) and value.ndim == 0:
            # As in PyTorch, a tensor of no dimensions is formatted as its number.
            value = self._item(value)
        if not form:
            return self.runtime.text(value)
        if isinstance(value, Node):
            if value.ndim:
                raise self._error(
                    f"a tensor of shape {value.shape} has no format `{form}`",
                    part.span,
                    kind="argument",
                    hint="a tensor of one element has: use .item() or an index",
                )
            value = self._item(value)
        try:
            return format(value, form)
        except (ValueError, TypeError):
            raise self._error(
                f"`{form}` is no format for {describe(value)}",
                part.span,
                kind="argument",
                hint="for example {loss:.4f}",
            ) from None


def _bound(builtin: Builtin, program: ProgramInterpreter) -> Callee:
    def apply(arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
        try:
            return builtin(program, *arguments, **keywords)
        except TypeError as error:
            # Python's own words for arguments that don't fit name the function within.
            words = str(error).partition("() ")[2] or str(error)
            raise DifftoolError(words, kind="argument", hint="see Python's documentation") from None

    return apply


def _is_update(expression: syntax.Expression) -> bool:
    """Whether an expression is a call of an in-place method, which is run for what it does."""
    if not isinstance(expression, syntax.Call):
        return False
    callee = expression.function
    if not isinstance(callee, syntax.Attribute):
        return False
    return callee.name.endswith("_") and callee.name != "requires_grad_"
