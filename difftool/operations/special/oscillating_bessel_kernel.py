"""Kernels of Bessel's functions J and Y of orders 0 and 1, which oscillate, in double precision.

Up to 6, J is a polynomial in x^2 / 18 - 1 times factors for its zeros there, and Y has another one
besides 2 / pi log(x) J (DLMF 10.8.1). Beyond, both are sqrt(2 / (pi x)) times a cosine and a sine
with the factors P and Q / x (DLMF 10.17.3), polynomials in 72 / x^2 - 1. The polynomials
interpolate at the Chebyshev nodes; their coefficients were computed with 40 digits and rounded
once. The errors are a few units in the last place of the wave's height, and of J itself up to 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special.approximation import piecewise, polynomial

# Up to here there are polynomials.
_NEAR = 6.0

# Zeros of J, and what rounding took from them.
_J0_ZEROS = (
    (2.404825557695773, -1.176691651530894e-16),
    (5.520078110286311, 8.088597146146722e-17),
)
_J1_ZEROS = (
    (3.8317059702075125, -1.5269184090088067e-16),
    (7.015586669815619, -9.414165653410389e-17),
)

# Coefficients from the constant one upwards.
_J0 = (
    0.002430675493924603,
    -0.002204696491432354,
    0.0008320347890581552,
    -0.00017922875807499376,
    2.5314152757899936e-05,
    -2.540737306679345e-06,
    1.911537679989173e-07,
    -1.1201566488659249e-08,
    5.263104132522772e-10,
    -2.0284563483221854e-11,
    6.531961239824087e-13,
    -1.7843448799786822e-14,
    4.1881578687325523e-16,
    -8.53913564592258e-18,
    1.528020564939408e-19,
)
_J1 = (
    0.0003483739060920107,
    -0.00024978987935705466,
    7.766120861800151e-05,
    -1.4194148437525587e-05,
    1.7388069789124867e-06,
    -1.539575428020138e-07,
    1.0356654702762296e-08,
    -5.485911984972536e-10,
    2.3510412316080802e-11,
    -8.327562998080048e-13,
    2.480418096693992e-14,
    -6.302232214653015e-16,
    1.3824957531741837e-17,
    -2.6455339855725017e-19,
    4.4593108190065205e-21,
)
_Y0 = (
    0.2314464940379805,
    -0.9446076120040159,
    -0.15182922873915464,
    0.6673124865861599,
    -0.33360014135756955,
    0.08279745527591403,
    -0.012825198728185999,
    0.0013775449763577371,
    -0.00010931358375206195,
    6.69219046262274e-06,
    -3.2628662471948384e-07,
    1.2984130478108755e-08,
    -4.300314942790674e-10,
    1.2045094100725227e-11,
    -2.891640165090335e-13,
    6.0176459085042466e-15,
    -1.0973387694716746e-16,
    1.7643250077866754e-18,
)
_Y1 = (
    0.15342210591925187,
    -0.026212367438516467,
    -0.186212417521995,
    0.13647459877549867,
    -0.04363349674993547,
    0.008229262792587316,
    -0.0010400145152791298,
    9.484358330888654e-05,
    -6.557583028102229e-06,
    3.562697063000335e-07,
    -1.5629344071300925e-08,
    5.656802234599532e-10,
    -1.7189077088893744e-11,
    4.4491154430107723e-13,
    -9.929767949998379e-15,
    1.9310290206037937e-16,
    -3.3048647587048165e-18,
    5.007160393729986e-20,
)
_P0 = (
    0.9990437217524405,
    -0.0009371922699207934,
    1.801462057598757e-05,
    -9.64007018028679e-07,
    9.169953090740565e-08,
    -1.2683260536099881e-08,
    2.2840602832122216e-09,
    -5.006068146777677e-10,
    1.27708964347943e-10,
    -3.6494610238114984e-11,
    1.1545975715732134e-11,
    -4.491315206733397e-12,
    1.7299114464780644e-12,
    -1.395789944989428e-13,
    1.2616862989258839e-14,
    -3.1090810724409076e-13,
    1.5222133674117833e-13,
)
_Q0 = (
    -0.12402263373315181,
    0.0009408434207775916,
    -3.3610255672327614e-05,
    2.5441146440295247e-06,
    -3.048493935738437e-07,
    4.988659469665834e-08,
    -1.022868079466803e-08,
    2.487948843755615e-09,
    -6.918837553965488e-10,
    2.1416890861657612e-10,
    -7.24756552694852e-11,
    2.698360886289004e-11,
    -1.0593953351127101e-11,
    3.2484089016600477e-12,
    -1.241808517444722e-12,
    1.9723935840028745e-12,
    -1.0628458136174427e-12,
    -6.003503306189815e-13,
    3.692725934699191e-13,
    3.0174592963905543e-13,
    -1.7287378475476727e-13,
)
_P1 = (
    1.0016013920824152,
    0.0015766098524144468,
    -2.349814653090413e-05,
    1.1602937291171954e-06,
    -1.0614576763680133e-07,
    1.434798428714675e-08,
    -2.5450273206035696e-09,
    5.518297609417494e-10,
    -1.3964392072335981e-10,
    3.966285925368343e-11,
    -1.2485887649592377e-11,
    4.825840523274588e-12,
    -1.85146940886001e-12,
    1.5511044185785238e-13,
    -1.6193081758078684e-14,
    3.294254502668741e-13,
    -1.6097959483188568e-13,
)
_Q1 = (
    0.3736248426032268,
    -0.0013300787717204477,
    4.167149481727672e-05,
    -2.988334723860811e-06,
    3.4776387591426366e-07,
    -5.587896911241864e-08,
    1.1314817759262047e-08,
    -2.727053499667429e-09,
    7.52910804501463e-10,
    -2.3190664136314348e-10,
    7.878474675472623e-11,
    -2.8760700119315614e-11,
    9.758842531863719e-12,
    -3.784934044721063e-12,
    3.5578655379905923e-12,
    -1.8028471524183262e-12,
    -7.866479717986662e-13,
    4.886419749011882e-13,
    5.157763667213413e-13,
    -2.874219977294455e-13,
)


Zeros = Sequence[tuple[float, float]]


def _scaled(x: Array) -> Array:
    return x * x / 18 - 1


def _zero_factors(x: Array, zeros: Zeros) -> Any:
    """The product of x^2 - z^2."""
    product = np.ones_like(x)
    for zero, rest in zeros:
        product *= ((x - zero) - rest) * (x + zero)
    return product


def _j0_near(x: Array) -> Any:
    return _zero_factors(x, _J0_ZEROS) * polynomial(_J0, _scaled(x))


def _j1_near(x: Array) -> Any:
    return x * (_zero_factors(x, _J1_ZEROS) * polynomial(_J1, _scaled(x)))


def _wave(x: Array, cosine: Array, sine: Array, p: Sequence[float], q: Sequence[float]) -> Any:
    """sqrt(2 / (pi x)) (P cosine - Q sine / x); without its root of 2, which the phase has."""
    inverse = 72 / x / x - 1
    rest = polynomial(q, inverse) * sine / x
    return (polynomial(p, inverse) * cosine - rest) / np.sqrt(math.pi * x)


# With a phase of pi / 4 the cosine of x - pi / 4 is (cos x + sin x) / sqrt(2), and so on.


def _j0_far(x: Array) -> Any:
    sine, cosine = np.sin(x), np.cos(x)
    return _wave(x, cosine + sine, sine - cosine, _P0, _Q0)


def _y0_far(x: Array) -> Any:
    sine, cosine = np.sin(x), np.cos(x)
    return _wave(x, sine - cosine, -(cosine + sine), _P0, _Q0)


def _j1_far(x: Array) -> Any:
    sine, cosine = np.sin(x), np.cos(x)
    return _wave(x, sine - cosine, -(sine + cosine), _P1, _Q1)


def _y1_far(x: Array) -> Any:
    sine, cosine = np.sin(x), np.cos(x)
    return _wave(x, -(sine + cosine), cosine - sine, _P1, _Q1)


def j0(x: Array) -> Array:
    """J0 of a vector of doubles; nan for an infinite one, as in PyTorch."""
    x = np.abs(x)
    return piecewise((x,), (x <= _NEAR, _j0_near), (x > _NEAR, _j0_far))


def j1(x: Array) -> Any:
    """J1 of a vector of doubles; nan for an infinite one, as in PyTorch."""
    size = np.abs(x)
    value = piecewise((size,), (size <= _NEAR, _j1_near), (size > _NEAR, _j1_far))
    return np.where(x < 0, -value, value)


def _y0_near(x: Array) -> Any:
    return polynomial(_Y0, _scaled(x)) + 2 / math.pi * np.log(x) * _j0_near(x)


def _y1_near(x: Array) -> Any:
    rest = np.log(x) * _j1_near(x) - 1 / x
    return x * polynomial(_Y1, _scaled(x)) + 2 / math.pi * rest


def y0(x: Array) -> Array:
    """Y0 of a vector of doubles; -inf at 0, nan below."""
    return piecewise(
        (x,),
        (x > _NEAR, _y0_far),
        (x > 0, _y0_near),
        (x == 0, lambda x: -np.inf),
    )


def y1(x: Array) -> Array:
    """Y1 of a vector of doubles; -inf at 0, nan below."""
    return piecewise(
        (x,),
        (x > _NEAR, _y1_far),
        (x > 0, _y1_near),
        (x == 0, lambda x: -np.inf),
    )
