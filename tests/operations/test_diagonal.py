"""`operations.diagonal`: the nodes PyTorch makes, values, types and errors."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.arange(1.0, 7.0).reshape(2, 3)
B = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.diag()", "DiagonalBackward0_copy(x)"),
        ("x[0].diag()", "DiagEmbedBackward0(SelectBackward0(x))"),
        ("x.diagonal()", "DiagonalBackward0(x)"),
        ("diag_embed(x)", "DiagEmbedBackward0(x)"),
        ("x.tril()", "TrilBackward0(x)"),
        ("x.triu(1)", "TriuBackward0(x)"),
    ],
)
def test_nodes_are_those_of_pytorch(expression: str, expected: str) -> None:
    assert chain(node(expression, x=X)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("diag(x)", [1, 5]),
        ("diag(x, 1)", [2, 6]),
        ("diag(x, diagonal=-1)", [4]),
        ("diag(x, 3)", []),
        ("diag(x, -10**30)", []),
        ("diag(x[0])", np.diag([1, 2, 3])),
        ("diag(x[0], -2)", np.diag([1, 2, 3], -2)),
        ("diag(zeros(0))", np.zeros((0, 0))),
        ("diagonal(b)", np.diagonal(B)),
        ("b.diagonal(1, -1, 0)", np.diagonal(B, 1, 2, 0)),
        ("b.diagonal(offset=-1, dim1=1, dim2=2)", np.diagonal(B, -1, 1, 2)),
        ("b.diagonal(10**30)", np.zeros((4, 0))),
        ("diag_embed(x, 1)[1]", np.diag(X[1], 1)),
        ("diag_embed(x, -1, 0, 2)[:, 1]", np.diag(X[1], -1)),
        ("diag_embed(x, -1, 2, 0)[:, 1]", np.diag(X[1], -1).T),
        ("tril(x)", np.tril(X)),
        ("x.tril(-1)", np.tril(X, -1)),
        ("triu(x, diagonal=1)", np.triu(X, 1)),
        ("triu(b, -1)", np.triu(B, -1)),
        ("tril(x, 10**30)", X),
        ("triu(x, 10**30)", np.zeros((2, 3))),
        ("tril(x / 0)", [[np.inf, 0, 0], [np.inf, np.inf, 0]]),
        ("tril(zeros(0, 3))", np.zeros((0, 3))),
        ("tril(x > 3)", np.tril(X > 3)),
        ("diagonal_scatter(x, [7, 8])", [[7, 2, 3], [4, 8, 6]]),
        ("diagonal_scatter(x, [7], -1)", [[1, 2, 3], [7, 5, 6]]),
    ],
)
def test_values(expression: str, expected: object) -> None:
    np.testing.assert_array_equal(value(expression, x=X, b=B), expected)


@pytest.mark.parametrize(
    ("expression", "x", "first", "second"),
    [
        ("diag(x) ^ 2", [[1, 2], [3, 4]], [[2, 0], [0, 8]], [[2, 0], [0, 2]]),
        ("diag(x, 1) ^ 2", [[1, 2], [3, 4]], [[0, 4], [0, 0]], [[0, 2], [0, 0]]),
        ("diag(x, 5) ^ 2", [[1, 2], [3, 4]], None, None),
        ("diag(x) ^ 2", [1, 2], [2, 4], [2, 2]),
        ("x.diagonal() * x.diagonal()", [[1, 2, 3]], [[2, 0, 0]], [[2, 0, 0]]),
        ("tril(x) ^ 2", [[1, 2], [3, 4]], [[2, 0], [6, 8]], [[2, 0], [2, 2]]),
        ("triu(x, 1) ^ 2", [[1, 2], [3, 4]], [[0, 4], [0, 0]], [[0, 2], [0, 0]]),
        ("diagonal_scatter(x, ones(2)) ^ 2", [[1, 2], [3, 4]], [[0, 4], [6, 0]], [[0, 2], [2, 0]]),
    ],
)
def test_derivatives(expression: str, x: object, first: object, second: object) -> None:
    x = np.asarray(x, float)
    assert_derivatives(expression, x, (value(expression, x=x), first, second))


@pytest.mark.parametrize(
    ("expression", "kind", "message", "hint"),
    [
        ("b.diag()", "shape", "(2, 3, 4)", "diag_embed"),
        ("x.sum().diag()", "shape", "()", "diag_embed"),
        ("x[0].diagonal()", "shape", "1-d", "matrix"),
        ("x.diagonal(0, 0, -2)", "shape", "both be 0", "two different"),
        ("x.diagonal(0, 0, 2)", "shape", "out of range", "-2 to 1"),
        ("diag_embed(x.sum())", "shape", "0-d", "x[None]"),
        ("diag_embed(x, 0, 0, 0)", "shape", "both be 0", "two different"),
        ("diag_embed(x, 10**30)", "limit", "more elements", "smaller"),
        ("x[0].tril()", "shape", "(3,)", "matrix"),
        ("diagonal_scatter(x, ones(3))", "shape", "(2,)", "the shape"),
        ("diagonal_scatter(x.int(), x.diag())", "dtype", "int32", "detach"),
    ],
)
def test_errors(expression: str, kind: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X, b=B)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
