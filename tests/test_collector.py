"""Python's collector of cycles: paused while a graph is built, and left nothing to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest

import difftool
from difftool.collector import collector_paused
from difftool.graph.node import Node
from difftool.language.interpreter import Interpreter

PROGRAM = "y = x * 2\nfor i in range(3):\n    y += i\nprint(y)"


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def left_over() -> list[object]:
    return [made for made in gc.get_objects() if isinstance(made, Interpreter | Node)]


@pytest.mark.usefixtures("no_collector")
def test_values_are_let_go_without_it() -> None:
    before = len(left_over())
    difftool.evaluate("sum(x ^ 2 if x[0] > 0 else x)", {"x": np.ones(3)})
    difftool.grad("y = sin(x); sum(y * [1, 2, 3])", {"x": np.ones(3)})
    difftool.run(PROGRAM, {"x": np.ones(3)})
    assert len(left_over()) == before


def test_it_is_left_as_it_was() -> None:
    @collector_paused
    def fail() -> None:
        assert not gc.isenabled()
        raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert gc.isenabled()
    difftool.grad("x ^ 2", {"x": 3.0})
    assert gc.isenabled()


@pytest.mark.usefixtures("no_collector")
def test_it_stays_off_where_it_was_off() -> None:
    difftool.grad("x ^ 2", {"x": 3.0})
    assert not gc.isenabled()
