"""Arguments as a user writes them, brought to the form a function takes.

A signature is text, as PyTorch's documentation prints it: `softmax(input, dim: int)`. It is read
when the function is first called. An argument without annotation is a tensor; the other
kinds are the keys of `CONVERTERS`, `| None` allows None, `*size: int` takes
either several arguments or one sequence of them, and a lone `*` makes the rest keyword-only.
NumPy's spellings `axis` and `keepdims` are taken for `dim` and `keepdim`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import PYTHON_TYPES
from difftool.graph.node import Node
from difftool.operations import outside
from difftool.operations.registry import Composite, Function, constant, number_of, ops
from difftool.operations.values import value_of

# NumPy's (and Python's) names of arguments, and PyTorch's for them: the first one a function has.
SPELLINGS = {
    "axis": ("dim", "dims"),
    "keepdims": ("keepdim",),
    "self": ("input",),
    "x": ("input",),
}
# What PyTorch's functions that create tensors are told besides, where it changes nothing here.
WITHOUT_EFFECT = {"device": (None, "cpu"), "pin_memory": (None, False), "layout": (None, "strided")}
REQUIRED = object()

# Characters of a number or a string in a message.
LONGEST_SHOWN = 40


class Parameter(NamedTuple):
    """One parameter of a signature."""

    name: str
    kind: str
    default: Any
    optional: bool
    variadic: bool
    keyword_only: bool


def call(function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Call `function` with arguments as the language's values (nodes, numbers, lists, ...).

    Raises:
        DifftoolError: kind "argument", when no signature of the function takes them.
    """
    if arguments and not keywords and len(arguments) == _tensors_taken(function):
        for value in arguments:
            if not isinstance(value, Node):
                break
        else:
            return function(*arguments)
    failures: list[_Mismatch] = []
    for signature in function.signatures:
        try:
            bound = _bind(function.name, parameters_of(signature), arguments, keywords)
        except _Mismatch as failure:
            failures.append(failure)
            continue
        return _invoke(function, parameters_of(signature), bound)
    # The form that understood most of the arguments is the one that was meant.
    best = max(failures, key=lambda failure: failure.progress)
    forms = "; ".join(function.signatures)
    raise DifftoolError(
        f"{function.name}() {best.message}",
        kind="argument",
        hint=best.hint or f"it is called as {forms}",
    )


@cache
def _tensors_taken(function: Function) -> int:
    """How many tensors are all that a function's first form takes; 0 if it takes anything else.

    A call of such a function with just them, the commonest there is, has nothing to be bound.
    """
    parameters = parameters_of(function.signatures[0])
    plain = all([each.kind == "Tensor" and not each.variadic for each in parameters])
    return len(parameters) if plain else 0


def _invoke(function: Function, parameters: Sequence[Parameter], bound: dict[str, Any]) -> Any:
    if isinstance(function, Composite):
        return function.compose(**bound)
    operands: list[Node] = []
    for parameter in parameters:
        if parameter.kind in _TENSOR_KINDS:
            value = bound.pop(parameter.name)
            if isinstance(value, tuple):
                operands.extend(value)
            else:
                operands.append(value)
    return function(*operands, **bound)


class _Mismatch(Exception):
    """Arguments that don't fit one signature; `progress` counts those that did."""

    def __init__(self, message: str, progress: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.progress = progress
        self.hint = hint


def _bind(
    name: str,
    parameters: Sequence[Parameter],
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    waiting = list(arguments)
    given = _spelled(parameters, keywords)
    for unused in given.keys() - {parameter.name for parameter in parameters}:
        if given[unused] in outside.USUAL.get(unused, ()):
            del given[unused]
    for parameter in parameters:
        if parameter.name in given:
            value = given.pop(parameter.name)
        elif parameter.variadic and waiting:
            one_sequence = len(waiting) == 1 and isinstance(waiting[0], list | tuple)
            value = waiting[0] if one_sequence else waiting
            waiting = []
        elif waiting and not parameter.keyword_only:
            value = waiting.pop(0)
        elif parameter.default is REQUIRED:
            raise _Mismatch(f"needs {parameter.name}", len(bound))
        else:
            bound[parameter.name] = parameter.default
            continue
        try:
            bound[parameter.name] = _converted(parameter, value)
        except _Unfit as unfit:
            raise _Mismatch(
                f"takes {unfit.wanted} as {parameter.name}, not {describe(unfit.value)}",
                len(bound),
            ) from None
    if waiting:
        most = sum(not parameter.keyword_only for parameter in parameters)
        count = f"{most} argument{'' if most == 1 else 's'}"
        # Not as near as a form that took as many arguments and found the next one unfit.
        taken = len(arguments) - len(waiting) - 1
        raise _Mismatch(f"takes at most {count}, got {len(arguments)}", taken)
    if given:
        wrong = next(iter(given))
        if wrong in bound:
            raise _Mismatch(f"got {wrong} twice", len(bound) - 1)
        near = get_close_matches(wrong, [parameter.name for parameter in parameters], n=1)
        hint = f"did you mean {near[0]}=?" if near else outside.ARGUMENTS.get(wrong)
        raise _Mismatch(f"has no argument {wrong}", len(bound) - 1, hint)
    return bound


def _spelled(parameters: Sequence[Parameter], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords with NumPy's spellings brought to PyTorch's."""
    own = {parameter.name for parameter in parameters}
    spelled: dict[str, Any] = {}
    for name, value in keywords.items():
        if name not in own and "requires_grad" in own and value in WITHOUT_EFFECT.get(name, ()):
            continue
        others = [other for other in SPELLINGS.get(name, ()) if other in own]
        spelled[others[0] if others and name not in own else name] = value
    return spelled


class _Unfit(Exception):
    """A value, or an item of one, that is not of the kind that is wanted."""

    def __init__(self, wanted: str, value: Any) -> None:
        self.wanted = wanted
        self.value = value


def _converted(parameter: Parameter, value: Any) -> Any:
    if value is None and parameter.optional:
        return None
    convert = CONVERTERS[parameter.kind]
    if not parameter.variadic:
        return convert(value)
    if not isinstance(value, list | tuple):
        value = [value]
    return tuple([convert(item) for item in value])


def describe(value: Any) -> str:
    """What a value is, in the words of an error message."""
    if isinstance(value, Node):
        return f"a tensor of shape {value.shape}"
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | str):
        text = repr(value)
        kind = "string" if isinstance(value, str) else "number"
        return f"the {kind} {text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '...'}"
    if isinstance(value, np.dtype):
        return f"the dtype {value.name}"
    if isinstance(value, tuple):
        fields = ", ".join(getattr(value, "_fields", ()))
        return f"a tuple of {fields}" if fields else "a tuple"
    if isinstance(value, list | slice):
        return f"a {type(value).__name__}"
    return str(value)


# ----- Kinds of arguments -----


def _tensor(value: Any) -> Node:
    if isinstance(value, Node):
        return value
    if isinstance(value, bool | int | float):
        return constant(value)
    if isinstance(value, list | tuple):
        node: Node = ops.tensor(value, literal=True)
        return node
    raise _Unfit("a tensor", value)


def _index_tensor(value: Any) -> Node:
    if isinstance(value, list | tuple | int) and not isinstance(value, bool):
        node: Node = ops.tensor(value)
        return node
    return _tensor(value)


def _tensors(value: Any) -> tuple[Node, ...]:
    if isinstance(value, list | tuple):
        return tuple([_tensor(item) for item in value])
    raise _Unfit("a list of tensors", value)


def _integer(value: Any) -> int:
    number = number_of(value) if isinstance(value, Node) else value
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    raise _Unfit("a whole number", value)


def _number(value: Any) -> int | float | bool:
    number = number_of(value) if isinstance(value, Node) else value
    if isinstance(number, int | float):
        return number
    raise _Unfit("a number", value)


def _scalar(value: Any) -> int | float | bool:
    if isinstance(value, Node) and value.ndim == 0 and number_of(value) is None:
        return _number(value_of(value).item())
    return _number(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Unfit("True or False", value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _Unfit("a string", value)


def _dims(value: Any) -> int | tuple[int, ...]:
    if isinstance(value, list | tuple):
        return tuple([_integer(item) for item in value])
    return _integer(value)


def _size(value: Any) -> tuple[int, ...]:
    if isinstance(value, list | tuple):
        return tuple([_integer(item) for item in value])
    return (_integer(value),)


def _sizes(value: Any) -> int | tuple[int | None, ...]:
    if isinstance(value, list | tuple):
        return tuple([None if item is None else _integer(item) for item in value])
    return _integer(value)


def _dtype(value: Any) -> Any:
    if isinstance(value, np.dtype):
        return value
    if isinstance(value, str) and value in PYTHON_TYPES:
        return PYTHON_TYPES[value]
    raise _Unfit("a dtype (float32, float64, int64, bool, ...)", value)


def _device(value: Any) -> str:
    if value in ("cpu", "cpu:0"):
        return "cpu"
    if isinstance(value, str) and value.partition(":")[0] in ("cuda", "mps", "xpu"):
        raise DifftoolError(
            f"there is no device {value!r}: difftool computes on the processor",
            kind="unsupported",
            hint="leave it out, or write 'cpu'",
        )
    raise _Unfit("the device 'cpu'", value)


def _anything(value: Any) -> Any:
    return value


_TENSOR_KINDS = ("Tensor", "IndexTensor", "Tensors")

CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "Tensor": _tensor,
    "IndexTensor": _index_tensor,  # lists of whole numbers stay integers
    "Tensors": _tensors,
    "int": _integer,
    "float": lambda value: float(_number(value)),
    "Number": _number,
    "Numbers": lambda value: (
        tuple([_number(item) for item in value])
        if isinstance(value, list | tuple)
        else _number(value)
    ),  # one, or several
    "Scalar": _scalar,  # a number, or the one in a 0-d tensor
    "bool": _boolean,
    "str": _string,
    "Dims": _dims,  # a dim, or several
    "Size": _size,  # a length, or several
    "Sizes": _sizes,  # the same, None for those that stay
    "DType": _dtype,
    "Device": _device,
    "Any": _anything,
}

_DEFAULTS: dict[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "()": (),
    "inf": float("inf"),
    "-inf": float("-inf"),
    "nan": float("nan"),
}


@cache
def parameters_of(signature: str) -> tuple[Parameter, ...]:
    """The parameters that a signature's text declares."""
    inside = signature.partition("(")[2].rpartition(")")[0]
    parameters = []
    keyword_only = False
    for piece in _split(inside):
        if piece == "*":
            keyword_only = True
            continue
        left, equals, default = piece.partition("=")
        name, _, annotation = left.partition(":")
        kind, optional = annotation.strip() or "Tensor", False
        if kind.endswith("| None"):
            kind, optional = kind.removesuffix("| None").strip(), True
        name = name.strip()
        parameters.append(
            Parameter(
                name.lstrip("*"),
                kind,
                _default(default.strip()) if equals else REQUIRED,
                optional or default.strip() == "None",
                name.startswith("*"),
                keyword_only,
            )
        )
        keyword_only = keyword_only or name.startswith("*")
    return tuple(parameters)


def _split(inside: str) -> list[str]:
    """The pieces between commas that stand in no parentheses."""
    pieces, depth, start = [], 0, 0
    for place, character in enumerate(inside):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            pieces.append(inside[start:place].strip())
            start = place + 1
    pieces.append(inside[start:].strip())
    return [piece for piece in pieces if piece]


def _default(text: str) -> Any:
    if text in _DEFAULTS:
        return _DEFAULTS[text]
    if text[0] in "'\"":
        return text[1:-1]
    if text[0] == "(":
        return tuple([_default(item) for item in _split(text[1:-1])])
    try:
        return int(text)
    except ValueError:
        return float(text)


def is_tensor_first(function: Function) -> bool:
    """Whether `x.name(...)` can mean `name(x, ...)`: some signature opens with a tensor."""
    for signature in function.signatures:
        parameters = parameters_of(signature)
        if parameters and parameters[0].kind in ("Tensor", "Tensors", "IndexTensor"):
            return True
    return False


