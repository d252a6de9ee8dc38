"""`operations.selection`: who gets the gradient at ties, at bounds and for nan, as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn
from difftool.operations.elementwise.selection import where
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("where(x > 0, x, 0)", [NAN, INF, -INF], [0.0, INF, 0.0], [0.0, 1.0, 0.0], None),
        ("where(x > 0, sqrt(x), 0.)", [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [NAN, NAN, 0.5],
         [NAN, NAN, -0.25]),
        ("where(x > 0, 1 / x, x)", [0.0, 2.0], [0.0, 0.5], [NAN, -0.25], [NAN, 0.25]),
        ("x.where(x > 1, x^2)", [1.0, 3.0], [1.0, 3.0], [2.0, 1.0], [2.0, 0.0]),
        ("where([True, False], x, 1)", 2.0, [2.0, 1.0], 1.0, None),
        ("masked_fill(x^2, x > 1, -inf)", [1.0, 3.0], [1.0, -INF], [2.0, 0.0], [2.0, 0.0]),
        ("masked_fill([1., 2.], [True, True], x)", 3.0, [3.0, 3.0], 2.0, None),
        ("masked_fill(x, [[True], [False]], 0)", [1.0, 3.0], [[0.0, 0.0], [1.0, 3.0]], [1.0, 1.0],
         None),
        ("minimum(x, [1., 3., 2.])", [1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [0.5, 1.0, 0.0], None),
        ("minimum([1., 3., 2.], x)", [1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [0.5, 1.0, 0.0], None),
        ("maximum(x, [1., 3., 2.])", [1.0, 2.0, 3.0], [1.0, 3.0, 3.0], [0.5, 0.0, 1.0], None),
        ("maximum([1., 3., 2.], x)", [1.0, 2.0, 3.0], [1.0, 3.0, 3.0], [0.5, 0.0, 1.0], None),
        ("maximum(x, [nan, 2., 0.])", [1.0, NAN, -INF], [NAN, NAN, 0.0], [1.0, 1.0, 0.0], None),
        ("minimum([nan, 2., 0.], x)", [1.0, NAN, -INF], [NAN, NAN, -INF], [1.0, 1.0, 1.0], None),
        ("maximum(x, x)", [1.0], [1.0], [1.0], None),
        ("maximum(x, -x)", [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], None),
        ("clamp(x, 0, 1)", [-1.0, 0.0, 0.5, 1.0, 2.0], [0.0, 0.0, 0.5, 1.0, 1.0],
         [0.0, 1.0, 1.0, 1.0, 0.0], None),
        ("clamp(x, 0, 1)", [NAN, INF, -INF], [NAN, 1.0, 0.0], [0.0, 0.0, 0.0], None),
        ("clamp(x, min=0)", [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0], None),
        ("clamp(x, max=0)", [-1.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [1.0, 1.0, 0.0], None),
        ("clamp(x, 2, 1)", [0.0, 1.5, 3.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0], None),
        ("clamp(x, min=nan)", [1.0, NAN], [NAN, NAN], [0.0, 0.0], None),
        ("clip(x^2, 1, 9)", [0.5, 1.0, 2.0, 3.0], [1.0, 1.0, 4.0, 9.0], [0.0, 2.0, 4.0, 6.0],
         [0.0, 2.0, 2.0, 2.0]),
        # x, the lower and the upper bound as tensors; 2 > 1, where the upper one wins, comes last.
        ("clamp(x, [0., 0., 0., 2.], [1., 1., 1., 1.])", [0.0, 1.0, 2.0, 1.5],
         [0.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0], None),
        ("clamp([0., 2., -1., 5.], x, [1., 1., 1., 1.])", [0.0, 0.0, 0.0, 2.0],
         [0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0], None),
        ("clamp([0., 2., 1., 5.], [0., 0., 0., 2.], x)", [1.0, 1.0, 1.0, 1.0],
         [0.0, 1.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], None),
        ("clamp([0., 1., 2.], min=x)", [1.0, 1.0, 1.0], [1.0, 1.0, 2.0], [1.0, 0.0, 0.0], None),
        ("clamp([0., 1., 2.], max=x)", [1.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0], None),
        ("clamp([1., 1.], x, x)", [NAN, 2.0], [NAN, 2.0], [0.0, 0.0], None),
    ],
)  # fmt: skip
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("where(x > 0, x, 0)", "WhereBackward0"),
        ("x.where(x > 0, 0)", "WhereBackward0"),
        ("minimum(x, 0)", "MinimumBackward0"),
        ("maximum(x, x)", "MaximumBackward0"),
        ("clamp(x, 0, 1)", "ClampBackward1"),
        ("x.clamp(min=0)", "ClampBackward1"),
        ("clip(x, None, 0)", "ClampBackward1"),
        ("clamp(x, x, x)", "ClampBackward0"),
        ("clamp(x, max=x)", "ClampBackward0"),
        ("clamp([1., 2.], x, None)", "ClampBackward0"),
        ("masked_fill(x, x > 0, 1)", "MaskedFillBackward0"),
        ("masked_fill(x, x > 0, tensor(1.))", "MaskedFillBackward1"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=[1.0, 2.0])) == name


MASK = np.array([True, False])
INTEGERS = np.array([3, -4])
SINGLE = np.array([1.5, -2.0], np.float32)


@pytest.mark.parametrize(
    ("expression", "inputs", "dtype", "out"),
    [
        ("where(m, f, 2.5)", {"m": MASK, "f": SINGLE}, "float32", [1.5, 2.5]),
        ("where(m, 2.5, f)", {"m": MASK, "f": SINGLE}, "float32", [2.5, -2.0]),
        ("where(m, f, s)", {"m": MASK, "f": SINGLE, "s": np.array(2.5)}, "float32", [1.5, 2.5]),
        ("where(m, s, t)", {"m": MASK, "s": np.array(0.1), "t": np.float32(0.5)}, "float64",
         [0.1, 0.5]),
        ("where(m, t, 0.1)", {"m": MASK, "t": np.float32(0.5)}, "float32",
         [0.5, np.float32(0.1)]),
        ("where(m, f, x)", {"m": MASK, "f": SINGLE, "x": np.ones(2)}, "float64", [1.5, 1.0]),
        ("where(m, f, i)", {"m": MASK, "f": SINGLE, "i": INTEGERS}, "float32", [1.5, -4.0]),
        ("where(m, i, 2.5)", {"m": MASK, "i": INTEGERS}, "float64", [3.0, 2.5]),
        ("where(m, i, True)", {"m": MASK, "i": INTEGERS}, "int64", [3, 1]),
        ("where(m, m, 1)", {"m": MASK}, "int64", [1, 1]),
        ("where(m, 1, 0)", {"m": MASK}, "int64", [1, 0]),
        ("where(m, 1.0, 0)", {"m": MASK}, "float64", [1.0, 0.0]),
        ("where(m, h, 1)", {"m": MASK, "h": np.ones(2, np.float16)}, "float16", [1.0, 1.0]),
        ("where(m, e, 1)", {"m": MASK, "e": np.ones((0, 1))}, "float64", np.ones((0, 2))),
        ("maximum(m, ~m)", {"m": MASK}, "bool", [True, True]),
        ("maximum(i, 0.5)", {"i": INTEGERS}, "float64", [3.0, 0.5]),
        ("minimum(f, i)", {"f": SINGLE, "i": INTEGERS}, "float32", [1.5, -4.0]),
        ("clamp(i, 0, 2)", {"i": INTEGERS}, "int64", [2, 0]),
        ("clamp(i, 0.5, 2)", {"i": INTEGERS}, "float64", [2.0, 0.5]),
        ("clamp(i, min=-inf)", {"i": INTEGERS}, "float64", [3.0, -4.0]),
        ("clamp(m, 0, 1)", {"m": MASK}, "int64", [1, 0]),
        ("clamp(f, -1, 0.1)", {"f": SINGLE}, "float32", [np.float32(0.1), -1.0]),
        ("clamp(f, min=10^30, max=10^31)", {"f": SINGLE}, "float32", [np.float32(1e30)] * 2),
        ("clamp(f, min=x)", {"f": SINGLE, "x": np.zeros(2)}, "float64", [1.5, 0.0]),
        ("clamp(s, max=x)", {"s": np.array(1.5), "x": np.arange(3.0)}, "float64", [0.0, 1.0, 1.5]),
        ("masked_fill(i, m, 1.7)", {"i": INTEGERS, "m": MASK}, "int64", [1, -4]),
        ("masked_fill(f, m, s)", {"f": SINGLE, "m": MASK, "s": np.array(0.5)}, "float32",
         [0.5, -2.0]),
    ],
)  # fmt: skip
def test_dtypes(expression: str, inputs: dict[str, Any], dtype: str, out: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, out, 1e-15)


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u1", "?"])
@pytest.mark.parametrize(
    "shapes",
    [((), (), ()), ((5, 4), (5, 4), (5, 4)), ((5, 1), (4,), ()), ((), (5, 4), (4,)), ((0, 4),) * 3],
)
def test_the_choice_by_bits_is_that_of_numpy(dtype: str, shapes: Any) -> None:
    source = np.random.default_rng(0)
    condition = source.random(shapes[0]) < 0.5
    first, second = [
        np.asarray(source.integers(-100, 100, shape)).astype(dtype) for shape in shapes[1:]
    ]
    expected = np.where(condition, first, second)
    found = np.asarray(where.kernel(condition, first, second))
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


def test_the_choice_by_bits_reads_views() -> None:
    first, second = np.arange(20.0).reshape(5, 4).T, np.arange(0.0, -40, -2).reshape(4, 5)
    condition = (first > 7)[:, ::-1]
    expected = np.where(condition, first, second[::-1])
    np.testing.assert_array_equal(where.kernel(condition, first, second[::-1]), expected)


def test_the_choice_by_bits_keeps_signs_infinities_and_nan() -> None:
    values = np.array([-0.0, INF, -INF, NAN])
    for condition in (np.ones(4, bool), np.zeros(4, bool)):
        chosen = where.kernel(condition, values, np.array(0.0))
        expected = np.where(condition, values, 0.0)
        np.testing.assert_array_equal(chosen, expected)
        np.testing.assert_array_equal(np.signbit(chosen), np.signbit(expected))


@pytest.mark.parametrize(
    ("expression", "inputs", "kind"),
    [
        ("where(i, x, 0)", {"i": INTEGERS, "x": np.ones(2)}, "dtype"),
        ("where(x > 0, x)", {"x": np.ones(2)}, "argument"),
        ("where(x > 0, x, y)", {"x": np.ones(2), "y": np.ones(3)}, "shape"),
        ("clamp(x)", {"x": np.ones(2)}, "argument"),
        ("clamp(x, None, None)", {"x": np.ones(2)}, "argument"),
        ("clamp(x, 0, y)", {"x": np.ones(2), "y": np.ones(2)}, "argument"),
        ("clamp(x, y, 1)", {"x": np.ones(2), "y": np.ones(2)}, "argument"),
        ("clamp(x, min=y)", {"x": np.ones(2), "y": np.ones(3)}, "shape"),
        ("clamp(c, max=300)", {"c": np.ones(2, np.int8)}, "dtype"),
        ("masked_fill(x, i, 0)", {"i": INTEGERS, "x": np.ones(2)}, "dtype"),
        ("masked_fill(x, x > 0, x)", {"x": np.ones(2)}, "shape"),
        ("masked_fill(i, i > 0, inf)", {"i": INTEGERS}, "dtype"),
    ],
)
def test_refusals(expression: str, inputs: dict[str, Any], kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, **inputs)
    assert raised.value.kind == kind
    assert raised.value.hint
