"""Integrals of samples by trapezoids, at once or running: of the slices and sums of PyTorch."""

from __future__ import annotations

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Number
from difftool.operations import with_number
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import normal_dim, refuse_booleans


def _dim(function: str, y: Node, dim: int) -> int:
    if y.ndim == 0:
        raise DifftoolError(
            f"{function} needs a tensor of at least one dimension",
            kind="shape",
            hint="reshape it first",
        )
    return normal_dim(dim, y.ndim)


def _scaled(x: Node, number: float) -> Node:
    return with_number.times(x, number)


def _halved(x: Node) -> Node:
    return with_number.over(x, 2.0) if is_float(x.dtype) else x / 2.0


def _widths(function: str, y: Node, x: Node, dim: int) -> Node:
    """The distances between the points x, which are those of all rows, or of each."""
    if x.ndim == 1:
        if x.shape[0] != y.shape[dim]:
            raise DifftoolError(
                f"{function} has {x.shape[0]} points for {y.shape[dim]} samples",
                kind="shape",
                hint="there must be one point for each sample along dim",
            )
        x = ops.view(x, shape=tuple([-1 if axis == dim else 1 for axis in range(y.ndim)]))
    elif x.ndim < y.ndim:
        x = ops.view(x, shape=(1,) * (y.ndim - x.ndim) + x.shape)
    left = ops.slice(x, dim=dim, start=0, end=-1)
    return ops.slice(x, dim=dim, start=1) - left


_INTEGRAL = (
    "trapezoid(y, x, *, dim: int = -1)",
    "trapezoid(y, *, dx: Number = 1, dim: int = -1)",
)


@composite(
    *_INTEGRAL,
    aliases=("trapz",),
    example="trapezoid([1., 2., 3.], [0., 1., 3.])",
    checks=(
        Check("trapezoid(x, dx=0.5) ^ 2", {"x": (2, 3)}),
        Check("trapezoid(x, y, dim=0) ^ 2", {"x": (3, 2), "y": (3,)}),
    ),
)
def trapezoid(y: Node, x: Node | None = None, dx: Number = 1, dim: int = -1) -> Node:
    """The integral of samples y along dim by the trapezoidal rule, at points x or dx apart."""
    dim = _dim("trapezoid", y, dim)
    refuse_booleans("trapezoid", y, *([] if x is None else [x]))
    result: Node
    if y.shape[dim] == 0:
        result = ops.zeros((*y.shape[:dim], *y.shape[dim + 1 :]), dtype=y.dtype)
        return result
    if x is None:
        ends = ops.select(y, dim=dim, index=0) + ops.select(y, dim=dim, index=-1)
        return _scaled(ops.sum(y, dim=dim) - _scaled(ends, 0.5), float(dx))
    widths = _widths("trapezoid", y, x, dim)
    heights = ops.slice(y, dim=dim, start=0, end=-1) + ops.slice(y, dim=dim, start=1)
    return _halved(ops.sum(heights * widths, dim=dim))


@composite(
    "cumulative_trapezoid(y, x, *, dim: int = -1)",
    "cumulative_trapezoid(y, *, dx: Number = 1, dim: int = -1)",
    example="cumulative_trapezoid([1., 2., 3.])",
    checks=(
        Check("cumulative_trapezoid(x, dx=0.5) ^ 2", {"x": (2, 3)}),
        Check("cumulative_trapezoid(x, y, dim=0) ^ 2", {"x": (3, 2), "y": (3,)}),
    ),
)
def cumulative_trapezoid(y: Node, x: Node | None = None, dx: Number = 1, dim: int = -1) -> Node:
    """The running integral of samples y along dim by the trapezoidal rule."""
    dim = _dim("cumulative_trapezoid", y, dim)
    refuse_booleans("cumulative_trapezoid", y, *([] if x is None else [x]))
    heights = ops.slice(y, dim=dim, start=1) + ops.slice(y, dim=dim, start=0, end=-1)
    if x is None:
        total: Node = ops.cumsum(_scaled(heights, float(dx) / 2), dim=dim)
        return total
    widths = _widths("cumulative_trapezoid", y, x, dim)
    return _halved(ops.cumsum(heights * widths, dim=dim))
