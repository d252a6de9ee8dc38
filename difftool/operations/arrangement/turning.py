"""Turning and mirroring: quarter turns, flips by name, and transposes under further names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.batch import again
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim

# ----- Quarter turns -----


def _turned(input: Node, *, k: int = 1, dims: Sequence[int] = (0, 1)) -> Type:
    if len(dims) != 2 or input.ndim < 2:
        raise DifftoolError(
            f"rot90 turns two dimensions, not {tuple(dims)} of a tensor of shape {input.shape}",
            kind="shape",
            hint="dims=(0, 1) turns a matrix from its rows towards its columns",
        )
    first, second = [normal_dim(dim, input.ndim) for dim in dims]
    if first == second:
        raise DifftoolError(
            f"rot90 turns two different dimensions, not {tuple(dims)}",
            kind="shape",
            hint="name each dimension once",
        )
    shape = list(input.shape)
    if k % 2:
        shape[first], shape[second] = shape[second], shape[first]
    return Type(tuple(shape), input.dtype, None, {"k": k % 4, "dims": (first, second)})


def _turn(x: Array, *, k: int, dims: tuple[int, int]) -> Array:
    return np.rot90(x, k, dims)


def _turned_layout(node: Node, strides: Strides) -> Strides:
    """ATen flips, which keeps the format, and transposes; no turn is a copy row by row."""
    k, (first, second) = node.parameters["k"], node.parameters["dims"]
    if k == 0:
        return layout.contiguous(node.shape)
    x = node.inputs[0]
    kept = strides if layout.dense(x.shape, strides) else layout.ordered(x.shape, [strides])
    if k == 2:
        return kept
    exchanged = list(kept)
    exchanged[first], exchanged[second] = kept[second], kept[first]
    return tuple(exchanged)


def _turned_back(g: Node, out: Node, x: Node, *, k: int, dims: tuple[int, int]) -> Node:
    gradient: Node = ops.rot90(g, k=-k, dims=dims)
    return gradient


def _turned_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    dims = tuple([dim + 1 for dim in node.parameters["dims"]])
    return again(node, inputs, (size, *node.shape), {"dims": dims})


def _besides_turned(node: Node) -> axes.Axes:
    dims = node.parameters["dims"]
    labels = tuple([None if axis in dims else axis for axis in range(node.ndim)])
    return axes.Axes(labels, (labels,))


rot90 = Operation(
    ("rot90(input, k: int = 1, dims: Size = (0, 1))",),
    _turn,
    _turned,
    (_turned_back,),
    view=True,
    owned=True,
    rearranges=True,
    layout=_turned_layout,
    batch=_turned_batch,
    axes=_besides_turned,
    checks=(
        Check("rot90(x) ^ 2", {"x": (2, 3)}),
        Check("rot90(x, 3, (1, 0)) ^ 2", {"x": (2, 3)}),
    ),
    meaning="k quarter turns, from the first of dims towards the second.",
    example="rot90([[1, 2], [3, 4]])",
)


# ----- Mirroring -----


def _flipped(function: str, input: Node, dim: int) -> Node:
    if input.ndim <= dim:
        raise DifftoolError(
            f"{function} has no dimension {dim} to reverse in a tensor of shape {input.shape}",
            kind="shape",
            hint="flip takes the dimensions to reverse",
        )
    flipped: Node = ops.flip(input, dims=(dim,))
    return flipped


@composite("fliplr(input)", example="fliplr([[1, 2], [3, 4]])")
def fliplr(input: Node) -> Node:
    """Columns in reverse order: flip along dimension 1."""
    return _flipped("fliplr", input, 1)


@composite("flipud(input)", example="flipud([[1, 2], [3, 4]])")
def flipud(input: Node) -> Node:
    """Rows in reverse order: flip along dimension 0."""
    return _flipped("flipud", input, 0)


# ----- Transposes of matrices -----


def _matrices_transposed(name: str, input: Node) -> Node:
    if input.ndim == 1:
        raise DifftoolError(
            f"{name} takes a matrix or a batch of matrices, not a tensor of shape {input.shape}",
            kind="shape",
            hint="a vector has no transpose; x[None] is a row and x[:, None] a column",
        )
    return ops.transpose(input, dim0=-2, dim1=-1) if input.ndim else input


@composite(
    "adjoint(input)",
    example="adjoint([[1, 2], [3, 4]])",
    checks=(Check("adjoint(x) ^ 2", {"x": (2, 3)}),),
)
def adjoint(input: Node) -> Node:
    """The last two dimensions exchanged; of real numbers this is all there is to do."""
    return _matrices_transposed("adjoint", input)


@composite("mT(input)", example="ones(2, 3, 4).mT")
def mT(input: Node) -> Node:
    """The last two dimensions exchanged; written as an attribute, `x.mT`."""
    return _matrices_transposed("mT", input)


@composite("mH(input)", example="ones(2, 3, 4).mH")
def mH(input: Node) -> Node:
    """The last two dimensions exchanged; written as an attribute, `x.mH`."""
    return _matrices_transposed("mH", input)


@composite("H(input)", example="[[1, 2], [3, 4]].H")
def H(input: Node) -> Node:
    """A matrix transposed; written as an attribute, `x.H`."""
    if input.ndim not in (0, 2):
        raise DifftoolError(
            f"H takes a matrix, not a tensor of shape {input.shape}",
            kind="shape",
            hint="use .mH for a batch of matrices",
        )
    return _matrices_transposed("H", input)
