"""`operations.rearrange`: the nodes PyTorch makes, values, types and errors."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.arange(6.0).reshape(2, 3)
B = np.arange(24.0).reshape(2, 3, 4)
TWOS = np.full((2, 2), 2.0)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("b.permute(2, 0, 1)", "PermuteBackward0(b)"),
        ("b.T", "PermuteBackward0(b)"),
        ("b[0, 0].T", "PermuteBackward0(SelectBackward0(SelectBackward0(b)))"),
        ("b.mT", "TransposeBackward0(b)"),
        ("b.transpose(0, -1)", "TransposeBackward0(b)"),
        ("b.swapaxes(0, 1)", "TransposeBackward0(b)"),
        ("b[0].t()", "TBackward0(SelectBackward0(b))"),
        ("b.movedim(0, 0)", "PermuteBackward0(b)"),
        ("b.sum().movedim(0, 0)", "AliasBackward0(SumBackward0(b))"),
        ("b.sum().mT", "SumBackward0(b)"),
        ("b.flip(())", "FlipBackward0(b)"),
        ("b.roll(1)", "RollBackward0(b)"),
        ("b.repeat(1, 1, 1)", "RepeatBackward0(b)"),
        ("b.tile(())", "RepeatBackward0(b)"),
    ],
)
def test_nodes_are_those_of_pytorch(expression: str, expected: str) -> None:
    assert chain(node(expression, b=B)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("permute(b, (2, 0, 1))", B.transpose(2, 0, 1)),
        ("b.permute(-1, 0, 1)", B.transpose(2, 0, 1)),
        ("b.T", B.T),
        ("b.mT", B.swapaxes(1, 2)),
        ("b.transpose(dim0=0, dim1=-1)", B.swapaxes(0, 2)),
        ("b.swapaxes(axis0=0, axis1=1)", B.swapaxes(0, 1)),
        ("b.swapdims(0, 1)", B.swapaxes(0, 1)),
        ("b[0].t()", B[0].T),
        ("b[0, 0].t()", B[0, 0]),
        ("b.movedim(0, 2)", np.moveaxis(B, 0, 2)),
        ("moveaxis(b, (0, 1), (2, 0))", np.moveaxis(B, (0, 1), (2, 0))),
        ("b.flip(0)", B[::-1]),
        ("b.flip(0, -1)", B[::-1, :, ::-1]),
        ("flip(b, dims=[1])", B[:, ::-1]),
        ("np.flip(b, axis=1)", B[:, ::-1]),
        ("b.flip(())", B),
        ("b.roll(5)", np.roll(B, 5)),
        ("b.roll(-1, 2)", np.roll(B, -1, 2)),
        ("b.roll((1, 2), (0, -1))", np.roll(B, (1, 2), (0, 2))),
        ("b.roll([1, 2], [1, 1])", np.roll(B, 3, 1)),
        ("roll(b, shifts=1, axis=0)", np.roll(B, 1, 0)),
        ("b.roll(10**30)", np.roll(B, 10**30 % 24)),
        ("b.repeat(1, 2, 1)", np.tile(B, (1, 2, 1))),
        ("b.repeat((2, 1, 1, 2))", np.tile(B, (2, 1, 1, 2))),
        ("b.repeat(1, 0, 1)", np.zeros((2, 0, 4))),
        ("b.tile(2)", np.tile(B, 2)),
        ("b.tile((2, 1, 1, 1))", np.tile(B, (2, 1, 1, 1))),
        ("s.T", 3.0),
        ("s.transpose(0, -1)", 3.0),
        ("s.flip(0)", 3.0),
        ("s.roll(4)", 3.0),
        ("s.repeat(2, 2)", np.full((2, 2), 3.0)),
        ("s.permute(())", 3.0),
        ("e.flip(0, 1)", np.zeros((0, 3))),
        ("e.roll(1, 0)", np.zeros((0, 3))),
        ("e.repeat(2, 2)", np.zeros((0, 6))),
        ("e.T", np.zeros((3, 0))),
    ],
)
def test_values(expression: str, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(value(expression, b=B, s=3.0, e=np.zeros((0, 3))), expected)


@pytest.mark.parametrize("data", [X.astype(np.float32), X.astype(np.int32), X > 2])
def test_every_dtype_is_kept(data: np.ndarray) -> None:
    for expression in ("x.T", "x.flip(0)", "x.roll(1)", "x.repeat(2, 1)"):
        assert value(expression, x=data).dtype == data.dtype


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("x.flip(0) * [1, 10, 100]", [1, 2, 3], [3, 20, 100], [100, 10, 1], None),
        ("x.roll(1) * [1, 10, 100]", [1, 2, 3], [3, 10, 200], [10, 100, 1], None),
        ("x.T.roll(1) * x.T", [[1, 2], [3, 4]], [[4, 3], [6, 8]], [[7, 7], [3, 3]], TWOS),
        ("x.repeat(2) ^ 2", [1, 2], [1, 4, 1, 4], [4, 8], [4, 4]),
        ("x.repeat(0) ^ 2", [1, 2], [], [0, 0], None),
        ("x.repeat(2, 2) ^ 2", 3, [[9, 9], [9, 9]], 24, 8),
        ("x.tile(2) ^ 2", [[1], [2]], [[1, 1], [4, 4]], [[4], [8]], [[4], [4]]),
        ("x.permute(1, 0) * [1, 9]", [[1, 2], [3, 4]], [[1, 27], [2, 36]], [[1, 1], [9, 9]], None),
    ],
)
def test_derivatives(
    expression: str, x: object, out: object, first: object, second: object
) -> None:
    assert_derivatives(expression, np.asarray(x, float), (out, first, second))


@pytest.mark.parametrize(
    ("expression", "kind", "message", "hint"),
    [
        ("x.permute(0)", "shape", "all 2 dimensions", ".permute(1, 0)"),
        ("x.permute(0, 0)", "shape", "twice", "once"),
        ("x.permute(0, 2)", "shape", "out of range", "-2 to 1"),
        ("x.transpose(0, 2)", "shape", "out of range", "-2 to 1"),
        ("x[None].t()", "shape", "(1, 2, 3)", ".mT"),
        ("x[0].mT", "shape", "(3,)", "x[:, None]"),
        ("x.movedim(2, 0)", "shape", "out of range", "-2 to 1"),
        ("x.movedim((0, 0), (0, 1))", "shape", "twice", "once"),
        ("x.movedim((0, 1), 0)", "argument", "2 dimensions to move and 1 places", "equally long"),
        ("x.flip(0, -2)", "shape", "twice", "once"),
        ("x.roll((1, 2))", "argument", "(1, 2)", "one shift for each"),
        ("x.roll((), ())", "argument", "()", "one shift for each"),
        ("x.roll(1, 2)", "shape", "out of range", "-2 to 1"),
        ("x.sum().roll(1, 0)", "shape", "0-d", "leave dims out"),
        ("x.repeat(2)", "shape", "can't be repeated (2,) times", "each dimension"),
        ("x.repeat(2, -1)", "shape", "can't be repeated", "not negative"),
        ("x.repeat(10**30, 1)", "limit", "more elements", "smaller"),
    ],
)
def test_errors(expression: str, kind: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
