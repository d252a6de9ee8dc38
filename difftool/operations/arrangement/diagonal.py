"""Diagonals and triangles of matrices, and their adjoints."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.declare import copied, zeros_for
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim, possible_shape, refuse_integer_gradient


def _two_dims(dim1: int, dim2: int, ndim: int) -> tuple[int, int]:
    """Two different dimensions, counted from the front."""
    if ndim < 2:
        raise DifftoolError(
            f"a {ndim}-d tensor has no diagonal",
            kind="shape",
            hint="it takes a matrix or a batch of matrices",
        )
    first, second = normal_dim(dim1, ndim), normal_dim(dim2, ndim)
    if first == second:
        raise DifftoolError(
            f"the dimensions of a diagonal can't both be {first}",
            kind="shape",
            hint="give two different dimensions as dim1 and dim2",
        )
    return first, second


def _within(offset: int, rows: int, columns: int) -> int:
    """The nearest diagonal that touches the matrix's edge, for one however far beyond it."""
    return max(-rows, min(offset, columns))


# ----- Reading and writing a diagonal -----


def _diagonal_type(input: Node, *, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Type:
    dim1, dim2 = _two_dims(dim1, dim2, input.ndim)
    kept = [size for dim, size in enumerate(input.shape) if dim not in (dim1, dim2)]
    rows, columns = input.shape[dim1], input.shape[dim2]
    offset = _within(offset, rows, columns)
    length = min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns)
    parameters = {"offset": offset, "dim1": dim1, "dim2": dim2}
    return Type((*kept, max(length, 0)), input.dtype, None, parameters)


def _diagonal_layout(node: Node, strides: Strides) -> Strides:
    first, second = node.parameters["dim1"], node.parameters["dim2"]
    kept = [stride for dim, stride in enumerate(strides) if dim not in (first, second)]
    return (*kept, strides[first] + strides[second])


def _diagonal(x: Array, *, offset: int, dim1: int, dim2: int) -> Array:
    return np.diagonal(x, offset, dim1, dim2)


def _diagonal_back(g: Node, out: Node, x: Node, **place: Any) -> Node:
    gradient: Node = ops.diagonal_scatter(zeros_for(g, x.shape), g, **place)
    return gradient


diagonal = Operation(
    ("diagonal(input, offset: int = 0, dim1: int = 0, dim2: int = 1)",),
    _diagonal,
    _diagonal_type,
    (_diagonal_back,),
    view=True,
    layout=_diagonal_layout,
    checks=(
        Check("diagonal(x) ^ 2", {"x": (2, 3)}),
        Check("diagonal(x, 1, -1, 0) ^ 2", {"x": (3, 2, 4)}),
    ),
    batch=batch.moved("dim1", "dim2"),
    axes=axes.diagonals,
    meaning="The elements on a diagonal of two dimensions, as a last dimension.",
    example="diagonal([[1, 2], [3, 4]])",
)

diagonal_copy = Operation(
    ("diagonal_copy(input, offset: int = 0, dim1: int = 0, dim2: int = 1)",),
    _diagonal,
    _diagonal_type,
    (_diagonal_back,),
    grad_fn="DiagonalBackward0_copy",
    view=True,
    owned=True,
    checks=(Check("diagonal_copy(x, -1) ^ 2", {"x": (3, 2)}),),
    batch=batch.moved("dim1", "dim2"),
    axes=axes.diagonals,
    meaning="diagonal, as a tensor with memory of its own; what diag of a matrix makes.",
    example="diagonal_copy([[1, 2], [3, 4]])",
)


def _diagonal_put_type(input: Node, src: Node, **place: Any) -> Type:
    part, _, _, parameters = _diagonal_type(input, **place)
    if src.shape != part:
        raise DifftoolError(
            f"the diagonal has shape {part}, src has {src.shape}",
            kind="shape",
            hint="src must have the shape of what it replaces",
        )
    refuse_integer_gradient(src, input.dtype, "the conversion of src in diagonal_scatter")
    return Type(input.shape, input.dtype, input.dtype, parameters)


def _diagonal_put(
    x: Array, src: Array, *, offset: int, dim1: int, dim2: int, out: Array | None = None
) -> Array:
    result = copied(x, out)
    _write_diagonal(result, src, offset, dim1, dim2)
    return result


def _write_diagonal(target: Array, values: Array, offset: int, dim1: int, dim2: int) -> None:
    """Put `values` on a diagonal of `target`."""
    matrices = np.moveaxis(target, (dim1, dim2), (-2, -1))
    place = np.arange(values.shape[-1])
    matrices[..., place + max(-offset, 0), place + max(offset, 0)] = values


diagonal_scatter = Operation(
    ("diagonal_scatter(input, src, offset: int = 0, dim1: int = 0, dim2: int = 1)",),
    _diagonal_put,
    _diagonal_put_type,
    (
        lambda g, out, x, src, **place: ops.diagonal_scatter(g, zeros_for(g, src.shape), **place),
        lambda g, out, x, src, **place: ops.diagonal(g, **place),
    ),
    layout=layout.memory_kept,
    checks=(Check("diagonal_scatter(x, y, 1) ^ 2", {"x": (2, 3), "y": (2,)}),),
    batch=batch.moved("dim1", "dim2"),
    axes=axes.diagonals,
    meaning="input with src on its diagonal.",
    example="diagonal_scatter(zeros(2, 2), ones(2))",
)


# ----- Matrices from their diagonal -----


def _embedded(input: Node, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Type:
    if input.ndim == 0:
        raise DifftoolError(
            "diag_embed needs the elements of a diagonal in a dimension, not a 0-d tensor",
            kind="shape",
            hint="x[None] is a tensor of shape (1,)",
        )
    dim1, dim2 = _two_dims(dim1, dim2, input.ndim + 1)
    length = input.shape[-1] + abs(offset)
    shape = list(input.shape[:-1])
    for dim in sorted((dim1, dim2)):
        shape.insert(dim, length)
    parameters = {"offset": offset, "dim1": dim1, "dim2": dim2}
    return Type(possible_shape(tuple(shape)), input.dtype, None, parameters)


def _embed(x: Array, *, offset: int, dim1: int, dim2: int) -> Array:
    length = x.shape[-1] + abs(offset)
    matrices = np.zeros((*x.shape[:-1], length, length), x.dtype)
    _write_diagonal(matrices, x, offset, -2, -1)
    return np.moveaxis(matrices, (-2, -1), (dim1, dim2))


diag_embed = Operation(
    ("diag_embed(input, offset: int = 0, dim1: int = -2, dim2: int = -1)",),
    _embed,
    _embedded,
    (lambda g, out, x, **place: ops.diagonal(g, **place),),
    checks=(
        Check("diag_embed(x) ^ 2", {"x": (2, 3)}),
        Check("diag_embed(x, -1, 0, 2) ^ 2", {"x": (2, 3)}),
    ),
    batch=batch.moved("dim1", "dim2"),
    axes=axes.diagonals,
    meaning="Matrices that are zero but for a diagonal, which is the last dimension of input.",
    example="diag_embed([1, 2, 3])",
)


@composite(
    "diag(input, diagonal: int = 0)",
    example="diag([1, 2, 3])",
    checks=(Check("diag(x, 1) ^ 2", {"x": (3,)}), Check("diag(x, -1) ^ 2", {"x": (3, 2)})),
)
def diag(input: Node, diagonal: int = 0) -> Node:
    """The diagonal of a matrix, or the matrix with a vector on its diagonal."""
    if input.ndim == 1:
        return diag_embed(input, offset=diagonal)
    if input.ndim == 2:
        return diagonal_copy(input, offset=diagonal)
    raise DifftoolError(
        f"diag takes a vector or a matrix, not a tensor of shape {input.shape}",
        kind="shape",
        hint="diagonal and diag_embed take batches",
    )


@composite(
    "diagflat(input, offset: int = 0)",
    example="diagflat([[1, 2], [3, 4]])",
    checks=(Check("diagflat(x, -1) ^ 2", {"x": (2, 2)}),),
)
def diagflat(input: Node, offset: int = 0) -> Node:
    """A matrix with all elements of a tensor on a diagonal."""
    return diag_embed(ops.view(ops.contiguous(input), (-1,)), offset=offset)


@composite(
    "linalg.diagonal(input, *, offset: int = 0, dim1: int = -2, dim2: int = -1)",
    "linalg.diagonal(A, *, offset: int = 0, dim1: int = -2, dim2: int = -1)",
    example="linalg.diagonal(ones(2, 3, 3))",
    checks=(Check("linalg.diagonal(x) ^ 2", {"x": (2, 2, 3)}),),
)
def linalg_diagonal(
    input: Node | None = None,
    offset: int = 0,
    dim1: int = -2,
    dim2: int = -1,
    A: Node | None = None,
) -> Node:
    """diagonal of the last two dimensions, unless others are given."""
    x = input if A is None else A
    assert x is not None
    return diagonal(x, offset=offset, dim1=dim1, dim2=dim2)


# ----- Triangles -----


def _triangle(input: Node, *, diagonal: int = 0) -> Type:
    if input.ndim < 2:
        raise DifftoolError(
            f"a tensor of shape {input.shape} has no triangle",
            kind="shape",
            hint="it takes a matrix or a batch of matrices",
        )
    diagonal = _within(diagonal, *input.shape[-2:])
    return Type(input.shape, input.dtype, None, {"diagonal": diagonal})


tril = Operation(
    ("tril(input, diagonal: int = 0)",),
    lambda x, *, diagonal: np.tril(x, diagonal),
    _triangle,
    (lambda g, out, x, *, diagonal: ops.tril(g, diagonal=diagonal),),
    checks=(
        Check("tril(x) ^ 2", {"x": (2, 3)}),
        Check("tril(x, 1) ^ 2", {"x": (2, 2, 3)}),
    ),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="The lower triangle of matrices, up to a diagonal; the rest is zero.",
    example="tril([[1, 2], [3, 4]])",
)

triu = Operation(
    ("triu(input, diagonal: int = 0)",),
    lambda x, *, diagonal: np.triu(x, diagonal),
    _triangle,
    (lambda g, out, x, *, diagonal: ops.triu(g, diagonal=diagonal),),
    checks=(
        Check("triu(x) ^ 2", {"x": (2, 3)}),
        Check("triu(x, -1) ^ 2", {"x": (2, 2, 3)}),
    ),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="The upper triangle of matrices, from a diagonal on; the rest is zero.",
    example="triu([[1, 2], [3, 4]])",
)
