"""`operations.extreme`: ties, NaN, types, and the errors. The expected numbers are PyTorch's."""

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
    ("expression", "x", "out", "first"),
    [
        ("max(x)", [1.0, 3.0, 3.0], 3.0, [0.0, 0.5, 0.5]),
        ("max(x)", [1.0, NAN, 3.0], NAN, [0.0, 1.0, 0.0]),
        ("max(x)", [NAN, NAN, INF], NAN, [0.5, 0.5, 0.0]),
        ("max(x)", 2.0, 2.0, 1.0),
        ("min(x)", [[1.0, 2.0], [2.0, 1.0]], 1.0, [[0.5, 0.0], [0.0, 0.5]]),
        ("max(x, 0).values", [3.0, 1.0, 3.0], 3.0, [1.0, 0.0, 0.0]),
        ("max(x, 0).values", [1.0, NAN, INF], NAN, [0.0, 1.0, 0.0]),
        ("max(x, 0).values", 2.0, 2.0, 1.0),
        ("min(x, 1)[0]", [[1.0, 1.0], [2.0, 1.0]], [1.0, 1.0], [[1.0, 0.0], [0.0, 1.0]]),
        ("amax(x)", [1.0, 3.0, 3.0], 3.0, [0.0, 0.5, 0.5]),
        ("amax(x)", [1.0, NAN, 3.0], NAN, [NAN, NAN, NAN]),
        ("amax(x, 0)", 2.0, 2.0, 1.0),
        ("amin(x, 1)", [[1.0, 1.0], [2.0, 1.0]], [1.0, 1.0], [[0.5, 0.5], [0.0, 1.0]]),
        ("max(x, 0 * x)", [1.0, 0.0, -1.0], [1.0, 0.0, 0.0], [1.0, 0.5, 0.0]),
    ],
)
def test_ties_and_nan(expression: str, x: Any, out: Any, first: Any) -> None:
    assert_derivatives(expression, x, (out, first, None))


@pytest.mark.parametrize(
    ("expression", "x", "index"),
    [
        ("argmax(x)", [[1.0, 3.0], [3.0, 2.0]], 1),
        ("argmin(x)", [2.0, 1.0, 1.0], 1),
        ("argmax(x)", [1.0, NAN, INF], 1),
        ("argmin(x)", [1.0, NAN, -INF], 1),
        ("argmax(x, 1)", [[1.0, 3.0], [3.0, 2.0]], [1, 0]),
        ("argmax(x, -1, keepdim=True)", [[1.0, 3.0], [3.0, 2.0]], [[1], [0]]),
        ("argmin(x, keepdim=True)", [[1.0, 3.0], [0.0, 2.0]], [[2]]),
        ("argmax(x, 0)", 5.0, 0),
        ("argmax(x)", [2, 7, 7], 1),
        ("max(x, 1).indices", [[2.0, 2.0], [1.0, 5.0]], [0, 1]),
        ("min(x, 0, True)[1]", [[2.0, 2.0], [1.0, 5.0]], [[1, 0]]),
        ("max(x, 0).indices", [False, True, True], 1),
    ],
)
def test_indices(expression: str, x: Any, index: Any) -> None:
    found = value(expression, x=x)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, index)


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("max(x)", ()),
        ("max(x, 1).values", (2, 4)),
        ("max(x, 1, True).values", (2, 1, 4)),
        ("min(x, axis=-1, keepdims=True).indices", (2, 3, 1)),
        ("amax(x)", ()),
        ("amax(x, ())", ()),
        ("amax(x, (0, 2))", (3,)),
        ("amin(x, keepdim=True)", (1, 1, 1)),
        ("argmax(x, 2)", (2, 3)),
        ("argmin(x, dim=None, keepdim=True)", (1, 1, 1)),
    ],
)
def test_shapes(expression: str, shape: tuple[int, ...]) -> None:
    assert value(expression, x=np.ones((2, 3, 4))).shape == shape


@pytest.mark.parametrize(
    "expression", ["max(x, 1).values", "min(x, 1).indices", "amax(x, 1)", "argmin(x, 1)"]
)
def test_along_a_dimension_that_is_not_empty_nothing_is_needed(expression: str) -> None:
    assert value(expression, x=np.zeros((0, 3))).shape == (0,)


@pytest.mark.parametrize(
    ("expression", "x", "dtype"),
    [
        ("max(x)", [1, 2], "int64"),
        ("max(x)", [False, True], "bool"),
        ("min(x, 0).values", [False, True], "bool"),
        ("amax(x)", [False, True], "bool"),
        ("amin(x, 0)", np.ones(2, np.uint8), "uint8"),
        ("max(x)", np.ones(2, np.float32), "float32"),
    ],
)
def test_dtypes(expression: str, x: Any, dtype: str) -> None:
    assert value(expression, x=x).dtype == dtype


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("max(x)", "MaxBackward1"),
        ("min(x)", "MinBackward1"),
        ("max(x, 1).values", "MaxBackward0"),
        ("min(x, 0, True).values", "MinBackward0"),
        ("max(x, x)", "MaximumBackward0"),
        ("min(x, x)", "MinimumBackward0"),
        ("amax(x)", "AmaxBackward0"),
        ("amin(x, 0)", "AminBackward0"),
    ],
)
def test_grad_fn(expression: str, name: str) -> None:
    result = node(expression, x=np.ones((2, 3)))
    assert grad_fn(result) == name
    assert set(next_functions(result)) == {"AccumulateGrad"}


def test_over_a_dimension_both_results_have_names() -> None:
    result = evaluation("max(x, 1)", x=np.eye(2)).result
    assert isinstance(result, tuple)
    values, indices = result
    assert isinstance(values, Node) and isinstance(indices, Node)
    assert grad_fn(values) == "MaxBackward0"
    assert grad_fn(indices) is None


@pytest.mark.parametrize(
    ("expression", "shape", "kind"),
    [
        ("max(x)", (0, 3), "shape"),
        ("max(x, 0)", (0, 3), "shape"),
        ("amax(x)", (0, 3), "shape"),
        ("amin(x, (0, 1))", (3, 0), "shape"),
        ("argmax(x)", (0,), "shape"),
        ("argmin(x, 0)", (0, 3), "shape"),
        ("max(x, 2)", (2, 3), "shape"),
        ("amax(x, (0, 0))", (2, 3), "shape"),
        ("max(x, 0.5)", (2,), "argument"),
        ("max(x, keepdim=True)", (2,), "argument"),
        ("max(x, None)", (2,), "argument"),
        ("argmax(x, (0, 1))", (2, 3), "argument"),
        ("argmax(x > 0)", (2,), "dtype"),
    ],
)
def test_errors(expression: str, shape: tuple[int, ...], kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=np.ones(shape))
    assert raised.value.kind == kind
    assert raised.value.hint
