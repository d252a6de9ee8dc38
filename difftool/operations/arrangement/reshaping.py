"""Reshaping: the same elements in the same order under another shape.

The strides PyTorch would have (graph.layout) decide which nodes `reshape`, `view`, `flatten`
and `ravel` make. `size_one` has dimensions of size 1, and what broadcasts
them, `reordering` what changes the order of elements or dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape, building
from difftool.operations import axes, batch
from difftool.operations.arrangement import element_bytes
from difftool.operations.declare import copied, same
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import (
    normal_dim,
    resolved_size,
)


class Sized(Operation):
    """An operation on a tensor and a shape, which may stand by position, as rules write it.

    PyTorch calls it `shape` in one function and `size` in another; a view may be of a dtype.
    """

    def __call__(self, *operands: Any, **parameters: Any) -> Node:
        input, shape = (*operands, *parameters.values())
        if isinstance(shape, np.dtype):
            return element_bytes.read_as(input, shape)
        return super().__call__(input, shape=shape)


def back(g: Node, out: Node, x: Node, **parameters: Any) -> Node:
    """The gradient in the input's shape: the order of the elements is the same."""
    gradient: Node = ops.reshape(g, x.shape)
    return gradient


# ----- Reshaping -----


class Reshape(Sized):
    """Where no view is possible a copy comes first, as in PyTorch; derivatives do without it."""

    def __call__(self, *operands: Any, **parameters: Any) -> Node:
        node = super().__call__(*operands, **parameters)
        if building.rewrite is None and _view_strides(node.inputs[0], node.shape) is None:
            return unsafe_view(contiguous(node.inputs[0]), node.shape)
        return node


class Contiguous(Operation):
    """A copy only if there is something to change."""

    def __call__(self, *operands: Any, **parameters: Any) -> Node:
        (input,) = operands
        unchanged = isinstance(input, Node) and layout.is_contiguous(input)
        return input if unchanged else super().__call__(input)


def _resized(input: Node, *, shape: Sequence[int]) -> Type:
    shape = resolved_size(shape, input.size, input.shape)
    return Type(shape, input.dtype, None, {"shape": shape})


def _viewed(input: Node, *, shape: Sequence[int]) -> Type:
    type_ = _resized(input, shape=shape)
    if _view_strides(input, type_.shape) is None:
        raise DifftoolError(
            f"no view of shape {type_.shape}: the elements of this tensor of shape {input.shape} "
            "do not stand in that order in memory",
            kind="shape",
            hint="use .reshape(...), which copies where it has to",
        )
    return type_


def _view_strides(input: Node, shape: Shape) -> Strides | None:
    return layout.viewed(input.shape, layout.strides(input), shape)


def _resized_layout(node: Node, strides: Strides) -> Strides:
    viewed = layout.viewed(node.inputs[0].shape, strides, node.shape)
    return layout.contiguous(node.shape) if viewed is None else viewed


def _resize(x: Array, *, shape: Shape) -> Array:
    return np.reshape(x, shape)


reshape = Reshape(
    ("reshape(input, *shape: int)",),
    _resize,
    _resized,
    (back,),
    grad_fn=lambda node: (
        "ViewBackward0" if layout.is_contiguous(node.inputs[0]) else "ReshapeAliasBackward0"
    ),
    view=True,
    rearranges=True,
    layout=_resized_layout,
    checks=(
        Check("reshape(x, (3, 2)) ^ 2", {"x": (2, 3)}),
        Check("reshape(x.T, -1) ^ 2", {"x": (2, 3)}),
        Check("reshape(x, 1, 1) ^ 2", {"x": ()}),
    ),
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="The same elements in another shape; one size may be -1, to be worked out.",
    example="reshape(arange(6), (2, -1))",
)

view = Sized(
    ("view(input, *size: int)", "view(input, dtype: DType)"),
    _resize,
    _viewed,
    (back,),
    view=True,
    rearranges=True,
    layout=_resized_layout,
    checks=(Check("view(x, (3, 2)) ^ 2", {"x": (2, 3)}),),
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="reshape, refused where PyTorch would have to copy the elements.",
    example="view(arange(6), (2, -1))",
)

unsafe_view = Sized(
    ("unsafe_view(input, *size: int)",),
    _resize,
    _resized,
    (back,),
    view=True,
    owned=True,
    rearranges=True,
    layout=_resized_layout,
    checks=(Check("unsafe_view(x, (3, 2)) ^ 2", {"x": (2, 3)}),),
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="reshape of a value nobody else has: what a reshape that copies and matmul end with.",
    example="unsafe_view(arange(6), (2, 3))",
)

contiguous = Contiguous(
    ("contiguous(input)",),
    copied,
    same,
    (lambda g, out, x: g,),
    grad_fn="CloneBackward0",
    narrow=True,
    rearranges=True,
    layout=lambda node, strides: layout.contiguous(node.shape),
    checks=(Check("contiguous(x.T) ^ 2", {"x": (2, 3)}),),
    batch=batch.itself,
    meaning="The elements row by row in memory: a copy, unless they stand like that already.",
    example="contiguous(ones(2, 3).T)",
)


@composite(
    "flatten(input, start_dim: int = 0, end_dim: int = -1)",
    example="flatten([[1, 2], [3, 4]])",
    checks=(Check("flatten(x, 1) ^ 2", {"x": (2, 2, 3)}), Check("flatten(x) ^ 2", {"x": ()})),
)
def flatten(input: Node, start_dim: int = 0, end_dim: int = -1) -> Node:
    """The dimensions from start_dim to end_dim as one."""
    start, end = normal_dim(start_dim, input.ndim), normal_dim(end_dim, input.ndim)
    if start > end:
        raise DifftoolError(
            f"flatten can't start at dimension {start_dim} and end at {end_dim}",
            kind="shape",
            hint="start_dim can't come after end_dim",
        )
    if input.ndim == 0:
        return reshape(input, (1,))
    if start == end:
        return input
    length = 1
    for size in input.shape[start : end + 1]:
        length *= size
    return reshape(input, (*input.shape[:start], length, *input.shape[end + 1 :]))


@composite(
    "ravel(input)",
    example="ravel([[1, 2], [3, 4]])",
    checks=(Check("ravel(x.T) ^ 2", {"x": (2, 3)}),),
)
def ravel(input: Node) -> Node:
    """All elements in one dimension."""
    return view(contiguous(input), (input.size,))
