"""What in-place operations of programs make: nodes that no function of the language makes.

They are not a family: an expression changes nothing in place. The grad_fn names are PyTorch's.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from difftool.graph.node import Node, Number
from difftool.graph.walk import grad_fn
from difftool.operations.axes import opaque
from difftool.operations.declare import elementwise, flat, same
from difftool.operations.registry import Array, Operation, Type, find


def _filled(x: Array, *, value: Number) -> Array:
    return np.full(x.shape, value, x.dtype)


def _filling(name: str) -> Operation:
    return elementwise(
        "fill_(input, value: Number)",
        _filled,
        (flat,),
        infer=same,
        grad_fn=name,
        checks=(),
        meaning="",
        example="",
    )


_zero = _filling("ZeroBackward0")
_fill = _filling("FillBackward2")


def zeroed(node: Node) -> Node:
    """`x.zero_()`."""
    return _zero(node, value=0)


def filled(node: Node, value: Number) -> Node:
    """`x.fill_(value)`."""
    return _fill(node, value=value)


_copy = elementwise(
    "copy_(input, src)",
    lambda x, y: np.broadcast_to(y, x.shape).astype(x.dtype),
    (flat, lambda g, out, x, y: g),
    infer=lambda x, y: Type(x.shape, x.dtype),
    grad_fn="CopyBackwards",
    checks=(),
    meaning="",
    example="",
)


def copied(node: Node, source: Node) -> Node:
    """`x.copy_(source)`; the source broadcasts to x."""
    return _copy(node, source)


_revalue = elementwise(
    "revalue(input)",
    lambda x, *, value: value,
    (lambda g, out, x, *, value: g,),
    infer=lambda x, *, value: Type(x.shape, x.dtype),
    grad_fn=lambda node: grad_fn(node.inputs[0]) or "",
    axes=opaque,  # the value is a parameter, so all of it
    checks=(),
    meaning="",
    example="",
)


def revalued(node: Node, value: Array) -> Node:
    """Other numbers under the history of `node`: what `x.data.mul_(2)` leaves of a non-leaf."""
    return _revalue(node, value=value)


@cache
def _writing(name: str) -> Operation:
    where = find("where")
    assert isinstance(where, Operation)
    return Operation(
        ("where(condition, input, other)",),
        where.kernel,
        where.infer,
        where.rules,
        grad_fn=name,
        narrow=True,
        meaning="",
        example="",
    )


def written(mask: Node, values: Node, base: Node, name: str) -> Node:
    """`base` with `values` where the mask says so, in PyTorch by a backward function `name`."""
    return _writing(name)(mask, values, base)
