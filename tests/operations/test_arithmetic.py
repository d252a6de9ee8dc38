"""`operations.arithmetic`: operators, types, and the nodes PyTorch makes of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.graph.walk import grad_fn, next_functions
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "name", "following"),
    [
        ("x + 2", "AddBackward0", ["AccumulateGrad"]),
        ("2 + x", "AddBackward0", ["AccumulateGrad"]),
        ("x - 2", "SubBackward0", ["AccumulateGrad"]),
        ("2 - x", "RsubBackward1", ["AccumulateGrad"]),
        ("rsub(x, 2)", "RsubBackward1", ["AccumulateGrad"]),
        ("rsub(x, x)", "RsubBackward0", ["AccumulateGrad", "AccumulateGrad"]),
        ("tensor(2.) - x", "SubBackward0", ["AccumulateGrad"]),
        ("2 * x", "MulBackward0", ["AccumulateGrad"]),
        ("x / 2", "DivBackward0", ["AccumulateGrad"]),
        ("2 / x", "MulBackward0", ["ReciprocalBackward0"]),
        ("tensor(2.) / x", "DivBackward0", ["AccumulateGrad"]),
        ("-x", "NegBackward0", ["AccumulateGrad"]),
        ("add(x, x, alpha=2)", "AddBackward0", ["AccumulateGrad", "AccumulateGrad"]),
    ],
)
def test_grad_fn(expression: str, name: str, following: list[str]) -> None:
    result = node(expression, x=[1.0, 2.0])
    assert grad_fn(result) == name
    assert next_functions(result) == following


@pytest.mark.parametrize("expression", ["+x", "positive(x)", "x.positive()"])
def test_plus_is_the_tensor_itself(expression: str) -> None:
    run = evaluation(expression, x=[1.0])
    assert run.result is run.leaves["x"]


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x + x * x", [INF, NAN], [INF, NAN], [INF, NAN], [2.0, 2.0]),
        ("3 - x", [1.0, INF], [2.0, -INF], [-1.0, -1.0], None),
        ("x * 0", [-1.0, 0.0, INF], [0.0, 0.0, NAN], [0.0, 0.0, 0.0], None),
        ("add(x, x^2, alpha=2)", [1.0, -3.0], [3.0, 15.0], [5.0, -11.0], [4.0, 4.0]),
        ("sub(x, x^2, alpha=3)", [1.0, -3.0], [-2.0, -30.0], [-5.0, 19.0], [-6.0, -6.0]),
        ("rsub(x, x^2, alpha=3)", [1.0, -3.0], [-2.0, 18.0], [-1.0, -9.0], [2.0, 2.0]),
        ("rsub(x, 2, alpha=0.5)", [1.0, -3.0], [1.5, 3.5], [-0.5, -0.5], None),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


INTEGERS = np.array([3, -4])
MASK = np.array([True, False])
SINGLE = np.array([1.5, -2.0], np.float32)


@pytest.mark.parametrize(
    ("expression", "inputs", "dtype", "out"),
    [
        ("i + 1", {"i": INTEGERS}, "int64", [4, -3]),
        ("i + 0.5", {"i": INTEGERS}, "float64", [3.5, -3.5]),
        ("f + 0.5", {"f": SINGLE}, "float32", [2.0, -1.5]),
        ("f + i", {"f": SINGLE, "i": INTEGERS}, "float32", [4.5, -6.0]),
        ("f * s", {"f": SINGLE, "s": np.array(2.0)}, "float32", [3.0, -4.0]),
        ("m + m", {"m": MASK}, "bool", [True, False]),
        ("m * m", {"m": MASK}, "bool", [True, False]),
        ("m * 2", {"m": MASK}, "int64", [2, 0]),
        ("m + 0.5", {"m": MASK}, "float64", [1.5, 0.5]),
        ("1 - i", {"i": INTEGERS}, "int64", [-2, 5]),
        ("-u", {"u": np.array([1, 200], np.uint8)}, "uint8", [255, 56]),
        ("add(i, i, alpha=2)", {"i": INTEGERS}, "int64", [9, -12]),
        ("add(m, m, alpha=2)", {"m": MASK}, "bool", [True, False]),
        ("x + e", {"x": np.ones((1, 3)), "e": np.ones((0, 1))}, "float64", np.ones((0, 3))),
    ],
)
def test_dtypes(expression: str, inputs: dict[str, Any], dtype: str, out: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, out)


@pytest.mark.parametrize(
    ("expression", "inputs", "kind"),
    [
        ("-m", {"m": MASK}, "dtype"),
        ("+m", {"m": MASK}, "dtype"),
        ("m - m", {"m": MASK}, "dtype"),
        ("1 - m", {"m": MASK}, "dtype"),
        ("x - True", {"x": SINGLE}, "dtype"),
        ("rsub(m, 1)", {"m": MASK}, "dtype"),
        ("add(i, i, alpha=0.5)", {"i": INTEGERS}, "argument"),
        ("x + y", {"x": np.ones((2, 3)), "y": np.ones(4)}, "shape"),
        ("x @ 2", {"x": np.ones((2, 3))}, "shape"),
    ],
)
def test_refusals(expression: str, inputs: dict[str, Any], kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, **inputs)
    assert raised.value.kind == kind
    assert raised.value.hint


def test_a_sum_s_gradient_is_handed_on_as_it_is() -> None:
    """No node is made for it, and none for a factor of 1."""
    run = evaluation("sum(add(x, y, alpha=1) + 2)", x=[1.0, 2.0], y=[1.0, 2.0])
    assert isinstance(run.result, Node)
    (total,) = run.result.inputs
    assert total.inputs[0].parameters == {}
