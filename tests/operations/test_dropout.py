"""Dropout in training draws at random: it says how to go without."""

from __future__ import annotations

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError


@pytest.mark.parametrize(
    "call",
    [
        "F.dropout(x)",
        "torch.dropout(x, 0.5, True)",
        "F.dropout1d(x)",
        "F.alpha_dropout(x, 0.1, True)",
    ],
)
def test_in_training_it_is_refused(call: str) -> None:
    with pytest.raises(DifftoolError, match="draws at random") as caught:
        difftool.grad(f"sum({call})", {"x": np.ones((2, 3))})
    assert caught.value.hint is not None and "training=False" in caught.value.hint


def test_in_evaluation_it_is_its_input() -> None:
    found = difftool.grad("sum(F.dropout(x, training=False) ^ 2)", {"x": np.array([1.0, 2.0])})
    np.testing.assert_array_equal(found.gradients["x"], [2.0, 4.0])
