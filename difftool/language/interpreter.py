"""The interpreter: runs the statements of a syntax tree and builds the graph as it goes.

It knows names, calls, operators and indexing, and turns them into calls of the operations. The
graph is define-by-run: where a program's course depends on a value (`a if c else b`, a boolean
mask) the `Runtime` computes it in the middle.

Each visiting method is a generator that yields the subexpressions it needs and is sent their
values; `value` drives them from a stack of its own, so that only memory limits the depth of an
expression.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from math import prod
from typing import Any, ClassVar, TypeAlias, cast

from difftool.errors import DifftoolError, Span
from difftool.graph.dtype import NAMES, PYTHON_TYPES, TENSOR_TYPES
from difftool.graph.node import OPERATORS, Node, building
from difftool.language import syntax
from difftool.language.members import (
    ATTRIBUTES,
    CONVERSIONS,
    METHODS,
    Runtime,
    call_method,
    convert,
    item_of,
)
from difftool.language.scalars import CONSTANTS, arithmetic, sequence_arithmetic
from difftool.operations import outside
from difftool.operations.registry import NEAR, Function, find, find_path, names, ops
from difftool.operations.shapes import Size
from difftool.operations.signature import call, describe, is_tensor_first, parameters_of

# What may stand before a function's name without changing which function it is.
MODULES = frozenset(
    (
        "torch",
        "np",
        "numpy",
        "math",
        "F",
        "nn",
        "nn.functional",
        "functional",
        "torch.nn",
        "torch.nn.functional",
        "linalg",
        "torch.linalg",
        "np.linalg",
        "numpy.linalg",
        "special",
        "torch.special",
        "autograd",
        "torch.autograd",
        "torch.Tensor",
        "Tensor",
    )
)

# Names after that of a module: torch.nn.functional.relu has three.
LONGEST_PATH = 8

Visit: TypeAlias = Generator["syntax.Expression", Any, Any]
Callee: TypeAlias = Callable[[list[Any], dict[str, Any]], Any]
# What an operator takes beside a tensor, and the tensor itself.
_OPERANDS = (Node, int, float)

Unknown: TypeAlias = Callable[[str, Mapping[str, Any]], DifftoolError]


class Interpreter:
    """Runs one program.

    Args:
        source: the text that the tree's spans count in.
        variables: values of the names the program uses but does not set.
        runtime: computes values in the middle.
        unknown: makes the error for a name without a value, given the names that have one.

    Attributes:
        lists_are_tensors: whether `[1, 2][0]` indexes a tensor and `[1, 2] * 2` doubles its
            elements; in programs, and where numbers are made a tensor, they are Python's lists.
    """

    lists_are_tensors = True

    def __init__(
        self,
        source: str,
        variables: Mapping[str, Any],
        runtime: Runtime,
        unknown: Unknown | None = None,
    ) -> None:
        self.source = source
        self._unknown = unknown or unknown_name
        self.variables = dict(variables)
        self.runtime = runtime

    def run(self, program: syntax.Program) -> Any:
        """Run all statements and return the value of the last, which must be an expression."""
        result: Any = None
        name = None
        for statement in program.statements:
            if isinstance(statement, syntax.Assign):
                # Only programs have other targets and other statements.
                name = cast("syntax.Name", statement.target).name
                result = self.variables[name] = self.value(statement.value)
            else:
                name = None
                result = self.value(cast("syntax.Expression", statement))
        if name is not None:
            raise DifftoolError(
                "the last step is an assignment, so there is no output",
                kind="syntax",
                span=program.statements[-1].span,
                source=self.source,
                hint=f"end with an expression, for example `; {name}`",
            )
        return result

    def value(self, expression: syntax.Expression) -> Any:
        """The value of an expression: a node, a number, or another value of the language."""
        visit = self._visits.get(type(expression))
        if visit is None:
            return self._simple(expression)
        stack = [visit(self, expression)]
        sent: Any = None
        while stack:
            try:
                wanted = stack[-1].send(sent)
            except StopIteration as finished:
                stack.pop()
                sent = finished.value
                continue
            visit = self._visits.get(type(wanted))
            if visit is None:
                sent = self._simple(wanted)
            else:
                stack.append(visit(self, wanted))
                sent = None
        return sent

    # ----- Names and literals -----

    def _simple(self, expression: syntax.Expression) -> Any:
        if isinstance(expression, syntax.Name):
            return self._name(expression)
        assert isinstance(expression, syntax.Number | syntax.String | syntax.Literal)
        return expression.value

    def _name(self, name: syntax.Name) -> Any:
        if name.name in self.variables:
            return self.variables[name.name]
        constant = _known_constant(name.name)
        if constant is not None:
            return constant
        if find(name.name) is not None:
            raise self._error(
                f"`{name.name}` is a function",
                name.span,
                kind="name",
                hint=f"call it: {name.name}(...)",
            )
        raise self._unknown(name.name, self.variables).at(name.span, self.source)

    def _list(self, expression: syntax.List) -> Visit:
        items = []
        for item in expression.items:
            items.append((yield item))
        return items

    def _tuple(self, expression: syntax.Tuple) -> Visit:
        items = []
        for item in expression.items:
            items.append((yield item))
        return tuple(items)

    def _slice(self, expression: syntax.Slice) -> Visit:
        bounds = []
        for bound in (expression.start, expression.stop, expression.step):
            value = None if bound is None else (yield bound)
            if isinstance(value, Node) and value.size == 1:
                value = self._item(value)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise self._error(
                    f"a slice bound is a whole number, not {describe(value)}",
                    expression.span,
                    kind="index",
                    hint="write it without a point; .long() makes whole numbers of a tensor",
                )
            bounds.append(value)
        return slice(*bounds)

    # ----- Operators -----

    def _binary(self, expression: syntax.Binary) -> Visit:
        left = yield expression.left
        right = yield expression.right
        written = (expression.left, expression.right)
        return self._operate(expression, expression.operator, written, (left, right))

    def _unary(self, expression: syntax.Unary) -> Visit:
        operand = yield expression.operand
        if expression.operator == "not":
            return not self._truth(operand, expression.operand)
        return self._operate(expression, expression.operator, (expression.operand,), (operand,))

    def _compare(self, expression: syntax.Compare) -> Visit:
        left_syntax = expression.operands[0]
        left = yield left_syntax
        result: Any = True
        last = len(expression.operators) - 1
        for place, name in enumerate(expression.operators):
            right_syntax = expression.operands[place + 1]
            right = yield right_syntax
            if name in _IDENTITY:
                result = (left is right) is _IDENTITY[name]
                left_syntax, left = right_syntax, right
                continue
            result = self._operate(expression, name, (left_syntax, right_syntax), (left, right))
            if place < last and not self._truth(result, expression):
                return result
            left_syntax, left = right_syntax, right
        return result

    def _logical(self, expression: syntax.Logical) -> Visit:
        left = yield expression.left
        decided = self._truth(left, expression.left) is (expression.operator == "or")
        return left if decided else (yield expression.right)

    def _conditional(self, expression: syntax.Conditional) -> Visit:
        test = yield expression.test
        chosen = expression.then if self._truth(test, expression.test) else expression.otherwise
        return (yield chosen)

    def _operate(
        self,
        expression: syntax.Tree,
        name: str,
        written: tuple[syntax.Expression, ...],
        values: tuple[Any, ...],
    ) -> Any:
        """An operator applied to values: tensors by the operations, numbers by Python.

        Args:
            written: the operands as they stand in the text; `values`: what they are.
        """
        given = values
        if not self.lists_are_tensors and len(values) == 2:
            if str in map(type, values) or list in map(type, values):
                result = sequence_arithmetic(name, *values)
                if result is not None:
                    return result
        if list in map(type, values):
            # List literals where tensors are meant.
            values = tuple(
                [
                    self._place(operand, ops.tensor, value, literal=True)
                    if isinstance(value, list)
                    else value
                    for operand, value in zip(written, values, strict=True)
                ]
            )
        if Node in map(type, values):
            for value in values:
                if not isinstance(value, _OPERANDS):
                    raise self._error(
                        f"a tensor and {describe(value)} can't be combined by an operator",
                        expression.span,
                        kind="argument",
                        hint="operators take tensors and numbers",
                    )
            building.span = expression.span
            try:
                return OPERATORS[name](*values)
            except DifftoolError as error:
                operands = list(zip(written, given, strict=True))
                raise self._placed(error, expression.span, operands) from None
        try:
            return arithmetic(name, values)
        except DifftoolError as error:
            raise error.at(expression.span, self.source) from None

    def _truth(self, value: Any, expression: syntax.Expression) -> bool:
        if isinstance(value, Node):
            if value.size != 1:
                raise self._error(
                    f"a tensor of shape {value.shape} is neither true nor false",
                    expression.span,
                    kind="value",
                    hint="reduce it with all(...) or any(...); & | ~ combine booleans by element",
                )
            return bool(self._item(value))
        return bool(value)

    def _item(self, node: Node) -> Any:
        return self.runtime.value(node).item()

    # ----- Calls -----

    def _call(self, expression: syntax.Call) -> Visit:
        arguments: list[Any] = []
        written: list[syntax.Expression] = []
        callee = expression.function
        target = self._named(callee)
        if target is None and isinstance(callee, syntax.Attribute):
            arguments.append((yield callee.value))
            written.append(callee.value)
        elif target is None:
            raise self._error(
                f"{describe((yield callee))} can't be called",
                expression.span,
                kind="syntax",
                hint="for a product write *: x * (...)",
            )
        outside_call = self.lists_are_tensors
        self.lists_are_tensors = type(self).lists_are_tensors and not _takes_lists(target)
        for argument in expression.arguments:
            arguments.append((yield argument))
            written.append(argument)
        keywords = {}
        for keyword in expression.keywords:
            keywords[keyword.name] = yield keyword.value
            written.append(keyword.value)
        self.lists_are_tensors = outside_call
        building.span = expression.span
        try:
            if target is not None:
                return target(arguments, keywords)
            assert isinstance(callee, syntax.Attribute)
            return self._method(callee.name, arguments, keywords)
        except DifftoolError as error:
            values = [*arguments, *keywords.values()]
            operands = list(zip(written, values, strict=True))
            raise self._placed(error, expression.span, operands) from None

    def _named(self, callee: syntax.Expression) -> Callee | None:
        """What a name or a dotted name calls; None when it is a method or a variable."""
        if isinstance(callee, syntax.Name):
            path: Sequence[str] = ()
            name = callee.name
        else:
            parts = self._dotted(callee)
            if parts is None:
                return None
            *path, name = parts
            if ".".join(path) not in MODULES:
                raise outside.unknown_namespace(path).at(callee.span, self.source)
        found = self._callee(name, path)
        if found is None and not (path == () and name in self.variables):
            raise outside.unknown(name, path).at(callee.span, self.source)
        return found

    def _callee(self, name: str, path: Sequence[str]) -> Callee | None:
        """The function called `name` behind the modules of `path`."""
        if not path and name in CONVERSIONS:
            return lambda arguments, keywords: convert(self.runtime, name, arguments)
        function = find_path(path, name)
        return None if function is None else partial(call, function)

    def _dotted(self, expression: syntax.Expression) -> list[str] | None:
        """The parts of `torch.nn.functional.relu`; None unless it starts with a module."""
        parts: list[str] = []
        while isinstance(expression, syntax.Attribute):
            if len(parts) == LONGEST_PATH:
                return None
            parts.append(expression.name)
            expression = expression.value
        if not isinstance(expression, syntax.Name) or expression.name in self.variables:
            return None
        if expression.name not in MODULES:
            return None
        return [expression.name, *reversed(parts)]

    def _method(self, name: str, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
        """`x.name(...)`: what only tensors have, or else the function of that name."""
        target = arguments[0]
        if isinstance(target, list):
            target = arguments[0] = ops.tensor(target, literal=True)
        if isinstance(target, Node):
            if name in METHODS:
                return call_method(self.runtime, name, arguments, keywords)
        if type(target) is Size and name == "numel" and not (arguments[1:] or keywords):
            return prod(target)
        function = find(name)
        if function is None:
            raise outside.unknown(name)
        if not is_tensor_first(function):
            raise DifftoolError(
                f"`{name}` is not a method of tensors",
                kind="name",
                hint=f"call it as {function.signatures[0]}",
            )
        return call(function, arguments, keywords)

    # ----- Attributes and indexing -----

    def _attribute(self, expression: syntax.Attribute) -> Visit:
        path = self._dotted(expression)
        if path is not None:
            return self._module_constant(expression, path)
        target = yield expression.value
        name = expression.name
        building.span = expression.span
        if isinstance(target, list):
            target = ops.tensor(target, literal=True)
        try:
            if isinstance(target, Node):
                if name == "grad":
                    return self.runtime.grad(target)
                attribute = ATTRIBUTES.get(name)
                if attribute is not None:
                    return attribute(target)
            elif name in getattr(target, "_fields", ()):
                return getattr(target, name)
            raise self._no_attribute(target, name)
        except DifftoolError as error:
            raise self._placed(error, expression.span, ()) from None

    def _no_attribute(self, target: Any, name: str) -> DifftoolError:
        fields = ATTRIBUTES if isinstance(target, Node) else getattr(target, "_fields", ())
        hint = "`difftool functions` lists what it has" if isinstance(target, Node) else None
        near = get_close_matches(name, fields, n=1)
        if isinstance(target, Node) and (name in METHODS or find(name) is not None):
            hint = f"it is a function: .{name}()"
        elif near:
            hint = f"did you mean .{near[0]}?"
        elif target is None:
            hint = ".grad is None before backward(), and .grad_fn where no gradient is required"
        return DifftoolError(f"{describe(target)} has no .{name}", kind="name", hint=hint)

    def _module_constant(self, expression: syntax.Expression, path: Sequence[str]) -> Any:
        if ".".join(path[:-1]) in MODULES:
            name = path[-1]
            if path[0] == "torch":
                for meanings in (NAMES, TENSOR_TYPES, outside.MEMORY):
                    if name in meanings:
                        return meanings[name]
            if name == "newaxis":
                return None
            constant = _known_constant(name)
            if constant is not None:
                return constant
            if find(name) is not None:
                raise self._error(
                    f"`{name}` is a function",
                    expression.span,
                    kind="name",
                    hint=f"call it: {name}(...)",
                )
        raise outside.unknown(path[-1], path[:-1]).at(expression.span, self.source)

    def _subscript(self, expression: syntax.Subscript) -> Visit:
        target = yield expression.value
        index = yield expression.index
        building.span = expression.span
        try:
            if isinstance(target, list) and self.lists_are_tensors:
                target = ops.tensor(target, literal=True)
            if isinstance(target, Node):
                from difftool.operations.indexing.brackets import getitem

                items = index if isinstance(index, tuple) else (index,)
                return getitem(target, items)
            if isinstance(target, tuple | list | range):
                return item_of(target, self._plain_index(index))
            raise DifftoolError(
                f"{describe(target)} can't be indexed", kind="index", hint="tensors can"
            )
        except DifftoolError as error:
            operands = ((expression.value, target),)
            raise self._placed(error, expression.span, operands) from None

    def _plain_index(self, index: Any) -> Any:
        """An index of a tuple or list: a tensor of one whole number is that number."""
        return self._item(index) if isinstance(index, Node) and index.size == 1 else index

    # Of the class: an interpreter that held its own methods would be a cycle, and every value it
    # holds would wait for Python's collector.
    _visits: ClassVar[dict[type, Callable[[Any, Any], Visit]]] = {
        syntax.Binary: _binary,
        syntax.Unary: _unary,
        syntax.Call: _call,
        syntax.Attribute: _attribute,
        syntax.Subscript: _subscript,
        syntax.List: _list,
        syntax.Tuple: _tuple,
        syntax.Slice: _slice,
        syntax.Compare: _compare,
        syntax.Logical: _logical,
        syntax.Conditional: _conditional,
    }

    # ----- Errors -----

    def _error(self, message: str, span: Span, *, kind: str, hint: str) -> DifftoolError:
        return DifftoolError(message, kind=kind, hint=hint, span=span, source=self.source)

    def _place(
        self, expression: syntax.Expression, make: Callable[..., Any], *values: Any, **more: Any
    ) -> Any:
        building.span = expression.span
        try:
            return make(*values, **more)
        except DifftoolError as error:
            raise self._placed(error, expression.span, ()) from None

    def _placed(
        self,
        error: DifftoolError,
        span: Span,
        operands: Sequence[tuple[syntax.Expression, Any]],
    ) -> DifftoolError:
        """Add the place, and what the operands are, to an error of an operation."""
        if error.kind in ("shape", "index", "dtype") and not error.notes and error.span is None:
            facts = []
            for written, value in operands:
                if isinstance(value, Node):
                    text = self.source[written.span.start : written.span.end]
                    text = text if len(text) <= 40 else f"{text[:19]} … {text[-18:]}"
                    fact = value.dtype.name if error.kind == "dtype" else str(value.shape)
                    facts.append(f"{text} is {fact}")
            error.notes = (", ".join(dict.fromkeys(facts)),) if facts else ()
        return error.at(span, self.source)


def _takes_lists(target: Callee | None) -> bool:
    """Whether what is called makes a tensor of Python's lists, as `tensor([0, 1] * 4)` does."""
    function = target.args[0] if isinstance(target, partial) else None
    if not isinstance(function, Function):
        return False
    kinds = [part.kind for form in function.signatures for part in parameters_of(form)]
    return "Any" in kinds


# Python's comparison of what things are, for `x.grad is None`.
_IDENTITY = {"is": True, "is_not": False}


def unknown_name(name: str, known: Mapping[str, Any]) -> DifftoolError:
    """The error for a name that has no value: the flag to add, and the nearest name."""
    near = get_close_matches(name, [*known, *CONSTANTS, *names()], n=1, cutoff=NEAR)
    hint = f"give it a value with --{name} TENSOR"
    if name in MODULES:
        hint += f"; before a function it stands with a point, as in {name}.sum(x)"
    elif near:
        hint += f", or did you mean `{near[0]}`?"
    return DifftoolError(f"`{name}` has no value", kind="name", hint=hint)


def is_known_name(name: str) -> bool:
    """Whether a name means something without being bound: a constant or a dtype."""
    return _known_constant(name) is not None


def _known_constant(name: str) -> Any:
    if name in CONSTANTS:
        return CONSTANTS[name]
    return PYTHON_TYPES.get(name, NAMES.get(name))
