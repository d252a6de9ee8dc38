"""Kernels of special functions against values that were computed with many digits.

`tests/oracle/record_special.py` wrote them; the test allows so many units in the last place.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.operations.derivatives import value

Array = np.ndarray[Any, Any]

RECORD = json.loads(
    (Path(__file__).parents[1] / "data" / "special.json").read_text(encoding="utf-8")
)
USUAL = 5
# Where the exponent of a power or an exponential is large its error grows with it.
EXPONENTS = {"igamma(x, y)": 700, "igammac(x, y)": 700}


def bessel_height(x: Array) -> Array:
    """Of the waves of Bessel's functions, beside which they are exact but around their zeros."""
    return np.sqrt(2 / np.pi / np.maximum(np.abs(x), 0.1))


def airy_height(x: Array) -> Array:
    """As high as Ai's phase and exponent make its error: they are rounded too."""
    return np.maximum(np.abs(x), 1) ** 1.25


HEIGHTS = {
    **{f"bessel_{kind}(x)": bessel_height for kind in ("j0", "j1", "y0", "y1")},
    "airy_ai(x)": airy_height,
}


@pytest.mark.parametrize("name", RECORD)
def test_values_are_exact_to_a_few_units_in_the_last_place(name: str) -> None:
    operands = dict(zip("xy", map(np.array, RECORD[name]["arguments"]), strict=False))
    expected = np.array(RECORD[name]["values"])
    found = value(name, **operands)
    units = np.spacing(np.maximum(np.abs(expected), 1e-300))
    if name in HEIGHTS:
        units = np.maximum(units, np.spacing(HEIGHTS[name](operands["x"])))
    assert np.max(np.abs(found - expected) / units) <= EXPONENTS.get(name, USUAL)
