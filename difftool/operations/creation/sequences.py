"""Sequences of numbers by their ends: powers, and `range`, which PyTorch still has."""

from __future__ import annotations

from math import floor, isfinite

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations.creation.leaves import made_leaf, require_room, source
from difftool.operations.registry import Array, composite
from difftool.operations.shapes import MOST_ELEMENTS

# ----- Sequences -----


def _powers_kernel(
    *, size: Shape, dtype: DType, start: Number, end: Number, base: float
) -> Array:
    (count,) = size
    # Beyond the largest number of a dtype they are infinite in it; some are no numbers at all.
    with np.errstate(all="ignore"):
        exponents = np.linspace(float(start), float(end), count)
        return np.power(float(base), exponents, out=exponents).astype(dtype, copy=False)


def _wide(node: Node) -> float:
    """Powers are taken in 64 bits, in one array."""
    return 0 if node.dtype.itemsize == 8 else 8 / node.dtype.itemsize


_logspace = source("logspace", _powers_kernel, scratch=_wide)


@composite(
    "logspace(start: Scalar, end: Scalar, steps: int, base: float = 10.0, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="logspace(0, 2, 3)",
)
def logspace(
    start: Number,
    end: Number,
    steps: int,
    base: float = 10.0,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """base to evenly spaced powers from start to end, both included."""
    dtype = dtype or building.default_dtype
    node = _logspace(size=(steps,), dtype=dtype, start=start, end=end, base=base)
    return made_leaf(node, requires_grad)


def _range_kernel(*, size: Shape, dtype: DType, start: Number, step: Number) -> Array:
    numbers: Array = np.arange(size[0], dtype=np.float64 if is_float(dtype) else np.int64)
    return (numbers * step + start).astype(dtype, copy=False)


def _counted(node: Node) -> float:
    """Numbers are counted in 64 bits and moved to their place in a second array."""
    return 1 if node.dtype.itemsize == 8 else 2 * 8 / node.dtype.itemsize


_range = source("range", _range_kernel, scratch=_counted)


# `range` is Python's own name.
@composite(
    "range(start: Scalar, end: Scalar, step: Scalar = 1, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="range(0, 3)",
)
def range_(
    start: Number,
    end: Number,
    step: Number = 1,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Numbers from start up to end, included; arange leaves it out."""
    if step == 0 or not all(map(isfinite, (start, end, step))) or (end - start) * step < 0:
        raise DifftoolError(
            f"range can't go from {start} to {end} in steps of {step}",
            kind="value",
            hint="the step must be finite, not zero, and lead from start towards end",
        )
    dtype = dtype or building.default_dtype
    require_room([start, end, step], dtype)
    count = (end - start) / step
    if count >= MOST_ELEMENTS:
        raise DifftoolError(
            f"range from {start} to {end} in steps of {step} has more elements than memory has "
            "addresses",
            kind="limit",
            hint="use a larger step",
        )
    node = _range(size=(floor(count) + 1,), dtype=dtype, start=start, step=step)
    return made_leaf(node, requires_grad)
