"""Windows: a view of a tensor in which a window slides along a dimension; and its adjoint.

Where windows overlap an element stands in several; the adjoint adds up what came from it.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided as strided_array

from difftool.errors import DifftoolError
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import axes
from difftool.operations.batch import again
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import normal_dim, possible_shape


def _windows_type(input: Node, *, dimension: int, size: int, step: int) -> Type:
    dim = normal_dim(dimension, input.ndim)
    length = input.shape[dim] if input.ndim else 1
    if not 0 <= size <= length or step < 1:
        raise DifftoolError(
            f"unfold has no windows of size {size} in steps of {step} in dimension {dim}, which "
            f"has {length} elements",
            kind="shape" if step > 0 else "value",
            hint="the size is no larger than the dimension, the step greater than zero",
        )
    count = (length - size) // step + 1
    shape = (*input.shape[:dim], count, *input.shape[dim + 1 :], size) if input.ndim else (size,)
    parameters = {"dimension": dim, "size": size, "step": step}
    return Type(possible_shape(shape), input.dtype, None, parameters)


def _windows(x: Array, *, dimension: int, size: int, step: int) -> Array:
    if x.ndim == 0:
        return x.reshape(1)[:size]
    count = (x.shape[dimension] - size) // step + 1
    shape = (*x.shape[:dimension], count, *x.shape[dimension + 1 :], size)
    own = x.strides
    step = min(step, x.shape[dimension])  # a larger one leads nowhere
    strides = (*own[:dimension], own[dimension] * step, *own[dimension + 1 :], own[dimension])
    return strided_array(x, shape, strides, writeable=False)


def _windows_layout(node: Node, strides: Strides) -> Strides:
    if not strides:
        return (1,)
    dim, step = node.parameters["dimension"], node.parameters["step"]
    return (*strides[:dim], strides[dim] * step, *strides[dim + 1 :], strides[dim])


def _windows_axes(node: Node) -> axes.Axes:
    (x,) = node.inputs
    dim = node.parameters["dimension"]
    own = tuple([None if axis == dim else axis for axis in range(x.ndim)])
    return axes.Axes((*own, None)[-node.ndim :], (own,))


def _windows_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    if node.inputs[0].ndim == 0:
        batch: Node = ops.reshape(inputs[0], (size, *node.shape))
        return batch
    moved = {"dimension": node.parameters["dimension"] + 1}
    return again(node, inputs, (size, *node.shape), moved)


def _windows_back(
    g: Node, out: Node, x: Node, *, dimension: int, size: int, step: int
) -> Node:
    return _folded(g, shape=x.shape, dimension=dimension, step=step)


unfold = Operation(
    ("unfold(input, dimension: int, size: int, step: int)",),
    _windows,
    _windows_type,
    (
        _windows_back,
    ),
    view=True,
    layout=_windows_layout,
    batch=_windows_batch,
    axes=_windows_axes,
    checks=(
        Check("unfold(x, 0, 2, 1) ^ 2", {"x": (4,)}),
        Check("unfold(x, -1, 2, 3) ^ 2", {"x": (2, 5)}),
        Check("unfold(x, 0, 3, 2) ^ 2", {"x": (6, 2)}),
    ),
    meaning="Windows of one size along a dimension, a step apart; each is a last dimension.",
    example="unfold(arange(5), 0, 2, 1)",
)


def _fold(g: Array, *, shape: Shape, dimension: int, step: int) -> Array:
    """Each element the sum of what the windows over it hold."""
    if not shape:
        whole: Array = g.sum(-1)
        return whole
    result = np.zeros(shape, g.dtype)
    target = np.moveaxis(result, dimension, -1)
    windows = np.moveaxis(g, dimension, -2)
    count, size = windows.shape[-2:]
    # Window by window, or place by place in all windows at once: whichever are fewer.
    if count < size:
        for window in range(count):
            target[..., window * step : window * step + size] += windows[..., window, :]
    else:
        for place in range(size):
            target[..., place : place + step * (count - 1) + 1 : step] += windows[..., place]
    return result


def _fold_type(g: Node, *, shape: Shape, dimension: int, step: int) -> Type:
    return Type(shape, g.dtype, None, {"shape": shape, "dimension": dimension, "step": step})


def _fold_back(
    g: Node, out: Node, x: Node, *, shape: Shape, dimension: int, step: int
) -> Node:
    gradient: Node = ops.unfold(g, dimension=dimension, size=x.shape[-1], step=step)
    return gradient


def _fold_axes(node: Node) -> axes.Axes:
    dim = node.parameters["dimension"]
    own = tuple([None if axis == dim else axis for axis in range(node.ndim)])
    return axes.Axes(own, ((*own, None),), "shape")


def _fold_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    if node.ndim == 0:
        batch: Node = ops.sum(inputs[0], dim=(1,))
        return batch
    shape = (size, *node.shape)
    dimension = node.parameters["dimension"] + 1
    return again(node, inputs, shape, {"shape": shape, "dimension": dimension})


_folded = Operation(
    ("unfold_backward(input)",),
    _fold,
    _fold_type,
    (_fold_back,),
    batch=_fold_batch,
    axes=_fold_axes,
    meaning="",
    example="",
)
