"""Numbers taken apart and put together: extreme arguments, and what has no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError


def value(expression: str, **inputs: Any) -> np.ndarray[Any, Any]:
    return difftool.evaluate(expression, inputs)


def test_mantissa_and_exponent_make_up_every_number() -> None:
    x = np.array([5e-324, 1e-310, 0.1, -3.0, 1e308, 0.0])
    mantissa, exponent = value("frexp(x).mantissa", x=x), value("frexp(x).exponent", x=x)
    np.testing.assert_array_equal(np.ldexp(mantissa, exponent), x)
    assert exponent.dtype == np.int32


def test_neither_hypot_nor_logaddexp_overflows_on_the_way() -> None:
    assert value("hypot(tensor(3e200), tensor(4e200))") == pytest.approx(5e200)
    assert value("hypot(tensor(3e-200), tensor(4e-200))") == pytest.approx(5e-200, abs=0)
    assert value("logaddexp(tensor(1000.), tensor(1000.))") == pytest.approx(1000 + np.log(2))
    assert value("logaddexp2(tensor(-2000.), tensor(-2000.))") == -1999


def test_lerp_ends_exactly_at_its_ends() -> None:
    assert value("lerp(tensor(0.1), tensor(0.3), 1)") == 0.3
    assert value("lerp(tensor(1e17), tensor(0.3), tensor(1.))") == 0.3


def test_whole_numbers_of_every_size_shift() -> None:
    assert value("bitwise_left_shift(tensor(1), 63)") == -(2**63)
    assert value("bitwise_left_shift(tensor(1), 64)") == 0
    assert value("bitwise_right_shift(tensor(-5), 64)") == -1


@pytest.mark.parametrize("expression", ["is_nonzero(x[:1])", "x[0].is_nonzero()"])
def test_is_nonzero_is_a_truth_value(expression: str) -> None:
    assert value(f"2 * x if {expression} else x", x=np.array([3.0, 1.0]))[0] == 6


def test_heaviside_is_not_differentiated() -> None:
    with pytest.raises(DifftoolError, match="no derivative for heaviside"):
        difftool.grad("sum(heaviside(x, x))", {"x": np.array([1.0])})
