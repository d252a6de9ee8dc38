"""Derivatives of what reduces elements at their places, by an index for each element or slice.

Both ways differ only in how elements are taken and added, which a `Way` says. The formulas are
PyTorch's: at a tie of amax or amin the gradient is shared evenly, and of several zeros in a product
at one place there is no second derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.declare import copied, elementwise, zeros_for
from difftool.operations.registry import Array, Operation, Type, ops


class Way(NamedTuple):
    """How elements come to their places.

    Attributes:
        take: what stands at the places of a tensor like the input, in the shape of the source.
        add: a tensor like the input with a source added.
        reduce: a tensor like the input reduced with a source, as in the call.
        clear: a tensor like the input with zeros at the places.
    """

    take: Callable[[Node], Node]
    add: Callable[[Node, Node], Node]
    reduce: Callable[[Node, Node], Node]
    clear: Callable[[Node], Node]


def input_gradient(
    g: Node, out: Node, x: Node, src: Node, reduce: str, include_self: bool, way: Way
) -> Node:
    """The gradient of `x`, of which `out` is the reduction with `src`, for that of `out`, g."""
    gradient = g
    if reduce == "prod":
        # The product of the others: of everything with zeros of x left out.
        factors: Node = ops.masked_fill(x, ops.eq(x, 0), 1)
        gradient = g * way.reduce(factors, src) / factors
    elif reduce == "mean":
        gradient = g / _counts(g, src, include_self, way)
    elif reduce in ("amax", "amin"):
        own, _, shared = _shared(g, out, x, src, way)
        gradient = own * shared
    return gradient if include_self else way.clear(gradient)


def reduced_source_gradient(
    g: Node, out: Node, x: Node, src: Node, reduce: str, include_self: bool, way: Way
) -> Node:
    """The gradient of `src`, by the same."""
    if reduce == "prod":
        is_zero: Node = ops.eq(src, 0)
        zeros = way.take(way.add(zeros_for(g, x.shape), ops.to(is_zero, dtype=src.dtype)))
        # The only zero at its place has the product of the others as its slope.
        alone: Node = ops.bitwise_and(is_zero, ops.eq(zeros, 1))
        others = way.reduce(x, ops.masked_fill(src, alone, 1))
        gradient: Node = ops.where(
            alone,
            way.take(g * others),
            way.take(g * out) / ops.masked_fill(src, is_zero, 1),
        )
        return _once(gradient, zeros)
    if reduce == "mean":
        return way.take(g) / way.take(_counts(g, src, include_self, way))
    if reduce in ("amax", "amin"):
        _, chosen, shared = _shared(g, out, x, src, way)
        return chosen * way.take(shared)
    return way.take(g)


def _counts(g: Node, src: Node, include_self: bool, way: Way) -> Node:
    """How many elements each element of the result is the mean of."""
    start: Node = ops.full(g.shape, float(include_self), dtype=g.dtype)
    counts = way.add(start, ops.ones(src.shape, dtype=g.dtype))
    filled: Node = ops.masked_fill(counts, ops.eq(counts, 0), 1)
    return filled


def _shared(g: Node, out: Node, x: Node, src: Node, way: Way) -> tuple[Node, Node, Node]:
    """Ones where x and where src are the extreme, and what each of them gets of the gradient."""
    own: Node = ops.to(ops.eq(x, out), dtype=x.dtype)
    chosen: Node = ops.to(ops.eq(src, way.take(out)), dtype=x.dtype)
    return own, chosen, g / way.add(own, chosen)



def _checked(g: Array, zeros: Array, out: Array | None = None) -> Array:
    if np.any(zeros > 1):
        raise DifftoolError(
            "a product has no second derivative where several zeros come to one place",
            kind="value",
            hint="PyTorch refuses it, too; multiply the elements one by one",
        )
    return copied(g, out)


_refusal: Operation = elementwise(
    "first_only(gradient, zeros)",
    _checked,
    (lambda g, out, gradient, zeros: _refusal(g, zeros), None),
    infer=lambda gradient, zeros: Type(gradient.shape, gradient.dtype),
    checks=(),
    meaning="",
    example="",
)

# The gradient itself, which can't be differentiated where `zeros` counts more than one.
_once = elementwise(
    "first_only(gradient, zeros)",
    lambda gradient, zeros, out=None: copied(gradient, out),
    (lambda g, out, gradient, zeros: _refusal(g, zeros), None),
    infer=lambda gradient, zeros: Type(gradient.shape, gradient.dtype),
    checks=(),
    meaning="",
    example="",
)
