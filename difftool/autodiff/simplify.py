"""Simplification of derivative graphs while they are built.

The forward graph stays exactly what was typed. A derivative graph is nobody's text: what changes
nothing is left out (times one, plus zero, two transposes) and arithmetic on numbers is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Shape
from difftool.operations.creation.leaves import source
from difftool.operations.registry import CONSTANT, Operation, constant, ops

# The matrix of all seeds of a derivative, one in each row. It is no `eye` of the text, whose
# products with infinite elements are NaN.
IDENTITY = source("identity", lambda *, size, dtype: np.eye(*size, dtype=dtype))


def simplify(
    operation: Operation,
    inputs: tuple[Node, ...],
    parameters: Mapping[str, Any],
    shape: Shape,
    dtype: DType,
) -> Node | None:
    """The simpler node for a call about to be made, or None: a rewrite for `building.rewrite`."""
    shortcut = _SHORTCUTS.get(operation.name)
    if shortcut is not None and (not parameters or operation.name in _REARRANGEMENTS):
        simpler = shortcut(*inputs, **parameters)
        if simpler is not None and simpler.shape == shape and simpler.dtype == dtype:
            return simpler
    if shape == () and operation.narrow and inputs:
        for node in inputs:
            if node.operation is not CONSTANT or node.shape:
                return None
        return _folded(operation, inputs, parameters, dtype)
    return None


def _folded(
    operation: Operation,
    inputs: tuple[Node, ...],
    parameters: Mapping[str, Any],
    dtype: DType,
) -> Node:
    """Arithmetic on known numbers, done now."""
    with np.errstate(all="ignore"):
        value = operation.kernel(*[node.parameters["value"] for node in inputs], **parameters)
    return constant(np.asarray(value).astype(dtype).item(), dtype)


def _is(node: Node, number: float) -> bool:
    return node.operation is CONSTANT and node.parameters.get("number") == number


def _mul(x: Node, y: Node) -> Node | None:
    if _is(y, 1):
        return x
    if _is(x, 1):
        return y
    # A boolean factor has no negative; what is no floating-point number gets another dtype here.
    if _is(y, -1) and y.shape == () and is_float(x.dtype):
        return -x
    return -y if _is(x, -1) and x.shape == () and is_float(y.dtype) else None


def _add(x: Node, y: Node) -> Node | None:
    if _is(y, 0):
        return x
    return y if _is(x, 0) else None


def _sub(x: Node, y: Node) -> Node | None:
    return x if _is(y, 0) else None


def _first_if_one(x: Node, y: Node) -> Node | None:
    return x if _is(y, 1) else None


def _neg(x: Node) -> Node | None:
    return x.inputs[0] if x.operation.name == "neg" else None


def _unchanged(x: Node, **parameters: Any) -> Node | None:
    """`x` itself, which the caller takes if it has the shape and dtype asked for."""
    return x


def _transpose(x: Node, **parameters: Any) -> Node | None:
    if x.operation is IDENTITY:
        return x
    if x.operation.name == "transpose" and x.parameters == parameters:
        return x.inputs[0]
    return None


def _reshape(x: Node, **parameters: Any) -> Node | None:
    """Two reshapes in a row are one: the caller takes the innermost if its shape is right.

    The identity is handed through as a seed in one shape after the other, and must stay visible.
    """
    innermost = x
    while innermost.operation.name in _SAME_ORDER:
        innermost = innermost.inputs[0]
    if innermost.operation is IDENTITY:
        if innermost is x or innermost.shape == parameters["shape"]:
            return innermost
        return ops.reshape(innermost, parameters["shape"])
    while x.operation.name == "reshape":
        x = x.inputs[0]
    return x


def _mm(x: Node, y: Node) -> Node | None:
    """A product with the identity is the other matrix."""
    if _is_identity(x):
        return y
    return x if _is_identity(y) else None


def _is_identity(node: Node) -> bool:
    while node.operation.name in ("transpose", "t"):
        node = node.inputs[0]
    return node.operation is IDENTITY


# The elements as they are, in another shape.
_SAME_ORDER = ("reshape", "view", "unsafe_view", "unsqueeze", "squeeze")

# Those that have parameters; of all others (add with alpha) only the plain form is simplified.
_REARRANGEMENTS = ("expand", "to", "reshape", "transpose")

_SHORTCUTS: dict[str, Callable[..., Node | None]] = {
    "mul": _mul,
    "add": _add,
    "sub": _sub,
    "div": _first_if_one,
    "pow": _first_if_one,
    "neg": _neg,
    "expand": _unchanged,
    "to": _unchanged,
    "reshape": _reshape,
    "transpose": _transpose,
    "mm": _mm,
}
