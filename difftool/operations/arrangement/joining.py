"""Joining: several tensors as one, along a dimension they have or along a new one."""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch, batch_places
from difftool.operations.registry import Array, Check, Operation, Rule, Type, constant, ops
from difftool.operations.shapes import (
    new_dim,
    normal_dim,
    possible_shape,
    require_some,
    result_dtype,
)


def _is_placeholder(shape: Shape) -> bool:
    """A tensor of shape (0,) joins tensors of any shape and adds nothing, as in PyTorch."""
    return shape == (0,)


def _joined(*tensors: Node, dim: int = 0) -> Type:
    require_some("cat", tensors)
    if any(node.ndim == 0 for node in tensors):
        raise DifftoolError(
            "cat can't join 0-d tensors",
            kind="shape",
            hint="use stack, which gives them a new dimension",
        )
    dtype = result_dtype(tensors)
    shapes = [node.shape for node in tensors if not _is_placeholder(node.shape)]
    if not shapes:
        return Type((0,), dtype, dtype, {"dim": 0})
    first = shapes[0]
    dim = normal_dim(dim, len(first))
    for shape in shapes:
        if shape[:dim] != first[:dim] or shape[dim + 1 :] != first[dim + 1 :]:
            raise DifftoolError(
                f"shapes {first} and {shape} can't be joined along dimension {dim}",
                kind="shape",
                hint=f"they must be equal but for dimension {dim}",
            )
    length = sum([shape[dim] for shape in shapes])
    return Type((*first[:dim], length, *first[dim + 1 :]), dtype, dtype, {"dim": dim})


def _join(*arrays: Array, dim: int, out: Array | None = None) -> Array:
    parts = [x for x in arrays if not _is_placeholder(x.shape)] or arrays[:1]
    return np.concatenate(parts, dim, out)


def _part(position: int) -> Rule:
    """The gradient of the tensor at `position`: the part of g that it takes up."""

    def rule(g: Node, out: Node, *tensors: Node, dim: int) -> Node:
        own = tensors[position]
        if _is_placeholder(own.shape):
            return constant(0.0, g.dtype)
        before = [node for node in tensors[:position] if not _is_placeholder(node.shape)]
        start = sum([node.shape[dim] for node in before])
        gradient: Node = ops.slice(g, dim=dim, start=start, end=start + own.shape[dim])
        return gradient

    return rule


cat = Operation(
    ("cat(tensors: Tensors, dim: int = 0)",),
    _join,
    _joined,
    _part,
    aliases=("concat", "concatenate"),
    rearranges=True,
    layout=layout.joined,
    checks=(
        Check("cat([x, y]) ^ 2", {"x": (2, 3), "y": (1, 3)}),
        Check("cat([x, y, x], -1) ^ 2", {"x": (2, 1), "y": (2, 3)}),
    ),
    batch=batch_places.cat,
    axes=axes.along,
    meaning="Tensors joined along a dimension they have.",
    example="cat([[1, 2], [3]])",
)


def _stacked(*tensors: Node, dim: int = 0) -> Type:
    require_some("stack", tensors)
    shape = tensors[0].shape
    for node in tensors:
        if node.shape != shape:
            raise DifftoolError(
                f"stack needs tensors of one shape, got {shape} and {node.shape}",
                kind="shape",
                hint="use cat for tensors that differ along one dimension",
            )
    dim = new_dim(dim, len(shape))
    dtype = result_dtype(tensors)
    shape = possible_shape((*shape[:dim], len(tensors), *shape[dim:]))
    return Type(shape, dtype, dtype, {"dim": dim})


def _layer(position: int) -> Rule:
    """The gradient of the tensor at `position`: its layer of g."""

    def rule(g: Node, out: Node, *tensors: Node, dim: int) -> Node:
        gradient: Node = ops.select(g, dim=dim, index=position)
        return gradient

    return rule


def _stack(*arrays: Array, dim: int, out: Array | None = None) -> Array:
    return np.stack(arrays, dim, out)


stack = Operation(
    ("stack(tensors: Tensors, dim: int = 0)",),
    _stack,
    _stacked,
    _layer,
    rearranges=True,
    checks=(
        Check("stack([x, y]) ^ 2", {"x": (2, 3), "y": (2, 3)}),
        Check("stack([x, y], -1) ^ 2", {"x": (2,), "y": (2,)}),
        Check("stack([x, y]) ^ 2", {"x": (), "y": ()}),
    ),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="Tensors of one shape joined along a new dimension.",
    example="stack([[1, 2], [3, 4]], 1)",
)
