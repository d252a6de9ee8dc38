"""`graph.layout`: strides as PyTorch 2.13 has them (the expected numbers are its own)."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.graph import layout
from difftool.graph.node import Node
from difftool.operations.registry import leaf, ops
from tests.operations.derivatives import node

INPUTS = {
    "x": np.zeros((2, 3)),
    "y": np.zeros((3, 2)),
    "A": np.zeros((3, 3)),
    "b": np.zeros((2, 3, 4)),
    "v": np.zeros(3),
    "row": np.zeros((1, 3)),
    "s": np.zeros(()),
    "image": np.zeros((1, 3, 4, 2)),
    "e": np.zeros((0, 3)),
}


@pytest.mark.parametrize(
    ("expression", "strides"),
    [
        # Views.
        ("x", (3, 1)),
        ("s", ()),
        ("x.T", (1, 3)),
        ("b.permute(2, 0, 1)", (1, 12, 4)),
        ("b.mT", (12, 1, 4)),
        ("x[:, 0]", (3,)),
        ("b[:, ::2, 1:]", (12, 8, 1)),
        ("x.unsqueeze(0)", (6, 3, 1)),
        ("x.unsqueeze(2)", (3, 1, 1)),
        ("x.T.unsqueeze(1)", (1, 6, 3)),
        ("row.squeeze()", (1,)),
        ("row.expand(2, 3)", (0, 1)),
        ("row.expand(4, 1, 3)", (0, 3, 1)),
        ("v.expand(1, 3)", (3, 1)),
        ("s.expand(2, 1)", (0, 0)),
        ("A.diagonal()", (4,)),
        ("b.diagonal(1, -1, 0)", (4, 13)),
        ("b.transpose(0, 1).reshape(3, 2, 2, 2)", (4, 12, 2, 1)),
        ("v.expand(2, 3).reshape(2, 1, 3)", (0, 3, 1)),
        # Elementwise results follow their operands.
        ("x.T + 1", (1, 3)),
        ("x.T + s", (1, 3)),
        ("s * x.T", (1, 3)),
        ("x.T + y", (1, 3)),
        ("y + x.T", (2, 1)),
        ("x.T * v[:, None]", (1, 3)),
        ("row.T * v", (3, 1)),
        ("v.expand(2, 3).T * 2", (2, 1)),
        ("b.permute(1, 0, 2) + x[:, 0, None]", (4, 12, 1)),
        ("exp(x[:, :2])", (2, 1)),
        ("x.T > 0", (1, 3)),
        ("b.mT.clone()", (12, 1, 4)),
        ("x[:, :2].T.clone()", (1, 2)),
        ("x.T.flip(0)", (1, 3)),
        ("x.T.to(torch.float32)", (1, 3)),
        # Everything else stands row by row.
        ("x.T.contiguous()", (2, 1)),
        ("x.T.sum(1, keepdim=True)", (1, 1)),
        ("x.T @ x", (3, 1)),
        ("cat([x.T, y])", (2, 1)),
        ("x.T.roll(1)", (2, 1)),
        ("x.T.repeat(1, 1)", (2, 1)),
        ("A.T.tril()", (3, 1)),
        # Images whose channels stand innermost are joined in that order.
        ("cat([c, c])", (24, 1, 8, 2)),
        ("cat([c, c], 1)", (48, 1, 16, 4)),
        ("cat([c, zeros(1, 2, 3, 4)])", (24, 12, 4, 1)),
        # Indices by tensors keep the order of what they leave alone.
        ("x.T[[0, 1]]", (2, 1)),
        ("b.permute(0, 2, 1)[[0, 1]]", (12, 1, 4)),
        ("b.permute(2, 1, 0)[[0, 1]]", (6, 1, 3)),
        ("b.mT[:, :, [0, 1]]", (8, 2, 1)),
        ("A.T[None, None][:, :, [0, 0]]", (6, 6, 3, 1)),
        ("b[:, [0, 1]]", (8, 4, 1)),
        # An empty tensor.
        ("e.T", (1, 3)),
        ("e.T.reshape(0)", (1,)),
    ],
)
def test_strides(expression: str, strides: tuple[int, ...]) -> None:
    expression = f"c = image.movedim(-1, 1); {expression}"
    assert layout.strides(node(expression, **INPUTS)) == strides


@pytest.mark.parametrize(
    ("shape", "strides", "row_by_row", "dense"),
    [
        ((), (), True, True),
        ((2, 3), (3, 1), True, True),
        ((2, 3), (1, 2), False, True),
        ((2, 3), (6, 1), False, False),
        ((2, 3), (0, 1), False, False),
        ((1, 3), (99, 1), True, True),
        ((0, 3), (7, 7), True, True),
    ],
)
def test_contiguous_and_dense(
    shape: tuple[int, ...], strides: tuple[int, ...], row_by_row: bool, dense: bool
) -> None:
    assert layout.stands_row_by_row(shape, strides) is row_by_row
    assert layout.dense(shape, strides) is dense


@pytest.mark.parametrize(
    ("shape", "strides", "target", "expected"),
    [
        ((2, 3), (3, 1), (6,), (1,)),
        ((3, 2), (1, 3), (6,), None),
        ((3, 2), (1, 3), (3, 1, 2), (1, 6, 3)),
        ((4, 6), (6, 1), (2, 2, 3, 2), (12, 6, 2, 1)),
        ((2, 3), (0, 1), (6,), None),
        ((2, 3), (0, 0), (6,), (0,)),
        ((), (), (1, 1), (1, 1)),
        ((1,), (5,), (), ()),
        ((0, 3), (3, 1), (3, 0), (1, 1)),
    ],
)
def test_views(
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    target: tuple[int, ...],
    expected: tuple[int, ...] | None,
) -> None:
    assert layout.viewed(shape, strides, target) == expected


def chain_of(length: int) -> Node:
    result = ops.transpose(leaf("x", (2, 3), np.dtype(float)), dim0=0, dim1=1)
    for _ in range(length):
        result = ops.neg(result)
    return result


def test_a_chain_of_any_length_is_walked() -> None:
    assert layout.strides(chain_of(100_000)) == (1, 3)


def test_asking_all_along_a_chain_walks_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    counted = layout.elementwise

    def counting(made: Node, *operands: layout.Strides) -> layout.Strides:
        asked.append(made)
        return counted(made, *operands)

    monkeypatch.setattr(layout, "elementwise", counting)
    result = chain_of(0)
    for _ in range(300):
        result = ops.neg(result)
        layout.strides(result)
    assert len(asked) == 300
