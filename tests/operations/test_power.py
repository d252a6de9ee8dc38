"""`operations.power`: 0, infinities and signs in base and exponent. The numbers are PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.autodiff.reverse import gradients
from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.graph.walk import ancestors, grad_fn
from difftool.session import Session
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan
LN2 = np.log(2)


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x ^ 0", [-1.0, 0.0, NAN, INF], [1.0] * 4, [0.0] * 4, None),
        ("x ^ 1", [-1.0, 0.0, NAN], [-1.0, 0.0, NAN], [1.0] * 3, None),
        ("x ^ 2", [-1.0, 0.0, INF], [1.0, 0.0, INF], [-2.0, 0.0, INF], [2.0] * 3),
        ("x ^ 3", [-1.0, 0.0, 2.0], [-1.0, 0.0, 8.0], [3.0, 0.0, 12.0], [-6.0, 0.0, 12.0]),
        ("x ^ 4", [-1.0, 0.0, 2.0], [1.0, 0.0, 16.0], [-4.0, 0.0, 32.0], [12.0, 0.0, 48.0]),
        ("x ^ 5", [-1.0, 2.0], [-1.0, 32.0], [5.0, 80.0], [-20.0, 160.0]),
        ("x ^ 0.5", [-1.0, 0.0, 1.0], [NAN, 0.0, 1.0], [NAN, INF, 0.5], [NAN, -INF, -0.25]),
        ("x ^ -0.5", [-1.0, 0.0, 4.0], [NAN, INF, 0.5], [NAN, -INF, -0.0625], [NAN, INF, 3 / 128]),
        ("x ^ -1", [-1.0, 0.0, 1.0], [-1.0, INF, 1.0], [-1.0, -INF, -1.0], [-2.0, INF, 2.0]),
        ("x ^ -2", [-1.0, 0.0, 2.0], [1.0, INF, 0.25], [2.0, -INF, -0.25], [6.0, INF, 0.375]),
        ("x ^ 1.5", [-1.0, 0.0, 1.0], [NAN, 0.0, 1.0], [NAN, 0.0, 1.5], [NAN, INF, 0.75]),
        (
            "2 ^ x",
            [-1.0, 0.0, 1.0],
            [0.5, 1.0, 2.0],
            [LN2 / 2, LN2, 2 * LN2],
            [LN2**2 / 2, LN2**2, 2 * LN2**2],
        ),
        ("1 ^ x", [-1.0, 0.0, INF], [1.0] * 3, [0.0] * 3, [0.0] * 3),
        ("0 ^ x", [-1.0, 0.0, 1.0], [INF, 1.0, 0.0], [-INF, 0.0, 0.0], [INF, NAN, NAN]),
        ("(-2) ^ x", [-1.0, 0.0, 0.5], [-0.5, 1.0, NAN], [NAN] * 3, [NAN] * 3),
        (
            "x ^ tensor([0., 1., 2., -1.])",
            [0.0] * 4,
            [1.0, 0.0, 0.0, INF],
            [0.0, 1.0, 0.0, -INF],
            [NAN, 0.0, 2.0, INF],
        ),
        (
            "x ^ tensor([2., 3., 0.])",
            [-1.0, -2.0, 2.0],
            [1.0, -8.0, 1.0],
            [-2.0, 12.0, 0.0],
            [2.0, -12.0, 0.0],
        ),
        (
            "tensor([0., 0., 0., 0.]) ^ x",
            [0.0, 1.0, 2.0, -1.0],
            [1.0, 0.0, 0.0, INF],
            [0.0, 0.0, 0.0, -INF],
            [NAN, NAN, NAN, INF],
        ),
        ("tensor([0., 0.]) ^ x", [0.5, 1.5], [0.0, 0.0], [0.0, 0.0], [NAN, NAN]),
        ("square(x)", [-1.0, 0.0, 3.0], [1.0, 0.0, 9.0], [-2.0, 0.0, 6.0], [2.0] * 3),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0, 4.0, 0.5, -0.5, -1.0, -2.0, -3.0, 2.5])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_short_cuts_agree_with_powers(exponent: float, dtype: Any) -> None:
    x = np.array([[0.3, 1.0, 1.7], [2.5, 4.0, 9.0]], dtype)
    found = value(f"x ^ {exponent}", x=x)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, x.astype(float) ** exponent, 4 * np.finfo(dtype).eps)


INTEGERS = np.array([2, -1, 1, 0, -3])


@pytest.mark.parametrize(
    ("expression", "inputs", "dtype", "out"),
    [
        ("i ^ 2", {"i": INTEGERS}, "int64", [4, 1, 1, 0, 9]),
        ("i ^ 2.0", {"i": INTEGERS}, "float64", [4, 1, 1, 0, 9]),
        ("i ^ -1.0", {"i": INTEGERS}, "float64", [0.5, -1, 1, INF, -1 / 3]),
        ("i ^ k", {"i": INTEGERS, "k": np.array([-1, -3, -2, -1, -1])}, "int64", [0, -1, 1, 0, 0]),
        ("i ^ k", {"i": INTEGERS, "k": np.array([3, 0, 5, 0, 3])}, "int64", [8, 1, 1, 1, -27]),
        ("2 ^ i", {"i": INTEGERS}, "int64", [4, 0, 2, 1, 0]),
        ("2.0 ^ i", {"i": INTEGERS}, "float64", [4, 0.5, 2, 1, 0.125]),
        ("m ^ 2", {"m": np.array([True, False])}, "int64", [1, 0]),
        ("2 ^ m", {"m": np.array([True, False])}, "int64", [2, 1]),
        ("square(m)", {"m": np.array([True, False])}, "int64", [1, 0]),
        ("u ^ 2", {"u": np.array([3, 20], np.uint8)}, "uint8", [9, 144]),
        ("f ^ 2.5", {"f": np.array([4.0], np.float32)}, "float32", [32.0]),
        ("f ^ s", {"f": np.array([4.0], np.float32), "s": np.array(2.5)}, "float32", [32.0]),
        ("float_power(i, 2)", {"i": INTEGERS}, "float64", [4, 1, 1, 0, 9]),
        ("float_power(f, 2)", {"f": np.array([3.0], np.float32)}, "float64", [9.0]),
        ("float_power(2, f)", {"f": np.array([3.0], np.float32)}, "float64", [8.0]),
    ],
)
def test_dtypes(expression: str, inputs: dict[str, Any], dtype: str, out: Any) -> None:
    found = value(expression, **inputs)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, out, 1e-15)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("x ^ 2", "PowBackward0"),
        ("x ** tensor(2.)", "PowBackward1"),
        ("2 ^ x", "PowBackward2"),
        ("tensor(2.) ^ x", "PowBackward1"),
        ("x ^ x", "PowBackward1"),
        ("square(x)", "PowBackward0"),
        ("float_power(x, 2)", "PowBackward0"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    assert grad_fn(node(expression, x=[1.0, 2.0])) == name


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [("i ^ -1", {"i": [1, 2]}), ("m ^ m", {"m": [True]}), ("m ^ True", {"m": [True]})],
)
def test_refusals(expression: str, inputs: dict[str, Any]) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, **inputs)
    assert raised.value.kind == "dtype"


def test_a_number_as_exponent_takes_no_logarithm() -> None:
    run = evaluation("sum((x + 2)^3)", x=[1.0, 2.0])
    assert isinstance(run.result, Node)
    made = ancestors(gradients(run.result).values())
    assert "log" not in {n.operation.name for n in made}


def test_powers_of_a_number_are_contiguous() -> None:
    """As in PyTorch, where every other power keeps its operands' layout."""
    assert grad_fn(node("(2 ^ x.T).reshape(4)", x=np.ones((2, 2)))) == "ViewBackward0"
    assert grad_fn(node("(x.T ^ 2).reshape(4)", x=np.ones((2, 2)))) == "UnsafeViewBackward0"


def test_negative_integer_powers_round_to_zero() -> None:
    least = -(2**63)
    bases, exponents = [2, -1, 1, -1, 0], [least, least, least, least + 1, 2]
    assert value("i ^ j", i=bases, j=exponents).tolist() == [0, 1, 1, -1, 0]


def test_the_logarithm_of_a_narrow_base_is_taken_in_the_dtype_of_the_power() -> None:
    base = np.array([0.1], np.float16)
    found = Session().grad("sum(h ^ x)", {"h": base, "x": np.array([2.0])}).gradients["x"].array
    wide = base.astype(float)
    np.testing.assert_allclose(found, wide**2 * np.log(wide), 1e-15)


def test_truth_values_are_exponents() -> None:
    """The gradient is refused by PyTorch, which can't subtract 1 from them."""
    inputs = {"x": np.array([2.0, 3.0]), "m": np.array([True, False])}
    assert Session().grad("sum(x ^ m)", inputs).gradients["x"].array.tolist() == [1.0, 0.0]
