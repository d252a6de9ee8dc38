"""`operations.lookup`: gather, scatter_add, index_put; their corner cases and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, node, value

X = np.arange(6.0).reshape(2, 3)
INPUTS: dict[str, Any] = {"x": X, "i": np.array([[0, 2], [1, 1]]), "none": np.zeros((0, 2), int)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("gather(x, 1, i)", [[0.0, 2.0], [4.0, 4.0]]),
        ("x.gather(-1, i)", [[0.0, 2.0], [4.0, 4.0]]),
        ("x.gather(0, [[0, 1, 0]])", [[0.0, 4.0, 2.0]]),
        ("x.gather(dim=1, index=[[0, 1, 2, 0, 1]])", [[0.0, 1.0, 2.0, 0.0, 1.0]]),
        ("gather(x, 1, i, sparse_grad=True)", [[0.0, 2.0], [4.0, 4.0]]),
        ("gather(x, 1, none)", np.zeros((0, 2))),
        ("x[0].gather(0, tensor(2))", 2.0),
        ("x.sum().gather(0, [0, 0])", [15.0, 15.0]),
        ("x.sum().gather(0, tensor(0))", 15.0),
        ("(x > 1).gather(1, i)", [[False, True], [True, True]]),
        ("scatter_add(zeros(2, 3), 1, i, ones(2, 2))", [[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]]),
        ("scatter_add(x, 0, [[1, 1]], [[5, 6, 7], [8, 9, 9]])", [[0, 1, 2], [8, 10, 5]]),
        ("scatter_add(x, 0, none, ones(2, 2))", X),
        ("x[0].scatter_add(0, tensor(1), tensor(5.))", [0.0, 6.0, 2.0]),
        ("x.sum().scatter_add(0, tensor([0, 0]), ones(2))", 17.0),
        ("index(x, [i], [1])", X[:, [[0, 2], [1, 1]]]),
        ("index_put(x, [tensor([0, 0])], [[1, 1, 1], [2, 2, 2]])[1]", X[1]),
        ("index_put(x, [tensor([0, 0])], ones(3), True)[0]", [2.0, 3.0, 4.0]),
        ("index_put(x, (tensor([0, 1]), tensor([2, 0])), tensor(9.))", [[0, 1, 9], [9, 4, 5]]),
    ],
)
def test_values(expression: str, expected: Any) -> None:
    np.testing.assert_array_equal(value(expression, **INPUTS), expected)


def test_nodes_are_those_of_pytorch() -> None:
    assert chain(node("gather(x, 1, i)", **INPUTS)) == "GatherBackward0(x)"
    assert chain(node("scatter_add(x, 1, i, x[:, :2])", **INPUTS)) == (
        "ScatterAddBackward0(x, SliceBackward0(x))"
    )
    assert chain(node("index_put(x, [tensor([0])], x[0])", **INPUTS)) == (
        "IndexPutBackward0(x, SelectBackward0(x))"
    )


@pytest.mark.parametrize(
    ("expression", "x", "first", "second"),
    [
        ("gather(x, 0, [0, 0, 2]) ^ 2", [1, 2, 3], [4, 0, 6], [4, 0, 2]),
        ("gather(x, 1, [[1, 1]]) ^ 2", [[1, 2], [3, 4]], [[0, 8], [0, 0]], [[0, 4], [0, 0]]),
        ("gather(x, 0, zeros(0).long()) ^ 2", [1, 2], None, None),
        ("gather(x, 0, [0, 0]) ^ 2", 3, 12, 4),
        ("scatter_add(x, 0, [1, 1], x) ^ 2", [1, 2], [12, 20], [8, 12]),
        ("scatter_add(zeros(3), 0, [2], x) ^ 2", [1, 2, 3], [2, 0, 0], [2, 0, 0]),
        ("scatter_add(x, 0, zeros(0).long(), x) ^ 2", [1, 2], [2, 4], [2, 2]),
        ("index_put(x, [tensor([0])], x[1:]) ^ 2", [1, 2], [0, 8], [0, 4]),
        ("index_put(zeros(3), [tensor([0, 0])], x, True) ^ 2", [1, 2], [6, 6], [4, 4]),
        ("index_put(zeros(2, 2), [tensor([0, 1])], x, True) ^ 2", [1, 2], [4, 8], [4, 4]),
        ("index_put(zeros(2), [tensor([0, 1])], x) ^ 2", 3, 12, 4),
    ],
)
def test_derivatives(expression: str, x: Any, first: Any, second: Any) -> None:
    x = np.asarray(x, float)
    assert_derivatives(expression, x, (value(expression, x=x), first, second))


def test_many_equal_indices_are_added_up_in_the_dtype_of_the_tensor() -> None:
    x = np.zeros(2, np.float32)
    found = value("index_put(x, [zeros(1000).long()], ones(1000).float(), True)", x=x)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [1000, 0])


@pytest.mark.parametrize(
    ("expression", "kind", "message"),
    [
        ("gather(x, 1, [[0, -1]])", "index", "index -1 is out of range"),
        ("gather(x, 1, [[3]])", "index", "index 3 is out of range"),
        ("gather(x, 2, i)", "shape", "out of range"),
        ("gather(x, 1, [0, 1])", "shape", "an index of shape (2,)"),
        ("gather(x, 0, [[0, 1, 0, 1]])", "shape", "an index of shape (1, 4)"),
        ("gather(x, 1, [[0.]])", "dtype", "int64"),
        ("gather(x, 1, i.short())", "dtype", "int16"),
        ("scatter_add(x, 1, i, ones(1, 2))", "shape", "a src of shape (1, 2)"),
        ("scatter_add(x, 1, i, ones(2, 2).float())", "dtype", "float32 into float64"),
        ("index(x, [i, i, i])", "index", "3 indices for dimensions (0, 1, 2)"),
        ("index(x, [i], [2])", "index", "dimensions (2,)"),
        ("index(x, [i, i], [1, 0])", "index", "dimensions (1, 0)"),
        ("index(x, [])", "index", "0 indices"),
        ("index(x, [x])", "index", "float64"),
        ("index_put(x, [tensor([0])], ones(4))", "shape", "do not broadcast"),
        ("index_put(x, [tensor([0])], ones(2, 1, 3))", "shape", "values has (2, 1, 3)"),
        ("index_put(x, [tensor([0])], x[0].int())", "dtype", "values has (3,) and int32"),
        ("index_put(x, [tensor([2])], ones(3))", "index", "index 2 is out of range"),
    ],
)
def test_errors(expression: str, kind: str, message: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        value(expression, **INPUTS)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("dims", ["-1", "(-1,)", "(0, 0)", "(1, 0)", "(2,)", "()"])
def test_dims_of_an_index_ascend_from_the_front(dims: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        value(f"index(x, [k, k], {dims})", x=np.ones((2, 2)), k=np.array([0]))
    assert raised.value.kind == "index"
