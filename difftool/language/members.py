"""What tensors have beyond the functions of the language: attributes, and methods of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.graph.walk import grad_fn, next_functions
from difftool.operations.outside import MEMORY
from difftool.operations.registry import Function, find, ops
from difftool.operations.shapes import Size
from difftool.operations.signature import call, describe


class Runtime(Protocol):
    """What the interpreter asks of those who can compute."""

    def value(self, node: Node) -> np.ndarray[Any, Any]:
        """The value of a node, now."""

    def backward(
        self, node: Node, gradient: Node | None, *, retain_graph: bool, create_graph: bool
    ) -> dict[Node, Node] | None:
        """Accumulate the gradient of `node` in the leaves it depends on.

        A runtime that lets tensors change tells which gradients became which.
        """

    def retain_grad(self, node: Node) -> None:
        """Accumulate gradients in a tensor that is no leaf, too."""

    def grad(self, node: Node) -> Node | None:
        """What `backward` has accumulated for `node`."""


class GradFn(NamedTuple):
    """The value of `x.grad_fn`; it prints as PyTorch's does, without an address."""

    name: str
    next_functions: tuple[str, ...]

    def __str__(self) -> str:
        return f"<{self.name}>"


def _grad_fn(node: Node) -> GradFn | None:
    name = grad_fn(node)
    return None if name is None else GradFn(name, tuple(next_functions(node)))


ATTRIBUTES: dict[str, Callable[[Node], Any]] = {
    "T": lambda node: ops.T(node),
    "mT": lambda node: ops.mT(node),
    "mH": lambda node: ops.mH(node),
    "H": lambda node: ops.H(node),
    "shape": lambda node: Size(node.shape),
    "ndim": lambda node: node.ndim,
    "itemsize": lambda node: node.dtype.itemsize,
    "nbytes": lambda node: node.nbytes,
    "dtype": lambda node: node.dtype,
    "device": lambda node: "cpu",
    "layout": lambda node: MEMORY["strided"],
    # What no tensor is, here.
    "is_cuda": lambda node: False,
    "is_meta": lambda node: False,
    "is_quantized": lambda node: False,
    "is_sparse": lambda node: False,
    "requires_grad": lambda node: node.requires_grad,
    "is_leaf": lambda node: node.is_leaf,
    "grad_fn": _grad_fn,
    "real": lambda node: node,
    "data": lambda node: ops.detach(node),
}


def _requires_grad_(node: Node, requires_grad: bool) -> Node:
    if not node.is_leaf:
        raise DifftoolError(
            "only leaf tensors can change whether they require a gradient",
            kind="value",
            hint="detach() first",
        )
    if requires_grad and node.dtype.kind != "f":
        raise DifftoolError(
            f"only floating-point tensors can require gradients, this one is {node.dtype.name}",
            kind="dtype",
            hint="convert it with .double()",
        )
    node.requires_grad = requires_grad
    return node


def _size(node: Node, dim: int | None) -> Any:
    if dim is None:
        return Size(node.shape)
    return item_of(node.shape, dim)


def _numeric_item(runtime: Runtime, node: Node) -> Any:
    if node.size != 1:
        raise DifftoolError(
            f"item() takes a tensor of one element, this one has shape {node.shape}",
            kind="shape",
            hint="index it, or reduce it with sum()",
        )
    return runtime.value(node).item()


def _backward(
    runtime: Runtime,
    node: Node,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> Any:
    """`y.backward(gradient)`."""
    if isinstance(gradient, list):
        gradient = ops.tensor(gradient, literal=True)
    if gradient is not None and not isinstance(gradient, Node):
        raise DifftoolError(
            f"backward() takes a tensor as gradient, not {describe(gradient)}",
            kind="argument",
            hint="write tensor(...)",
        )
    retain = create_graph if retain_graph is None else retain_graph
    return runtime.backward(
        node, gradient, retain_graph=bool(retain), create_graph=bool(create_graph)
    )


def _where(runtime: Runtime, node: Node, condition: Any = None, other: Any = None) -> Any:
    """`x.where(condition, y)`: the tensor is what is chosen, not the condition."""
    if condition is None or other is None:
        raise DifftoolError(
            "where() needs a condition and what to take where it doesn't hold",
            kind="argument",
            hint="it is called as .where(condition, other)",
        )
    return call(_function("where"), (condition, node, other), {})


def _function(name: str) -> Function:
    function = find(name)
    assert function is not None
    return function


# The methods of tensors that are no functions, or take their arguments in another order, each with
# the names of its parameters.
METHODS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "size": (lambda runtime, node, dim=None: _size(node, dim), ("dim",)),
    "dim": (lambda runtime, node: node.ndim, ()),
    "item": (_numeric_item, ()),
    "tolist": (lambda runtime, node: runtime.value(node).tolist(), ()),
    "retain_grad": (lambda runtime, node: runtime.retain_grad(node), ()),
    "requires_grad_": (
        lambda runtime, node, requires_grad=True: _requires_grad_(node, requires_grad),
        ("requires_grad",),
    ),
    "where": (_where, ("condition", "other")),
    "backward": (_backward, ("gradient", "retain_graph", "create_graph")),
}


def call_method(
    runtime: Runtime, name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    """Call one of `METHODS`; the first argument is the tensor."""
    method, parameters = METHODS[name]
    unknown = [keyword for keyword in keywords if keyword not in parameters]
    taken = parameters[: len(arguments) - 1]
    twice = [keyword for keyword in keywords if keyword in taken]
    if unknown or twice or len(arguments) - 1 > len(parameters):
        what = f"no {unknown[0]}" if unknown else f"{twice[0]} once" if twice else "fewer arguments"
        raise DifftoolError(
            f"{name}() takes {what}",
            kind="argument",
            hint=f"it is called as .{name}({', '.join(parameters)})",
        )
    return method(runtime, *arguments, **keywords)


def item_of(target: Sequence[Any], index: Any) -> Any:
    """One item of a tuple or list, or several by a slice."""
    if not isinstance(index, int | slice):
        raise DifftoolError(
            f"{describe(target)} is indexed by a whole number, not {describe(index)}",
            kind="index",
            hint="for example [0]",
        )
    if isinstance(index, slice) and index.step == 0:
        raise DifftoolError("the step of a slice is zero", kind="index", hint="leave it out")
    try:
        item = target[index]
        return type(target)(item) if isinstance(index, slice) and type(target) is Size else item
    except IndexError:
        raise DifftoolError(
            f"index {index} is out of range for {len(target)} items",
            kind="index",
            hint=f"it goes from {-len(target)} to {len(target) - 1}" if target else None,
        ) from None


# Python's own conversions, which `float(x)` means; `x.float()` is PyTorch's.
CONVERSIONS: dict[str, type] = {"float": float, "int": int, "bool": bool}


def convert(runtime: Runtime, name: str, arguments: Sequence[Any]) -> Any:
    """`float(x)`, `int(x)`, `bool(x)`: a number of a number or of a tensor of one element."""
    value = arguments[0] if len(arguments) == 1 else None
    number = runtime.value(value).item() if isinstance(value, Node) and value.size == 1 else value
    try:
        return CONVERSIONS[name](number)
    except (TypeError, ValueError, OverflowError):
        raise DifftoolError(
            f"{name}() takes a number or a tensor of one element",
            kind="argument",
            hint=f"x.{'double' if name == 'float' else name}() converts the elements of a tensor",
        ) from None
