"""Kernels of the modified Bessel functions of orders 0 and 1, in double precision.

I has the power series in x^2 / 4 (DLMF 10.25.2), whose terms are all positive, up to 8; beyond it
is exp(x) / sqrt(x) times a polynomial in 16 / x - 1. K has the series with a logarithm
(DLMF 10.31.1) up to 1, and beyond it is exp(-x) / sqrt(x) times a polynomial in 4 / (x + 1) - 1.
The polynomials interpolate at the Chebyshev nodes; their coefficients were computed with 35 digits
and rounded once. Errors are a few units in the last place; where exp(x) is a factor its own comes
to it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special.approximation import piecewise, polynomial

# Up to here the power series of I are added up, up to 1 those of K.
_SERIES = 8.0
_I_TERMS, _K_TERMS = 29, 11

# Coefficients from the constant one upwards.
_I0_FAR = (
    0.4021765094450081,
    0.0033605519836678844,
    0.00013621607439240856,
    1.1143033788559087e-05,
    1.4838475391383468e-06,
    2.9735993216471474e-07,
    8.872278303607728e-08,
    3.9324793517123454e-08,
    2.1541699603632043e-08,
    7.563107589679047e-09,
    -6.7023325619894366e-09,
    -1.3450608319883882e-08,
    -5.6022211783247e-09,
    7.687473295440412e-09,
    8.006764881281122e-09,
    -3.799241020140616e-09,
    -7.1046429701883025e-09,
    1.9518431205146255e-09,
    5.2159872385826355e-09,
    -9.961827005971165e-10,
    -3.0791787996480336e-09,
    4.1991218209463363e-10,
    1.3291938884143105e-09,
    -1.1746991110551324e-10,
    -3.6353603909526465e-10,
    1.556423962829591e-11,
    4.655655751294525e-11,
)
_I1_FAR = (
    0.38939845902587233,
    -0.009749577193235758,
    -0.00021923576383438729,
    -1.5038547198351201e-05,
    -1.8349101048965518e-06,
    -3.483856445811428e-07,
    -1.000134929730233e-07,
    -4.312819645562664e-08,
    -2.336697227282623e-08,
    -8.435630024967513e-09,
    6.687257309165881e-09,
    1.4073201407347145e-08,
    6.180080050252965e-09,
    -7.768471997806944e-09,
    -8.488549054437278e-09,
    3.7003762012994875e-09,
    7.441519822394391e-09,
    -1.842354234931444e-09,
    -5.438072168110142e-09,
    9.265252428334351e-10,
    3.2055586346236238e-09,
    -3.8986710944632543e-10,
    -1.3834389708637022e-09,
    1.0940884042721056e-10,
    3.7845100125148656e-10,
    -1.4553819054184817e-11,
    -4.848238653363404e-11,
)
_K0_FAR = (
    1.2085585393824039,
    -0.05190414200069999,
    -0.009047854303701091,
    -0.002344354038358687,
    -0.00057462004067198,
    -0.00016278282390686077,
    -4.352560937257437e-05,
    -1.3010580851327519e-05,
    -3.5911535330074907e-06,
    -1.1249588846621737e-06,
    -3.100618237356502e-07,
    -1.0308022243312635e-07,
    -2.719530792227888e-08,
    -1.0103713120679252e-08,
    -2.2676081727361345e-09,
    -9.446597235633474e-10,
    -2.3050571328111042e-10,
    -2.5003045643186455e-10,
    6.448352646292285e-11,
    5.212516634477654e-11,
    -3.60387300693541e-11,
    -2.510052144874717e-11,
    1.2873213264488065e-11,
)
_K1_FAR = (
    1.3970089271126294,
    0.1775377338208504,
    0.04365061563750093,
    0.012635408079179747,
    0.00369284692882528,
    0.0011269348875547968,
    0.0003441268502886614,
    0.00010771774144596948,
    3.355631501557472e-05,
    1.0673190325449988e-05,
    3.3583677698746134e-06,
    1.0820501474861638e-06,
    3.415583323004056e-07,
    1.1158059949245672e-07,
    3.4987990689600544e-08,
    1.1739811597314177e-08,
    3.6733507860279804e-09,
    1.1902632799323938e-09,
    2.916260216601199e-10,
    1.9865303899308486e-10,
    7.335982989734298e-11,
    -1.6755274747471858e-11,
    -7.31017112741015e-12,
    1.1803034312397928e-11,
)
_I0_NEAR = tuple([1 / math.factorial(k) ** 2 for k in range(_I_TERMS)])
_I1_NEAR = tuple([1 / (math.factorial(k) * math.factorial(k + 1)) for k in range(_I_TERMS)])
# The digamma function of 1, 2, ..., which are harmonic numbers less Euler's constant.
_DIGAMMA = tuple(
    [sum([1 / j for j in range(1, k + 1)]) - 0.5772156649015329 for k in range(_K_TERMS + 1)]
)
_K0_NEAR = tuple([_I0_NEAR[k] * _DIGAMMA[k] for k in range(_K_TERMS)])
_K1_NEAR = tuple([_I1_NEAR[k] * (_DIGAMMA[k] + _DIGAMMA[k + 1]) for k in range(_K_TERMS)])


# ----- I -----


def _i0_near(x: Array) -> Any:
    return polynomial(_I0_NEAR, x * x / 4)


def _i1_near(x: Array) -> Any:
    return polynomial(_I1_NEAR, x * x / 4) * x / 2


def _i0_far(x: Array) -> Any:
    """exp(-x) I0(x) for x >= 8."""
    return polynomial(_I0_FAR, 16 / x - 1) / np.sqrt(x)


def _i1_far(x: Array) -> Any:
    """exp(-x) I1(x) for x >= 8."""
    return polynomial(_I1_FAR, 16 / x - 1) / np.sqrt(x)


def _grown(scaled: Array, x: Array) -> Any:
    """A scaled value times exp(x), which by itself may overflow earlier than the product."""
    growth = np.exp(x / 2)
    return scaled * growth * growth


def i0(x: Array) -> Array:
    """I0 of a vector of doubles; nan for an infinite one, as in PyTorch."""
    return piecewise(
        (np.abs(x),),
        (np.abs(x) < _SERIES, _i0_near),
        (np.isfinite(x), lambda x: _grown(_i0_far(x), x)),
    )


def i0e(x: Array) -> Array:
    """exp(-|x|) I0(x) of a vector of doubles."""
    return piecewise(
        (np.abs(x),),
        (np.abs(x) < _SERIES, lambda x: np.exp(-x) * _i0_near(x)),
        (np.abs(x) >= _SERIES, _i0_far),
    )


def i1(x: Array) -> Any:
    """I1 of a vector of doubles; nan for an infinite one, as in PyTorch."""
    return np.copysign(
        piecewise(
            (np.abs(x),),
            (np.abs(x) < _SERIES, _i1_near),
            (np.isfinite(x), lambda x: _grown(_i1_far(x), x)),
        ),
        x,
    )


def i1e(x: Array) -> Any:
    """exp(-|x|) I1(x) of a vector of doubles."""
    return np.copysign(
        piecewise(
            (np.abs(x),),
            (np.abs(x) < _SERIES, lambda x: np.exp(-x) * _i1_near(x)),
            (np.abs(x) >= _SERIES, _i1_far),
        ),
        x,
    )


# ----- K -----


def _k0_near(x: Array) -> Any:
    square = x * x / 4
    return polynomial(_K0_NEAR, square) - np.log(x / 2) * polynomial(_I0_NEAR[:_K_TERMS], square)


def _k1_near(x: Array) -> Any:
    square = x * x / 4
    rest = np.log(x / 2) * polynomial(_I1_NEAR[:_K_TERMS], square) * x / 2
    return 1 / x + (rest - polynomial(_K1_NEAR, square) * x / 4)


def _k0_far(x: Array) -> Any:
    """exp(x) K0(x) for x >= 1."""
    return polynomial(_K0_FAR, 4 / (x + 1) - 1) / np.sqrt(x)


def _k1_far(x: Array) -> Any:
    """exp(x) K1(x) for x >= 1."""
    return polynomial(_K1_FAR, 4 / (x + 1) - 1) / np.sqrt(x)


def k0(x: Array) -> Array:
    """K0 of a vector of doubles; infinite at 0, nan below."""
    return piecewise(
        (x,),
        (x > 1, lambda x: np.exp(-x) * _k0_far(x)),
        (x > 0, _k0_near),
        (x == 0, lambda x: np.inf),
    )


def k1(x: Array) -> Array:
    """K1 of a vector of doubles; infinite at 0, nan below."""
    return piecewise(
        (x,),
        (x > 1, lambda x: np.exp(-x) * _k1_far(x)),
        (x > 0, _k1_near),
        (x == 0, lambda x: np.inf),
    )


def k0e(x: Array) -> Array:
    """exp(x) K0(x) of a vector of doubles; infinite at 0, nan below."""
    return piecewise(
        (x,),
        (x > 1, _k0_far),
        (x > 0, lambda x: np.exp(x) * _k0_near(x)),
        (x == 0, lambda x: np.inf),
    )


def k1e(x: Array) -> Array:
    """exp(x) K1(x) of a vector of doubles; infinite at 0, nan below."""
    return piecewise(
        (x,),
        (x > 1, _k1_far),
        (x > 0, lambda x: np.exp(x) * _k1_near(x)),
        (x == 0, lambda x: np.inf),
    )
