"""`operations.joining`: values, dtypes, placeholders, gradients and errors."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.arange(6.0).reshape(2, 3)
V = np.array([7.0, 8.0, 9.0])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cat([x, x])", np.concatenate([X, X])),
        ("cat((x, x), -1)", np.concatenate([X, X], 1)),
        ("concat([x, ones(1, 3)], dim=0)", np.concatenate([X, np.ones((1, 3))])),
        ("concatenate([x, ones(2, 1)], axis=1)", np.concatenate([X, np.ones((2, 1))], 1)),
        ("cat([x])", X),
        ("cat([x, zeros(0, 3)])", X),
        ("cat([zeros(0), x], 1)", X),
        ("cat([zeros(0), zeros(0)], 5)", np.zeros(0)),
        ("cat([[1, 2], [3]])", [1.0, 2.0, 3.0]),
        ("stack([v, v])", np.stack([V, V])),
        ("stack((v, v), 1)", np.stack([V, V], 1)),
        ("stack([x, x], dim=-1)", np.stack([X, X], -1)),
        ("stack([x, x], -3)", np.stack([X, X])),
        ("stack([v.sum(), v[0]])", [24.0, 7.0]),
        ("stack([zeros(0), zeros(0)])", np.zeros((2, 0))),
    ],
)
def test_values(expression: str, expected: object) -> None:
    np.testing.assert_array_equal(value(expression, x=X, v=V), expected)


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("cat([x, f])", "float64"),
        ("cat([f, i])", "float32"),
        ("cat([f, zeros(0)])", "float64"),
        ("cat([i, m])", "int64"),
        ("stack([f, x])", "float64"),
        ("stack([m, m])", "bool"),
        ("stack([x.sum(), f.sum()])", "float64"),
        ("stack([f.sum(), i.sum()])", "float32"),
    ],
)
def test_dtypes_are_promoted(expression: str, dtype: str) -> None:
    found = value(expression, x=X, f=X.astype(np.float32), i=X.astype(np.int64), m=X > 2)
    assert found.dtype == dtype


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cat([x, v[None]])", "CatBackward0(x, UnsqueezeBackward0(v))"),
        ("cat([x, x])", "CatBackward0(x, x)"),
        ("cat([x, ones(1, 3)])", "CatBackward0(x)"),
        ("stack([v, v * 2])", "StackBackward0(v, MulBackward0(v))"),
    ],
)
def test_nodes_are_those_of_pytorch(expression: str, expected: str) -> None:
    assert chain(node(expression, x=X, v=V)) == expected


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("cat([x, 2 * x]) ^ 2", [1, 2], [1, 4, 4, 16], [10, 20], [10, 10]),
        ("cat([x, x, x.flip(0)]) * arange(1., 7.)", [1, 2], [1, 4, 3, 8, 10, 6], [10, 11], None),
        ("cat([x[:, :1], x], 1) ^ 2", [[1, 2]], [[1, 1, 4]], [[4, 4]], [[4, 2]]),
        ("cat([x, [3, 4]]).sum()", [1, 2], 10, [1, 1], None),
        ("cat([x, ones(2, 2)]) * 2", [], [[2, 2], [2, 2]], [], None),
        ("stack([x, x ^ 2], 1)", [1, 2], [[1, 1], [2, 4]], [3, 5], [2, 2]),
        ("stack([x, x]).prod(0)", 3, 9, 6, 2),
    ],
)
def test_derivatives(
    expression: str, x: object, out: object, first: object, second: object
) -> None:
    assert_derivatives(expression, np.asarray(x, float), (out, first, second))


def test_gradients_take_the_dtype_of_each_part() -> None:
    assert_derivatives("cat([x.to(torch.float32), x]) ^ 2", [3.0], ([9, 9], [12], [4]))


@pytest.mark.parametrize(
    ("expression", "kind", "message", "hint"),
    [
        ("cat([])", "argument", "at least one tensor", "cat([x, y])"),
        ("cat([x, v])", "shape", "(2, 3) and (3,)", "dimension 0"),
        ("cat([x, ones(2, 2)])", "shape", "(2, 3) and (2, 2)", "dimension 0"),
        ("cat([x, zeros(0, 2)])", "shape", "(2, 3) and (0, 2)", "dimension 0"),
        ("cat([x, x], 2)", "shape", "out of range", "-2 to 1"),
        ("cat([x.sum(), x.sum()])", "shape", "0-d", "stack"),
        ("cat(x)", "argument", "a list of tensors", "cat("),
        ("stack([])", "argument", "at least one tensor", "stack([x, y])"),
        ("stack([x, v])", "shape", "(2, 3) and (3,)", "cat"),
        ("stack([x], 3)", "shape", "can't stand at 3", "-3 to 2"),
    ],
)
def test_errors(expression: str, kind: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X, v=V)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
