"""`operations.special`, `operations.error_function`: accuracy against the C library."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from difftool.operations.special import error_function_kernel
from tests.operations.derivatives import assert_derivatives, derivatives, value

Array = np.ndarray[Any, Any]

INF, NAN = np.inf, np.nan
SLOPE = 2 / math.sqrt(math.pi)

GRID = np.concatenate(
    [
        np.linspace(-7, 7, 40001),
        np.linspace(-30, 30, 20001),
        np.geomspace(1e-300, 1, 2001),
        -np.geomspace(1e-300, 1, 2001),
        np.nextafter([1.0, 1.0, 28.0, 28.0], [0.0, 2.0, 0.0, 30.0]),
        [-INF, -0.0, 0.0, 0.5, 1.0, 26.5, 27.2, 28.0, INF],
    ]
)


def units(found: Array, expected: Array) -> Array:
    """Distances in units in the last place; below the normal numbers in their spacing there."""
    distances: Array = np.abs(found - expected) / np.spacing(np.abs(expected))
    return distances


@pytest.mark.parametrize(
    ("kernel", "exact", "most"),
    [(error_function_kernel.erf, math.erf, 2), (error_function_kernel.erfc, math.erfc, 6)],
)
def test_accuracy(
    kernel: Callable[[Array], Array], exact: Callable[[float], float], most: int
) -> None:
    expected = np.array([exact(x) for x in GRID])
    with np.errstate(under="ignore"):
        found = kernel(GRID)
    assert units(found, expected).max() <= most


def test_float32_is_rounded_once() -> None:
    x = GRID.astype(np.float32)
    for name, exact in (("erf", math.erf), ("erfc", math.erfc)):
        found = value(f"{name}(x)", x=x)
        assert found.dtype == np.float32
        expected = np.array([exact(v) for v in x]).astype(np.float32)
        assert units(found, expected).max() <= 1
        assert np.mean(found == expected) > 0.9999


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("erf(x)", [0.0, INF, -INF, NAN], [0.0, 1.0, -1.0, NAN], [SLOPE, 0.0, 0.0, NAN],
         [0.0, NAN, NAN, NAN]),
        ("erf(x)", [1.0], [math.erf(1)], [SLOPE / math.e], [-2 * SLOPE / math.e]),
        ("erfc(x)", [0.0, INF, -INF], [1.0, 0.0, 2.0], [-SLOPE, 0.0, 0.0], [0.0, NAN, NAN]),
        ("special.erf(x)", 0.5, math.erf(0.5), SLOPE * math.exp(-0.25), -SLOPE * math.exp(-0.25)),
        ("torch.special.erfc(x)", 30.0, 0.0, 0.0, 0.0),
    ],
)  # fmt: skip
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize("function", ["erf", "erfc"])
def test_dtypes_and_shapes(function: str) -> None:
    for dtype in (np.float64, np.float32, np.float16):
        for shape in ((), (2, 1, 3), (0, 3)):
            for result in derivatives(f"{function}(x)", np.full(shape, 0.75, dtype)):
                assert (result.dtype, result.shape) == (dtype, shape)
    assert value(f"{function}(x)", x=[1, -2]).dtype == np.float64
    assert value(f"{function}(x)", x=[True]).dtype == np.float64
