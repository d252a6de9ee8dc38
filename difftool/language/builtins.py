"""Python's and PyTorch's functions that only programs have: printing, counting, gradient modes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, building
from difftool.language.members import Runtime
from difftool.operations.registry import find
from difftool.operations.signature import call, describe

Builtin = Callable[..., Any]


class ProgramRuntime(Runtime, Protocol):
    """What a program asks of those who can compute, beyond what an expression does."""

    def settle(self, node: Node) -> Node:
        """The node with its value computed; one without a gradient forgets how it was made."""

    def leaf_like(self, old: Node, value: Node, requires_grad: bool | None = None) -> Node:
        """A leaf with the value of `value` that stands in the place of `old`."""

    def gradients(
        self,
        output: Node,
        sources: Sequence[Node],
        seed: Node | None,
        *,
        retain_graph: bool,
        create_graph: bool,
    ) -> tuple[Node | None, ...]:
        """The gradients of `output`, None where a source is not used."""

    def gradient_tensors(self) -> Iterable[Node]:
        """Every tensor that is some leaf's `.grad`."""

    def set_grad(self, node: Node, gradient: Node | None) -> None:
        """`x.grad = gradient`."""

    def replaced(self, changed: dict[Node, Node], target: Node, value: Node) -> None:
        """Learn that tensors were changed in place: old node to new, by `target` to `value`."""

    def set_seed(self, seed: int) -> None:
        """`torch.manual_seed`."""

    def text(self, value: Any, nested: bool = False) -> str:
        """A value as `print` shows it; `nested`: as Python's `repr` does."""

    def write(self, text: str) -> None:
        """Print a text."""


class Host(Protocol):
    """The interpreter that calls a builtin."""

    runtime: ProgramRuntime

    def settled(self, value: Any) -> Any:
        """A value whose tensors are computed."""

    def items(self, value: Any) -> Iterator[Any]:
        """What a loop goes over."""


class GradMode(NamedTuple):
    """What `torch.no_grad()` and `torch.enable_grad()` give: whether gradients are recorded."""

    enabled: bool


def _print(host: Host, *values: Any, sep: str = " ", end: str = "\n") -> None:
    texts = [host.runtime.text(host.settled(value)) for value in values]
    host.runtime.write(sep.join(texts) + end)


def _len(host: Host, value: Any) -> int:
    if isinstance(value, Node):
        if not value.shape:
            raise DifftoolError(
                "len() of a 0-d tensor", kind="shape", hint="x.numel() counts elements"
            )
        return value.shape[0]
    if isinstance(value, list | tuple | str | range):
        return len(value)
    raise DifftoolError(f"{describe(value)} has no length", kind="argument", hint="lists have")


def _range(host: Host, *bounds: Any) -> range:
    numbers = [_whole(host, bound, "range") for bound in bounds]
    if not 1 <= len(numbers) <= 3 or numbers[2:] == [0]:
        raise DifftoolError(
            "range() takes one to three whole numbers, the step not zero",
            kind="argument",
            hint="range(n), range(start, stop) or range(start, stop, step)",
        )
    return range(*numbers)


def _whole(host: Host, value: Any, name: str) -> int:
    number = number_of_one(host, value)
    if isinstance(number, int):
        return int(number)
    raise DifftoolError(
        f"{name}() takes whole numbers, not {describe(value)}", kind="argument", hint="use int(...)"
    )


def number_of_one(host: Host, value: Any) -> Any:
    """The number in a tensor of one element; anything else unchanged."""
    if isinstance(value, Node) and value.size == 1:
        return host.runtime.value(value).item()
    return value


def _str(host: Host, value: Any = "") -> str:
    return host.runtime.text(host.settled(value))


def _on_numbers(name: str, python: Builtin) -> Builtin:
    """Python's own function for numbers and lists of them; PyTorch's for tensors."""

    def apply(host: Host, *values: Any, **keywords: Any) -> Any:
        items = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
        if not keywords and items and all([isinstance(item, int | float) for item in items]):
            return python(*values)
        function = find(name)
        assert function is not None
        return call(function, values, keywords)

    return apply


def _enumerate(host: Host, items: Any, start: int = 0) -> Any:
    return enumerate(host.items(items), start)


def _zip(host: Host, *sequences: Any) -> Any:
    return zip(*[host.items(sequence) for sequence in sequences], strict=False)


BUILTINS: dict[str, Builtin] = {
    "print": _print,
    "len": _len,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "str": _str,
    "abs": _on_numbers("abs", abs),
    "max": _on_numbers("max", max),
    "min": _on_numbers("min", min),
    "sum": _on_numbers("sum", sum),
    "round": _on_numbers("round", round),
    "pow": _on_numbers("pow", pow),
}


# ----- PyTorch's settings and modes -----


def _manual_seed(host: Host, seed: Any) -> None:
    host.runtime.set_seed(_whole(host, seed, "manual_seed"))


def _set_default_dtype(host: Host, dtype: Any) -> None:
    import numpy as np

    if not isinstance(dtype, np.dtype) or not is_float(dtype):
        raise DifftoolError(
            f"the default dtype is a floating-point one, not {describe(dtype)}",
            kind="dtype",
            hint="torch.float64 or torch.float32",
        )
    chosen: DType = dtype
    building.default_dtype = chosen


def _grad(
    host: Host,
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Node | None, ...]:
    """`torch.autograd.grad`: the gradients, without accumulating them."""
    output = outputs[0] if isinstance(outputs, list | tuple) and len(outputs) == 1 else outputs
    seed = grad_outputs
    if isinstance(seed, list | tuple) and len(seed) == 1:
        seed = seed[0]
    sources = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
    if not isinstance(output, Node) or not all([isinstance(one, Node) for one in sources]):
        raise DifftoolError(
            "autograd.grad takes one output tensor and input tensors",
            kind="argument",
            hint="torch.autograd.grad(y, [x])",
        )
    found = host.runtime.gradients(
        output,
        sources,
        seed,
        retain_graph=create_graph if retain_graph is None else bool(retain_graph),
        create_graph=bool(create_graph),
    )
    if None in found and not allow_unused:
        raise DifftoolError(
            "one of the inputs was not used in the graph",
            kind="value",
            hint="leave it out, or give allow_unused=True for None in its place",
        )
    return found


TORCH: dict[str, Builtin] = {
    "manual_seed": _manual_seed,
    "set_default_dtype": _set_default_dtype,
    "get_default_dtype": lambda host: building.default_dtype,
    "no_grad": lambda host: GradMode(False),
    "enable_grad": lambda host: GradMode(True),
    "set_grad_enabled": lambda host, mode: GradMode(bool(mode)),
    "inference_mode": lambda host, mode=True: GradMode(not mode),
    "is_grad_enabled": lambda host: building.grad_enabled,
    "autograd.grad": _grad,
}


def mathematics(
    name: str, runtime: Runtime
) -> Callable[[list[Any], Mapping[str, Any]], Any] | None:
    """A function of Python's `math`, for numbers and tensors of one element."""
    function = getattr(math, name, None) if not name.startswith("_") else None
    if not callable(function):
        return None

    def apply(arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
        numbers = [
            runtime.value(item).item() if isinstance(item, Node) and item.size == 1 else item
            for item in arguments
        ]
        try:
            return function(*numbers)
        except (TypeError, ValueError, OverflowError) as error:
            raise DifftoolError(
                f"math.{name}: {error}", kind="value", hint="torch's functions take tensors"
            ) from None

    return apply
