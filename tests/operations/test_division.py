"""`operations.division`: quotients, rounding, remainders at every sign, and their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError, Span
from difftool.graph.walk import grad_fn
from tests.operations.derivatives import assert_derivatives, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("x / x", "DivBackward0"),
        ("div(x, 2)", "DivBackward0"),
        ("div(x, 2, rounding_mode=None)", "DivBackward2"),
        ("div(x, 2, rounding_mode='floor')", "DivBackward2"),
        ("div(x, x, rounding_mode='trunc')", "DivBackward2"),
        ("reciprocal(x)", "ReciprocalBackward0"),
        ("x // 2", "NotImplemented"),
        ("7 // x", "NotImplemented"),
        ("x % 2", "RemainderBackward0"),
        ("x % x", "RemainderBackward1"),
        ("tensor(7.) % x", "RemainderBackward1"),
        ("7 % x", "NotImplemented"),
        ("fmod(x, 2)", "FmodBackward0"),
        ("fmod(x, x)", "FmodBackward1"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=[1.0, 2.0])) == name


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x / 0", [-1.0, 0.0, 1.0], [-INF, NAN, INF], [INF] * 3, None),
        ("0 / x", [-1.0, 0.0, 1.0], [0.0, NAN, 0.0], [0.0, NAN, 0.0], [0.0, NAN, 0.0]),
        ("1 / x", [-1.0, 0.0, INF], [-1.0, INF, 0.0], [-1.0, -INF, 0.0], [-2.0, INF, 0.0]),
        ("x / x", [2.0, 0.0], [1.0, NAN], [0.0, NAN], [0.0, NAN]),
        ("div(x, 3, rounding_mode='floor')", [7.0, -7.0], [2.0, -3.0], [0.0, 0.0], None),
        ("div(x, 3, rounding_mode='trunc')", [7.0, -7.0], [2.0, -2.0], [0.0, 0.0], None),
        ("div(x, 0, rounding_mode='floor')", [1.0, -1.0], [INF, -INF], [0.0, 0.0], None),
        ("x % 3", [5.0, -5.0, 6.0], [2.0, 1.0, 0.0], [1.0] * 3, None),
        ("x % -3", [5.0, -5.0, INF], [-1.0, -2.0, NAN], [1.0] * 3, None),
        ("x % 0", [1.0, 0.0], [NAN, NAN], [1.0, 1.0], None),
        ("tensor([5., -5., 6.]) % x", [3.0, 3.0, 3.0], [2.0, 1.0, 0.0], [-1.0, 2.0, -2.0], None),
        ("tensor([5., 0.]) % x", [-3.0, 0.0], [-1.0, NAN], [2.0, NAN], None),
        ("fmod(x, 3)", [5.0, -5.0, -6.0], [2.0, -2.0, 0.0], [1.0] * 3, None),
        ("fmod(tensor([5., -5.]), x)", [3.0, 3.0], [2.0, -2.0], [-1.0, 1.0], None),
        ("x * (x % x)", [2.0], [0.0], [0.0], [0.0]),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


SIGNS = {"i": np.array([7, -7, 7, -7, 6]), "j": np.array([3, 3, -3, -3, 3])}
LARGE = {"i": np.array([2**62 + 1, -(2**62) - 1]), "j": np.array([2, 2])}


@pytest.mark.parametrize(
    ("expression", "inputs", "out"),
    [
        ("i // j", SIGNS, [2, -3, -3, 2, 2]),
        ("i % j", SIGNS, [1, 2, -2, -1, 0]),
        ("fmod(i, j)", SIGNS, [1, -1, 1, -1, 0]),
        ("div(i, j, rounding_mode='floor')", SIGNS, [2, -3, -3, 2, 2]),
        ("div(i, j, rounding_mode='trunc')", SIGNS, [2, -2, -2, 2, 2]),
        ("div(i, j, rounding_mode='trunc')", LARGE, [2**61, -(2**61)]),
    ],
)
def test_integers_stay_integers(expression: str, inputs: dict[str, Any], out: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, out)


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("i / 2", {"i": [2, 1]}),
        ("2 / i", {"i": [2, 1]}),
        ("i / i", {"i": [2, 1]}),
        ("reciprocal(i)", {"i": [2, 1]}),
        ("m / m", {"m": [True, True]}),
    ],
)
def test_true_quotients_are_floating(expression: str, inputs: dict[str, Any]) -> None:
    assert value(expression, **inputs).dtype == np.float64


@pytest.mark.parametrize(
    "expression",
    [
        "i // 0",
        "i % 0",
        "fmod(i, 0)",
        "7 // (i - i)",
        "div(i, 0, rounding_mode='floor')",
        "div(i, 0, rounding_mode='trunc')",
    ],
)
def test_integer_division_by_zero_is_refused(expression: str) -> None:
    with pytest.raises(DifftoolError, match="division by zero"):
        value(expression, i=[1, 2])


@pytest.mark.parametrize(
    "expression", ["m // m", "m % True", "fmod(m, m)", "div(m, m, rounding_mode='floor')"]
)
def test_whole_quotients_of_booleans_are_refused(expression: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        value(expression, m=[True])
    assert raised.value.kind == "dtype"


def test_an_unknown_rounding_is_refused() -> None:
    with pytest.raises(DifftoolError, match="'up'") as raised:
        value("div(x, 2, rounding_mode='up')", x=[1.0])
    assert raised.value.kind == "argument"


@pytest.mark.parametrize(
    ("expression", "start", "end"),
    [
        ("sum(x // 2)", 4, 10),
        ("sum(7 // x)", 4, 10),
        ("sum(7 % x)", 4, 9),
        ("sum(x * (x // x))", 9, 15),
    ],
)
def test_what_has_no_derivative_evaluates_and_refuses_it_by_name(
    expression: str, start: int, end: int
) -> None:
    inputs = {"x": np.array([1.0, 2.0])}
    assert difftool.evaluate(expression, inputs).shape == ()
    with pytest.raises(DifftoolError, match="no derivative") as raised:
        difftool.grad(expression, inputs)
    assert raised.value.kind == "unsupported"
    assert raised.value.span == Span(start, end)
    assert raised.value.hint


def test_detached_it_is_a_constant() -> None:
    assert_derivatives("x * (x.detach() // 2)", [5.0, -5.0], ([10.0, 15.0], [2.0, -3.0], None))
