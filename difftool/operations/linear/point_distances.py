"""Distances of points: the p-norms of the differences between rows, for all pairs of rows.

For p = 0 it is the number of coordinates that differ. Where two points coincide, and for p = inf
in ties, the derivative is PyTorch's: 0 for equal points, all of it for each tied coordinate.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import batch_products
from difftool.operations.axes import Axes, Labels
from difftool.operations.declare import summed_to, zeros_for
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import broadcast, require_float, require_one_dtype

# Coordinates of differences that are held at once.
PIECE = 2**15

_MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)

# From so many points on PyTorch computes Euclidean distances by a product of matrices.
_MANY = 25


def _norms(differences: Array, p: float) -> Any:
    """The p-norms over the last dimension, computed in the place of `differences`."""
    if p == 0:
        return np.count_nonzero(differences, axis=-1)
    if p == 2:
        return np.sqrt(np.einsum("...i,...i->...", differences, differences))
    size = np.abs(differences, out=differences)
    if p == inf:
        return np.max(size, axis=-1, initial=0)
    if p == 1:
        return np.sum(size, axis=-1)
    return np.power(np.sum(np.power(size, p, out=size), axis=-1), 1 / p)


def _slopes(differences: Node, norms: Node, p: float) -> Node:
    """The derivatives of the norms by the differences, over the last dimension."""
    norms = ops.unsqueeze(norms, dim=-1)
    sign = ops.sign(differences)
    if p == 1:
        return sign
    size = ops.abs(differences)
    if p == inf:
        return sign * ops.eq(size, norms)
    equal = ops.eq(norms, 0)
    # No quotient is nan, so that no second derivative is where it doesn't count.
    scale = ops.where(equal, 1, norms)
    if p == 2:
        powers = differences / scale
    elif p > 2:
        powers = differences * size ** (p - 2) / scale ** (p - 1)
    else:
        powers = sign * size ** (p - 1) / scale ** (p - 1)
    if p < 1:
        equal = ops.eq(differences, 0)
    return ops.where(equal, 0, powers)


def _require_order(p: float, function: str) -> None:
    if p < 0 or isnan(p):
        raise DifftoolError(
            f"{function} takes a p that is not negative, not {p}",
            kind="argument",
            hint="2 is Euclid's distance, inf the largest coordinate's",
        )


# ----- Between the rows of two matrices -----


def _cdist_type(x: Node, y: Node, *, p: float) -> Type:
    for node in (x, y):
        if node.ndim < 2:
            raise DifftoolError(
                f"cdist takes matrices of points, not a tensor of shape {node.shape}",
                kind="shape",
                hint="x[None] puts a dimension in front",
            )
        require_float(node, "cdist")
    if x.shape[-1] != y.shape[-1]:
        raise DifftoolError(
            f"cdist takes points of one number of coordinates, not {x.shape[-1]} and "
            f"{y.shape[-1]}",
            kind="shape",
            hint="the last dimensions must be equal",
        )
    _require_order(p, "cdist")
    require_one_dtype("cdist", x, y)
    batch = broadcast(x.shape[:-2], y.shape[:-2])
    return Type((*batch, x.shape[-2], y.shape[-2]), x.dtype)


def _pieces(count: int, each: int) -> Iterator[slice]:
    """Parts of a range, of `each` coordinates an item."""
    step = max(1, PIECE // max(each, 1))
    return (slice(start, start + step) for start in range(0, count, step))


def _cdist(x: Array, y: Array, *, p: float) -> Array:
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    result = np.empty((*batch, x.shape[-2], y.shape[-2]), x.dtype)
    for rows in _pieces(x.shape[-2], prod(batch) * y.shape[-2] * y.shape[-1]):
        differences = x[..., rows, None, :] - y[..., None, :, :]
        result[..., rows, :] = _norms(differences, p)
    return result


def _pair_slopes(g: Node, out: Node, x: Node, y: Node, p: float) -> Node:
    differences = ops.unsqueeze(x, dim=-2) - ops.unsqueeze(y, dim=-3)
    return ops.unsqueeze(g, dim=-1) * _slopes(differences, out, p)


def _cdist_first(g: Node, out: Node, x: Node, y: Node, *, p: float) -> Node:
    if p == 0:
        return constant(0.0, g.dtype)
    return summed_to(ops.sum(_pair_slopes(g, out, x, y, p), dim=-2), x.shape)


def _cdist_second(g: Node, out: Node, x: Node, y: Node, *, p: float) -> Node:
    if p == 0:
        return constant(0.0, g.dtype)
    return summed_to(-ops.sum(_pair_slopes(g, out, x, y, p), dim=-3), y.shape)


def _cdist_axes(node: Node) -> Axes:
    """The points and what stands in front of them; their coordinates are whole."""
    lead = node.ndim - 2

    def labels(source: Node, row: int) -> Labels:
        missing = node.ndim - source.ndim
        batch = [
            missing + axis if length == node.shape[missing + axis] else None
            for axis, length in enumerate(source.shape[:-2])
        ]
        return (*batch, row, None)

    x, y = node.inputs
    return Axes(tuple(range(node.ndim)), (labels(x, lead), labels(y, lead + 1)))


def _distance(grad_fn: str) -> Operation:
    return Operation(
        ("cdist(x1, x2, p: float)",),
        _cdist,
        _cdist_type,
        (_cdist_first, _cdist_second),
        grad_fn=grad_fn,
        # A row against all points, of a batch that broadcasts.
        scratch=2,
        batch=batch_products.cdist,
        axes=_cdist_axes,
        meaning="",
        example="",
    )


_cdist_forward = _distance("CdistBackward0")
_euclidean_dist = _distance("EuclideanDistBackward0")


@composite(
    "cdist(x1, x2, p: float = 2.0, "
    "compute_mode: str = 'use_mm_for_euclid_dist_if_necessary')",
    example="cdist([[0., 0.], [3., 4.]], [[0., 0.]])",
    checks=(
        Check("cdist(x, y)", {"x": (2, 3), "y": (3, 3)}),
        Check("cdist(x, y, 1)", {"x": (2, 3), "y": (1, 3)}),
        Check("cdist(x, y, 3)", {"x": (2, 2, 2), "y": (1, 2)}),
        Check("cdist(x, y, 1.5)", {"x": (2, 2), "y": (2, 2)}),
        Check("cdist(x, y, inf)", {"x": (2, 2), "y": (2, 2)}),
    ),
)
def cdist(x1: Node, x2: Node, p: float = 2.0, compute_mode: str = _MODES[0]) -> Node:
    """Distances between each row of one matrix and each of another, for batches too."""
    if compute_mode not in _MODES:
        raise DifftoolError(
            f"cdist has no compute_mode {compute_mode!r}",
            kind="argument",
            hint="it is " + ", ".join(_MODES),
        )
    forward = _cdist_forward(x1, x2, p=p)
    many = max(forward.shape[-2:]) > _MANY
    by_product = compute_mode == _MODES[1] or (compute_mode == _MODES[0] and many)
    if p != 2 or not by_product or 0 in (x1.size, x2.size):
        return forward
    batch = forward.shape[:-2]
    if prod(batch) != 1:
        x1, x2 = _flat(x1, batch), _flat(x2, batch)
    return ops.view(_euclidean_dist(x1, x2, p=p), forward.shape)


def _flat(x: Node, batch: Shape) -> Node:
    """A batch of matrices with one dimension in front of them, repeated to the shape `batch`."""
    spread = ops.contiguous(ops.expand(x, (*batch, *x.shape[-2:])))
    return ops.view(spread, (prod(batch), *x.shape[-2:]))


# ----- Between the rows of one matrix -----


def _pdist_type(x: Node, *, p: float) -> Type:
    if x.ndim != 2:
        raise DifftoolError(
            f"pdist takes a matrix of points, not a tensor of shape {x.shape}",
            kind="shape",
            hint="cdist takes batches",
        )
    require_float(x, "pdist")
    _require_order(p, "pdist")
    count = x.shape[0]
    return Type((count * (count - 1) // 2,), x.dtype)


def _pdist(x: Array, *, p: float) -> Array:
    first, second = np.triu_indices(len(x), 1)
    result = np.empty(len(first), x.dtype)
    for pairs in _pieces(len(first), x.shape[1]):
        result[pairs] = _norms(x[first[pairs]] - x[second[pairs]], p)
    return result


def _pdist_rule(g: Node, out: Node, x: Node, *, p: float) -> Node:
    if p == 0:
        return constant(0.0, g.dtype)
    first, second = [constant(places) for places in np.triu_indices(x.shape[0], 1)]
    differences = ops.index(x, first, dims=(0,)) - ops.index(x, second, dims=(0,))
    parts = ops.unsqueeze(g, dim=-1) * _slopes(differences, out, p)
    zeros = zeros_for(g, x.shape)
    gradient = ops.index_put(zeros, first, parts, dims=(0,), accumulate=True)
    return ops.index_put(gradient, second, -parts, dims=(0,), accumulate=True)


_pdist_forward = Operation(
    ("pdist(input, p: float)",),
    _pdist,
    _pdist_type,
    (_pdist_rule,),
    grad_fn="PdistBackward0",
    # The two places of each pair.
    scratch=2,
    meaning="",
    example="",
)


@composite(
    "pdist(input, p: float = 2.0)",
    example="pdist([[0., 0.], [3., 4.], [0., 1.]])",
    checks=(
        Check("pdist(x)", {"x": (3, 2)}),
        Check("pdist(x, 1)", {"x": (3, 2)}),
        Check("pdist(x, 3)", {"x": (3, 2)}),
    ),
)
def pdist(input: Node, p: float = 2.0) -> Node:
    """Distances between each two rows of a matrix, each pair once."""
    return _pdist_forward(ops.contiguous(input), p=p)
