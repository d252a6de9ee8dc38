"""Shapes: the same elements under another shape, or broadcast to a larger one.

The strides PyTorch would have (graph.layout) decide which nodes `reshape`, `view`, `flatten`
and `ravel` make. What changes the order of the elements or dimensions is in `reordering`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape, building
from difftool.operations import axes, batch, batch_places
from difftool.operations.arrangement import element_bytes
from difftool.operations.axes import Axes
from difftool.operations.declare import copied, same
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import (
    distinct_dims,
    new_dim,
    normal_dim,
    possible_shape,
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


def _back(g: Node, out: Node, x: Node, **parameters: Any) -> Node:
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
    (_back,),
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
    (_back,),
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
    (_back,),
    view=True,
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


# ----- Dimensions of size 1 -----


def _unsqueezed(input: Node, *, dim: int) -> Type:
    dim = new_dim(dim, input.ndim)
    shape = possible_shape((*input.shape[:dim], 1, *input.shape[dim:]))
    return Type(shape, input.dtype, None, {"dim": dim})


def _unsqueezed_layout(node: Node, strides: Strides) -> Strides:
    dim, shape = node.parameters["dim"], node.inputs[0].shape
    stride = shape[dim] * strides[dim] if dim < len(shape) else 1
    return (*strides[:dim], stride, *strides[dim:])


unsqueeze = Operation(
    ("unsqueeze(input, dim: int)",),
    lambda x, *, dim: np.expand_dims(x, dim),
    _unsqueezed,
    (_back,),
    view=True,
    rearranges=True,
    layout=_unsqueezed_layout,
    checks=(
        Check("unsqueeze(x, -1) ^ 2", {"x": (2, 3)}),
        Check("unsqueeze(x, 0) ^ 2", {"x": ()}),
    ),
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="With a new dimension of size 1 at dim.",
    example="unsqueeze([1, 2, 3], 0)",
)


def _dropped(shape: Shape, dim: int | tuple[int, ...] | None) -> tuple[int, ...]:
    """The dimensions that `squeeze` leaves out: those it is asked for that have size 1."""
    if dim is None:
        dim = tuple(range(len(shape)))
    elif isinstance(dim, int):
        dim = (dim,)
    return tuple([axis for axis in dim if axis < len(shape) and shape[axis] == 1])


def _squeezed(input: Node, *, dim: int | Sequence[int] | None = None) -> Type:
    if isinstance(dim, int):
        dim = normal_dim(dim, input.ndim)
    elif dim is not None:
        dim = distinct_dims(dim, input.ndim)
    gone = _dropped(input.shape, dim)
    shape = tuple([size for axis, size in enumerate(input.shape) if axis not in gone])
    # A block of a longer dimension may be 1 long, and keeps it.
    return Type(shape, input.dtype, None, {"dim": dim, "dropped": gone})


def _squeezed_layout(node: Node, strides: Strides) -> Strides:
    gone = node.parameters["dropped"]
    return tuple([stride for axis, stride in enumerate(strides) if axis not in gone])


def _squeeze_grad_fn(node: Node) -> str:
    """PyTorch has one overload without dim, one for a number and one for several."""
    dim = node.parameters["dim"]
    return f"SqueezeBackward{0 if dim is None else 1 if isinstance(dim, int) else 2}"


def _squeezed_axes(node: Node) -> Axes:
    """As of a reshape; what it may leave out is whole, as a block of it can be of size 1."""
    dim = node.parameters["dim"]
    asked = range(node.inputs[0].ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    result, (own,), _ = axes.reshaped(node)
    whole = {own[axis] for axis in asked if axis < len(own)}
    return Axes(
        tuple([None if label in whole else label for label in result]),
        (tuple([None if label in whole else label for label in own]),),
    )


squeeze = Operation(
    ("squeeze(input, dim: Dims | None = None)", "squeeze(input, *dim: int)"),
    lambda x, *, dim, dropped: np.squeeze(x, dropped),
    _squeezed,
    (_back,),
    grad_fn=_squeeze_grad_fn,
    view=True,
    rearranges=True,
    layout=_squeezed_layout,
    checks=(
        Check("squeeze(x) ^ 2", {"x": (1, 2, 1)}),
        Check("squeeze(x, 0) ^ 2", {"x": (1, 2, 1)}),
        Check("squeeze(x, (0, 2)) ^ 2", {"x": (1, 2, 1)}),
    ),
    batch=batch.reshaped,
    axes=_squeezed_axes,
    meaning="Without the dimensions of size 1: all of them, or those among dim.",
    example="squeeze([[1, 2, 3]])",
)


# ----- Broadcasting -----


def _expanded(input: Node, *, shape: Sequence[int]) -> Type:
    missing = len(shape) - input.ndim
    if missing < 0:
        raise _no_expansion(input, shape, "give a size for each dimension; -1 leaves it as it is")
    full = list(shape)
    for axis, wanted in enumerate(shape):
        own = input.shape[axis - missing] if axis >= missing else None
        if wanted == -1 and own is not None:
            full[axis] = own
        elif wanted < 0:
            raise _no_expansion(input, shape, f"dimension {axis} is new: give its size")
        elif own not in (None, 1, wanted):
            raise _no_expansion(
                input, shape, f"dimension {axis} is {wanted}, it must be {own}: only 1 is widened"
            )
    size = possible_shape(tuple(full))
    return Type(size, input.dtype, None, {"shape": size})


def _no_expansion(input: Node, shape: Sequence[int], hint: str) -> DifftoolError:
    return DifftoolError(
        f"a tensor of shape {input.shape} does not expand to {tuple(shape)}",
        kind="shape",
        hint=hint,
    )


def _expanded_layout(node: Node, strides: Strides) -> Strides:
    """Stride 0 where elements repeat; ATen's inferExpandGeometry."""
    own = node.inputs[0].shape
    missing = node.ndim - len(own)
    result = [0] * node.ndim
    for axis in reversed(range(node.ndim)) if own else ():
        size = own[axis - missing] if axis >= missing else 1
        if size == node.shape[axis]:
            following = node.shape[axis + 1] * result[axis + 1] if axis < missing else 0
            result[axis] = strides[axis - missing] if axis >= missing else following
    return tuple(result)


expand = Sized(
    ("expand(input, *size: int)",),
    lambda x, *, shape: np.broadcast_to(x, shape),
    _expanded,
    (lambda g, out, x, *, shape: g,),  # the derivative walk sums what was broadcast
    narrow=True,
    view=True,
    layout=_expanded_layout,
    checks=(
        Check("expand(x, (2, 3)) ^ 2", {"x": (3,)}),
        Check("expand(x, 4, -1, 3) ^ 2", {"x": (2, 1)}),
        Check("expand(x, 2) ^ 2", {"x": ()}),
    ),
    batch=batch_places.expand,
    axes=axes.expanded,
    meaning="Broadcast to a larger shape; -1 leaves a size as it is.",
    example="expand([1, 2, 3], (2, 3))",
)


@composite("broadcast_to(input, *size: int)", example="broadcast_to([1, 2, 3], (2, 3))")
def broadcast_to(input: Node, size: Sequence[int]) -> Node:
    """Broadcast to a larger shape, as expand."""
    return expand(input, size)


@composite("expand_as(input, other)", example="expand_as([1, 2, 3], ones(2, 3))")
def expand_as(input: Node, other: Node) -> Node:
    """Broadcast to the shape of another tensor."""
    return expand(input, other.shape)
