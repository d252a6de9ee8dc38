"""Grids of places in images: those that affine maps make of a regular one."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, float16, float32
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import require_float


def _regular(size: Shape, align_corners: bool, dtype: DType) -> Array:
    """A row (x, y, ..., 1) for each place of an image, whose coordinates go from -1 to 1: from
    corner to corner, or between the outer edges of the corners' elements."""
    rows = np.ones((*size, len(size) + 1), dtype)
    for dim, length in enumerate(size):
        line = np.linspace(-1.0, 1.0, length) if length > 1 else np.zeros(length)
        if not align_corners:
            line = line * ((length - 1) / length)
        rows[..., len(size) - 1 - dim] = line.reshape(-1, *(1,) * (len(size) - 1 - dim))
    return rows.reshape(prod(size), len(size) + 1)


def _grid_type(theta: Node, *, size: Shape, align_corners: bool) -> Type:
    form = {"size": size, "align_corners": align_corners}
    wide = float32 if theta.dtype == float16 else None
    return Type((theta.shape[0], *size, len(size)), theta.dtype, wide, form)


def _grid(theta: Array, *, size: Shape, align_corners: bool) -> Array:
    rows = _regular(size, align_corners, theta.dtype)
    return (rows @ np.swapaxes(theta, 1, 2)).reshape(len(theta), *size, len(size))


def _grid_back(g: Node, out: Node, theta: Node, size: Shape, align_corners: bool) -> Node:
    count = len(size)
    flat = ops.reshape(g, (theta.shape[0], prod(size), count))
    rows = constant(_regular(size, align_corners, g.dtype))
    gradient: Node = ops.matmul(ops.transpose(flat, dim0=1, dim1=2), rows)
    return gradient


def _grid_axes(node: Node) -> Axes:
    return Axes((0, *(None,) * (node.ndim - 1)), ((0, None, None),))


def _grid_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    theta = inputs[0]
    flat = ops.reshape(theta, (size * theta.shape[1], *theta.shape[2:]))
    return ops.reshape(_affine_grid(flat, **node.parameters), (size, *node.shape))


_affine_grid = Operation(
    ("affine_grid(theta, size: Size)",),
    _grid,
    _grid_type,
    (_grid_back,),
    grad_fn="AffineGridGeneratorBackward0",
    batch=_grid_batch,
    axes=_grid_axes,
    scratch=1,
    meaning="",
    example="",
)


@composite(
    "affine_grid(theta, size: Size, align_corners: bool | None = None)",
    example="affine_grid([[[1., 0., 0.], [0., 1., 0.]]], (1, 1, 2, 2))",
    aliases=("affine_grid_generator",),
    checks=(
        Check("affine_grid(x, (2, 1, 2, 3)) ^ 2", {"x": (2, 2, 3)}),
        Check("affine_grid(x, (1, 1, 2, 1, 3), True) ^ 2", {"x": (1, 3, 4)}),
    ),
)
def affine_grid(theta: Node, size: Sequence[int], align_corners: bool | None = None) -> Node:
    """Where affine maps (batch, 2, 3) or (batch, 3, 4) bring the places of images of a size."""
    require_float(theta, "affine_grid")
    count = len(size) - 2
    if count not in (2, 3) or theta.ndim != 3 or theta.shape[1:] != (count, count + 1):
        raise DifftoolError(
            f"affine_grid takes maps (batch, 2, 3) for a size of 4 or (batch, 3, 4) for one of 5, "
            f"not {theta.shape} for {tuple(size)}",
            kind="shape",
            hint="the size is (batch, channels, height, width), with a depth in front of these",
        )
    if theta.shape[0] != size[0] or any([length < 1 for length in size]):
        raise DifftoolError(
            f"affine_grid makes {theta.shape[0]} grids, not the size {tuple(size)}",
            kind="shape",
            hint="the size starts with the number of maps, and none of it is zero",
        )
    form: dict[str, Any] = {"size": tuple(size[2:]), "align_corners": bool(align_corners)}
    return _affine_grid(theta, **form)
