"""`operations.rounding`: kinks, steps, half-way cases, and integers that stay integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "x", "out", "first"),
    [
        ("abs(x)", [-2.0, 0.0, 3.0, NAN, -INF], [2.0, 0.0, 3.0, NAN, INF],
         [-1.0, 0.0, 1.0, 0.0, -1.0]),
        ("absolute(x)", -2.0, 2.0, -1.0),
        ("sign(x)", [-2.0, 0.0, 3.0, NAN, -INF], [-1.0, 0.0, 1.0, 0.0, -1.0], [0.0] * 5),
        ("floor(x)", [-1.5, -1.0, 0.5, NAN, INF], [-2.0, -1.0, 0.0, NAN, INF], [0.0] * 5),
        ("ceil(x)", [-1.5, -1.0, 0.5, NAN, INF], [-1.0, -1.0, 1.0, NAN, INF], [0.0] * 5),
        ("trunc(x)", [-1.5, -1.0, 0.5, NAN, INF], [-1.0, -1.0, 0.0, NAN, INF], [0.0] * 5),
        ("fix(x)", [-1.5, 1.5], [-1.0, 1.0], [0.0] * 2),
        ("frac(x)", [-1.25, -1.0, 2.5, NAN, INF], [-0.25, 0.0, 0.5, NAN, NAN], [1.0] * 5),
        ("round(x)", [0.5, 1.5, 2.5, -0.5, 2.6], [0.0, 2.0, 2.0, 0.0, 3.0], [0.0] * 5),
        ("round(x, decimals=1)", [0.25, 1.35], [0.2, 1.4], [0.0] * 2),
        ("round(x, 2)", [1234.5678, -0.125], [1234.57, -0.12], [0.0] * 2),
        ("round(x, decimals=-1)", [25.0, 35.0, -4.0], [20.0, 40.0, 0.0], [0.0] * 3),
        ("round(x, decimals=400)", [1.5, INF], [NAN, NAN], [0.0] * 2),
        ("x * floor(x)", [1.5, -0.5], [1.5, 0.5], [1.0, -1.0]),
    ],
)  # fmt: skip
def test_corner_cases(expression: str, x: Any, out: Any, first: Any) -> None:
    assert_derivatives(expression, x, (out, first, None))


LARGE = 2**53 + 1


@pytest.mark.parametrize("function", ["floor", "ceil", "trunc", "round"])
def test_integers_are_whole_already(function: str) -> None:
    found = value(f"{function}(i)", i=[LARGE, -3])
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, [LARGE, -3])


@pytest.mark.parametrize(
    ("expression", "inputs", "dtype", "out"),
    [
        ("abs(i)", {"i": [LARGE, -LARGE]}, "int64", [LARGE, LARGE]),
        ("abs(c)", {"c": np.array([-128, -1], np.int8)}, "int8", [-128, 1]),
        ("sign(i)", {"i": [-5, 0, 7]}, "int64", [-1, 0, 1]),
        ("sign(u)", {"u": np.array([0, 200], np.uint8)}, "uint8", [0, 1]),
        ("sign(m)", {"m": [True, False]}, "bool", [True, False]),
        ("sign(f)", {"f": np.array([-2.0, 0.0], np.float32)}, "float32", [-1.0, 0.0]),
        ("round(f, decimals=1)", {"f": np.array([0.26], np.float32)}, "float32",
         [np.float32(0.3)]),
        ("round(x)", {"x": np.ones((0, 2))}, "float64", np.ones((0, 2))),
        ("abs(x)", {"x": -1.5}, "float64", 1.5),
    ],
)  # fmt: skip
def test_dtypes(expression: str, inputs: dict[str, Any], dtype: str, out: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, out)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("abs(x)", "AbsBackward0"),
        ("sign(x)", "SignBackward0"),
        ("round(x)", "RoundBackward0"),
        ("round(x, decimals=0)", "RoundBackward1"),
        ("fix(x)", "TruncBackward0"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=[1.5])) == name


@pytest.mark.parametrize(
    ("expression", "x"),
    [
        *[(f"{name}(x)", [True]) for name in ("abs", "floor", "ceil", "trunc", "round", "frac")],
        ("frac(x)", [1]),
        ("round(x, decimals=1)", [1]),
        ("round(x, decimals=-1)", [1]),
    ],
)
def test_refusals(expression: str, x: Any) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=x)
    assert raised.value.kind == "dtype"
    assert raised.value.hint
