"""Kernels of the error function, its complement and that one scaled, in double precision.

`error_functions` declares the functions, `activations.common` makes gelu of them.

erf(x) = x + x P(x^2) for |x| <= 1; beyond, and for its complement,

    erfc(x) = exp(-x^2) exp(Q(t)) / (x + 1)   for x >= 0,   t = (305 / (x + 2.5) - 66) / 56,

where Q approximates log((x + 1) exp(x^2) erfc(x)), which lies between -0.58 and 0: rounding errors
hardly count in an exponent, an idea of Sun's s_erf.c (fdlibm, 1993). P and Q interpolate their
functions at the Chebyshev nodes, Q for x up to 28; both are within 1e-17 of them. The coefficients
were computed with 60 digits and rounded once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special.approximation import piecewise, polynomial

# Coefficients from the constant one upwards.
_P = (
    0.1283791670955126,
    -0.3761263890318375,
    0.11283791670954879,
    -0.026866170645076792,
    0.0052239776248180145,
    -0.000854832698083379,
    0.0001205533111164271,
    -1.4925595266831182e-05,
    1.6461000484121368e-06,
    -1.6350312701054695e-07,
    1.4659775274047436e-08,
    -1.1372848856791674e-09,
    5.957176147748911e-11,
)
_Q = (
    -0.2763142852499589,
    0.3136386772880563,
    0.02968174249586619,
    -0.04260855595908119,
    -0.02402327137740045,
    -0.0019257645804273947,
    0.002330067013352196,
    -5.174686145233807e-05,
    -0.0007279453294221386,
    -0.00010509843370537844,
    0.00012621983312724442,
    1.0662577432303313e-05,
    -3.319559638046292e-05,
    -3.075349795152499e-06,
    6.771735531095801e-06,
    6.643395900691631e-08,
    -1.5249448971562546e-06,
    3.932935910980023e-08,
    2.8280187369085625e-07,
    -2.6309452944575855e-08,
    -4.956749158489974e-08,
    4.720906152151856e-09,
    6.459446030241186e-09,
    -5.701793200547689e-10,
    -5.592648925382909e-10,
)
# From here on erfc is zero in double precision.
_FAR = 28.0


def _exponent(x: Array) -> Array:
    """log((x + 1) exp(x^2) erfc(x)) for x from 0 to 28."""
    return polynomial(_Q, (305 / (x + 2.5) - 66) / 56)


def _short(x: Array) -> Array:
    """s near x, so that x^2 = s^2 + (x - s)(x + s), with so few digits that s^2 is exact."""
    return x.astype(np.float32).astype(np.float64)


def _upper(x: Array) -> Any:
    """erfc of x >= 0."""
    x = np.minimum(x, _FAR)
    s = _short(x)
    exponent = _exponent(x) - (x - s) * (x + s)
    return np.exp(-s * s) * np.exp(exponent) / (x + 1)


def erf(x: Array) -> Any:
    """erf of an array of doubles."""
    far = np.copysign(1 - _upper(np.abs(x)), x)
    near = np.clip(x, -1, 1)
    slope = polynomial(_P, near * near)
    slope *= near
    near += slope
    del slope
    return np.where(np.abs(x) <= 1, near, far)


def erfc(x: Array) -> Any:
    """erfc of an array of doubles."""
    upper = _upper(np.abs(x))
    return np.where(x < 0, 2 - upper, upper)


def _scaled_far(x: Array) -> Array:
    """exp(x^2) erfc(x) for x >= 28, by its asymptotic series (DLMF 7.12.1)."""
    half = 0.5 / x / x
    series = np.ones_like(x)
    for factor in (11, 9, 7, 5, 3, 1):
        series = 1 - factor * half * series
    return series / x / math.sqrt(math.pi)


def _scaled_negative(x: Array) -> Any:
    """exp(x^2) erfc(x) = 2 exp(x^2) - exp(x^2) erfc(-x) for x < 0; infinite from -26.7 down."""
    x = np.maximum(x, -27.0)
    s = _short(x)
    return 2 * np.exp(s * s) * np.exp((x - s) * (x + s)) - np.exp(_exponent(-x)) / (1 - x)


def erfcx(x: Array) -> Array:
    """exp(x^2) erfc(x) of a vector of doubles, to a few units in the last place."""
    return piecewise(
        (x,),
        (x < 0, _scaled_negative),
        (x < _FAR, lambda x: np.exp(_exponent(x)) / (x + 1)),
        (x >= _FAR, _scaled_far),
    )
