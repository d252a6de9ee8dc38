"""Products of vectors along a dimension, and the Kronecker product.

`products` has those of matrices, and `dot` and `outer` of single vectors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.batch import again, is_batched
from difftool.operations.declare import summed_to
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import (
    broadcast,
    normal_dim,
    refuse_booleans,
    require_float,
    require_one_dtype,
    require_tensors,
)

# ----- The cross product -----


def _cross_type(x: Node, y: Node, *, dim: int = -1) -> Type:
    if x.ndim != y.ndim:
        raise DifftoolError(
            f"cross takes tensors of one number of dimensions, not shapes {x.shape} and {y.shape}",
            kind="shape",
            hint="x[None] puts a dimension in front",
        )
    place = normal_dim(dim, x.ndim)
    if not x.ndim or x.shape[place] != 3 or y.shape[place] != 3:
        raise DifftoolError(
            f"cross takes vectors of length 3, along dimension {dim} of shapes "
            f"{x.shape} and {y.shape}",
            kind="shape",
            hint="dim= names another dimension",
        )
    require_one_dtype("cross", x, y)
    refuse_booleans("cross", x)
    return Type(broadcast(x.shape, y.shape), x.dtype, None, {"dim": place})


def _cross(x: Array, y: Array, *, dim: int) -> Any:
    return np.cross(x, y, axis=dim)


def _cross_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    operands = [
        x if is_batched(node, inputs, place) else ops.unsqueeze(x, dim=0)
        for place, x in enumerate(inputs)
    ]
    return again(node, tuple(operands), (size, *node.shape), {"dim": node.parameters["dim"] + 1})


linalg_cross: Operation = Operation(
    ("linalg.cross(input, other, *, dim: int = -1)",),
    _cross,
    _cross_type,
    (
        lambda g, out, x, y, *, dim: summed_to(linalg_cross(y, g, dim=dim), x.shape),
        lambda g, out, x, y, *, dim: summed_to(linalg_cross(g, x, dim=dim), y.shape),
    ),
    grad_fn="LinalgCrossBackward0",
    checks=(
        Check("linalg.cross(x, y)", {"x": (2, 3), "y": (1, 3)}),
        Check("linalg.cross(x, y, dim=0)", {"x": (3, 1), "y": (3, 2)}),
    ),
    scratch=1,
    batch=_cross_batch,
    axes=axes.along,
    meaning="Cross product of vectors of length 3, along dim.",
    example="linalg.cross([1, 0, 0], [0, 1, 0])",
    latex=r"{} \times {}",
)


@composite(
    "cross(input, other, dim: int | None = None)",
    example="cross([1, 0, 0], [0, 1, 0])",
    checks=(Check("cross(x, y)", {"x": (3, 2), "y": (3, 2)}),),
)
def cross(input: Node, other: Node, dim: int | None = None) -> Node:
    """Cross product of vectors of length 3, along dim or else the first dimension of that size."""
    if dim is None:
        if 3 not in input.shape:
            raise DifftoolError(
                f"cross takes vectors of length 3, and shape {input.shape} has no such dimension",
                kind="shape",
                hint="the first dimension of size 3 is taken, unless dim is given",
            )
        dim = input.shape.index(3)
    return linalg_cross(input, other, dim=dim)


# ----- Others -----


@composite(
    "vecdot(x, y, *, dim: int = -1)",
    example="linalg.vecdot([[1., 2.], [3., 4.]], [[1., 1.], [1., 1.]])",
    checks=(
        Check("vecdot(x, y)", {"x": (2, 3), "y": (3,)}),
        Check("vecdot(x, y)", {"x": (3,), "y": (3,)}),
    ),
)
def vecdot(x: Node, y: Node, dim: int = -1) -> Node:
    """Sums of the products of vectors' elements along dim, broadcasting over the others."""
    require_float(x, "vecdot")
    require_one_dtype("vecdot", x, y)
    if (x.ndim, y.ndim) == (1, 1):
        return ops.vdot(x, y)
    return ops.sum(x * y, dim=(dim,))


@composite(
    "kron(input, other)",
    example="kron([1, 10], [1, 2, 3])",
    checks=(
        Check("kron(x, y)", {"x": (2, 2), "y": (3, 1)}),
        Check("kron(x, y)", {"x": (2,), "y": (2, 2)}),
    ),
)
def kron(input: Node, other: Node) -> Node:
    """Kronecker product: every product of two elements, blockwise in the order of the first."""
    require_tensors("kron", other)
    ndim = max(input.ndim, other.ndim)
    first = (1,) * (ndim - input.ndim) + input.shape
    second = (1,) * (ndim - other.ndim) + other.shape
    left = ops.unsafe_view(input, tuple([size for length in first for size in (length, 1)]))
    right = ops.unsafe_view(other, tuple([size for length in second for size in (1, length)]))
    lengths = tuple([x * y for x, y in zip(first, second, strict=True)])
    products = left * right
    if layout.viewed(products.shape, layout.strides(products), lengths) is None:
        raise DifftoolError(
            f"kron can't view its products, of shape {products.shape}, as {lengths}: "
            "they do not stand row by row in memory",
            kind="shape",
            hint="use .contiguous() on a transposed tensor",
        )
    return ops.unsafe_view(products, lengths)
