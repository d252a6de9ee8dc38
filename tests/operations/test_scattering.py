"""What puts elements in place: errors, and what neither declarations nor the oracle cover."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import node, value

X = np.arange(6.0).reshape(2, 3)
INPUTS: dict[str, Any] = {
    "x": X,
    "y": np.ones((2, 2)),
    "k": np.array([[0, 2], [1, 1]]),
    "i": np.array([2, 0]),
    "far": np.array([0, 3]),
    "wide": np.array([[0, 3]]),
    "m": np.array([[True, False, True], [False, True, True]]),
}


@pytest.mark.parametrize(
    ("expression", "kind", "message"),
    [
        ("scatter(x, 1, k, ones(1, 2))", "shape", "a src of shape (1, 2)"),
        ("scatter(x, 1, k, y.float())", "dtype", "float32 into float64"),
        ("scatter(x, 1, wide, 2)", "index", "index 3 is out of range for dimension 1 of size 3"),
        ("scatter(x, 1, -k, 2)", "index", "index -2 is out of range for dimension 1"),
        ("scatter(x, 1, k, y, reduce='mean')", "argument", "'mean'"),
        ("scatter_reduce(x, 1, k, y, 'add')", "argument", "'add'"),
        ("scatter_reduce(m, 1, k, m, 'mean')", "dtype", "booleans"),
        ("take_along_dim(x, i, 1)", "shape", "not 1 for 2"),
        ("take_along_dim(x.sum(), tensor(0), 0)", "shape", "0-d"),
        ("take_along_dim(x, k.int(), 1)", "dtype", "int32"),
        ("take_along_dim(x.T, k)", "shape", "view"),
        ("index_select(x, 1, far)", "index", "index 3 is out of range for dimension 1 of size 3"),
        ("index_select(x, 1, [-1])", "index", "index -1 is out of range"),
        ("index_select(x, 1, k)", "shape", "a tensor of shape (2, 2)"),
        ("index_select(x.sum(), 0, [0, 0])", "shape", "not 2"),
        ("index_select(x, 1, [1.0])", "dtype", "float64"),
        ("index_add(x, 1, i, ones(1, 2))", "shape", "a source of shape (1, 2)"),
        ("index_add(x, 1, i, y.float())", "dtype", "float32 into float64"),
        ("index_add(x, 1, far, y)", "index", "index 3 is out of range"),
        ("index_copy(x, 1, i.int(), y)", "dtype", "int32"),
        ("index_copy(x[0], 0, i, x[0, 0])", "shape", "1 elements for 2 indices"),
        ("index_fill(x, 1, i, x[0])", "shape", "one number"),
        ("index_fill(x, 1, far, 1)", "index", "index 3 is out of range for dimension 1 of size 3"),
        ("index_fill(k, 1, i, nan)", "dtype", "nan is not a number of type int64"),
        ("index_reduce(x, 1, i, y, 'sum')", "argument", "'sum'"),
        ("take(x, tensor([6]))", "index", "index 6 is out of range for a tensor of 6 elements"),
        ("take(x, -9 * k)", "index", "index -18 is out of range"),
        ("take(zeros(0), tensor([0]))", "index", "0 elements"),
        ("put(x, i, ones(3))", "shape", "3 elements for 2 places"),
        ("put(x, far + 3, ones(2))", "index", "index 6 is out of range"),
        ("put(x, i, ones(2).float())", "dtype", "float32 into float64"),
        ("index_put(x, (tensor([0]),), 5.0)", "argument", "a tensor as values"),
    ],
)
def test_errors(expression: str, kind: str, message: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        value(expression, **INPUTS)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert caught.value.hint


def test_scatter_with_reduce_has_no_derivative_as_in_pytorch() -> None:
    expression = "scatter(x, 1, k, y, reduce='add')"
    assert chain(node(expression, **INPUTS)) == "NotImplemented(x, y)"
    with pytest.raises(DifftoolError, match="no derivative for scatter") as caught:
        difftool.grad(f"sum({expression})", INPUTS)
    assert "scatter_add" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "call", ["scatter_reduce(x, 0, [0, 0], y, 'prod')", "index_reduce(x, 0, [0, 0], y, 'prod')"]
)
def test_a_product_of_several_zeros_has_a_gradient_but_no_second_derivative(call: str) -> None:
    inputs = {"x": np.array([3.0]), "y": np.array([0.0, 0.0])}
    assert difftool.grad(f"sum({call})", inputs).gradients["y"].tolist() == [0.0, 0.0]
    with pytest.raises(DifftoolError, match="no second derivative"):
        difftool.hessian(f"sum({call})", inputs)


def test_a_source_longer_than_the_index_gets_zeros_where_it_was_not_used() -> None:
    inputs = {"x": np.ones(3), "y": np.array([2.0, 3.0, 4.0])}
    for reduce, wanted in {"sum": [1, 1, 0], "prod": [3, 2, 0], "amax": [0, 1, 0]}.items():
        call = f"sum(scatter_reduce(x, 0, [1, 1], y, '{reduce}'))"
        assert difftool.grad(call, inputs).gradients["y"].tolist() == wanted


def test_values_that_broadcast_are_added_where_several_indices_name_one_place() -> None:
    """NumPy's own `add.at` reads beyond such values."""
    for dtype in (np.int16, np.float32, np.float64):
        inputs = {"x": np.zeros(2, dtype), "v": np.array([-1, 3], dtype)}
        call = "index_put(x, (tensor([[-1, -1], [1, 1]]),), v, True)"
        assert value(call, **inputs).tolist() == [0, 4]


def test_means_of_integers_are_rounded_down() -> None:
    call = "scatter_reduce(tensor([0, 0]), 0, [0, 0], tensor([-3, 2]), 'mean', include_self=False)"
    assert value(call).tolist() == [-1, 0]
