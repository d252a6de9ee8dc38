"""Another order: of dimensions, and of elements, reversed or rolled round.

`turning` has quarter turns and what names matrices, `repetition` copies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node
from difftool.operations import axes, batch_places
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import distinct_dims, normal_dim

# ----- The order of dimensions -----


def _permuted(input: Node, *, dims: Sequence[int]) -> Type:
    if len(dims) != input.ndim:
        raise DifftoolError(
            f"permute needs all {input.ndim} dimensions in their new order, got {tuple(dims)}",
            kind="shape",
            hint="for example .permute(1, 0) for a matrix",
        )
    dims = distinct_dims(dims, input.ndim)
    shape = tuple([input.shape[dim] for dim in dims])
    return Type(shape, input.dtype, None, {"dims": dims})


def _permute_back(g: Node, out: Node, x: Node, *, dims: tuple[int, ...]) -> Node:
    inverse = tuple(sorted(range(len(dims)), key=dims.__getitem__))
    gradient: Node = ops.permute(g, dims=inverse)
    return gradient


permute = Operation(
    ("permute(input, *dims: int)",),
    lambda x, *, dims: np.transpose(x, dims),
    _permuted,
    (_permute_back,),
    view=True,
    rearranges=True,
    layout=lambda node, strides: tuple([strides[dim] for dim in node.parameters["dims"]]),
    checks=(Check("permute(x, 2, 0, 1) ^ 2", {"x": (2, 3, 2)}),),
    batch=batch_places.permute,
    axes=axes.permuted,
    meaning="All dimensions in another order.",
    example="permute(ones(2, 3, 4), (2, 0, 1))",
)


def _transposed(input: Node, *, dim0: int, dim1: int) -> Type:
    first, second = normal_dim(dim0, input.ndim), normal_dim(dim1, input.ndim)
    shape = _exchanged(input.shape, first, second)
    return Type(shape, input.dtype, None, {"dim0": first, "dim1": second})


def _exchanged(items: tuple[int, ...], first: int, second: int) -> tuple[int, ...]:
    result = list(items)
    if items:
        result[first], result[second] = result[second], result[first]
    return tuple(result)


transpose = Operation(
    ("transpose(input, dim0: int, dim1: int)",),
    lambda x, *, dim0, dim1: np.swapaxes(x, dim0, dim1) if x.ndim else x,
    _transposed,
    (lambda g, out, x, *, dim0, dim1: ops.transpose(g, dim0=dim0, dim1=dim1),),
    aliases=("swapdims",),
    view=True,
    rearranges=True,
    layout=lambda node, strides: _exchanged(
        strides, node.parameters["dim0"], node.parameters["dim1"]
    ),
    checks=(Check("transpose(x, 0, -1) ^ 2", {"x": (2, 3, 2)}),),
    batch=batch_places.transpose,
    axes=axes.transposed,
    meaning="Two dimensions exchanged.",
    example="transpose([[1, 2], [3, 4]], 0, 1)",
)


@composite("swapaxes(input, axis0: int, axis1: int)", example="swapaxes([[1, 2], [3, 4]], 0, 1)")
def swapaxes(input: Node, axis0: int, axis1: int) -> Node:
    """Two dimensions exchanged: NumPy's name of transpose."""
    return transpose(input, dim0=axis0, dim1=axis1)


def _matrix_transposed(input: Node) -> Type:
    if input.ndim > 2:
        raise DifftoolError(
            f"t() takes a matrix, not a tensor of shape {input.shape}",
            kind="shape",
            hint="use .mT for a batch of matrices, or .transpose(dim0, dim1)",
        )
    return Type(input.shape[::-1], input.dtype)


t = Operation(
    ("t(input)",),
    np.transpose,
    _matrix_transposed,
    (lambda g, out, x: ops.t(g),),
    view=True,
    rearranges=True,
    layout=lambda node, strides: strides[::-1],
    checks=(Check("t(x) ^ 2", {"x": (2, 3)}), Check("t(x) ^ 2", {"x": (3,)})),
    batch=batch_places.matrix_transpose,
    axes=axes.reversed_dims,
    meaning="A matrix transposed; a vector and a scalar as they are.",
    example="t([[1, 2], [3, 4]])",
    latex=r"{}^{{\top}}",
)


@composite("T(input)", example="[[1, 2], [3, 4]].T")
def T(input: Node) -> Node:
    """All dimensions in reverse order; written as an attribute, `x.T`."""
    return permute(input, dims=tuple(reversed(range(input.ndim))))


@composite(
    "movedim(input, source: Dims, destination: Dims)",
    example="movedim(ones(2, 3, 4), 0, 2)",
    aliases=("moveaxis",),
    checks=(Check("movedim(x, (0, 1), (2, 0)) ^ 2", {"x": (2, 3, 2)}),),
)
def movedim(input: Node, source: int | Sequence[int], destination: int | Sequence[int]) -> Node:
    """Some dimensions at new places, the others in their order."""
    sources = distinct_dims([source] if isinstance(source, int) else source, input.ndim)
    places = distinct_dims(
        [destination] if isinstance(destination, int) else destination, input.ndim
    )
    if len(sources) != len(places):
        raise DifftoolError(
            f"movedim got {len(sources)} dimensions to move and {len(places)} places for them",
            kind="argument",
            hint="source and destination must be equally long",
        )
    if input.ndim == 0:
        alias: Node = ops.alias(input)
        return alias
    arriving = dict(zip(places, sources, strict=True))
    staying = iter([dim for dim in range(input.ndim) if dim not in sources])
    order = [arriving[dim] if dim in arriving else next(staying) for dim in range(input.ndim)]
    return permute(input, dims=order)


# ----- The order of elements -----


def _flipped(input: Node, *, dims: Sequence[int]) -> Type:
    dims = distinct_dims(dims, input.ndim)
    return Type(input.shape, input.dtype, None, {"dims": dims})


flip = Operation(
    ("flip(input, *dims: int)",),
    lambda x, *, dims: np.flip(x, dims) if x.ndim else x,
    _flipped,
    (lambda g, out, x, *, dims: ops.flip(g, dims=dims),),
    view=True,
    owned=True,
    rearranges=True,
    layout=layout.preserved,
    checks=(Check("flip(x, 0, 1) * x", {"x": (2, 3)}), Check("flip(x, 0) ^ 2", {"x": ()})),
    batch=batch_places.flip,
    axes=axes.along_dims,
    meaning="The order of the elements reversed along dims.",
    example="flip([1, 2, 3], 0)",
)


def _rolled(
    input: Node, *, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None
) -> Type:
    shifts = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = (dims,) if isinstance(dims, int) else tuple(dims or ())
    if not shifts or len(shifts) != (len(dims) or 1):
        raise DifftoolError(
            f"roll got shifts {shifts} for dims {dims}",
            kind="argument",
            hint="give one shift for each dimension; without dims one shift for all elements",
        )
    if dims and not input.ndim:
        raise DifftoolError(
            "roll has no dimension to roll along in a 0-d tensor",
            kind="shape",
            hint="leave dims out",
        )
    dims = tuple([normal_dim(dim, input.ndim) for dim in dims])
    return Type(input.shape, input.dtype, None, {"shifts": shifts, "dims": dims})


def _roll(x: Array, *, shifts: tuple[int, ...], dims: tuple[int, ...]) -> Array:
    return np.roll(x, shifts, dims) if dims else np.roll(x, shifts[0])


def _roll_back(
    g: Node, out: Node, x: Node, *, shifts: tuple[int, ...], dims: tuple[int, ...]
) -> Node:
    gradient: Node = ops.roll(g, shifts=tuple([-shift for shift in shifts]), dims=dims)
    return gradient


roll = Operation(
    ("roll(input, shifts: Dims, dims: Dims | None = None)",),
    _roll,
    _rolled,
    (_roll_back,),
    rearranges=True,
    checks=(
        Check("roll(x, 1) * x", {"x": (2, 3)}),
        Check("roll(x, (1, 2), (0, 1)) * x", {"x": (2, 3)}),
    ),
    batch=batch_places.roll,
    axes=lambda node: axes.along_dims(node) if node.parameters["dims"] else axes.opaque(node),
    meaning="Elements moved on by shifts along dims, those that fall off coming in again.",
    example="roll([1, 2, 3, 4], 1)",
)
