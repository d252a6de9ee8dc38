"""`operations.elementary`: poles, ends of domains, infinities. The numbers are PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.registry import functions
from tests.operations.derivatives import assert_derivatives, derivatives, evaluation, value

INF, NAN = np.inf, np.nan
PI = np.pi
LN2, LN10 = np.log(2), np.log(10)


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("sqrt(x)", [-1.0, 0.0, 4.0, INF], [NAN, 0.0, 2.0, INF], [NAN, INF, 0.25, 0.0],
         [NAN, -INF, -1 / 32, 0.0]),
        ("sqrt(abs(x))", [-1.0, 0.0, 1.0], [1.0, 0.0, 1.0], [-0.5, NAN, 0.5], [-0.25, NAN, -0.25]),
        ("rsqrt(x)", [-1.0, 0.0, 1.0, INF], [NAN, INF, 1.0, 0.0], [NAN, -INF, -0.5, 0.0],
         [NAN, INF, 0.75, 0.0]),
        ("exp(x)", [0.0, -INF, 1000.0, NAN], [1.0, 0.0, INF, NAN], [1.0, 0.0, INF, NAN],
         [1.0, 0.0, INF, NAN]),
        ("exp2(x)", [0.0, -1.0, 2000.0], [1.0, 0.5, INF], [LN2, LN2 / 2, INF],
         [LN2**2, LN2**2 / 2, INF]),
        ("expm1(x)", [0.0, 1e-20, -INF], [0.0, 1e-20, -1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0]),
        ("log(x)", [-1.0, 0.0, 1.0, INF], [NAN, -INF, 0.0, INF], [-1.0, INF, 1.0, 0.0],
         [-1.0, -INF, -1.0, 0.0]),
        ("log2(x)", [8.0, 0.0], [3.0, -INF], [1 / 8 / LN2, INF], [-1 / 64 / LN2, -INF]),
        ("log10(x)", [100.0, 0.0], [2.0, -INF], [1 / 100 / LN10, INF], [-1e-4 / LN10, -INF]),
        ("log1p(x)", [-1.0, 0.0, 1e-20], [-INF, 0.0, 1e-20], [INF, 1.0, 1.0], [-INF, -1.0, -1.0]),
        ("sin(x)", [0.0, PI / 2, INF], [0.0, 1.0, NAN], [1.0, 0.0, NAN], [0.0, -1.0, NAN]),
        ("cos(x)", [0.0, PI / 2], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]),
        ("tan(x)", [0.0, PI / 4], [0.0, 1.0], [1.0, 2.0], [0.0, 4.0]),
        ("asin(x)", [-1.0, 0.0, 1.0, 2.0], [-PI / 2, 0.0, PI / 2, NAN], [INF, 1.0, INF, NAN],
         [-INF, 0.0, INF, NAN]),
        ("acos(x)", [-1.0, 0.0, 1.0], [PI, PI / 2, 0.0], [-INF, -1.0, -INF], [INF, 0.0, -INF]),
        ("atan(x)", [0.0, 1.0, INF], [0.0, PI / 4, PI / 2], [1.0, 0.5, 0.0], [0.0, -0.5, NAN]),
        ("atan2(x, [0., 1., 0., -1.])", [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, PI / 2, PI],
         [0.0, 1.0, 0.0, -1.0], [NAN, 0.0, 0.0, 0.0]),
        ("atan2([0., 0., 1., 1.], x)", [0.0, 1.0, 0.0, -1.0], [0.0, 0.0, PI / 2, 3 * PI / 4],
         [0.0, 0.0, -1.0, -0.5], [NAN, 0.0, 0.0, -0.5]),
        ("atan2(x, x)", [-1.0, 0.0, 1.0], [-3 * PI / 4, 0.0, PI / 4], [0.0] * 3, [0.0, NAN, 0.0]),
        ("sinh(x)", [0.0, 1000.0], [0.0, INF], [1.0, INF], [0.0, INF]),
        ("cosh(x)", [0.0, -1000.0], [1.0, INF], [0.0, -INF], [1.0, INF]),
        ("tanh(x)", [NAN, INF, -INF, 1000.0], [NAN, 1.0, -1.0, 1.0], [NAN, 0.0, 0.0, 0.0],
         [NAN, 0.0, 0.0, 0.0]),
        ("asinh(x)", [0.0, 0.75], [0.0, LN2], [1.0, 0.8], [0.0, -0.384]),
        ("acosh(x)", [-1.0, 0.0, 1.0, 1.25], [NAN, NAN, 0.0, LN2], [INF, NAN, INF, 4 / 3],
         [INF, NAN, -INF, -80 / 27]),
        ("atanh(x)", [-1.0, 0.0, 0.6, 1.0], [-INF, 0.0, LN2, INF], [INF, 1.0, 1.5625, INF],
         [-INF, 0.0, 1.2 * 1.5625**2, INF]),
    ],
)  # fmt: skip
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


UNARY = [f.name for f in functions() if f.family == "elementary" and f.name != "atan2"]


@pytest.mark.parametrize("function", UNARY)
def test_dtypes_and_shapes(function: str) -> None:
    for dtype in (np.float64, np.float32, np.float16):
        for shape in ((), (2, 1, 3), (0, 3)):
            x = np.full(shape, 1.25 if function == "acosh" else 0.75, dtype)
            for result in derivatives(f"{function}(x)", x):
                assert result.dtype == dtype
                assert result.shape == shape
                assert np.isfinite(result).all()
    exact = value(f"{function}(x)", x=np.array([1.0]))
    assert value(f"{function}(x)", x=[1]).dtype == np.float64
    np.testing.assert_array_equal(value(f"{function}(x)", x=[1]), exact)
    np.testing.assert_array_equal(value(f"{function}(x)", x=[True]), exact)


@pytest.mark.parametrize(
    ("alias", "name"),
    [(f"arc{f}", f"a{f}") for f in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")],
)
def test_aliases(alias: str, name: str) -> None:
    argument = "x, x" if name == "atan2" else "x"
    x = [1.5] if name == "acosh" else [0.5]
    assert value(f"np.{alias}({argument})", x=x) == value(f"torch.{name}({argument})", x=x)


def test_half_precision_of_rsqrt_is_rounded_once() -> None:
    x = np.arange(1, 60000, 7, dtype=np.float16)
    expected = (1 / np.sqrt(x.astype(np.float32))).astype(np.float16)
    np.testing.assert_array_equal(value("rsqrt(x)", x=x), expected)


def test_atan2_broadcasts_and_promotes() -> None:
    found = value("atan2(f, s)", f=np.ones((2, 3), np.float32), s=np.array(1.0))
    assert (found.shape, found.dtype) == ((2, 3), np.float32)
    assert value("atan2(i, 1)", i=[1, 0]).dtype == np.float64
    with pytest.raises(DifftoolError, match="broadcast"):
        evaluation("atan2(x, y)", x=np.ones(2), y=np.ones(3))
