"""`operations.reduction`: corner cases, types, and errors. The expected numbers are PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.autodiff.reverse import gradients
from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.graph.walk import grad_fn
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("sum(x)", [INF, -INF], NAN, [1.0, 1.0], None),
        ("mean(x)", [NAN, INF], NAN, [0.5, 0.5], None),
        ("prod(x)", [1.0, 2.0, 3.0], 6.0, [6.0, 3.0, 2.0], [5.0, 4.0, 3.0]),
        ("prod(x)", [1.0, 0.0, 3.0], 0.0, [0.0, 3.0, 0.0], [3.0, 4.0, 1.0]),
        ("prod(x)", [0.0, 2.0, 0.0], 0.0, [0.0, 0.0, 0.0], [2.0, 0.0, 2.0]),
        ("prod(x)", [0.0, 0.0, 0.0], 0.0, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        ("prod(x)", 0.0, 0.0, 1.0, None),
        (
            "prod(x, 0)",
            [[0.0, 2.0], [3.0, 4.0]],
            [0.0, 8.0],
            [[3.0, 4.0], [0.0, 2.0]],
            np.ones((2, 2)),
        ),
        ("logsumexp(x, 0)", [0.0, 0.0], np.log(2), [0.5, 0.5], [0.0, 0.0]),
        ("logsumexp(x, 0)", [-INF, 1.0], 1.0, [0.0, 1.0], [0.0, 0.0]),
        ("logsumexp(x, 0)", [-INF, -INF], -INF, [NAN, NAN], [NAN, NAN]),
        ("logsumexp(x, 0)", [INF, 1.0], INF, [NAN, 0.0], [NAN, NAN]),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


def test_logsumexp_does_not_overflow() -> None:
    np.testing.assert_allclose(value("logsumexp(x, 0)", x=[1000.0, 1000.0]), 1000 + np.log(2))


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("sum(x)", ()),
        ("sum(x, 1)", (2, 4)),
        ("sum(x, (0, -1))", (3,)),
        ("sum(x, [0], True)", (1, 3, 4)),
        ("sum(x, ())", ()),
        ("sum(x, None)", ()),
        ("sum(x, dim=None, keepdim=True)", (1, 1, 1)),
        ("sum(x, axis=1, keepdims=True)", (2, 1, 4)),
        ("mean(x, (1, 2))", (2,)),
        ("prod(x)", ()),
        ("prod(x, 1, True)", (2, 1, 4)),
        ("logsumexp(x, (0, 1))", (4,)),
        ("all(x)", ()),
        ("all(x, ())", (2, 3, 4)),
        ("any(x, (0, 1), True)", (1, 1, 4)),
        ("all(x, keepdim=True)", (1, 1, 1)),
    ],
)
def test_shapes(expression: str, shape: tuple[int, ...]) -> None:
    assert value(expression, x=np.ones((2, 3, 4))).shape == shape


@pytest.mark.parametrize("function", ["sum", "mean", "prod", "logsumexp"])
def test_a_0d_tensor_has_a_dimension_0(function: str) -> None:
    assert value(f"{function}(x, 0)", x=3.0) == 3
    assert value(f"{function}(x, -1, keepdim=True)", x=3.0).shape == ()


@pytest.mark.parametrize(
    ("expression", "out"),
    [
        ("sum(x)", 0.0),
        ("sum(x, 0)", [0.0, 0.0, 0.0]),
        ("sum(x, 1)", []),
        ("mean(x)", NAN),
        ("mean(x, 0)", [NAN, NAN, NAN]),
        ("mean(x, 1)", []),
        ("prod(x)", 1.0),
        ("prod(x, 0)", [1.0, 1.0, 1.0]),
        ("logsumexp(x, 0)", [-INF, -INF, -INF]),
        ("logsumexp(x, (0, 1))", -INF),
        ("logsumexp(x, 1)", []),
        ("all(x)", True),
        ("any(x, 0)", [False, False, False]),
    ],
)
def test_empty_tensors(expression: str, out: Any) -> None:
    np.testing.assert_array_equal(value(expression, x=np.zeros((0, 3))), out)
    if "all" not in expression and "any" not in expression:
        assert_derivatives(expression, np.zeros((0, 3)), (out, None, None))


@pytest.mark.parametrize(
    ("expression", "x", "dtype", "out"),
    [
        ("sum(x)", np.array([True, True]), "int64", 2),
        ("sum(x)", np.array([200, 100], np.uint8), "int64", 300),
        ("prod(x)", np.array([2**20, 2**20], np.int32), "int64", 2**40),
        ("prod(x, 0)", np.array([True, False]), "int64", 0),
        ("sum(x, dtype=float)", np.array([1, 2]), "float64", 3.0),
        ("sum(x, 0, dtype=torch.float32)", np.array([1, 2]), "float32", 3.0),
        ("detach(x).sum(dtype=int)", np.array([1.6, 1.6]), "int64", 2),
        ("sum(x, dtype=bool)", np.array([0, 2]), "bool", True),
        ("mean(x, dtype=float)", np.array([1, 2]), "float64", 1.5),
        ("mean(x)", np.array([1, 2], np.float32), "float32", 1.5),
        ("logsumexp(x, 0)", np.array([True, True]), "float64", 1 + np.log(2)),
        ("all(x)", np.array([1, 2], np.uint8), "uint8", 1),
        ("any(x)", np.array([0, 2]), "bool", True),
        ("all(x)", np.array([NAN]), "bool", True),
    ],
)
def test_dtypes(expression: str, x: Any, dtype: str, out: Any) -> None:
    found = value(expression, x=x)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, out)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("expression", ["sum(x)", "sum(x, 0)", "mean(x)", "mean(x, 0)"])
def test_many_small_terms_are_not_lost(expression: str, dtype: Any) -> None:
    x = np.full((30_000, 2), 0.1, dtype)
    exact = value(expression, x=x.astype(np.float64))
    np.testing.assert_allclose(value(expression, x=x), exact, rtol=3 * np.finfo(dtype).eps)


def test_a_gradient_takes_the_dtype_of_its_input() -> None:
    assert_derivatives("sum(x, dtype=torch.float32)", [1.0, 2.0], (3.0, [1.0, 1.0], None))
    assert_derivatives("prod(x, 0, dtype=torch.float32)", [2.0, 3.0], (6.0, [3.0, 2.0], [1.0, 1.0]))


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("sum(x)", "SumBackward0"),
        ("sum(x, 0)", "SumBackward1"),
        ("sum(x, None)", "SumBackward1"),
        ("sum(x, ())", "SumBackward1"),
        ("mean(x)", "MeanBackward0"),
        ("mean(x, dim=(0, 1))", "MeanBackward1"),
        ("prod(x)", "ProdBackward0"),
        ("prod(x, 0)", "ProdBackward1"),
        ("logsumexp(x, 0)", "LogsumexpBackward0"),
        ("all(x)", None),
    ],
)
def test_grad_fn(expression: str, name: str | None) -> None:
    assert grad_fn(node(expression, x=np.ones((2, 3)))) == name


@pytest.mark.parametrize(
    ("expression", "shape"), [("sum(x)", ()), ("mean(x)", ()), ("mean(sum(x, 0))", (1, 3))]
)
def test_the_gradient_of_a_sum_stays_narrow(expression: str, shape: tuple[int, ...]) -> None:
    run = evaluation(expression, x=np.ones((1000, 3)))
    assert isinstance(run.result, Node)
    assert gradients(run.result)[run.leaves["x"]].shape == shape


@pytest.mark.parametrize(
    ("expression", "x", "kind"),
    [
        ("sum(x, 2)", [[1.0]], "shape"),
        ("sum(x, (0, -2))", [[1.0]], "shape"),
        ("sum(x, keepdim=True)", [1.0], "argument"),
        ("sum(x, 0, 1)", [1.0], "argument"),
        ("sum(x, 0.5)", [1.0], "argument"),
        ("sum(x, dtype=int)", [1.0], "dtype"),
        ("prod(x, dtype=int)", [1.0], "dtype"),
        ("prod(x, (0, 1))", [[1.0]], "argument"),
        ("prod(x, None)", [1.0], "argument"),
        ("mean(x)", [1, 2], "dtype"),
        ("mean(x, dtype=int)", [1.0], "dtype"),
        ("logsumexp(x)", [1.0], "argument"),
        ("logsumexp(x, None)", [1.0], "argument"),
        ("all(x, 3)", [1.0], "shape"),
    ],
)
def test_errors(expression: str, x: Any, kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=x)
    assert raised.value.kind == kind
    assert raised.value.hint
