"""The tape of a program: what it remembers, and what it lets go."""

from __future__ import annotations

import gc
from weakref import WeakSet

import numpy as np

from difftool.autodiff.tape import Tape
from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.operations.registry import leaf, ops


def test_tensors_that_were_overwritten_are_let_go() -> None:
    tape = Tape()
    seen: WeakSet[Node] = WeakSet()
    current = leaf("w", (2,), np.dtype(float64))
    for _ in range(20):
        updated = ops.detach(current * 2)
        latest = leaf("w", (2,), np.dtype(float64))
        tape.replaced({current: updated}, current, updated)
        tape.replaced({updated: latest}, updated, latest)
        seen |= {current, updated}
        current = latest
        del updated, latest
    gc.collect()
    # The last step's target is held by what was made of it.
    assert len(seen) <= 2
