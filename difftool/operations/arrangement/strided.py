"""Views by strides: the result says where in the tensor's memory each of its elements is found.

Memory is PyTorch's (graph.layout), in which a transposed tensor stands as the one it was made of.
The adjoint adds up what came from one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided as strided_array

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations.batch import again, rows
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import possible_shape, refuse_integer_gradient

# What shows a part of its input's memory, and what shows all of it, in PyTorch.
_PARTS = frozenset(
    (
        "as_strided",
        "diagonal",
        "expand",
        "select",
        "slice",
        "split",
        "split_with_sizes",
        "unbind",
        "unfold",
        "unsafe_split",
        "unsafe_split_with_sizes",
    )
)
_WHOLE = frozenset(
    (
        "alias",
        "detach",
        "permute",
        "reshape",
        "squeeze",
        "t",
        "transpose",
        "unsafe_view",
        "unsqueeze",
        "view",
    )
)


def _memory(input: Node, storage_offset: int | None) -> Strides:
    """The strides of a tensor whose memory `as_strided` reads: it has neither gap nor overlap.

    A part of another tensor counts as one only if nobody asks where it stands in that.
    """
    source = input
    while source.operation.name in _WHOLE and source.inputs:
        source = source.inputs[0]
    strides = layout.strides(input)
    is_part = source.operation.name in _PARTS and storage_offset is not None
    if is_part or not layout.dense(input.shape, strides):
        raise DifftoolError(
            "as_strided reads the memory of a whole tensor, and this one is a view of a part of "
            "another, or shows elements several times",
            kind="value",
            hint="call it on the whole tensor, or on a .clone() of the part",
        )
    return strides


def _by_strides_type(
    input: Node,
    *,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
    memory: Strides | None = None,
) -> Type:
    memory = _memory(input, storage_offset) if memory is None else memory
    offset = storage_offset or 0
    size, stride = tuple(size), tuple(stride)
    if len(size) != len(stride) or min((*size, *stride, offset, 0)) < 0:
        raise DifftoolError(
            f"as_strided can't have size {size}, stride {stride} and storage_offset {offset}",
            kind="argument",
            hint="there is a stride for each size, and none is negative",
        )
    last = offset + sum([(n - 1) * step for n, step in zip(size, stride, strict=True)])
    if 0 not in size and last >= input.size:
        raise DifftoolError(
            f"as_strided reads element {last} of a memory of {input.size}",
            kind="index",
            hint="storage_offset + sum((size - 1) * stride) is less than the number of elements",
        )
    parameters = {"size": size, "stride": stride, "storage_offset": offset, "memory": memory}
    return Type(possible_shape(size), input.dtype, None, parameters)


def _in_memory(x: Array, memory: Strides) -> Array:
    """The elements in the order of memory, in one dimension: a view of x where it can be."""
    order = sorted(range(x.ndim), key=lambda axis: (-memory[axis], -x.shape[axis]))
    return np.transpose(x, order).reshape(-1)


def _from_memory(flat: Array, shape: Shape, memory: Strides) -> Array:
    """The reverse of `_in_memory`."""
    order = sorted(range(len(shape)), key=lambda axis: (-memory[axis], -shape[axis]))
    ordered = flat.reshape([shape[axis] for axis in order])
    return np.transpose(ordered, np.argsort(order))


def _by_strides(
    x: Array, *, size: Shape, stride: Strides, storage_offset: int, memory: Strides
) -> Array:
    flat = _in_memory(x, memory)
    if 0 in size:
        return np.empty(size, x.dtype)
    steps = [
        step * flat.strides[0] if count > 1 else 0
        for count, step in zip(size, stride, strict=True)
    ]
    return strided_array(flat[storage_offset:], size, steps, writeable=False)


def _places(size: Shape, stride: Strides, storage_offset: int) -> Array:
    """The place in memory of each element."""
    if 0 in size:
        return np.zeros(size, np.int64)
    places = np.full((1,) * len(size), storage_offset)
    for axis, (count, step) in enumerate(zip(size, stride, strict=True)):
        own = np.arange(count) * (step if count > 1 else 0)
        places = places + own.reshape(-1, *(1,) * (len(size) - axis - 1))
    return places


def _by_strides_back(
    g: Node,
    out: Node,
    x: Node,
    *,
    size: Shape,
    stride: Strides,
    storage_offset: int,
    memory: Strides,
) -> Node:
    return _added(
        g, shape=x.shape, stride=stride, storage_offset=storage_offset, memory=memory
    )


def _batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """A batch of tensors is one memory, in which they stand one after the other."""
    length = node.inputs[0].size
    changed = {
        "size": (size, *node.parameters["size"]),
        "stride": (length, *node.parameters["stride"]),
        "memory": (length, *node.parameters["memory"]),
    }
    return again(node, rows(node, inputs, size), (size, *node.shape), changed)


as_strided = Operation(
    ("as_strided(input, size: Size, stride: Size, storage_offset: int | None = None)",),
    _by_strides,
    _by_strides_type,
    (_by_strides_back,),
    view=True,
    layout=lambda node, strides: node.parameters["stride"],
    batch=_batch,
    checks=(
        Check("as_strided(x, (2, 2), (1, 2), 1) ^ 2", {"x": (2, 3)}),
        Check("as_strided(x.T, (3, 3), (1, 1)) ^ 2", {"x": (2, 3)}),
    ),
    meaning="Elements by their places in memory: storage_offset, and a stride for each dimension.",
    example="as_strided(arange(6), (2, 2), (1, 2))",
)


def _add(
    g: Array, *, shape: Shape, stride: Strides, storage_offset: int, memory: Strides
) -> Array:
    flat = np.zeros(prod(shape), g.dtype)
    np.add.at(flat, _places(g.shape, stride, storage_offset), g)
    return np.array(_from_memory(flat, shape, memory))


def _add_type(
    g: Node, *, shape: Shape, stride: Strides, storage_offset: int, memory: Strides
) -> Type:
    parameters = {
        "shape": shape, "stride": stride, "storage_offset": storage_offset, "memory": memory
    }
    return Type(shape, g.dtype, None, parameters)


def _add_back(
    g: Node, out: Node, x: Node, *, shape: Shape, stride: Strides, **place: object
) -> Node:
    gradient: Node = ops.as_strided(g, size=x.shape, stride=stride, **place)
    return gradient


def _add_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    shape = (size, *node.shape)
    changed = {
        "shape": shape,
        "stride": (node.size, *node.parameters["stride"]),
        "memory": (node.size, *node.parameters["memory"]),
    }
    return again(node, inputs, shape, changed)


_added = Operation(
    ("as_strided_backward(input)",),
    _add,
    _add_type,
    (_add_back,),
    batch=_add_batch,
    scratch=1,
    meaning="",
    example="",
)


def _require_apart(size: Shape, stride: Strides) -> None:
    """Refuse strides by which two elements may stand in one place, where they are written to."""
    reach = 0
    for step, count in sorted(zip(stride, size, strict=True)):
        if count > 1:
            if step <= reach:
                raise DifftoolError(
                    f"size {size} and stride {stride} put several elements in one place",
                    kind="value",
                    hint="which of them would be left there is not defined",
                )
            reach += step * (count - 1)


def _put_type(
    input: Node,
    src: Node,
    *,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
    memory: Strides | None = None,
) -> Type:
    if memory is None and input.requires_grad and not layout.is_contiguous(input):
        raise DifftoolError(
            "as_strided_scatter takes a contiguous tensor where a gradient is required",
            kind="value",
            hint="call it on .contiguous()",
        )
    place = _by_strides_type(
        input, size=size, stride=stride, storage_offset=storage_offset, memory=memory
    )
    if src.shape != place.shape:
        raise DifftoolError(
            f"as_strided_scatter replaces a part of shape {place.shape}, src has {src.shape}",
            kind="shape",
            hint="src must have the shape of what it replaces",
        )
    refuse_integer_gradient(src, input.dtype, "the conversion of src in as_strided_scatter")
    _require_apart(place.shape, tuple(stride))
    return Type(input.shape, input.dtype, input.dtype, place.parameters)


def _put(
    x: Array, src: Array, *, size: Shape, stride: Strides, storage_offset: int, memory: Strides
) -> Array:
    flat = np.array(_in_memory(x, memory))
    flat[_places(size, stride, storage_offset)] = src
    return np.array(_from_memory(flat, x.shape, memory))


as_strided_scatter = Operation(
    (
        "as_strided_scatter(input, src, size: Size, stride: Size, "
        "storage_offset: int | None = None)",
    ),
    _put,
    _put_type,
    (
        lambda g, out, x, src, **place: ops.as_strided_scatter(
            g, zeros_for(g, src.shape), **place
        ),
        lambda g, out, x, src, **place: ops.as_strided(g, **place),
    ),
    layout=layout.memory_kept,
    batch=_batch,
    scratch=1,
    checks=(Check("as_strided_scatter(x, y, (2, 2), (1, 2)) ^ 2", {"x": (2, 3), "y": (2, 2)}),),
    meaning="input with src in place of what as_strided shows.",
    example="as_strided_scatter(zeros(2, 3), ones(2), (2,), (3,))",
)
