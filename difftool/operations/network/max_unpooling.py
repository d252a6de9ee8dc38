"""Max unpooling: elements put back where max pooling found them, zeros elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.network.pooling_windows import leading
from difftool.operations.network.windows import Lengths, for_each, require_dims
from difftool.operations.registry import Array, Check, Composite, Operation, Type, ops
from difftool.operations.shapes import dtype_name, possible_shape, require_float


def _unpool_type(input: Node, index: Node, *, size: Shape) -> Type:
    shape = possible_shape((*input.shape[: input.ndim - len(size)], *size))
    return Type(shape, input.dtype, None, {"size": size})


def _unpool(x: Array, index: Array, *, size: Shape) -> Array:
    lead = x.shape[: x.ndim - len(size)]
    places, count = prod(size), prod(x.shape[len(lead) :])
    flat = index.reshape(prod(lead), count)
    if flat.size and (flat.min() < 0 or flat.max() >= places):
        wrong = flat[(flat < 0) | (flat >= places)]
        raise DifftoolError(
            f"index {int(wrong[0])} is none of the {places} places of {size}",
            kind="index",
            hint="indices are those that max pooling returned; output_size may be larger",
        )
    result = np.zeros((prod(lead), places), x.dtype)
    result[np.arange(len(result))[:, None], flat] = x.reshape(prod(lead), count)
    return result.reshape(*lead, *size)


def _unpool_rule(g: Node, out: Node, x: Node, index: Node, size: Shape) -> Node:
    """What stands where each element was put."""
    lead = x.shape[: x.ndim - len(size)]
    count = prod(x.shape[len(lead) :])
    flat: Node = ops.reshape(g, (*lead, prod(size)))
    taken = ops.gather(flat, ops.reshape(index, (*lead, count)), dim=len(lead))
    return ops.reshape(taken, x.shape)


def _axes(node: Node) -> Axes:
    return leading(node, len(node.parameters["size"]))


_max_unpool = Operation(
    ("max_unpool(input, indices: IndexTensor, size: Size)",),
    _unpool,
    _unpool_type,
    (_unpool_rule, None),
    grad_fn=lambda node: f"MaxUnpool{len(node.parameters['size'])}DBackward0",
    batch=lambda node, inputs, size: batch.again(
        node, batch.rows(node, inputs, size), (size, *node.shape)
    ),
    axes=_axes,
    scratch=1,
    meaning="",
    example="",
)


def _output_size(
    function: str, default: Sequence[int], stride: Shape, wanted: Sequence[int] | None
) -> Shape:
    """The size of the result: one of those that pooling brings to the input's."""
    if wanted is None:
        return tuple(default)
    count = len(default)
    size = tuple(wanted[2:] if len(wanted) == count + 2 else wanted)
    fits = len(size) == count and all(
        [
            length - step < each < length + step
            for each, length, step in zip(size, default, stride, strict=True)
        ]
    )
    if not fits:
        raise DifftoolError(
            f"{function} can't give the size {tuple(wanted)}",
            kind="argument",
            hint=f"it is {tuple(default)}, with less than a stride more or less: {stride}",
        )
    return size


def _unpooling(count: int) -> Composite:
    name = f"max_unpool{count}d"

    def compose(
        input: Node,
        indices: Node,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        output_size: Sequence[int] | None = None,
    ) -> Node:
        require_dims(name, input, count)
        require_float(input, name)
        if indices.dtype != int64 or indices.shape != input.shape:
            raise DifftoolError(
                f"{name} takes an index for each element, of int64: "
                f"not {indices.shape} of {dtype_name(indices.dtype)} for {input.shape}",
                kind="shape" if indices.dtype == int64 else "dtype",
                hint="max pooling gives them with return_indices=True",
            )
        kernel = for_each(kernel_size, count, "kernel_size")
        steps = kernel if stride is None else for_each(stride, count, "stride")
        pads = for_each(padding, count, "padding", 0)
        default = [
            (length - 1) * step + reach - 2 * pad
            for length, step, reach, pad in zip(
                input.shape[-count:], steps, kernel, pads, strict=True
            )
        ]
        size = _output_size(name, default, steps, output_size)
        if count == 1:
            tall = [ops.unsqueeze(each, dim=-1) for each in (input, indices)]
            result: Node = ops.squeeze(_max_unpool(*tall, size=(*size, 1)), dim=-1)
            return result
        return _max_unpool(input, indices, size=size)

    ones, places = ", ".join(["1"] * count), "[" * (count + 1) + "3" + "]" * (count + 1)
    example: Any = f"{name}(ones(1, {ones}), tensor({places}), 2)"
    return Composite(
        (
            f"{name}(input, indices: IndexTensor, kernel_size: Size, stride: Size | None = None, "
            "padding: Size = 0, output_size: Size | None = None)",
        ),
        compose,
        meaning="Elements back in the places that max pooling took them from, zeros elsewhere.",
        example=example if count > 1 else example.replace("3", "1"),
        checks=(
            Check(
                f"{name}(x, tensor({'[' * count}{'[0], [1]' if count == 1 else '[0, 5]'}"
                f"{']' * count}), 2) ^ 2",
                {"x": (2, 1) if count == 1 else (1,) * count + (2,)},
            ),
        ),
    )


max_unpool1d = _unpooling(1)
max_unpool2d = _unpooling(2)
max_unpool3d = _unpooling(3)
