"""Counting into bins: of whole numbers, each its own bin, and of numbers between edges.

As in PyTorch no gradient flows through counts, also not to their weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float32, float64, int64, is_float
from difftool.graph.node import Node, Number
from difftool.operations import axes
from difftool.operations.reductions import edges
from difftool.operations.registry import Array, Operation, Type, composite, ops
from difftool.operations.shapes import dtype_name, no_derivative, require_float
from difftool.operations.values import value_of

# ----- Whole numbers -----


def _no_rule(function: str) -> Any:
    def rule(g: Node, out: Node, *operands: Node, **parameters: Any) -> Node:
        raise no_derivative(function, "detach() the tensors first", out)

    return rule


def _bincount_type(input: Node, *weights: Node, size: int) -> Type:
    dtype = int64
    if weights:
        dtype = float32 if weights[0].dtype == float32 else float64
    return Type((size,), dtype, None, {"size": size})


def _bincount(x: Array, weights: Array | None = None, *, size: int) -> Any:
    return np.bincount(x, weights, minlength=size)


_bincounted = Operation(
    ("bincount(input)",),
    _bincount,
    _bincount_type,
    (None, _no_rule("bincount")),
    grad_fn="NotImplemented",
    axes=axes.opaque,
    scratch=1,
    meaning="",
    example="",
)


@composite(
    "bincount(input: IndexTensor, weights: Tensor | None = None, minlength: int = 0)",
    example="bincount([0, 1, 1, 3])",
)
def bincount(input: Node, weights: Node | None = None, minlength: int = 0) -> Node:
    """How often each whole number from 0 on is in a vector, or the sum of its weights."""
    if input.dtype.kind not in "iu":
        raise DifftoolError(
            f"bincount takes whole numbers, not {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert them with .long()",
        )
    if input.ndim != 1 or minlength < 0:
        raise DifftoolError(
            f"bincount takes a vector and minlength >= 0, not shape {input.shape} and {minlength}",
            kind="argument",
            hint="flatten() the tensor first",
        )
    if weights is not None and weights.shape != input.shape:
        raise DifftoolError(
            f"bincount of shape {input.shape} has weights of shape {weights.shape}",
            kind="shape",
            hint="give one weight for each number",
        )
    numbers = value_of(input)
    if numbers.size and np.min(numbers) < 0:
        raise DifftoolError(
            "bincount takes no negative numbers", kind="value", hint="shift them to begin at 0"
        )
    size = max(int(np.max(numbers, initial=-1)) + 1, minlength)
    operands = (input,) if weights is None else (input, weights)
    counts: Node = _bincounted(*operands, size=size)
    return counts


# ----- Numbers between edges -----


def _histc_type(input: Node, *, bins: int = 100, min: Number = 0, max: Number = 0) -> Type:
    require_float(input, "histc")
    edges.require_bins("histc", bins, min, max)
    return Type((bins,), input.dtype, None, {"bins": bins, "min": min, "max": max})


def _histc(x: Array, *, bins: int, min: Number, max: Number) -> Any:
    """Bins of equal width, found by the position between the ends; the last has its end."""
    low, high = float(min), float(max)
    if low == high and x.size:
        low, high = float(np.min(x)), float(np.max(x))
    edges.require_finite("histc", low, high)
    if low == high:
        low, high = low - 1, high + 1
    start, width = x.dtype.type(low), x.dtype.type(high) - x.dtype.type(low)
    inside = x[(x >= low) & (x <= high)]
    places = ((inside - start) * x.dtype.type(bins) / width).astype(np.int64)
    return np.bincount(np.minimum(places, bins - 1), minlength=bins)


histc = Operation(
    ("histc(input, bins: int = 100, min: Number = 0, max: Number = 0)",),
    _histc,
    _histc_type,
    axes=axes.opaque,
    scratch=3,
    meaning="How many elements fall into each of bins between min and max (0, 0: all of them).",
    example="histc([1., 2., 2., 4.], 3)",
)


class histogram_result(NamedTuple):
    """The pair that `histogram` gives."""

    hist: Node
    bin_edges: Node


def _edges_type(input: Node, *, bins: int, range: tuple[float, float] | None) -> Type:
    return Type((bins + 1,), input.dtype, None, {"bins": bins, "range": range})


def _edges(x: Array, *, bins: int, range: tuple[float, float] | None) -> Any:
    return edges.edges_of("histogram", x, bins, range)


_histogram_edges = Operation(
    ("histogram_edges(input)",),
    _edges,
    _edges_type,
    (_no_rule("histogram"),),
    grad_fn="NotImplemented",
    axes=axes.opaque,
    meaning="",
    example="",
)


def _histogram_type(input: Node, limits: Node, *weight: Node, density: bool) -> Type:
    return Type((limits.shape[0] - 1,), input.dtype, None, {"density": density})


def _histogram(x: Array, limits: Array, weight: Array | None = None, *, density: bool) -> Any:
    """Each bin has its lower edge, and the last its upper one too."""
    x = x.reshape(-1)
    inside = (x >= limits[0]) & (x <= limits[-1])
    places = np.searchsorted(limits, x[inside], "right") - 1
    weights = None if weight is None else weight.reshape(-1)[inside]
    counts = np.bincount(np.minimum(places, len(limits) - 2), weights, len(limits) - 1)
    return counts / np.sum(counts) / np.diff(limits) if density else counts


_histogrammed = Operation(
    ("histogram(input)",),
    _histogram,
    _histogram_type,
    (_no_rule("histogram"),) * 3,
    grad_fn="NotImplemented",
    axes=axes.opaque,
    scratch=4,
    meaning="",
    example="",
)


@composite(
    "histogram(input, bins: int = 100, *, range: Any = None, "
    "weight: Tensor | None = None, density: bool = False)",
    "histogram(input, bins, *, weight: Tensor | None = None, density: bool = False)",
    example="histogram([1., 2., 2., 4.], 3)",
)
def histogram(
    input: Node,
    bins: int | Node = 100,
    range: Sequence[Number] | None = None,
    weight: Node | None = None,
    density: bool = False,
) -> histogram_result:
    """How many elements (or the sum of their weights) lie between edges, given or evenly spaced."""
    if not is_float(input.dtype) or input.dtype == float16:
        raise DifftoolError(
            f"histogram needs a tensor of float32 or float64, not {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert it with .double()",
        )
    others = [one for one in (bins, weight) if isinstance(one, Node)]
    if any([one.dtype != input.dtype for one in others]):
        raise DifftoolError(
            "histogram takes edges and weights of the dtype of input",
            kind="dtype",
            hint="convert them with .to(...)",
        )
    if weight is not None and weight.shape != input.shape:
        raise DifftoolError(
            f"histogram of shape {input.shape} has weights of shape {weight.shape}",
            kind="shape",
            hint="give one weight for each element",
        )
    if isinstance(bins, Node):
        if bins.ndim != 1 or not bins.size:
            raise DifftoolError(
                f"the edges of histogram are a vector, not of shape {bins.shape}",
                kind="shape",
                hint="give the edges of all bins, ascending",
            )
        limits = counted = bins
    else:
        low, high = range or (0, 0)
        edges.require_bins("histogram", bins, low, high)
        ends = None if range is None else (float(low), float(high))
        limits = _histogram_edges(input, bins=bins, range=ends)
        counted = ops.detach(limits)
    weights = [] if weight is None else [weight]
    return histogram_result(_histogrammed(input, counted, *weights, density=density), limits)
