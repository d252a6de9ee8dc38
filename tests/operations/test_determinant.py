"""Determinants at the edges: matrices that are not finite, empty, or not of the shape asked for."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.session import Session

BROKEN = np.array([[np.nan, 1.0], [2.0, 3.0]])
BATCH = np.array([BROKEN, [[1.0, 2.0], [3.0, 4.0]], [[np.inf, 1.0], [0.0, 2.0]]])


@pytest.mark.parametrize("expression", ["det(x).sum()", "cofactor(x).sum()"])
def test_a_matrix_that_is_not_finite_spoils_itself_only(expression: str) -> None:
    gradient = Session().grad(expression, {"x": BATCH}).gradients["x"].array
    assert np.isnan(gradient[[0, 2]]).all()
    alone = Session().grad(expression, {"x": BATCH[1]}).gradients["x"].array
    np.testing.assert_array_equal(gradient[1], alone)


@pytest.mark.parametrize(
    "expression", ["det(x)", "sum(cofactor(x))", "sum(inv(x))", "sum(solve(x, x))", "logdet(x)"]
)
def test_nan_goes_through(expression: str) -> None:
    record = Session().grad(expression, {"x": BROKEN})
    assert np.isnan(record.output.data) and np.isnan(record.gradients["x"].array).any()
    assert record.warnings


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("cofactor_derivative(x, x[0])", "shape"),
        ("cofactor_derivative(x, 2.)", "shape"),
        ("det(x[0])", "shape"),
        ("slogdet(x[:1])", "shape"),
        ("det(tensor([[1, 2], [3, 4]]))", "dtype"),
        ("inv(zeros(2, 2))", "value"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        Session().evaluate(expression, {"x": BATCH[1]})
    assert caught.value.kind == kind


def test_a_matrix_without_elements_has_the_determinant_one() -> None:
    record = Session().grad("det(x)", {"x": np.zeros((0, 0))})
    assert record.output.data == 1 and record.gradients["x"].array.shape == (0, 0)
