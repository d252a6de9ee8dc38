"""What tensors have beyond the functions of the language: attributes, and methods of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.graph.walk import grad_fn, next_functions
from difftool.operations.registry import ops
from difftool.operations.signature import describe


class Runtime(Protocol):
    """What the interpreter asks of those who can compute."""

    def value(self, node: Node) -> np.ndarray[Any, Any]:
        """The value of a node, now."""

    def backward(self, node: Node, gradient: Node | None) -> None:
        """Accumulate the gradient of `node` in the leaves it depends on."""

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
    "shape": lambda node: node.shape,
    "ndim": lambda node: node.ndim,
    "dtype": lambda node: node.dtype,
    "requires_grad": lambda node: node.requires_grad,
    "is_leaf": lambda node: node.is_leaf,
    "grad_fn": _grad_fn,
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
        return node.shape
    return tuple_item(node.shape, dim)


def _numeric_item(runtime: Runtime, node: Node) -> Any:
    if node.size != 1:
        raise DifftoolError(
            f"item() takes a tensor of one element, this one has shape {node.shape}",
            kind="shape",
            hint="index it, or reduce it with sum()",
        )
    return runtime.value(node).item()


def _backward(runtime: Runtime, node: Node, gradient: Any) -> None:
    """`y.backward(gradient)`."""
    if isinstance(gradient, list):
        gradient = ops.tensor(gradient, literal=True)
    if gradient is not None and not isinstance(gradient, Node):
        raise DifftoolError(
            f"backward() takes a tensor as gradient, not {describe(gradient)}",
            kind="argument",
            hint="write tensor(...)",
        )
    runtime.backward(node, gradient)


METHODS: dict[str, Callable[..., Any]] = {
    "size": lambda runtime, node, dim=None: _size(node, dim),
    "dim": lambda runtime, node: node.ndim,
    "numel": lambda runtime, node: node.size,
    "item": _numeric_item,
    "requires_grad_": lambda runtime, node, requires_grad=True: _requires_grad_(
        node, requires_grad
    ),
    "backward": lambda runtime, node, gradient=None: _backward(runtime, node, gradient),
}

_METHOD_PARAMETERS = {
    "size": ("dim",),
    "dim": (),
    "numel": (),
    "item": (),
    "requires_grad_": ("requires_grad",),
    "backward": ("gradient",),
}


def method_arguments(
    name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> list[Any]:
    """Positional arguments for one of `METHODS`, the tensor first."""
    parameters = _METHOD_PARAMETERS[name]
    wrong = [keyword for keyword in keywords if keyword not in parameters]
    if wrong or len(arguments) + len(keywords) > 1 + len(parameters):
        raise DifftoolError(
            f"{name}() takes no {wrong[0]}" if wrong else f"{name}() takes fewer arguments",
            kind="argument",
            hint=f"it is called as .{name}({', '.join(parameters)})",
        )
    return [*arguments, *keywords.values()]


def tuple_item(target: tuple[Any, ...], index: Any) -> Any:
    if not isinstance(index, int | slice):
        raise DifftoolError(
            f"a tuple is indexed by a whole number, not {describe(index)}",
            kind="index",
            hint="for example [0]",
        )
    try:
        return target[index]
    except IndexError:
        raise DifftoolError(
            f"index {index} is out of range for {len(target)} items",
            kind="index",
            hint=f"it goes from {-len(target)} to {len(target) - 1}",
        ) from None
