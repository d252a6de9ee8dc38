"""Counting points into boxes, by bins along each coordinate: `histogramdd`.

As in PyTorch no gradient flows through counts, nor through edges that are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, is_float
from difftool.graph.node import Node, Number, Shape
from difftool.operations import axes
from difftool.operations.reductions import edges
from difftool.operations.registry import Array, Operation, Type, composite, ops
from difftool.operations.shapes import dtype_name, no_derivative

Range = tuple[float, float] | None


class histogramdd_result(NamedTuple):
    """The pair that `histogramdd` gives."""

    hist: Node
    bin_edges: tuple[Node, ...]


def _no_rule(g: Node, out: Node, *operands: Node, **parameters: Any) -> Node:
    raise no_derivative("histogramdd", "detach() the tensors first", out)


def _edges_type(input: Node, *weight: Node, place: int, bins: int, range: Range) -> Type:
    return Type((bins + 1,), input.dtype, None, {"place": place, "bins": bins, "range": range})


def _edges(x: Array, *weight: Array, place: int, bins: int, range: Range) -> Any:
    """Edges, of which PyTorch says that they depend on the weights too."""
    return edges.edges_of("histogramdd", x[..., place], bins, range)


_edges_along = Operation(
    ("histogramdd_edges(input)",),
    _edges,
    _edges_type,
    (_no_rule, _no_rule),
    grad_fn="NotImplemented",
    axes=axes.opaque,
    joint=True,
    meaning="",
    example="",
)


def _count_type(input: Node, *others: Node, density: bool) -> Type:
    limits = others[: input.shape[-1]]
    return Type(
        tuple([each.shape[0] - 1 for each in limits]), input.dtype, None, {"density": density}
    )


def _count(x: Array, *others: Array, density: bool) -> Any:
    """Each bin has its lower edge, and the last along a coordinate its upper one too."""
    dimensions = x.shape[-1]
    limits, weight = others[:dimensions], others[dimensions:]
    shape: Shape = tuple([len(each) - 1 for each in limits])
    points = x.reshape(-1, dimensions)
    inside = np.ones(len(points), np.bool_)
    box = np.zeros(len(points), np.int64)
    for coordinate, each in zip(points.T, limits, strict=True):
        inside &= (coordinate >= each[0]) & (coordinate <= each[-1])
        places = np.searchsorted(each, coordinate, "right") - 1
        box = box * (len(each) - 1) + np.minimum(places, len(each) - 2)
    weights = weight[0].reshape(-1)[inside] if weight else None
    length = int(np.prod(shape))
    counts = np.bincount(box[inside], weights, length).reshape(shape).astype(x.dtype)
    if density:
        counts = counts / np.sum(counts)
        for place, each in enumerate(limits):
            counts = counts / np.diff(each).reshape(-1, *(1,) * (len(shape) - place - 1))
    return counts


_counted = Operation(
    ("histogramdd(input)",),
    _count,
    _count_type,
    lambda position: _no_rule,
    grad_fn="NotImplemented",
    axes=axes.opaque,
    scratch=4,
    joint=True,
    meaning="",
    example="",
)


def _require(input: Node, weight: Node | None) -> None:
    if not is_float(input.dtype) or input.dtype == float16:
        raise DifftoolError(
            f"histogramdd needs a tensor of float32 or float64, not {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert it with .double()",
        )
    if input.ndim < 2 or not input.shape[-1]:
        raise DifftoolError(
            f"histogramdd takes points in the rows of a tensor, not one of shape {input.shape}",
            kind="shape",
            hint="histogram counts numbers",
        )
    if weight is not None and (weight.shape != input.shape[:-1] or weight.dtype != input.dtype):
        raise DifftoolError(
            f"histogramdd of points of shape {input.shape} has weights of shape {weight.shape}",
            kind="shape",
            hint="give one weight of the same dtype for each point",
        )


def _bins_along(bins: Any, dimensions: int) -> list[int | Node]:
    """A number of bins or a tensor of edges for each coordinate."""
    whole = isinstance(bins, int) and not isinstance(bins, bool)
    each = [bins] * dimensions if whole else bins
    if isinstance(each, list | tuple) and len(each) == dimensions:
        kinds = {Node if isinstance(one, Node) else type(one) for one in each}
        if kinds in ({int}, {Node}):
            return list(each)
    raise DifftoolError(
        f"histogramdd takes as bins a number, or {dimensions} numbers or tensors of edges",
        kind="argument",
        hint="there is one for each coordinate of the points",
    )


@composite(
    "histogramdd(input, bins: Any, *, range: Any = None, weight: Tensor | None = None, "
    "density: bool = False)",
    example="histogramdd([[0., 1.], [1., 0.], [2., 2.]], [3, 3]).hist",
)
def histogramdd(
    input: Node,
    bins: Any,
    range: Sequence[Number] | None = None,
    weight: Node | None = None,
    density: bool = False,
) -> histogramdd_result:
    """How many points (or the sum of their weights) lie in each box between edges."""
    _require(input, weight)
    dimensions = input.shape[-1]
    ends = None if range is None else [float(end) for end in range]
    if ends is not None and len(ends) != 2 * dimensions:
        raise DifftoolError(
            f"histogramdd needs a range of {2 * dimensions} numbers, not {len(ends)}",
            kind="argument",
            hint="give the lowest and the highest edge along each coordinate",
        )
    weights = [] if weight is None else [weight]
    found: list[Node] = []
    counted: list[Node] = []
    for place, each in enumerate(_bins_along(bins, dimensions)):
        if isinstance(each, Node):
            if each.ndim != 1 or not each.size or each.dtype != input.dtype:
                raise DifftoolError(
                    f"the edges of histogramdd are vectors of {dtype_name(input.dtype)}, "
                    f"not {dtype_name(each.dtype)} of shape {each.shape}",
                    kind="shape",
                    hint="give the edges of all bins, ascending",
                )
            found.append(each)
            counted.append(each)
        else:
            own = None if ends is None else (ends[2 * place], ends[2 * place + 1])
            edges.require_bins("histogramdd", each, *(own or (0, 0)))
            found.append(_edges_along(input, *weights, place=place, bins=each, range=own))
            counted.append(ops.detach(found[-1]))
    return histogramdd_result(_counted(input, *counted, *weights, density=density), tuple(found))
