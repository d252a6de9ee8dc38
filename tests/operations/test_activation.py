"""`operations.activation`: kinks, thresholds, saturation. The numbers are PyTorch's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn, next_functions
from tests.operations.derivatives import assert_derivatives, derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan
E = math.e
S = 1 / (1 + 1 / E)  # sigmoid(1)
HALVES = [-1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("sigmoid(x)", [NAN, INF, -INF, 1000.0, -1000.0, 0.0], [NAN, 1.0, 0.0, 1.0, 0.0, 0.5],
         [NAN, 0.0, 0.0, 0.0, 0.0, 0.25], [NAN, 0.0, 0.0, 0.0, 0.0, 0.0]),
        ("special.expit(x)", 0.0, 0.5, 0.25, 0.0),
        ("relu(x)", HALVES, [0.0, 0.0, 1.0], [0.0, 0.0, 1.0], None),
        ("relu(x)", [NAN, INF, -INF], [NAN, INF, 0.0], [1.0, 1.0, 0.0], None),
        ("relu(x) - relu(-x)", HALVES, HALVES, [1.0, 0.0, 1.0], None),
        ("log(relu(x))", [-1.0, 0.0, 2.0], [-INF, -INF, math.log(2)], [0.0, 0.0, 0.5],
         [0.0, 0.0, -0.25]),
        ("leaky_relu(x)", HALVES, [-0.01, 0.0, 1.0], [0.01, 0.01, 1.0], None),
        ("leaky_relu(x, -0.5)", [-1.0, 0.0, 1.0, INF, -INF], [0.5, 0.0, 1.0, INF, INF],
         [-0.5, -0.5, 1.0, 1.0, -0.5], None),
        ("leaky_relu(x)", NAN, NAN, 0.01, None),
        ("elu(x)", HALVES, [1 / E - 1, 0.0, 1.0], [1 / E, 1.0, 1.0], [1 / E, 0.0, 0.0]),
        ("elu(x)", [INF, -INF, 1000.0, -1000.0], [INF, -1.0, 1000.0, -1.0], [1.0, 0.0, 1.0, 0.0],
         [0.0, 0.0, 0.0, 0.0]),
        ("elu(x)", NAN, NAN, 1.0, 0.0),
        ("elu(x, alpha=-1)", HALVES, [1 - 1 / E, 0.0, 1.0], [-1 / E, -1.0, 1.0],
         [-1 / E, 0.0, 0.0]),
        ("softplus(x)", HALVES, [math.log1p(1 / E), math.log(2), math.log1p(E)], [1 - S, 0.5, S],
         [S * (1 - S), 0.25, S * (1 - S)]),
        ("softplus(x)", [NAN, INF, -INF, 1000.0, -1000.0], [NAN, INF, 0.0, 1000.0, 0.0],
         [NAN, 1.0, 0.0, 1.0, 0.0], [NAN, 0.0, 0.0, 0.0, 0.0]),
        # At the threshold the value and the slope are the curve's, the second derivative is 0.
        ("softplus(x)", [20.0, 20.5], [20.0 + math.log1p(math.exp(-20)), 20.5],
         [1 / (1 + math.exp(-20)), 1.0], [0.0, 0.0]),
        ("softplus(x, 2, 1)", [0.0, 0.5, 1.0], [math.log(2) / 2, math.log1p(E) / 2, 1.0],
         [0.5, S, 1.0], [0.5, 0.0, 0.0]),
        ("softplus(x, threshold=2000)", [1000.0, -1000.0], [1000.0, 0.0], [1.0, 0.0], [0.0, 0.0]),
        ("silu(x)", HALVES, [S - 1, 0.0, S], [(1 - S) * (1 - S), 0.5, S * (2 - S)],
         [S * (1 - S) * (3 - 2 * S), 0.5, S * (1 - S) * (3 - 2 * S)]),
        ("silu(x)", [NAN, INF, -INF, 1000.0, -1000.0], [NAN, INF, NAN, 1000.0, 0.0],
         [NAN, NAN, NAN, 1.0, 0.0], [NAN, NAN, NAN, 0.0, 0.0]),
        ("gelu(x)", [NAN, INF, -INF, 1000.0, -1000.0], [NAN, INF, NAN, 1000.0, 0.0],
         [NAN, NAN, NAN, 1.0, 0.0], [NAN, NAN, NAN, 0.0, 0.0]),
        ("gelu(x)", [-1.0, 0.0, 1.0], [-0.15865525393145707, 0.0, 0.841344746068543],
         [-0.08331547058768635, 0.5, 1.0833154705876864],
         [0.24197072451914337, 0.7978845608028654, 0.24197072451914337]),
        ("gelu(x, approximate='tanh')", [-1.0, 0.0, 1.0, 1000.0, -1000.0],
         [-0.15880800939172324, 0.0, 0.8411919906082768, 1000.0, 0.0],
         [-0.08296408384578252, 0.5, 1.0829640838457826, 1.0, 0.0],
         [0.24214819798377296, 0.7978845608028654, 0.24214819798377296, 0.0, 0.0]),
    ],
)  # fmt: skip
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


ROWS = [[INF, 1.0], [-INF, 1.0], [-INF, -INF], [1000.0, -1000.0], [NAN, 0.0]]
NANS = [NAN, NAN]


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("softmax(x, 1)", ROWS, [NANS, [0.0, 1.0], NANS, [1.0, 0.0], NANS],
         [NANS, [0.0, 0.0], NANS, [0.0, 0.0], NANS], [NANS, [0.0, 0.0], NANS, [0.0, 0.0], NANS]),
        ("log_softmax(x, 1)", ROWS, [NANS, [-INF, 0.0], NANS, [0.0, -2000.0], NANS],
         [NANS, [1.0, -1.0], NANS, [-1.0, 1.0], NANS], [NANS, [0.0, 0.0], NANS, [0.0, 0.0], NANS]),
        ("softmax(x, 0) * [1., 0.]", [0.0, math.log(3)], [0.25, 0.0], [3 / 16, -3 / 16],
         [0.0, 0.0]),
        ("log_softmax(x, 0) * [1., 0.]", [0.0, math.log(3)], [-math.log(4), 0.0], [0.75, -0.75],
         [0.0, 0.0]),
        ("softmax(x, 0)", 3.0, 1.0, 0.0, 0.0),
        ("log_softmax(x, -1)", 3.0, 0.0, 0.0, 0.0),
    ],
)  # fmt: skip
def test_softmax_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize("function", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    ("shape", "dim"), [((2, 3), 0), ((2, 3), -1), ((0, 3), 0), ((0, 3), 1), ((3, 0), 1), ((), 0)]
)
def test_softmax_shapes(function: str, shape: tuple[int, ...], dim: int) -> None:
    for dtype in (np.float64, np.float32, np.float16):
        x = np.linspace(-1, 1, math.prod(shape), dtype=dtype).reshape(shape)
        for result in derivatives(f"{function}(x, {dim})", x):
            assert (result.shape, result.dtype) == (shape, dtype)


def test_softmax_sums_to_one_and_log_softmax_is_its_logarithm() -> None:
    x = np.random.default_rng(0).standard_normal((4, 5, 3)) * 10
    for dim in range(3):
        shares = value(f"softmax(x, {dim})", x=x)
        np.testing.assert_allclose(shares.sum(axis=dim), 1, rtol=1e-14)
        logarithms = value(f"log_softmax(x, {dim})", x=x)
        np.testing.assert_allclose(np.exp(logarithms), shares, rtol=1e-13)


def test_a_long_softmax_of_single_precision_sums_to_one() -> None:
    found = value("softmax(x, 0)", x=np.zeros((200_000, 2), np.float32))
    np.testing.assert_allclose(found, np.float32(5e-6), rtol=1e-7)


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("softmax(x, 0, dtype=float32)", "float32"),
        ("log_softmax(x, dim=0, dtype=float32)", "float32"),
        ("softmax(x, 0, float64)", "float64"),
    ],
)
def test_softmax_converts_first(expression: str, dtype: str) -> None:
    result = node(expression, x=[1.0, 2.0])
    assert result.dtype == dtype
    converted = dtype != "float64"
    assert next_functions(result) == ["ToCopyBackward0" if converted else "AccumulateGrad"]


PLAIN = ["sigmoid", "relu", "leaky_relu", "elu", "silu", "gelu", "softplus"]


@pytest.mark.parametrize("function", PLAIN)
def test_dtypes_and_shapes(function: str) -> None:
    for dtype in (np.float64, np.float32, np.float16):
        for shape in ((), (2, 1, 3), (0, 3)):
            for result in derivatives(f"F.{function}(x)", np.full(shape, -0.75, dtype)):
                assert (result.dtype, result.shape) == (dtype, shape)


def test_half_precision_is_computed_in_single() -> None:
    x = np.linspace(-9, 9, 500).astype(np.float16)
    for function in PLAIN:
        expected = value(f"{function}(x)", x=x.astype(np.float32)).astype(np.float16)
        np.testing.assert_array_equal(value(f"{function}(x)", x=x), expected)


def test_integers() -> None:
    np.testing.assert_array_equal(value("relu(i)", i=[-2, 0, 3]), [0, 0, 3])
    assert value("relu(c)", c=np.array([-1, 2], np.int8)).dtype == np.int8
    assert value("sigmoid(i)", i=[0]) == 0.5
    assert value("sigmoid(m)", m=[False]).dtype == np.float64
    assert value("softmax(i, 0, dtype=float64)", i=[0, 0]).tolist() == [0.5, 0.5]


def test_gelu_keeps_its_digits_where_x_is_very_negative() -> None:
    x = np.array([-8.0, -20.0])
    exact = [0.5 * v * math.erfc(-v / math.sqrt(2)) for v in x]
    np.testing.assert_allclose(value("gelu(x)", x=x), exact, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("relu(x)", "ReluBackward0"),
        ("F.leaky_relu(x, 0.2)", "LeakyReluBackward0"),
        ("elu(x, alpha=0.5)", "EluBackward0"),
        ("gelu(x, approximate='tanh')", "GeluBackward0"),
        ("softplus(x, beta=2)", "SoftplusBackward0"),
        ("torch.special.expit(x)", "SigmoidBackward0"),
        ("x.log_softmax(0)", "LogSoftmaxBackward0"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=[1.0, 2.0])) == name


@pytest.mark.parametrize(
    ("expression", "x", "kind"),
    [
        ("relu(x)", [True], "dtype"),
        *[(f"{name}(x)", [1], "dtype") for name in PLAIN if name not in ("sigmoid", "relu")],
        ("gelu(x, approximate='erf')", [1.0], "argument"),
        ("relu(x, inplace=True)", [1.0], "unsupported"),
        ("elu(x, 1.0, True)", [1.0], "unsupported"),
        ("softmax(x, 0)", [1], "dtype"),
        ("softmax(x, 0, dtype=int64)", [1.0], "dtype"),
        ("softmax(x)", [1.0], "argument"),
        ("softmax(x, (0,))", [1.0], "argument"),
        ("log_softmax(x, 1)", [1.0], "shape"),
    ],
)
def test_refusals(expression: str, x: Any, kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=x)
    assert raised.value.kind == kind
    assert raised.value.hint
