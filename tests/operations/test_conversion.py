"""`operations.conversion`: what conversions make of values, nodes and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.graph.walk import grad_fn
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "dtype", "out"),
    [
        ("x.double()", "float64", [1.7, -1.7, 0.0]),
        ("x.float()", "float32", np.array([1.7, -1.7, 0.0], np.float32)),
        ("x.half()", "float16", np.array([1.7, -1.7, 0.0], np.float16)),
        ("x.long()", "int64", [1, -1, 0]),
        ("x.int()", "int32", [1, -1, 0]),
        ("x.short()", "int16", [1, -1, 0]),
        ("x.char()", "int8", [1, -1, 0]),
        ("abs(x).byte()", "uint8", [1, 1, 0]),
        ("x.bool()", "bool", [True, True, False]),
        ("(x / 0).bool()", "bool", [True, True, True]),
        ("x.to(float32)", "float32", np.array([1.7, -1.7, 0.0], np.float32)),
        ("x.to(torch.int64)", "int64", [1, -1, 0]),
        ("x.to(dtype=int)", "int64", [1, -1, 0]),
        ("x.to(x > 0)", "bool", [True, True, False]),
        ("x.type(torch.float32)", "float32", np.array([1.7, -1.7, 0.0], np.float32)),
        ("x.clone()", "float64", [1.7, -1.7, 0.0]),
        ("(x > 0).clone()", "bool", [True, False, False]),
        ("x.detach()", "float64", [1.7, -1.7, 0.0]),
    ],
)
def test_values(expression: str, dtype: str, out: Any) -> None:
    found = value(expression, x=[1.7, -1.7, 0.0])
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, out)


@pytest.mark.parametrize(
    "expression", ["x.double()", "x.to(float64)", "x.to(float)", "x.to(x)", "x.type(float64)"]
)
def test_a_tensor_of_that_type_is_returned_itself(expression: str) -> None:
    run = evaluation(expression, x=[1.0])
    assert run.result is run.leaves["x"]


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("x.float()", "ToCopyBackward0"),
        ("x.to(float64, copy=True)", "ToCopyBackward0"),
        ("x.clone()", "CloneBackward0"),
        ("x.detach()", None),
        ("x.long()", None),
        ("x.bool()", None),
    ],
)
def test_grad_fn(expression: str, name: str | None) -> None:
    assert grad_fn(node(expression, x=[1.0])) == name


def test_a_gradient_comes_back_in_its_value_s_dtype() -> None:
    x = np.array([0.1, 3.0])
    found = difftool.grad("sum(x.float()^2)", {"x": x}).gradients["x"]
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, 2 * x.astype(np.float32).astype(np.float64))


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x.clone()^2", [1.0, INF], [1.0, INF], [2.0, INF], [2.0, 2.0]),
        ("x * x.detach()", [3.0, NAN], [9.0, NAN], [3.0, NAN], None),
        ("x.to(float64, copy=True)^2", 3.0, 9.0, 6.0, 2.0),
        ("x.clone()", np.ones((0, 2)), np.ones((0, 2)), np.ones((0, 2)), None),
    ],
)
def test_derivatives(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


def test_copies_keep_their_layout() -> None:
    for copied in ("x.T.clone()", "x.T.float()", "x.T.detach().clone().float() + x.T"):
        reshaped = node(f"({copied}).reshape(6)", x=np.ones((2, 3)))
        assert grad_fn(reshaped) == "UnsafeViewBackward0"
