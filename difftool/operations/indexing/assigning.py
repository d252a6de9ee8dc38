"""A part of a tensor assigned: what PyTorch's own code does in place within a function.

`vander` and circular `pad` fill an empty tensor part by part; each step is a `CopySlices` in
PyTorch's grad_fn chain. The function here has such nodes; nobody can call it by name.
"""

from __future__ import annotations

from typing import TypeAlias

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.axes import opaque
from difftool.operations.batch import again, rows
from difftool.operations.declare import copied, zeros_for
from difftool.operations.registry import Array, Operation, Rule, Type, ops

Ranges: TypeAlias = tuple[tuple[int, int], ...]


def _type(input: Node, src: Node, *, ranges: Ranges) -> Type:
    return Type(input.shape, input.dtype, input.dtype, {"ranges": ranges})


def _place(ranges: Ranges) -> tuple[slice, ...]:
    return tuple([slice(start, stop) for start, stop in ranges])


def _assign(x: Array, src: Array, *, ranges: Ranges, out: Array | None = None) -> Array:
    result = copied(x, out)
    result[_place(ranges)] = src
    return result


def _part(g: Node, out: Node, x: Node, src: Node, *, ranges: Ranges) -> Node:
    part = g
    for dim, (start, stop) in enumerate(ranges):
        if (start, stop) != (0, g.shape[dim]):
            part = ops.slice(part, dim=dim, start=start, end=stop)
    spread = [dim for dim in range(src.ndim) if src.shape[dim] != part.shape[dim]]
    return ops.sum(part, dim=tuple(spread), keepdim=True) if spread else part


def _batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    ranges = ((0, size), *node.parameters["ranges"])
    return again(node, rows(node, inputs, size), (size, *node.shape), {"ranges": ranges})


def _assignment(*rules: Rule) -> Operation:
    return Operation(
        ("copy_slices(input, src)",),
        _assign,
        _type,
        rules,
        grad_fn="CopySlices",
        batch=_batch,
        axes=opaque,
        meaning="",
        example="",
    )


def _cleared(g: Node, out: Node, x: Node, src: Node, *, ranges: Ranges) -> Node:
    """What was overwritten has no part in the result any more."""
    return assign(g, zeros_for(g, src.shape), ranges=ranges)


assign = _assignment(_cleared, _part)


def _lost(g: Node, out: Node, x: Node, src: Node, *, ranges: Ranges) -> Node:
    raise DifftoolError(
        "there is no gradient here: PyTorch overwrites in place what it would need for it",
        kind="value",
        hint="for powers use linalg.vander(x), and .flip(-1) for the highest one first",
    )


assign_over_what_is_needed = _assignment(_lost, _lost)
