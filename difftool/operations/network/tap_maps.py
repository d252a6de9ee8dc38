"""Linear operations made of `taps`: their types, kernels and rules, each of them its own adjoint.

`average_pooling` and `interpolation` are such operations.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.network.pooling_windows import leading
from difftool.operations.network.taps import Map, intermediate, mapped, mapped_back
from difftool.operations.registry import Array, Operation, Type


def linear_map(
    signature: str,
    grad_fn: Callable[[Any], str],
    way: Callable[..., Map],
    dimensions: Callable[[Any], int],
    spare: int = 1,
) -> Operation:
    """A linear operation on the last dimensions, `way(their size, **parameters)`.

    With the parameter `back`, those dimensions' size, it is the adjoint. The parameters tell
    `grad_fn` and the number of `dimensions`; the terms of its sums need `spare` arrays.
    """

    def infer(input: Node, *, back: Shape | None = None, **form: Any) -> Type:
        count = dimensions(form)
        given = input.shape[input.ndim - count :]
        shape = way(given, **form).size if back is None else back
        wide = float32 if input.dtype == float16 else None
        lead = input.shape[: input.ndim - count]
        return Type((*lead, *shape), input.dtype, wide, {"back": back, **form})

    def kernel(x: Array, *, back: Shape | None, **form: Any) -> Array:
        if back is not None:
            return mapped_back(x, way(back, **form))
        return mapped(x, way(x.shape[x.ndim - dimensions(form) :], **form))

    def rule(g: Node, out: Node, x: Node, *, back: Shape | None, **form: Any) -> Node:
        there = x.shape[x.ndim - dimensions(form) :] if back is None else None
        return operation(g, back=there, **form)

    def axes(node: Node) -> Axes:
        return leading(node, dimensions(node.parameters))

    def scratch(node: Node) -> float:
        """Results in between, the next terms to be added, and what is divided on the way back."""
        x, form = node.inputs[0], node.parameters
        count = dimensions(form)
        given, size = x.shape[x.ndim - count :], node.shape[x.ndim - count :]
        lead = prod(x.shape[: x.ndim - count])
        if form["back"] is None:
            filled = intermediate(lead, given, size)
        else:
            filled = intermediate(lead, given[::-1], size[::-1])
            filled = max(filled, x.size) if filled else x.size
        return (filled + node.size * spare) / max(x.size, node.size, 1)

    operation = Operation(
        (signature,),
        kernel,
        infer,
        (rule,),
        grad_fn=lambda node: grad_fn(node.parameters),
        batch=batch.from_the_right,
        axes=axes,
        scratch=scratch,
        meaning="",
        example="",
    )
    return operation
