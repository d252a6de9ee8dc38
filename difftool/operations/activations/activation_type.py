"""What activation functions take: floating-point tensors, which don't change in place."""

from __future__ import annotations

from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.declare import widened
from difftool.operations.registry import Type
from difftool.operations.shapes import require_float


def refuse_in_place(inplace: bool) -> None:
    """Refuse `inplace=True`."""
    if inplace:
        raise DifftoolError(
            "tensors do not change in place",
            kind="unsupported",
            hint="leave inplace=True out and use the result",
        )


def activated(input: Node, *, inplace: bool = False, **parameters: Any) -> Type:
    """The type of an activation of a floating-point tensor."""
    require_float(input, "an activation function")
    refuse_in_place(inplace)
    return widened(input)._replace(parameters=parameters)
