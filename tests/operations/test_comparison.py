"""`operations.comparison`: truth of comparisons, tests and logic, for every dtype and for nan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan
FLOATS = [NAN, 1.0, 2.0, INF, -INF]
OTHERS = [NAN, 2.0, 2.0, INF, INF]


@pytest.mark.parametrize(
    ("operator", "name", "alias", "expected"),
    [
        ("<", "lt", "less", [0, 1, 0, 0, 1]),
        ("<=", "le", "less_equal", [0, 1, 1, 1, 1]),
        (">", "gt", "greater", [0, 0, 0, 0, 0]),
        (">=", "ge", "greater_equal", [0, 0, 1, 1, 0]),
        ("==", "eq", "eq", [0, 0, 1, 1, 0]),
        ("!=", "ne", "not_equal", [1, 1, 0, 0, 1]),
    ],
)
def test_comparisons(operator: str, name: str, alias: str, expected: list[int]) -> None:
    for expression in (f"x {operator} y", f"{name}(x, y)", f"x.{alias}(y)"):
        found = value(expression, x=FLOATS, y=OTHERS)
        assert found.dtype == np.bool_
        np.testing.assert_array_equal(found, expected)


SINGLE = np.array([0.1, 0.3], np.float32)


@pytest.mark.parametrize(
    ("expression", "inputs", "expected"),
    [
        ("f == 0.1", {"f": SINGLE}, [True, False]),  # the number is rounded to the tensor's dtype
        ("f == y", {"f": SINGLE, "y": np.array([0.1, 0.3])}, [False, False]),
        ("i > 0.5", {"i": np.array([0, 1])}, [False, True]),
        ("i == k", {"i": np.array([2**53 + 1]), "k": np.array([2**53])}, [False]),
        ("m < True", {"m": np.array([True, False])}, [False, True]),
        ("c < 300", {"c": np.array([1, -128], np.int8)}, [True, True]),
        ("x < row", {"x": np.array([[1.0], [3.0]]), "row": np.array([2.0])}, [[True], [False]]),
        ("x < 1", {"x": np.ones((0, 3))}, np.ones((0, 3))),
        ("x < 1", {"x": np.array(0.0)}, True),
        ("isnan(x)", {"x": np.array([NAN, 1.0, INF])}, [True, False, False]),
        ("isinf(x)", {"x": np.array([NAN, 1.0, -INF])}, [False, False, True]),
        ("isfinite(x)", {"x": np.array([NAN, 1.0, INF])}, [False, True, False]),
        ("isnan(i)", {"i": np.array([0, 1])}, [False, False]),
        ("isinf(m)", {"m": np.array([True])}, [False]),
        ("isfinite(i)", {"i": np.array([0, 1])}, [True, True]),
        ("isclose(x, x + 1e-9)", {"x": np.array([1.0, 0.0])}, [True, True]),
        ("isclose(x, 1.1, rtol=0.1)", {"x": np.array([1.0, 0.9])}, [True, False]),
        ("isclose(x, 0, 0, 0)", {"x": np.array([0.0, 1e-300])}, [True, False]),
        ("isclose(x, x)", {"x": np.array([NAN, INF])}, [False, True]),
        ("isclose(x, x, equal_nan=True)", {"x": np.array([NAN, INF])}, [True, True]),
        ("isclose(x, -x)", {"x": np.array([INF])}, [False]),
        ("isclose(i, 2, atol=1)", {"i": np.array([2, 3, 4])}, [True, True, False]),
        ("isclose(m, m)", {"m": np.array([True, False])}, [True, True]),
    ],
)
def test_tests(expression: str, inputs: dict[str, Any], expected: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("function", "expected"),
    [("and", [0, 0, 0, 1, 1]), ("or", [0, 1, 1, 1, 1]), ("xor", [0, 1, 1, 0, 0])],
)
def test_logic_takes_any_dtype(function: str, expected: list[int]) -> None:
    inputs = {"x": np.array([0.0, 0.0, 2.0, NAN, -1.0]), "i": np.array([0, 5, 0, 1, 7])}
    np.testing.assert_array_equal(value(f"logical_{function}(x, i)", **inputs), expected)
    np.testing.assert_array_equal(value("logical_not(x)", x=inputs["x"]), [1, 1, 0, 0, 0])


MASK = np.array([True, True, False])
BITS = np.array([6, -1, 0])


@pytest.mark.parametrize(
    ("expression", "dtype", "expected"),
    [
        ("m & ~m", "bool", [False] * 3),
        ("m | True", "bool", [True] * 3),
        ("bitwise_xor(m, True)", "bool", [False, False, True]),
        ("~m", "bool", [False, False, True]),
        ("i & 3", "int64", [2, 3, 0]),
        ("i | 1", "int64", [7, -1, 1]),
        ("bitwise_xor(i, 2)", "int64", [4, -3, 2]),
        ("~i", "int64", [-7, 0, -1]),
        ("m & i", "int64", [0, 1, 0]),
    ],
)
def test_bits(expression: str, dtype: str, expected: Any) -> None:
    inputs = {"m": MASK, "i": BITS}
    found = value(expression, **{n: a for n, a in inputs.items() if n in expression})
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("x & x", "dtype"),
        ("~x", "dtype"),
        ("i & 1.5", "dtype"),
        ("x < y", "shape"),
        ("isclose(x, f)", "dtype"),
        ("isclose(x, x, rtol=-1)", "argument"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    inputs: dict[str, Any] = {
        "x": np.ones(2),
        "y": np.ones(3),
        "i": np.ones(2, int),
        "f": np.ones(2, np.float32),
    }
    used = {n: a for n, a in inputs.items() if n in expression.replace("isclose", "")}
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, **used)
    assert raised.value.kind == kind
    assert raised.value.hint


def test_comparisons_pass_no_gradient() -> None:
    assert not node("x > 0", x=[1.0]).requires_grad
    assert_derivatives("(x > 0) * x", [-1.0, 2.0], ([0.0, 2.0], [0.0, 1.0], None))
