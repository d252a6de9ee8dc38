"""`operations.scan`: zeros in products to every order, types, and the errors."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn
from tests.gradient_checks import assert_gradients
from tests.operations.derivatives import assert_derivatives, derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("cumsum(x, 0)", [1.0, NAN, INF], [1.0, NAN, NAN], [3.0, 2.0, 1.0], None),
        ("cumsum(x, 0)", 2.0, 2.0, 1.0, None),
        ("cumprod(x, 0)", [1.0, 2.0, 3.0], [1.0, 2.0, 6.0], [9.0, 4.0, 2.0], [6.0, 5.0, 3.0]),
        ("cumprod(x, 0)", [2.0, 0.0, 3.0], [2.0, 0.0, 0.0], [1.0, 8.0, 0.0], [4.0, 6.0, 2.0]),
        ("cumprod(x, 0)", [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [3.0, 1.0, 2.0]),
        ("cumprod(x, 0)", [0.0, 0.0, 5.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [6.0, 6.0, 0.0]),
        ("cumprod(x, 0)", 0.0, 0.0, 1.0, None),
        ("cumprod(x, 0)", [0.0], [0.0], [1.0], None),
        ("cumprod(x, 1)", np.ones((2, 0)), np.ones((2, 0)), np.ones((2, 0)), None),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize("mask", list(product([0, 1], repeat=4)), ids=str)
@pytest.mark.parametrize("function", ["cumprod(x, 0)", "prod(x)", "prod_others(x)"])
def test_third_derivatives_are_exact_wherever_zeros_are(
    function: str, mask: tuple[int, ...]
) -> None:
    x = np.array([1.5, -0.7, 0.4, 1.1])
    assert_gradients(function, {"x": x * np.array(mask)}, order=3)


@pytest.mark.parametrize(
    ("expression", "x", "dtype", "out"),
    [
        ("cumsum(x, 0)", [True, True], "int64", [1, 2]),
        ("cumsum(x, 0)", np.array([200, 100], np.uint8), "int64", [200, 300]),
        ("cumprod(x, 0)", np.array([2**20, 2**20], np.int32), "int64", [2**20, 2**40]),
        ("cumsum(x, 0, dtype=float)", [1, 2], "float64", [1.0, 3.0]),
        ("cumprod(x, 0, dtype=torch.int32)", [3, 2], "int32", [3, 6]),
        ("cumsum(x, -1)", np.array([0.5, 0.25], np.float32), "float32", [0.5, 0.75]),
        ("cumsum(x, 1)", np.ones((0, 3)), "float64", np.ones((0, 3))),
        ("prod_others(x)", [2, 3, 4], "int64", [12, 8, 6]),
    ],
)
def test_dtypes(expression: str, x: Any, dtype: str, out: Any) -> None:
    found = value(expression, x=x)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, out)


def test_rounding_does_not_add_up_in_float32() -> None:
    x = np.full(30_000, 0.1, np.float32)
    exact = np.cumsum(x.astype(np.float64))
    np.testing.assert_allclose(value("cumsum(x, 0)", x=x), exact, rtol=1e-7)


def test_the_recurrence_is_what_it_says() -> None:
    source = np.random.default_rng(0)
    for length in (1, 2, 3, 4, 7, 8, 33):
        x, weight = source.standard_normal((2, 3, length))
        expected = np.zeros((3, length))
        last = np.zeros(3)
        for k in range(length):
            last = weight[:, k] * last + x[:, k]
            expected[:, k] = last
        found = value("linear_recurrence(x, w, 1)", x=x, w=weight)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_first_weight_of_a_recurrence_is_not_used() -> None:
    found = value("linear_recurrence(x, w, 0)", x=[1.0, 2.0, 3.0], w=[NAN, 2.0, 3.0])
    np.testing.assert_array_equal(found, [1.0, 4.0, 15.0])


def test_products_that_overflow_in_between_leave_the_gradient_whole() -> None:
    _, gradient, _ = derivatives("cumprod(x, 0)[1]", [1e-200, 1e200, 1e200])
    np.testing.assert_allclose(gradient, [1e200, 1e-200, 0.0])


@pytest.mark.parametrize(
    ("expression", "name"),
    [("cumsum(x, 0)", "CumsumBackward0"), ("cumprod(x, 1)", "CumprodBackward0")],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=np.ones((2, 3)))) == name


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("cumsum(x)", "argument"),
        ("cumsum(x, (0, 1))", "argument"),
        ("cumprod(x, 2)", "shape"),
        ("cumsum(x, 0, dtype=int)", "dtype"),
        ("cumprod(detach(x), 0, dtype=bool)", "dtype"),
        ("linear_recurrence(x, x[0], 0)", "shape"),
    ],
)
def test_errors(expression: str, kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=np.ones((2, 3)))
    assert raised.value.kind == kind
    assert raised.value.hint
