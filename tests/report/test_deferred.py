"""Parts of records that are made when they are first looked at."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import numpy as np
import pytest

import difftool
from difftool.graph.node import Node
from difftool.report.build import Texts
from difftool.report.deferred import Deferred


def test_items_are_made_once_and_when_they_are_first_read() -> None:
    made = []

    def make() -> tuple[int, ...]:
        made.append(1)
        return (3, 4, 5)

    numbers = Deferred(make)
    assert numbers and made == []
    assert numbers[0] == 3 and numbers[-1] == 5 and numbers[1:] == (4, 5)
    assert list(numbers) == [3, 4, 5] and len(numbers) == 3 and 4 in numbers
    assert made == [1]


def test_it_compares_prints_and_travels_as_the_tuple_it_stands_for() -> None:
    numbers = Deferred(lambda: (1, 2))
    assert numbers == (1, 2) and numbers == Deferred(lambda: (1, 2)) and numbers != (1,)
    assert hash(numbers) == hash((1, 2)) and repr(numbers) == "(1, 2)"
    assert pickle.loads(pickle.dumps(numbers)) == (1, 2)


def test_a_gradient_alone_makes_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    texts = Texts.of

    def watched(self: Texts, nodes: Sequence[Node]) -> dict[Node, str]:
        asked.append(1)
        return texts(self, nodes)

    monkeypatch.setattr(Texts, "of", watched)
    x = np.ones(3)
    result = difftool.grad("sum(x * 2)", {"x": x})
    assert result.gradients["x"].tolist() == [2, 2, 2] and asked == []
    x[:] = 7  # what is read later is still what was computed
    assert [node.expression for node in result.nodes] == ["x", "2", "x * 2", "sum(x * 2)"]
    assert [node.grad is not None for node in result.nodes] == [True, False, True, True]
    assert asked == [1]
