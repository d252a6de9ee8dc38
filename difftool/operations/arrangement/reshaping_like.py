"""Reshaping to sizes from elsewhere: a shape in place of one dimension, or that of another tensor.

They are made of the functions of `reshaping`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import broadcast, normal_dim


@composite(
    "unflatten(input, dim: int, sizes: Size)",
    example="unflatten(arange(6), 0, (2, 3))",
    checks=(Check("unflatten(x, 1, (2, -1)) ^ 2", {"x": (2, 4)}),),
)
def unflatten(input: Node, dim: int, sizes: Sequence[int]) -> Node:
    """One dimension as several; one of their sizes may be -1, to be worked out."""
    dim = normal_dim(dim, input.ndim)
    if not sizes or input.ndim == 0:
        raise DifftoolError(
            f"unflatten can't make sizes {tuple(sizes)} of a dimension of shape {input.shape}",
            kind="shape",
            hint="give the sizes that dim is made of",
        )
    known = prod([size for size in sizes if size != -1])
    length = input.shape[dim]
    fits = known == length if -1 not in sizes else known and length % known == 0
    if not fits or list(sizes).count(-1) > 1:
        raise DifftoolError(
            f"sizes {tuple(sizes)} don't multiply up to the {length} elements of dimension {dim}",
            kind="shape",
            hint="one of them may be -1, to be worked out",
        )
    sizes = [length // known if size == -1 else size for size in sizes]
    unfolded: Node = ops.view(input, (*input.shape[:dim], *sizes, *input.shape[dim + 1 :]))
    return unfolded


@composite("view_as(input, other)", example="view_as(arange(4), ones(2, 2))")
def view_as(input: Node, other: Node) -> Node:
    """view with the shape of another tensor."""
    viewed: Node = ops.view(input, other.shape)
    return viewed


@composite("reshape_as(input, other)", example="reshape_as(arange(4), ones(2, 2))")
def reshape_as(input: Node, other: Node) -> Node:
    """reshape to the shape of another tensor."""
    reshaped: Node = ops.reshape(input, other.shape)
    return reshaped


@composite("type_as(input, other)", example="type_as(arange(4), ones(1))")
def type_as(input: Node, other: Node) -> Node:
    """A tensor in the dtype of another."""
    converted: Node = ops.to(input, dtype=other.dtype)
    return converted


@composite(
    "sum_to_size(input, *size: int)",
    example="sum_to_size(ones(2, 3), 1, 3)",
    checks=(
        Check("sum_to_size(x, 3) ^ 2", {"x": (2, 3)}),
        Check("sum_to_size(x, 2, 1) ^ 2", {"x": (2, 3)}),
    ),
)
def sum_to_size(input: Node, size: Sequence[int]) -> Node:
    """The sum over the dimensions along which a tensor of `size` would be broadcast."""
    shape: Shape = tuple(size)
    if min(shape, default=0) < 0 or not _expands(shape, input.shape):
        raise DifftoolError(
            f"a tensor of shape {shape} does not expand to {input.shape}, so that this could be "
            "summed to it",
            kind="shape",
            hint="each size, counted from the last, is 1 or the tensor's own",
        )
    if not shape:
        whole: Node = ops.sum(input)
        return whole
    leading = input.ndim - len(shape)
    dims = [
        axis
        for axis, length in enumerate(input.shape)
        if axis < leading or (shape[axis - leading] == 1 and length != 1)
    ]
    summed: Node = ops.sum(input, dim=tuple(dims), keepdim=True) if dims else input
    return ops.view(summed, shape) if leading else summed


def _expands(shape: Shape, target: Shape) -> bool:
    if len(shape) > len(target):
        return False
    try:
        return broadcast(shape, target) == target
    except DifftoolError:
        return False
