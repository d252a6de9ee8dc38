"""Picking: values that a function finds at places along one dimension, with those places.

`sort`, `topk`, `median` and their like give values and indices. Finding the indices is an operation
that passes no gradient; the values are taken from the input by them, and the gradient goes back to
where each value came from. The families declare the pairs, in `sorting`, `order_statistics` and
`running_extremes`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import int64
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Array, Operation, Type, ops
from difftool.operations.shapes import normal_dim, reduced_shape


class Picked(NamedTuple):
    """What such a function gives: PyTorch's pair of results, named after the function."""

    values: Node
    indices: Node


def _type(input: Node, index: Node, *, dim: int, keepdim: bool) -> Type:
    return Type(index.shape, input.dtype, None, {"dim": dim, "keepdim": keepdim})


def _take(x: Array, index: Array, *, dim: int, keepdim: bool) -> Array:
    if not x.ndim:
        return x
    if keepdim:
        return np.take_along_axis(x, index, dim)
    return np.take_along_axis(x, np.expand_dims(index, dim), dim).squeeze(dim)


def _back(g: Node, out: Node, x: Node, index: Node, *, dim: int, keepdim: bool) -> Node:
    """Each value's gradient at the place it was taken from; what was taken twice is added up."""
    if not x.ndim:
        return g
    if not keepdim:
        g, index = ops.unsqueeze(g, dim=dim), ops.unsqueeze(index, dim=dim)
    gradient: Node = ops.scatter_add(zeros_for(g, x.shape), index, g, dim=dim)
    return gradient


def _batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    operands = batch.rows(node, inputs, size)
    if not node.inputs[0].shape:
        return operands[0]
    dim = node.parameters["dim"] + 1
    return batch.again(node, operands, (size, *node.shape), {"dim": dim})


def _layout(node: Node, strides: Strides, of_index: Strides) -> Strides:
    """As many values as there are elements keep the order of their memory; fewer are packed."""
    if node.shape == node.inputs[0].shape:
        return layout.preserved(node, strides)
    return layout.contiguous(node.shape)


def picked(name: str, grad_fn: str) -> Operation:
    """The values of the function `name`: of `input`, at the places `index` along `dim`.

    `index` has the values' shape; with `keepdim` False that lacks the dimension `dim`.
    """
    return Operation(
        (f"{name}(input, index: IndexTensor, dim: int, keepdim: bool = True)",),
        _take,
        _type,
        (_back, None),
        grad_fn=grad_fn,
        layout=_layout,
        batch=_batch,
        axes=axes.along,
        meaning="",
        example="",
    )


def along(input: Node, dim: int, keepdim: bool) -> tuple[Shape, int]:
    """The shape after reducing the one dimension `dim`, and `dim` counted from the front."""
    dim = normal_dim(dim, input.ndim)
    return reduced_shape(input.shape, (dim,), keepdim), dim


def one_place(input: Node, *, dim: int, keepdim: bool, **others: object) -> Type:
    """The type rule of an index for each row along `dim`."""
    shape, dim = along(input, dim, keepdim)
    return Type(shape, int64, None, {"dim": dim, "keepdim": keepdim, **others})


def length(input: Node, dim: int) -> int:
    """How many elements stand along `dim`, counted from the front; a 0-d tensor has one."""
    return input.shape[dim] if input.ndim else 1


def require_elements(function: str, input: Node, dim: int) -> None:
    """Refuse to choose from a dimension without elements."""
    if not length(input, dim):
        raise DifftoolError(
            f"{function} of a tensor of shape {input.shape} has no elements to choose from",
            kind="shape",
            hint="take a dimension that is not empty",
        )
