"""`operations.slicing` called as functions: what brackets don't reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.select(1, -1)", [2.0, 5.0]),
        ("select(x, dim=0, index=1)", [3.0, 4.0, 5.0]),
        ("slice(x, -1, 1)", [[1.0, 2.0], [4.0, 5.0]]),
        ("slice(x, dim=1, start=-3, end=10, step=2)", [[0.0, 2.0], [3.0, 5.0]]),
        ("slice(x)", X),
        ("slice(x, 1, 2, 1)", np.zeros((2, 0))),
        ("select_scatter(x, [7, 8], 1, 0)", [[7.0, 1.0, 2.0], [8.0, 4.0, 5.0]]),
        ("slice_scatter(x, [[7, 8]], 0, 1)", None),
        ("slice_scatter(x, [[7], [8]], 1, 2)", [[0.0, 1.0, 7.0], [3.0, 4.0, 8.0]]),
        ("slice_scatter(x, ones(2, 0), dim=1, end=0)", X),
        ("alias(x)", X),
    ],
)
def test_values(expression: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(DifftoolError, match="src has"):
            evaluation(expression, x=X)
    else:
        np.testing.assert_array_equal(value(expression, x=X), expected)


def test_nodes_are_those_of_pytorch() -> None:
    assert chain(node("select_scatter(x, x[0], 0, 1)", x=X)) == (
        "SelectScatterBackward0(x, SelectBackward0(x))"
    )
    assert chain(node("slice_scatter(x, x[:1], 0, 1)", x=X)) == (
        "SliceScatterBackward0(x, SliceBackward0(x))"
    )


def test_derivatives_of_what_is_replaced_are_zero() -> None:
    assert_derivatives(
        "select_scatter(x, 3 * x[0, :1], 0, 1) ^ 2",
        [[1.0], [5.0]],
        ([[1], [9]], [[20], [0]], [[20], [0]]),
    )
    assert_derivatives(
        "slice_scatter(x, x[2:] * x[1], 0, 1, 2) ^ 2",
        [1.0, 2.0, 3.0],
        ([1, 36, 9], [2, 36, 30], [2, 42, 34]),
    )


def test_inputs_are_not_written_into() -> None:
    array = np.zeros((2, 2))
    value("select_scatter(x, ones(2), 0, 0) + slice_scatter(x, ones(1, 2), 0, 1)", x=array)
    np.testing.assert_array_equal(array, np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("expression", "kind", "message"),
    [
        ("x.select(2, 0)", "shape", "dimension 2 is out of range"),
        ("x.select(0, 2)", "index", "index 2 is out of range"),
        ("select(x.sum(), 0, 0)", "index", "0-d"),
        ("slice(x, 0, 0, 1, -1)", "index", "greater than zero"),
        ("select_scatter(x, ones(2), 0, 0)", "shape", "replaces a part of shape (3,)"),
        ("select_scatter(x.int(), x[0], 0, 0)", "dtype", "passes no gradient"),
        ("slice_scatter(x, ones(2, 2), 1, 2)", "shape", "replaces a part of shape (2, 1)"),
    ],
)
def test_errors(expression: str, kind: str, message: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert caught.value.hint
