"""Kernels of the regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x).

Which of the two is computed, and how, depends on where a and x lie:

- for a >= 200 and x near a, both by Temme's uniform expansion (DLMF 8.12),
- for x <= 1.1 and a that is not far above it, Q by its series in x (DLMF 8.7.3),
- for x below a + 1, P by its series (DLMF 8.11.4),
- elsewhere Q by its continued fraction (DLMF 8.9.2).

The common factor x^a exp(-x) / Gamma(a + 1) is exp(-a (m - log(1 + m))), m = x / a - 1, times what
Stirling's formula leaves, so that large exponents do not cancel. Errors are some ten units in the
last place, and more where the exponent is large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special import error_function_kernel
from difftool.operations.special.approximation import piecewise, polynomial
from difftool.operations.special.gamma_kernel import lgamma, stirling_rest

Piece = Callable[[Array, Array], Any]

# From here on Temme's expansion is used where |x / a - 1| is less than _WIDTH; with so many powers
# of 1 / a, and so many powers of eta in the coefficient of the first one.
_LARGE = 200.0
_WIDTH = 0.4
_POWERS, _TERMS = 7, 24
# The most steps of the series for P, which takes 200 at most where it is used, and all those of the
# continued fraction, of which half make up the value but for small x.
_STEPS = 1000
_FRACTIONS = 100
_SMALLEST_CHANGE = 1e-17


# ----- What they share -----


def _excess(m: Array) -> Any:
    """m - log(1 + m), which is m^2 / 2 near 0; there by the series of the hyperbolic arctangent.

    With s = m / (2 + m), log(1 + m) = 2 s + 2 s^3 / 3 + ..., and m - 2 s = s m.
    """
    s = np.where(np.abs(m) < 0.4, m / (2 + m), 0)
    square = s * s
    series = polynomial([2 / (2 * k + 3) for k in range(13)], square)
    near = s * (m - square * series)
    return np.where(np.abs(m) < 0.4, near, m - np.log1p(m))


def _prefactor(a: Array, x: Array) -> Any:
    """x^a exp(-x) / Gamma(a + 1)."""

    def large(a: Array, x: Array) -> Any:
        exponent = -a * _excess((x - a) / a) - stirling_rest(a)
        return np.exp(exponent) / np.sqrt(2 * math.pi * a)

    def small(a: Array, x: Array) -> Any:
        return np.exp(a * np.log(x) - x - lgamma(a + 1))

    return piecewise((a, x), (a >= 2.5, large), (a < 2.5, small))


# ----- P by its series, Q by its own and by its continued fraction -----


def _series(a: Array, x: Array) -> Any:
    """P: the prefactor times 1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + ..."""
    term = np.ones_like(x)
    total = np.ones_like(x)
    for k in range(1, _STEPS):
        term *= x / (a + k)
        total += term
        if not (term > total * _SMALLEST_CHANGE).any():
            break
    return _prefactor(a, x) * total


def _complement_series(a: Array, x: Array) -> Any:
    """Q: 1 - x^a / Gamma(a + 1) (1 + a sum of (-x)^k / (k! (a + k)), k >= 1), for small x."""
    power = a * np.log(x) - lgamma(a + 1)
    term = np.ones_like(x)
    total = np.zeros_like(x)
    for k in range(1, 30):
        term *= -x / k
        total += term / (a + k)
    return -np.expm1(power) - np.exp(power) * a * total


def _fraction(a: Array, x: Array) -> Any:
    """Q: the prefactor times a / (x + 1 - a + (a - 1) / (x + 3 - a + 2 (a - 2) / ...))."""
    value = x + (2 * _FRACTIONS + 1) - a
    for k in range(_FRACTIONS, 0, -1):
        value = x + (2 * k - 1) - a + k * (a - k) / value
    return _prefactor(a, x) * a / value


# ----- Temme's expansion -----


@cache
def _temme_coefficients() -> tuple[tuple[float, ...], ...]:
    """The coefficients d(k, n) of eta^n / a^k (DLMF 8.12.11 to 8.12.13), computed exactly."""
    count = _TERMS + 2 * _POWERS
    alpha = [Fraction(0), Fraction(1)]
    for n in range(2, count + 3):
        inner = sum((j * alpha[j] * alpha[n - j + 1] for j in range(2, n)), Fraction(0))
        alpha.append((alpha[n - 1] - inner) / (n + 1))
    first = [Fraction(-1, 3)] + [(n + 2) * alpha[n + 2] for n in range(1, count + 1)]
    rows = [first]
    for k in range(1, _POWERS):
        g = _stirling_coefficient(k)
        last = rows[-1]
        rows.append(
            [(-1) ** k * g * first[n] + (n + 2) * last[n + 2] for n in range(len(last) - 2)]
        )
    return tuple([tuple([float(d) for d in row[: _TERMS - 2 * k]]) for k, row in enumerate(rows)])


@cache
def _stirling_coefficient(k: int) -> Fraction:
    """g(k) of Gamma(a) ~ sqrt(2 pi / a) (a / e)^a (g(0) + g(1) / a + ...) (DLMF 5.11.3)."""
    logarithm = (
        Fraction(1, 12), Fraction(0), Fraction(-1, 360), Fraction(0), Fraction(1, 1260), Fraction(0)
    )  # fmt: skip
    if k == 0:
        return Fraction(1)
    terms = [j * logarithm[j - 1] * _stirling_coefficient(k - j) for j in range(1, k + 1)]
    return sum(terms, Fraction(0)) / k


def _temme(a: Array, x: Array, upper: bool) -> Any:
    m = (x - a) / a
    half = _excess(m)
    eta = np.copysign(np.sqrt(2 * half), m)
    rest = np.zeros_like(a)
    for row in reversed(_temme_coefficients()):
        rest = rest / a + polynomial(row, eta)
    rest *= np.exp(-a * half) / np.sqrt(2 * math.pi * a)
    sign = 1 if upper else -1
    return error_function_kernel.erfc(sign * eta * np.sqrt(a / 2)) / 2 + sign * rest


# ----- Putting them together -----


def _function(a: Array, x: Array, upper: bool) -> Any:
    def of_p(function: Piece) -> Piece:
        return (lambda a, x: 1 - function(a, x)) if upper else function

    def of_q(function: Piece) -> Piece:
        return function if upper else lambda a, x: 1 - function(a, x)

    usual = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    near = usual & (a >= _LARGE) & (np.abs(x - a) < _WIDTH * a)
    all_of_it, nothing = (0.0, 1.0) if upper else (1.0, 0.0)
    return piecewise(
        (a, x),
        (near, lambda a, x: _temme(a, x, upper)),
        (usual & (x <= 1.1) & (a < x + 0.5), of_q(_complement_series)),
        (usual & (x < a + 1), of_p(_series)),
        (usual, of_q(_fraction)),
        ((a == 0) & (x > 0), lambda a, x: all_of_it),
        ((a > 0) & (x == 0), lambda a, x: nothing),
        ((a == np.inf) & (x >= 0) & (x < np.inf), lambda a, x: nothing),
        ((a > 0) & (a < np.inf) & (x == np.inf), lambda a, x: all_of_it),
    )


def gammainc(a: Array, x: Array) -> Any:
    """P(a, x) of two vectors of doubles; nan where one is negative, or both are 0 or infinite."""
    return _function(a, x, upper=False)


def gammaincc(a: Array, x: Array) -> Any:
    """Q(a, x) of two vectors of doubles; nan where one is negative, or both are 0 or infinite."""
    return _function(a, x, upper=True)
