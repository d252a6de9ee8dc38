"""Slopes by differences: of smooth functions whatever their scale, at kinks, jumps and edges."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from difftool.autodiff.numeric import slope


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (lambda t: (1 + t) ** 2, 2.0),
        (math.exp, 1.0),
        (math.cos, 0.0),
        (lambda t: 5.0, 0.0),
        (lambda t: math.sin(1e6 * t), 1e6),
        (lambda t: 1e12 + t, 1.0),
        (lambda t: math.tan(1.57 + t), 1 / math.cos(1.57) ** 2),
        (lambda t: abs(t + 1e-4), 1.0),
        (lambda t: max(t + 1e-9, 0.0), 1.0),
        (lambda t: t * abs(t), 0.0),
        (lambda t: 1e-20 * math.exp(t), 1e-20),
        (lambda t: 1e20 * math.exp(t), 1e20),
    ],
)
def test_a_smooth_function_has_a_slope(line: Callable[[float], float], expected: float) -> None:
    found = slope(line)
    assert not found.is_kink
    assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert abs(found.value - expected) <= 2 * found.error + 1e-12 * abs(expected)


def test_the_distance_to_an_edge_gives_a_smaller_step() -> None:
    found = slope(lambda t: math.log(1e-9 + t) if t > -1e-9 else math.nan, 1.0, 1e-9)
    assert found.value == pytest.approx(1e9, rel=1e-6)


def test_coarse_values_have_an_uncertain_slope() -> None:
    def line(t: float) -> float:
        return round((1 + t) ** 3 * 2**20) / 2**20

    found = slope(line, spacing=2.0**-20)
    assert 1e-7 < found.error < 0.1
    assert abs(found.value - 3) <= found.error


@pytest.mark.parametrize(
    ("line", "left", "right"),
    [
        (abs, -1, 1),
        (lambda t: max(t, 0.0), 0, 1),
        (lambda t: 3 * t if t > 0 else t, 1, 3),
        (lambda t: abs(t) + math.sin(t), 0, 2),
        (lambda t: -1e6 * abs(t) + 1e3, 1e6, -1e6),
    ],
)
def test_at_a_kink_both_slopes_are_found(
    line: Callable[[float], float], left: float, right: float
) -> None:
    found = slope(line)
    assert found.is_kink
    assert [found.left, found.right] == pytest.approx([left, right], rel=1e-6, abs=1e-6)
    assert found.admits((left + right) / 2, 1e-6) and found.admits(left, 1e-6)
    outside = max(left, right) + 0.01 * abs(right - left)
    assert not found.admits(outside, 1e-6)


@pytest.mark.parametrize(
    "line",
    [
        lambda t: float(math.floor(1 + t)),
        lambda t: float((t > 0) - (t < 0)),
        lambda t: math.copysign(abs(t) ** (1 / 3), t),
    ],
)
def test_a_jump_has_no_slope(line: Callable[[float], float]) -> None:
    found = slope(line)
    assert found.is_kink
    assert math.isinf(found.left)
    assert not found.admits(1.0, 1e-6)


def test_a_jump_admits_the_slope_of_its_even_side() -> None:
    assert slope(lambda t: float(math.floor(1 + t))).admits(0.0, 1e-6)


def test_an_edge_has_the_slope_of_the_side_that_is_there() -> None:
    found = slope(lambda t: math.exp(t) if t >= 0 else math.nan)
    assert found.value == pytest.approx(1, abs=1e-6)
    assert math.isnan(found.left)


def test_a_function_without_values_has_no_slope() -> None:
    found = slope(lambda t: math.nan)
    assert math.isnan(found.value) and found.error == math.inf
