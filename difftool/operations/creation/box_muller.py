"""The Box-Muller transform: normal numbers of uniform ones, in PyTorch's blocks of 16.

`generator` has the uniform numbers and tells where their results are PyTorch's to the last bit.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def box_muller(uniform: NDArray[Any]) -> NDArray[Any]:
    """Turn uniform numbers, a multiple of 16 of them, into normal ones: in each 16 the first 8 give
    the radius and the last 8 the angle of a point whose coordinates are independent and normal."""
    pairs = uniform.reshape(-1, 2, 8)
    one_minus, turn = 1 - pairs[:, 0], pairs[:, 1]
    result = np.empty_like(pairs)
    if uniform.dtype == np.float32:
        radius = np.sqrt(np.float32(-2) * _logarithm(one_minus))
        sine, cosine = _sine_and_cosine(np.float32(2 * math.pi) * turn)
    else:
        # NumPy's own logarithm may differ from the C library's in the last bit, math.log is it.
        logarithm = np.fromiter(map(math.log, one_minus.ravel().tolist()), np.float64)
        radius = np.sqrt(-2.0 * logarithm.reshape(one_minus.shape))
        angle = 2 * math.pi * turn
        sine, cosine = np.sin(angle), np.cos(angle)
    np.multiply(radius, cosine, out=result[:, 0])
    np.multiply(radius, sine, out=result[:, 1])
    result += 0  # makes -0.0 into 0.0, as adding the mean does
    return result.reshape(-1)


# PyTorch's float32 blocks use the polynomials of the Cephes library (S. L. Moshier, logf, sinf and
# cosf) with fused multiplications and additions. The same steps here give the same bits.

LOGARITHM = (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
SINE = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
COSINE = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
LOG_2 = (-2.12194440e-4, 0.693359375)  # log 2 in two parts
QUARTER_PI = (-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8)  # -pi/4 in three


def _fused(a: NDArray[Any], b: Any, c: Any) -> NDArray[Any]:
    """a * b + c in float32 with one rounding. The product is exact in float64; the sum is rounded
    there first, which matters only where it then lies halfway between two float32 numbers."""
    product: NDArray[np.float64] = np.multiply(a, b, dtype=np.float64)
    total: NDArray[np.float64] = product + c
    halfway = (total.view(np.int64) & 0x1FFFFFFF) == 0x10000000
    if halfway.any():
        kept, added = product[halfway], np.broadcast_to(c, total.shape)[halfway].astype(np.float64)
        rounded = total[halfway]
        shift = rounded - kept
        lost = (kept - (rounded - shift)) + (added - shift)  # Knuth's two-sum
        away = np.nextafter(rounded, np.copysign(np.inf, lost))
        total[halfway] = np.where(lost == 0, rounded, away)
    return total.astype(np.float32)


def _polynomial(x: NDArray[Any], coefficients: tuple[float, ...]) -> NDArray[Any]:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = _fused(value, x, np.float32(coefficient))
    return value


def _logarithm(x: NDArray[Any]) -> NDArray[Any]:
    """log(x) of positive float32 numbers: x = m 2^e with m from sqrt(1/2) to sqrt(2)."""
    mantissa, exponent = np.frexp(x)
    small = mantissa < np.float32(0.707106781186547524)
    power = np.where(small, exponent - 1, exponent).astype(np.float32)
    x = np.where(small, (mantissa - 1) + mantissa, mantissa - 1)
    square = x * x
    tail = _polynomial(x, LOGARITHM) * x
    tail = _fused(tail, square, power * np.float32(LOG_2[0])) - square * np.float32(0.5)
    return _fused(power, np.float32(LOG_2[1]), x + tail)


def _sine_and_cosine(x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """sin(x) and cos(x) of float32 numbers of [0, 2 pi], by octants of the circle."""
    octant = ((x * np.float32(4 / math.pi)).astype(np.int32) + 1) & ~1
    turns = octant.astype(np.float32)
    for part in QUARTER_PI:
        x = _fused(turns, np.float32(part), x)
    square = x * x
    cosine = _polynomial(square, COSINE) * square
    cosine = _fused(cosine, square, square * np.float32(-0.5)) + 1
    sine = _fused(_polynomial(square, SINE) * square, x, x)
    swapped = (octant & 2) != 0
    sign_of_sine = np.where(octant & 4, np.float32(-1), np.float32(1))
    sign_of_cosine = np.where((octant + 2) & 4, np.float32(-1), np.float32(1))
    return (
        np.where(swapped, cosine, sine) * sign_of_sine,
        np.where(swapped, sine, cosine) * sign_of_cosine,
    )
