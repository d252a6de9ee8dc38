"""`operations.norm`: zeros, ties, spellings, and the errors. The expected numbers are PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn, next_functions
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan
THIRD = 1 / 3


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("norm(x)", [0.0, 0.0], 0.0, [0.0, 0.0], [NAN, NAN]),
        ("norm(x)", [3.0, 0.0, -4.0], 5.0, [0.6, 0.0, -0.8], [0.224, 0.2, 0.168]),
        ("norm(x)", [NAN, 1.0], NAN, [NAN, NAN], [NAN, NAN]),
        ("norm(x)", [INF, 1.0], INF, [NAN, 0.0], [NAN, NAN]),
        ("norm(x, 0)", [3.0, 0.0, -4.0], 2.0, [0.0, 0.0, 0.0], None),
        ("norm(x, 0.5)", [0.0, 0.0], 0.0, [0.0, 0.0], [NAN, NAN]),
        ("norm(x, 0.5)", [4.0, 0.0, -1.0], 9.0, [1.5, 0.0, -3.0], [-0.3125, NAN, -1.25]),
        ("norm(x, 1)", [3.0, 0.0, -4.0], 7.0, [1.0, 0.0, -1.0], None),
        ("norm(x, 1.5)", [0.0, 0.0], 0.0, [0.0, 0.0], [NAN, NAN]),
        ("norm(x, 3)", [0.0, 0.0], 0.0, [0.0, 0.0], [0.0, 0.0]),
        (
            "norm(x, 3)",
            [1.0, 0.0, -2.0],
            9**THIRD,
            [9 ** (-2 * THIRD), 0.0, -4 * 9 ** (-2 * THIRD)],
            [0.6163211327561197, 0.0, 0.3081605663780599],
        ),
        ("norm(x, inf)", [3.0, 3.0, -3.0], 3.0, [THIRD, THIRD, -THIRD], None),
        ("norm(x, inf)", [0.0, 0.0], 0.0, [0.0, 0.0], None),
        ("norm(x, inf)", [NAN, 1.0], NAN, [0.0, 0.0], None),
        ("norm(x, -inf)", [3.0, 0.0, -4.0], 0.0, [0.0, 0.0, 0.0], None),
        ("norm(x, -1)", [3.0, 0.0, -4.0], 0.0, [0.0, 0.0, 0.0], [0.0, NAN, 0.0]),
        ("norm(x, -1)", [2.0, -2.0], 1.0, [0.25, -0.25], [-0.25, -0.25]),
        ("norm(x)", -3.0, 3.0, -1.0, 0.0),
        (
            "norm(x, 2, dim=1)",
            [[0.0, 0.0], [3.0, 4.0]],
            [0.0, 5.0],
            [[0.0, 0.0], [0.6, 0.8]],
            [[NAN, NAN], [0.032, -0.024]],
        ),
        ("linalg.norm(x, 1)", [[1.0, -3.0], [-2.0, 0.0]], 3.0, [[0.5, -0.5], [-0.5, 0.0]], None),
        ("linalg.norm(x, -inf)", [[1.0, -3.0], [-2.0, 2.0]], 4.0, [[0.5, -0.5], [-0.5, 0.5]], None),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


X = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])
FROBENIUS = float(np.sqrt(91))


@pytest.mark.parametrize(
    ("expression", "out"),
    [
        ("norm(x)", FROBENIUS),
        ("x.norm()", FROBENIUS),
        ("torch.norm(x, 'fro')", FROBENIUS),
        ("norm(x, p=2, dim=(0, 1))", FROBENIUS),
        ("norm(x, None)", FROBENIUS),
        ("norm(x, 2, ())", FROBENIUS),
        ("norm(x, 'fro', 1)", np.sqrt([14.0, 77.0])),
        ("norm(x, 1, 0)", [5.0, 7.0, 9.0]),
        ("norm(x, inf, dim=1, keepdim=True)", [[3.0], [6.0]]),
        ("norm(x, keepdim=True)", [[FROBENIUS]]),
        ("linalg.norm(x)", FROBENIUS),
        ("torch.linalg.norm(x, 'fro')", FROBENIUS),
        ("linalg.norm(x, 1)", 9.0),
        ("linalg.norm(x, -1)", 5.0),
        ("linalg.norm(x, inf)", 15.0),
        ("linalg.norm(x, -inf)", 6.0),
        ("linalg.norm(x, 1, (1, 0))", 15.0),
        ("linalg.norm(x, inf, (1, 0), True)", [[9.0]]),
        ("linalg.norm(x, 1, 1)", [6.0, 15.0]),
        ("linalg.norm(x, 1, (0,))", [5.0, 7.0, 9.0]),
        ("linalg.norm(x, dim=(0, 1))", FROBENIUS),
        ("linalg.norm(x[0], 1)", 6.0),
        ("np.linalg.norm(x)", FROBENIUS),
        ("linalg.vector_norm(x, 1)", 21.0),
        ("linalg.vector_norm(x, ord=0, dim=0)", [2.0, 2.0, 2.0]),
        ("linalg.vector_norm(x, -inf)", 1.0),
        ("linalg.matrix_norm(x)", FROBENIUS),
        ("linalg.matrix_norm(x, 1, keepdim=True)", [[9.0]]),
    ],
)
def test_spellings(expression: str, out: Any) -> None:
    np.testing.assert_allclose(value(expression, x=X), out, rtol=1e-14)


@pytest.mark.parametrize("order", ["inf", "-inf", "1", "-1"])
@pytest.mark.parametrize("dim", [(0, 1), (1, 0), (0, 2), (2, 0), (-1, 1)])
@pytest.mark.parametrize("keepdim", [False, True])
def test_matrix_norms_of_any_two_dimensions(
    order: str, dim: tuple[int, int], keepdim: bool
) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    found = value(f"linalg.norm(x, {order}, {dim}, {keepdim})", x=x)
    expected = np.linalg.norm(x, float(order), dim, keepdim)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("expression", "out"),
    [
        ("norm(x)", 0.0),
        ("norm(x, 0.5, 0)", [0.0, 0.0, 0.0]),
        ("norm(x, 0)", 0.0),
        ("norm(x, inf, 1)", []),
        ("norm(x, -1, 1)", []),
        ("linalg.norm(x, 1)", 0.0),
        ("linalg.norm(x, inf)", 0.0),
        ("linalg.norm(x, inf, keepdim=True)", [[0.0]]),
    ],
)
def test_empty_tensors(expression: str, out: Any) -> None:
    np.testing.assert_array_equal(value(expression, x=np.zeros((0, 3))), out)


def test_dtype_may_widen() -> None:
    single = X.astype(np.float32)
    assert value("norm(x)", x=single).dtype == np.float32
    assert value("norm(x, dtype=float)", x=single).dtype == np.float64
    assert value("linalg.norm(x, 1, dtype=float)", x=single).dtype == np.float64


@pytest.mark.parametrize(
    "expression",
    [
        "norm(x)",
        "norm(x, 1, 0)",
        "norm(x, 'fro')",
        "norm(x, inf, (0, 1))",
        "linalg.norm(x)",
        "linalg.norm(x, 3, 1)",
        "linalg.matrix_norm(x)",
        "linalg.vector_norm(x, 0)",
    ],
)
def test_all_spellings_are_one_node(expression: str) -> None:
    result = node(expression, x=X)
    assert grad_fn(result) == "LinalgVectorNormBackward0"
    assert next_functions(result) == ["AccumulateGrad"]


@pytest.mark.parametrize(
    ("order", "name"),
    [("1", "Amax"), ("inf", "Amax"), ("-1", "Amin"), ("-inf", "Amin")],
)
def test_norms_of_columns_and_rows_are_two_nodes(order: str, name: str) -> None:
    result = node(f"linalg.norm(x, {order})", x=X)
    assert grad_fn(result) == f"{name}Backward0"
    assert next_functions(result) == ["LinalgVectorNormBackward0"]


@pytest.mark.parametrize(
    ("expression", "x", "kind"),
    [
        ("norm(x)", [1, 2], "dtype"),
        ("norm(x, dtype=torch.float32)", [1.0], "dtype"),
        ("norm(x, dtype=int)", [1.0], "dtype"),
        ("norm(x, inf)", np.zeros((0, 3)), "shape"),
        ("norm(x, -1, 0)", np.zeros((0, 3)), "shape"),
        ("norm(x, 2, 2)", X, "shape"),
        ("norm(x, 'fro', (0, 1, 2))", np.ones((2, 2, 2)), "argument"),
        ("norm(x, 'max')", X, "argument"),
        ("norm(x, 'nuc')", np.ones((2, 2, 2)), "argument"),
        ("linalg.norm(x, 'nuc')", [1.0], "argument"),
        ("linalg.matrix_norm(x, 2, dtype=int)", X, "dtype"),
        ("frobenius_norm(x, (0, 1, 2))", np.ones((2, 2, 2)), "argument"),
        ("linalg.norm(x, 3)", X, "argument"),
        ("linalg.norm(x, 1)", np.ones((2, 2, 2)), "shape"),
        ("linalg.norm(x, 1)", 1.0, "shape"),
        ("linalg.norm(x, 1, (0, 1, 2))", np.ones((2, 2, 2)), "argument"),
        ("linalg.norm(x, 1, (0, 0))", X, "argument"),
        ("linalg.norm(x, 'fro')", [1.0], "argument"),
        ("linalg.matrix_norm(x)", [1.0], "argument"),
        ("linalg.vector_norm(x, 'fro')", X, "argument"),
    ],
)
def test_errors(expression: str, x: Any, kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=x)
    assert raised.value.kind == kind
    assert raised.value.hint


def test_the_squares_of_half_precision_have_room() -> None:
    x = np.array([300.0, 400.0], np.float16)
    assert value("norm(x)", x=x) == 500
    assert value("norm(x, 3)", x=x) == np.float16(np.cbrt(300.0**3 + 400.0**3))
