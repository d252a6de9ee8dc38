"""Padding: a tensor with more elements at the ends of its last dimensions, or with less.

`pad` has a mode for each way to fill them: with a number, with the tensor's own elements mirrored
at its edge (reflect), with the edge itself (replicate), or round from the other end (circular).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Number, Shape
from difftool.operations.axes import Axes
from difftool.operations.batch import again
from difftool.operations.creation.leaves import require_room
from difftool.operations.declare import copied
from difftool.operations.indexing import assigning
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import possible_shape

# What is added before and after, for each dimension from the first on; negative: taken away.
Pads: TypeAlias = tuple[tuple[int, int], ...]


def _by_dimension(pad: Sequence[int], ndim: int) -> Pads:
    """PyTorch's list, which begins with the last dimension, as pairs for all dimensions."""
    if len(pad) % 2 or len(pad) > 2 * ndim:
        raise DifftoolError(
            f"pad={tuple(pad)} does not fit a tensor of {ndim} dimensions",
            kind="argument",
            hint="it has two numbers for each padded dimension, the last dimension first",
        )
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return ((0, 0),) * (ndim - len(pairs)) + tuple(reversed(pairs))


def _padded(shape: Shape, pads: Pads) -> Shape:
    padded = tuple(
        [size + before + after for size, (before, after) in zip(shape, pads, strict=True)]
    )
    if any([size < 0 for size in padded]):
        raise DifftoolError(
            f"a tensor of shape {shape} can't be padded to {padded}",
            kind="shape",
            hint="negative numbers take elements away, no more than there are",
        )
    return possible_shape(padded)


def _unpadded(node: Node) -> Axes:
    """Dimensions to which nothing is added are the same in the result and the operand."""
    pads = node.parameters["pads"]
    labels = tuple([axis if pair == (0, 0) else None for axis, pair in enumerate(pads)])
    return Axes(labels, (labels,))


def _batched(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    pads = ((0, 0), *node.parameters["pads"])
    return again(node, inputs, (size, *node.shape), {"pads": pads})


def _common(pads: Pads) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Where the elements that a tensor and its padded form have in common stand, in each."""
    padded = [
        slice(max(before, 0), None if after <= 0 else -after) for before, after in pads
    ]
    own = [slice(max(-before, 0), None if after >= 0 else after) for before, after in pads]
    return tuple(own), tuple(padded)


# ----- With a number -----


def _constant_type(
    input: Node,
    *,
    pad: Sequence[int] = (),
    value: Number = 0,
    pads: Pads | None = None,
) -> Type:
    pads = _by_dimension(pad, input.ndim) if pads is None else pads
    shape = _padded(input.shape, pads)
    require_room([value], input.dtype)
    return Type(shape, input.dtype, None, {"pads": pads, "value": value})


def _constant_pad(x: Array, *, pads: Pads, value: Number, out: Array | None = None) -> Array:
    shape = [size + sum(pair) for size, pair in zip(x.shape, pads, strict=True)]
    # As PyTorch's fill_ does it: a number with a point is cut off in integers.
    with np.errstate(over="ignore", invalid="ignore"):
        filling = np.asarray(value).astype(x.dtype)
    result = copied(np.broadcast_to(filling, shape), out)
    own, padded = _common(pads)
    result[padded] = x[own]
    return result


def _constant_back(g: Node, out: Node, x: Node, *, pads: Pads, value: Number) -> Node:
    """The elements' own gradients; those taken away have none."""
    back = tuple([(-before, -after) for before, after in pads])
    gradient: Node = ops.constant_pad_nd(g, pads=back)
    return gradient


def _constant_layout(node: Node, strides: Strides) -> Strides:
    """Without anything added ATen clones a part of the input; else images keep their format."""
    if all([before <= 0 and after <= 0 for before, after in node.parameters["pads"]]):
        if layout.dense(node.shape, strides):
            return strides
        return layout.ordered(node.shape, [strides])
    return layout.suggested(node, strides)


constant_pad_nd = Operation(
    ("constant_pad_nd(input, pad: Size, value: Number = 0)",),
    _constant_pad,
    _constant_type,
    (_constant_back,),
    layout=_constant_layout,
    batch=_batched,
    axes=_unpadded,
    checks=(
        Check("constant_pad_nd(x, (1, 2), 3) ^ 2", {"x": (2, 3)}),
        Check("constant_pad_nd(x, (-1, 1, 2, -1)) ^ 2", {"x": (2, 3)}),
    ),
    meaning="So many elements of one value before and after, the last dimension first.",
    example="constant_pad_nd([[1, 2], [3, 4]], (1, 1), 7)",
)


# ----- With the tensor's own elements -----


def _sources(length: int, before: int, after: int, mirrored: bool) -> Array:
    """The place in the tensor of each element along a padded dimension.

    Places beyond an end are brought back: to as far inside the tensor, or to its edge.
    """
    places = np.arange(-before, length + after)
    if mirrored:
        places = np.abs(places)
        return np.where(places >= length, 2 * (length - 1) - places, places)
    return np.clip(places, 0, length - 1)


def _edge_pad(x: Array, *, pads: Pads, mirrored: bool, dimensions: int) -> Array:
    first = min([dim for dim, pair in enumerate(pads) if pair != (0, 0)], default=x.ndim)
    places = [_sources(x.shape[dim], *pads[dim], mirrored) for dim in range(first, x.ndim)]
    return x[(slice(None),) * first + np.ix_(*places)] if places else x.copy()


def _edge_type(input: Node, *, pads: Pads, mirrored: bool, dimensions: int) -> Type:
    parameters = {"pads": pads, "mirrored": mirrored, "dimensions": dimensions}
    return Type(_padded(input.shape, pads), input.dtype, None, parameters)


def _add_back(g: Array, *, pads: Pads, mirrored: bool, dimensions: int) -> Array:
    """What came from one element is added up in its place, dimension by dimension."""
    for dim in reversed(range(g.ndim)):
        if pads[dim] != (0, 0):
            g = np.moveaxis(_added_along(np.moveaxis(g, dim, 0), *pads[dim], mirrored), 0, dim)
    return np.array(g)


def _added_along(g: Array, before: int, after: int, mirrored: bool) -> Array:
    length = g.shape[0] - before - after
    result = np.zeros((length, *g.shape[1:]), g.dtype)
    (own,), (padded,) = _common(((before, after),))
    result[own] = g[padded]
    if before > 0:
        if mirrored:
            result[1 : before + 1] += g[:before][::-1]
        else:
            result[0] += g[:before].sum(0)
    if after > 0:
        if mirrored:
            result[length - 1 - after : length - 1] += g[-after:][::-1]
        else:
            result[-1] += g[-after:].sum(0)
    return result


def _added_type(g: Node, *, pads: Pads, mirrored: bool, dimensions: int) -> Type:
    shape = tuple(
        [size - before - after for size, (before, after) in zip(g.shape, pads, strict=True)]
    )
    parameters = {"pads": pads, "mirrored": mirrored, "dimensions": dimensions}
    return Type(shape, g.dtype, None, parameters)


def _edge_name(node: Node) -> str:
    """PyTorch has a function for each number of dimensions: ReflectionPad2DBackward0."""
    mode = "Reflection" if node.parameters["mirrored"] else "Replication"
    return f"{mode}Pad{node.parameters['dimensions']}DBackward0"


def _edge_rule(g: Node, out: Node, x: Node, **how: Any) -> Node:
    return _edge_back(g, **how)


# Each other's adjoints.
_edge = Operation(
    ("pad(input)",),
    _edge_pad,
    _edge_type,
    (_edge_rule,),
    grad_fn=_edge_name,
    layout=layout.suggested,
    batch=_batched,
    axes=_unpadded,
    meaning="",
    example="",
)
_edge_back = Operation(
    ("pad_back(input)",),
    _add_back,
    _added_type,
    (lambda g, out, x, **how: _edge(g, **how),),
    batch=_batched,
    axes=_unpadded,
    scratch=1,
    meaning="",
    example="",
)


def _require_fit(input: Node, pad: Sequence[int], mode: str) -> Pads:
    """What reflect, replicate and circular ask for; the pads of each dimension."""
    count = len(pad) // 2
    if len(pad) not in (2, 4, 6) or input.ndim not in (count + 1, count + 2):
        raise DifftoolError(
            f"pad={tuple(pad)} in mode {mode} does not fit a tensor of shape {input.shape}",
            kind="shape",
            hint="it pads the last one, two or three dimensions of a tensor that has one or two "
            "more: channels, or a batch of them",
        )
    pads = _by_dimension(pad, input.ndim)
    shape = _padded(input.shape, pads)
    if mode != "circular" and 0 in (*input.shape[-count - 1 :], *shape[-count:]):
        raise DifftoolError(
            f"mode {mode} can't pad a tensor of shape {input.shape} to {shape}",
            kind="shape",
            hint="only a batch may be empty",
        )
    if mode != "circular" and input.dtype == boolean:
        raise DifftoolError(
            f"mode {mode} does not pad booleans",
            kind="dtype",
            hint="pad numbers, for example x.byte(), and convert them back with .bool()",
        )
    for dim in range(input.ndim - count, input.ndim):
        most = input.shape[dim] - (mode == "reflect")
        if mode != "replicate" and max(pads[dim]) > most:
            raise DifftoolError(
                f"mode {mode} can't add {pads[dim]} to dimension {dim} of {input.shape}",
                kind="shape",
                hint=f"it has at most {most} elements to add there",
            )
    return pads


def _whole(shape: Shape) -> list[tuple[int, int]]:
    return [(0, size) for size in shape]


def _circular(input: Node, pads: Pads, count: int) -> Node:
    """An empty tensor filled in place, as ATen does it: the middle, then end by end."""
    shape = _padded(input.shape, pads)
    padded = list(reversed(range(input.ndim)))[:count]
    middle, part = _whole(shape), input
    for dim in padded:
        before, after = pads[dim]
        middle[dim] = (max(before, 0), shape[dim] - max(after, 0))
        end = input.shape[dim] - max(-after, 0)
        part = ops.slice(part, dim=dim, start=max(-before, 0), end=end)
    result: Node = ops.zeros(shape, dtype=input.dtype)
    result = assigning.assign(result, part, ranges=tuple(middle))
    for dim in padded:
        before, after = pads[dim]
        size, first, last = shape[dim], max(before, 0), max(after, 0)
        if before > 0:
            part = ops.slice(result, dim=dim, start=size - before - last, end=size - last)
            result = assigning.assign(result, part, ranges=_at(shape, dim, 0, before))
        if after > 0:
            part = ops.slice(result, dim=dim, start=first, end=first + after)
            result = assigning.assign(result, part, ranges=_at(shape, dim, size - after, size))
    return result


def _at(shape: Shape, dim: int, start: int, stop: int) -> assigning.Ranges:
    ranges = _whole(shape)
    ranges[dim] = (start, stop)
    return tuple(ranges)


@composite(
    "pad(input, pad: Size, mode: str = 'constant', value: Number | None = None)",
    example="pad([[1, 2, 3]], (2, 1), 'reflect')",
    checks=(
        Check("pad(x, (1, 2), 'reflect') ^ 2", {"x": (2, 3)}),
        Check("pad(x, (1, 0, 2, -1), 'replicate') ^ 2", {"x": (2, 3, 2)}),
        Check("pad(x, (1, 2), 'circular') ^ 2", {"x": (1, 3)}),
    ),
)
def pad(
    input: Node, pad: Sequence[int], mode: str = "constant", value: Number | None = None
) -> Node:
    """More elements at both ends: of one value, or by mode reflect, replicate or circular."""
    if mode == "constant":
        return constant_pad_nd(input, pad=pad, value=value or 0)
    if mode not in ("reflect", "replicate", "circular"):
        raise DifftoolError(
            f"pad has no mode {mode!r}",
            kind="value",
            hint="it has 'constant', 'reflect', 'replicate' and 'circular'",
        )
    if value:
        raise DifftoolError(
            f"pad takes no value in mode {mode}",
            kind="argument",
            hint="leave it out; mode 'constant' fills with a value",
        )
    pads = _require_fit(input, pad, mode)
    if mode == "circular":
        return _circular(input, pads, len(pad) // 2)
    return _edge(input, pads=pads, mirrored=mode == "reflect", dimensions=len(pad) // 2)
