"""Kernels of the gamma function's logarithm, its derivatives and Hurwitz's zeta function.

For x >= 2.5 the logarithm is Stirling's formula (DLMF 5.11.1),

    log Gamma(x) = (x - 1/2) (log x - 1) - 1/2 + log(2 pi) / 2 + B(12.5 / x^2 - 1) / x,

around its zeros at 1 and 2 it is (x - 1) (x - 2) P(5.25 / (x + 1) - 2.5). The digamma function is
likewise log x - 1 / (2 x) - S(18 / x^2 - 1) / x^2 from 3 on, and (x - r) R(8 / (x + 1) - 3) around
its root r. B, P, S and R interpolate at the Chebyshev nodes; their coefficients were computed with
40 digits and rounded once. Elsewhere the functions' recurrences and reflections lead there. For x
above 0 the error is a few units in the last place; for negative x it is as small beside the larger
of the reflection's terms, so that the zeros there are not exact in their last digits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special.approximation import piecewise, polynomial

# Coefficients from the constant one upwards.
_P = (
    0.5541382362204413,
    0.18251938660924555,
    0.015714766232647726,
    0.008502946912555844,
    0.0013646846374507145,
    0.0006914894316728914,
    0.00013219291100333746,
    6.642720520774723e-05,
    1.3672865751942274e-05,
    6.9374749242783555e-06,
    1.4725304824565754e-06,
    7.624137517320973e-07,
    1.6283891098361257e-07,
    8.675007688844835e-08,
    1.8342542302156085e-08,
    1.0136593289684136e-08,
    2.0728061658062535e-09,
    1.1931980046062057e-09,
    2.554741871452689e-10,
    1.592656821785981e-10,
    1.7730947620446006e-11,
    9.751729511209249e-12,
    6.504021393024629e-12,
    4.943652904651184e-12,
)
_B = (
    0.0831159151616548,
    -0.00021286406858162088,
    4.326175143308498e-06,
    -2.086832323261861e-07,
    1.692349206166422e-08,
    -1.95801173901348e-09,
    2.938996309508794e-10,
    -5.384933120640446e-11,
    1.15446107194119e-11,
    -2.81344815871331e-12,
    7.793293926802818e-13,
    -2.332607863221199e-13,
    5.521551168338244e-14,
    -1.7224077624993334e-14,
    1.8069979401312935e-14,
    -7.356947684701266e-15,
)
_R = (
    0.886512099074069,
    0.3149028069948666,
    0.03702787920874662,
    0.009943213663979416,
    0.0015136460941279318,
    0.0004029322380450852,
    5.756751688686481e-05,
    1.7127174878992737e-05,
    1.9960638377114008e-06,
    7.751733248797215e-07,
    5.360591235503153e-08,
    3.864918676878055e-08,
    -8.653915516378661e-11,
    2.2014493885349387e-09,
    -2.0234394445447006e-10,
    1.4727847305489258e-10,
    -2.1298284425728143e-11,
    9.765693238146541e-12,
    -4.215570409103152e-12,
    1.4464668430617136e-12,
)
_S = (
    0.08288196653982234,
    -0.00044036695774121915,
    1.0452186234984571e-05,
    -5.044911679974236e-07,
    3.8436401635246685e-08,
    -4.060061686770078e-09,
    5.492542895360561e-10,
    -9.024049668344378e-11,
    1.733751950778823e-11,
    -3.790381920995397e-12,
    9.334215038462979e-13,
    -2.5064675986884207e-13,
    6.103091872885201e-14,
    -1.7994642538229318e-14,
    1.2925406438914244e-14,
    -4.759278422225652e-15,
)
# The root of digamma, and what rounding took from it.
_ROOT, _ROOT_REST = 1.4616321449683622, 9.549995429965697e-17
_HALF_LOG_2_PI = math.log(2 * math.pi) / 2


# ----- The logarithm -----


def stirling_rest(x: Array) -> Array:
    """log Gamma(x) less the elementary terms of Stirling's formula, for x >= 2.5."""
    rest: Array = polynomial(_B, 12.5 / (x * x) - 1) / x
    return rest


def _stirling(x: Array) -> Any:
    return (x - 0.5) * (np.log(x) - 1) + (stirling_rest(x) + (_HALF_LOG_2_PI - 0.5))


def _around_the_zeros(x: Array) -> Any:
    return (x - 1) * (x - 2) * polynomial(_P, 5.25 / (x + 1) - 2.5)


def _below_the_zeros(x: Array) -> Any:
    """From -1/2 to 3/4: log Gamma(1 + x) - log |x|."""
    return x * (x - 1) * polynomial(_P, 5.25 / (x + 2) - 2.5) - np.log(np.abs(x))


def _sine(x: Array) -> Any:
    """sin(pi x), exactly 0 for whole x."""
    whole = np.rint(x)
    sine: Array = np.sin(math.pi * (x - whole))
    return np.where(whole % 2 == 0, sine, -sine)


def _reflected(x: Array) -> Any:
    """Below -1/2: log(pi / |x sin(pi x)|) - log Gamma(-x); infinite at the poles."""
    return math.log(math.pi) - np.log(np.abs(x * _sine(x))) - _positive(-x)


def _positive(x: Array) -> Array:
    """The logarithm of Gamma for x >= 1/2."""
    return piecewise(
        (x,),
        (x >= 2.5, _stirling),
        (x >= 0.75, _around_the_zeros),
        (x < 0.75, _below_the_zeros),
    )


def lgamma(x: Array) -> Array:
    """log |Gamma(x)| of a vector of doubles."""
    return piecewise(
        (x,),
        (np.isinf(x), np.abs),
        (x >= 2.5, _stirling),
        (x >= 0.75, lambda x: _around_the_zeros(x) + 0.0),  # no zero has a minus
        (x > -0.5, _below_the_zeros),
        (x <= -0.5, _reflected),
    )


# ----- The logarithm's derivative -----


def _digamma_far(x: Array) -> Any:
    inverse = 1 / x
    square = inverse * inverse
    return np.log(x) - 0.5 * inverse - polynomial(_S, 18 * square - 1) * square


def _digamma_near(x: Array) -> Any:
    return ((x - _ROOT) - _ROOT_REST) * polynomial(_R, 8 / (x + 1) - 3)


def _digamma_positive(x: Array) -> Any:
    return piecewise(
        (x,),
        (x >= 3, _digamma_far),
        (x >= 1, _digamma_near),
        (x > 0, lambda x: _digamma_near(x + 1) - 1 / x),
    )


def _digamma_reflected(x: Array) -> Any:
    """Below 0: digamma(1 - x) - pi / tan(pi x); nan at the poles, as in PyTorch."""
    part = x - np.rint(x)
    tangent = np.where(part == 0, np.nan, np.tan(math.pi * part))
    return _digamma_positive(1 - x) - math.pi / tangent


def digamma(x: Array) -> Array:
    """The derivative of log |Gamma(x)|, of a vector of doubles."""
    return piecewise(
        (x,),
        (x == 0, lambda x: np.copysign(np.inf, -x)),
        (x == np.inf, lambda x: x),
        (x > 0, _digamma_positive),
        ((x < 0) & (x != -np.inf), _digamma_reflected),
    )


# ----- Hurwitz's zeta function -----

# Terms that are added up one by one, and the coefficients B(2 k) / (2 k)! of those of the
# Euler-Maclaurin formula (DLMF 25.11.5), for k = 1, 2, ...
_DIRECT = 10
_EULER_MACLAURIN = tuple(
    [
        numerator / denominator / math.factorial(2 * place)
        for place, (numerator, denominator) in enumerate(
            (
                (1, 6),
                (-1, 30),
                (1, 42),
                (-1, 30),
                (5, 66),
                (-691, 2730),
                (7, 6),
                (-3617, 510),
                (43867, 798),
                (-174611, 330),
                (854513, 138),
                (-236364091, 2730),
            ),
            start=1,
        )
    ]
)


def _zeta_positive(s: Array, q: Array) -> Any:
    """The sum of (q + k)^-s over k = 0, 1, ..., for s > 1 and q > 0."""
    total = np.zeros_like(q)
    for step in range(_DIRECT):
        total += (q + step) ** -s
    base = q + _DIRECT
    power = base**-s
    total += power * (base / (s - 1) + 0.5)
    # Where s is large none of the remaining terms counts; they must only stay finite.
    s = np.minimum(s, 1e4)
    term = power * s / base
    for place, coefficient in enumerate(_EULER_MACLAURIN):
        total += coefficient * term
        term *= (s + (2 * place + 1)) / base
        term *= (s + (2 * place + 2)) / base
    return total


def _zeta_negative(s: Array, q: Array) -> Any:
    """For whole s and q < 0: the terms with q + k < 0 are those of (k - q)^-s, or their negatives.

    With r = q - floor(q) they are the first of the series of zeta(s, 1 - r).
    """
    part = q - np.floor(q)
    below = _zeta_positive(s, 1 - part) - _zeta_positive(s, 1 - q)
    return _zeta_positive(s, part) + np.where(s % 2 == 0, below, -below)


def zeta(s: Array, q: Array) -> Array:
    """Hurwitz's zeta function of two vectors of doubles; nan where PyTorch's is."""
    return piecewise(
        (s, q),
        (s == 1, lambda s, q: np.inf),
        ((s > 1) & (q > 0), _zeta_positive),
        (~(s < 1) & (q <= 0) & (q == np.floor(q)), lambda s, q: np.inf),
        ((s > 1) & (s == np.floor(s)), _zeta_negative),
    )


def polygamma(x: Array, n: int) -> Array:
    """The derivative of order n of digamma, of a vector of doubles (DLMF 5.15.1)."""
    if n == 0:
        return digamma(x)
    factorial = float(math.factorial(n)) if n <= 170 else math.inf
    value: Array = (factorial if n % 2 else -factorial) * zeta(np.full_like(x, n + 1), x)
    if n == 1:
        value[np.isinf(x)] = np.where(x[np.isinf(x)] > 0, 0, np.nan)
    return value
