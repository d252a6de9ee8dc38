"""Sequences of numbers from one end to another: by steps, or by how many there are.

`filled` has the tensors that are filled; all of them are leaves.
"""

from __future__ import annotations

from math import ceil, floor, isfinite

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations.creation.leaves import dtype_of, made_leaf, require_room, source
from difftool.operations.registry import Array, composite
from difftool.operations.shapes import MOST_ELEMENTS

# ----- By steps -----


def _steps(function: str, start: Number, end: Number, step: Number, dtype: DType) -> float:
    """How many steps lead from start to end, if they do and there is room for the numbers."""
    if step == 0 or not all(map(isfinite, (start, end, step))) or (end - start) * step < 0:
        raise DifftoolError(
            f"{function} can't go from {start} to {end} in steps of {step}",
            kind="value",
            hint="the step must be finite, not zero, and lead from start towards end",
        )
    require_room([start, end, step], dtype)
    count = (end - start) / step
    if count >= MOST_ELEMENTS:
        raise DifftoolError(
            f"{function} from {start} to {end} in steps of {step} has more elements than memory "
            "has addresses",
            kind="limit",
            hint="use a larger step",
        )
    return count


def _arange_kernel(*, size: Shape, dtype: DType, start: Number, step: Number) -> Array:
    wide = np.float64 if is_float(dtype) else np.int64
    count: Array = np.arange(size[0], dtype=wide)
    numbers: Array = np.asarray(count * step)
    del count
    return (numbers + start).astype(dtype, copy=False)


def _wide(node: Node) -> float:
    """Numbers are counted in 64 bits, step by step."""
    return 8 / node.dtype.itemsize


_arange = source("arange", _arange_kernel, scratch=_wide)


@composite(
    "arange(end: Scalar, *, dtype: DType | None = None, requires_grad: bool = False)",
    "arange(start: Scalar, end: Scalar, step: Scalar = 1, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="arange(0, 6, 2)",
)
def arange(
    end: Number,
    start: Number = 0,
    step: Number = 1,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Numbers from start up to, not including, end; integers when all arguments are."""
    dtype = dtype or dtype_of([start, end, step])
    count = ceil(_steps("arange", start, end, step, dtype))
    return made_leaf(_arange(size=(count,), dtype=dtype, start=start, step=step), requires_grad)


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
    dtype = dtype or building.default_dtype
    count = floor(_steps("range", start, end, step, dtype)) + 1
    node = _range(size=(count,), dtype=dtype, start=start, step=step)
    return made_leaf(node, requires_grad)


# ----- By their number -----


def _linspace_kernel(*, size: Shape, dtype: DType, start: Number, end: Number) -> Array:
    (count,) = size
    if count < 2:
        return np.full(size, start, dtype)
    numbers = np.arange(count, dtype=np.float64)
    step = (end - start) / (count - 1)
    # Counted from the nearer end, so that both ends are exact.
    first, second = numbers[: count // 2], numbers[count // 2 :]
    first *= step
    first += start
    np.subtract(count - 1, second, out=second)
    second *= step
    np.subtract(end, second, out=second)
    return numbers.astype(dtype, copy=False)


_linspace = source("linspace", _linspace_kernel)


@composite(
    "linspace(start: Scalar, end: Scalar, steps: int, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="linspace(0, 1, 5)",
)
def linspace(
    start: Number,
    end: Number,
    steps: int,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Evenly spaced numbers from start to end, both included."""
    dtype = dtype or building.default_dtype
    return made_leaf(_linspace(size=(steps,), dtype=dtype, start=start, end=end), requires_grad)


def _powers_kernel(
    *, size: Shape, dtype: DType, start: Number, end: Number, base: float
) -> Array:
    (count,) = size
    # Beyond the largest number of a dtype they are infinite in it; some are no numbers at all.
    with np.errstate(all="ignore"):
        exponents = np.linspace(float(start), float(end), count)
        return np.power(float(base), exponents, out=exponents).astype(dtype, copy=False)


def _at_once(node: Node) -> float:
    """Powers are taken in 64 bits, in one array."""
    return 0 if node.dtype.itemsize == 8 else 8 / node.dtype.itemsize


_logspace = source("logspace", _powers_kernel, scratch=_at_once)


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
