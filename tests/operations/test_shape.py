"""`operations.shape`: the nodes PyTorch makes, values, types and errors."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.node import building_with
from difftool.operations.registry import leaf, ops
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.arange(6.0).reshape(2, 3)
FLOAT64 = np.dtype(np.float64)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.reshape(6)", "ViewBackward0(x)"),
        ("x.reshape(2, 3)", "ViewBackward0(x)"),
        ("x.T.reshape(6)", "UnsafeViewBackward0(CloneBackward0(PermuteBackward0(x)))"),
        ("x.T.reshape(3, 2)", "ReshapeAliasBackward0(PermuteBackward0(x))"),
        ("x.T.reshape(3, 1, 2)", "ReshapeAliasBackward0(PermuteBackward0(x))"),
        ("x[:, 0].reshape(2, 1)", "ReshapeAliasBackward0(SelectBackward0(x))"),
        ("x[:, :2].reshape(4)", "UnsafeViewBackward0(CloneBackward0(SliceBackward0(x)))"),
        ("x[:1].reshape(3)", "ViewBackward0(SliceBackward0(x))"),
        ("x.expand(2, 2, 3).view(2, 6)", "ViewBackward0(ExpandBackward0(x))"),
        ("x.expand(2, 2, 3).flatten()", "UnsafeViewBackward0(CloneBackward0(ExpandBackward0(x)))"),
        ("x.view(3, 2)", "ViewBackward0(x)"),
        ("x[:, 0].view(2, 1)", "ViewBackward0(SelectBackward0(x))"),
        ("x.flatten()", "ViewBackward0(x)"),
        ("x.T.flatten()", "UnsafeViewBackward0(CloneBackward0(PermuteBackward0(x)))"),
        ("x[0].flatten()", "SelectBackward0(x)"),
        ("x.flatten(1)", "x"),
        ("x.ravel()", "ViewBackward0(x)"),
        ("x[0].ravel()", "ViewBackward0(SelectBackward0(x))"),
        ("x.T.ravel()", "ViewBackward0(CloneBackward0(PermuteBackward0(x)))"),
        ("x.contiguous()", "x"),
        ("x.T.contiguous().view(6)", "ViewBackward0(CloneBackward0(PermuteBackward0(x)))"),
        ("x.squeeze()", "SqueezeBackward0(x)"),
        ("x.squeeze(0)", "SqueezeBackward1(x)"),
        ("x.squeeze((0,))", "SqueezeBackward2(x)"),
        ("x.squeeze(0, 1)", "SqueezeBackward2(x)"),
        ("x.unsqueeze(-1)", "UnsqueezeBackward0(x)"),
        ("x.expand(2, 3)", "ExpandBackward0(x)"),
        ("x.broadcast_to((2, -1))", "ExpandBackward0(x)"),
        ("x.expand_as(ones(2, 2, 3))", "ExpandBackward0(x)"),
    ],
)
def test_nodes_are_those_of_pytorch(expression: str, expected: str) -> None:
    assert chain(node(expression, x=X)) == expected


def test_a_derivative_graph_reshapes_without_a_copy() -> None:
    source = leaf("x", (2, 3), FLOAT64)
    turned = ops.transpose(source, dim0=0, dim1=1)
    assert ops.reshape(turned, (6,)).operation.name == "unsafe_view"
    with building_with(rewrite=lambda *call: None):
        assert ops.reshape(turned, (6,)).inputs == (turned,)


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("reshape(x, (3, -1))", (3, 2)),
        ("reshape(x, [6])", (6,)),
        ("reshape(x, shape=(1, 6))", (1, 6)),
        ("x.view(size=(6, 1))", (6, 1)),
        ("x.reshape(-1, 1, 2, 1)", (3, 1, 2, 1)),
        ("s.reshape(())", ()),
        ("s.reshape(-1)", (1,)),
        ("e.reshape(-1, 3)", (0, 3)),
        ("e.reshape(3, 0)", (3, 0)),
        ("e.view(-1)", (0,)),
        ("s.flatten()", (1,)),
        ("b.flatten(1)", (2, 12)),
        ("b.flatten(0, -2)", (6, 4)),
        ("b.flatten(start_dim=1, end_dim=1)", (2, 3, 4)),
        ("e.flatten()", (0,)),
        ("s.ravel()", (1,)),
        ("t.squeeze()", (2, 3)),
        ("t.squeeze(0)", (2, 1, 3)),
        ("t.squeeze(1)", (1, 2, 1, 3)),
        ("t.squeeze(axis=(0, -2))", (2, 3)),
        ("t.squeeze(())", (1, 2, 1, 3)),
        ("s.squeeze(0)", ()),
        ("s.unsqueeze(0)", (1,)),
        ("x.unsqueeze(-3)", (1, 2, 3)),
        ("x.unsqueeze(dim=2)", (2, 3, 1)),
        ("x.expand(4, -1, -1)", (4, 2, 3)),
        ("x.expand([1, 2, 3])", (1, 2, 3)),
        ("s.expand(2, 0)", (2, 0)),
        ("s.expand(())", ()),
        ("e.expand(2, -1, 3)", (2, 0, 3)),
        ("broadcast_to(s, 2, 3)", (2, 3)),
    ],
)
def test_shapes(expression: str, shape: tuple[int, ...]) -> None:
    found = value(
        expression,
        x=X,
        s=2.0,
        e=np.zeros((0, 3)),
        b=np.zeros((2, 3, 4)),
        t=np.zeros((1, 2, 1, 3)),
    )
    assert found.shape == shape


@pytest.mark.parametrize("data", [X, X.astype(np.float32), X.astype(np.int64), X > 2])
def test_every_dtype_keeps_its_elements(data: np.ndarray) -> None:
    for expression in ("x.reshape(3, 2)", "x.T.reshape(6)", "x.expand(1, 2, 3)", "x.ravel()"):
        found = value(expression, x=data)
        assert found.dtype == data.dtype
    np.testing.assert_array_equal(value("x.T.reshape(6)", x=data), data.T.reshape(6))


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x.T.reshape(-1) * [1, 2, 3, 4]", [[1, 2], [3, 4]], [1, 6, 6, 16], [[1, 3], [2, 4]], None),
        ("x.expand(3) ^ 2", 2, [4, 4, 4], 12, 6),
        ("x.expand(3, 2) ^ 2", [1, 2], [[1, 4]] * 3, [6, 12], [6, 6]),
        ("x.expand(2, -1) ^ 2", [[3.0]], [[9], [9]], [[12]], [[4]]),
        ("x.expand(0, 2) ^ 2", [1, 2], np.zeros((0, 2)), [0, 0], None),
        ("x.unsqueeze(0).squeeze() ^ 3", [[1.0]], 1, [[3]], [[6]]),
    ],
)
def test_derivatives(
    expression: str, x: object, out: object, first: object, second: object
) -> None:
    assert_derivatives(expression, np.asarray(x, float), (out, first, second))


@pytest.mark.parametrize(
    ("expression", "kind", "message", "hint"),
    [
        ("x.reshape(4)", "shape", "can't become (4,)", "number of elements"),
        ("x.reshape(-1, -1)", "shape", "is not a shape", "one of them may be -1"),
        ("x.reshape(0, -1)", "shape", "can't become (0, -1)", "number of elements"),
        ("x.reshape(6.0)", "argument", "whole number", "reshape(input, *shape: int)"),
        ("x.reshape()", "argument", "needs shape", "reshape(input, *shape: int)"),
        ("x.T.view(6)", "shape", "no view of shape (6,)", ".reshape(...)"),
        ("(x.T + 1).view(2, 3)", "shape", "no view", ".reshape(...)"),
        ("x.flatten(1, 0)", "shape", "start at dimension 1", "can't come after"),
        ("x.flatten(2)", "shape", "out of range", "-2 to 1"),
        ("x.squeeze(2)", "shape", "out of range", "-2 to 1"),
        ("x.squeeze((0, -2))", "shape", "twice", "once"),
        ("x.unsqueeze(3)", "shape", "can't stand at 3", "-3 to 2"),
        ("x.expand(3)", "shape", "does not expand to (3,)", "each dimension"),
        ("x.expand(2, 4)", "shape", "does not expand", "dimension 1 is 4, it must be 3"),
        ("x.expand(-1, 2, 3)", "shape", "does not expand", "dimension 0 is new"),
        ("x.expand(10**30, 2, 3)", "limit", "more elements", "smaller"),
        (f"x.reshape({'1, ' * 65}6)", "limit", "66 dimensions", "fewer"),
    ],
)
def test_errors(expression: str, kind: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_broadcast_takes_no_memory() -> None:
    assert value("x.expand(1000, 2, 3)", x=X).strides[0] == 0
