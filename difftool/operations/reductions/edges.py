"""Edges of bins of equal width, as `histogram` and `histogramdd` make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType
from difftool.operations.registry import Array


def require_bins(function: str, bins: int, low: float, high: float) -> None:
    if bins <= 0 or low > high:
        raise DifftoolError(
            f"{function} can't make {bins} bins from {low} to {high}",
            kind="argument",
            hint="there is at least one bin, and the range ascends",
        )


def require_finite(function: str, low: float, high: float) -> None:
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DifftoolError(
            f"{function} has no finite range from {low} to {high}",
            kind="value",
            hint="give the range; elements out of it are left out",
        )


def edges_of(function: str, x: Array, bins: int, range: tuple[float, float] | None) -> Any:
    """The edges of `bins` bins over a range, or over all of x; of one number they lie around it."""
    low, high = range or (0.0, 1.0)
    if range is None and x.size:
        low, high = float(np.min(x)), float(np.max(x))
    require_finite(function, low, high)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return evenly_spaced(low, high, bins, x.dtype)


def evenly_spaced(low: float, high: float, bins: int, dtype: DType) -> Any:
    """`bins` + 1 numbers as PyTorch rounds them, since elements may lie on an edge.

    They are counted from the nearer end, in one multiplication and addition that rounds once.
    """
    ends = np.array([low, high], dtype)
    step = float(np.diff(ends)[0] / np.array(bins, dtype))
    count = np.arange(bins + 1)
    first = count < (bins + 1) // 2
    steps = np.where(first, count, count - bins).astype(np.float64)
    nearer = np.where(first, ends[0], ends[1]).astype(np.float64)
    return _fused(steps, step, nearer).astype(dtype)


def _fused(a: Array, b: float, c: Array) -> Array:
    """a b + c with the errors of both roundings added: T. J. Dekker, "A floating-point technique
    for extending the available precision" (1971), for whole numbers `a` of less than 2^26."""
    product = a * b
    head = b * 134217729.0
    head = head - (head - b)
    lost = (a * head - product) + a * (b - head)
    total = product + c
    part = total - product
    more = (product - (total - part)) + (c - part)
    result: Array = total + (more + lost)
    return result
