"""Dimensions of size 1: put in, left out, and broadcast to a larger size.

The strides are those PyTorch would have (graph.layout); where an element repeats they are 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch, batch_places
from difftool.operations.arrangement.reshaping import Sized, back
from difftool.operations.axes import Axes
from difftool.operations.registry import Check, Operation, Type, composite
from difftool.operations.shapes import (
    distinct_dims,
    new_dim,
    normal_dim,
    possible_shape,
)

# ----- Put in and left out -----


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
    (back,),
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
    (back,),
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
