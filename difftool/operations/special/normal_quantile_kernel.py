"""Kernels of the inverse error function and the normal distribution's inverse.

With w = -log(1 - y^2) the inverse error function is y C(w - 1) where w <= 2. A normal quantile far
below the median is, with t = sqrt(-2 log p), -t T(15.33... / (t + 4) - 1.35...), for p from 0.0439
down to the smallest double. C and T interpolate at the Chebyshev nodes; their coefficients were
computed with 30 digits and rounded once. The errors are a few units in the last place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.operations.registry import Array
from difftool.operations.special.approximation import piecewise, polynomial

# Coefficients from the constant one upwards.
_C = (
    1.1273743936892278,
    0.24783287028621093,
    0.0042507092448248246,
    -0.002376369955578904,
    0.00010012177622908601,
    3.820187248768644e-05,
    -4.275585700235219e-06,
    -5.652252316268906e-07,
    1.2231709126249758e-07,
    6.040147657069496e-09,
    -3.0240551152460087e-09,
    1.6558194367878742e-11,
    6.744272955940592e-11,
    -3.6989503758327155e-12,
    -1.2720210330303454e-12,
    1.3524911163029698e-13,
)
_T = (
    0.9443890619084921,
    -0.10646545867788247,
    -0.08125702798417228,
    -0.04052319363795194,
    -0.018935980072848642,
    -0.008299439892168182,
    -0.003601593740332907,
    -0.001517684418967022,
    -0.0006436170543026896,
    -0.0002662507281583367,
    -0.00011210486308680025,
    -4.567884172561285e-05,
    -1.9284798549263214e-05,
    -7.707007429168008e-06,
    -3.3191770396674257e-06,
    -1.2681704477051107e-06,
    -5.380057174975664e-07,
    -2.2798863606879267e-07,
    -1.853514408982707e-07,
    2.686042358166938e-08,
    1.2451957824155978e-07,
    -1.0220509741674815e-07,
    -1.8399213342849928e-07,
    1.232742809209559e-07,
    1.5640081550379695e-07,
    -1.076471808604755e-07,
    -9.313268300580583e-08,
    6.369534122503416e-08,
    3.305804232245851e-08,
    -2.263760797887355e-08,
    -5.654738835505885e-09,
    3.860872445435934e-09,
)
# Probabilities below this are in the tail.
_TAIL = 0.0439


def _centre(y: Array) -> Any:
    """The inverse error function for |y| <= 1 - 2 _TAIL."""
    return y * polynomial(_C, -np.log1p(-y * y) - 1)


def _tail(p: Array) -> Any:
    """The quantile of 0 < p <= _TAIL."""
    t = np.sqrt(-2 * np.log(p))
    return -t * polynomial(_T, 15.334254143646408 / (t + 4) - 1.3591160220994476)


def erfinv(y: Array) -> Array:
    """The inverse error function of a vector of doubles; nan outside [-1, 1]."""
    size = np.abs(y)
    return piecewise(
        (y,),
        (size <= 1 - 2 * _TAIL, _centre),
        # 1 - |y| is exact here.
        (size < 1, lambda y: np.copysign(_tail((1 - np.abs(y)) / 2) * math.sqrt(0.5), y)),
        (size == 1, lambda y: y * np.inf),
    )


def ndtri(p: Array) -> Array:
    """The quantile of the standard normal distribution; nan outside [0, 1]."""
    return piecewise(
        (p,),
        ((p > _TAIL) & (p < 1 - _TAIL), lambda p: _centre(2 * p - 1) * math.sqrt(2)),
        ((p > 0) & (p <= _TAIL), _tail),
        ((p >= 1 - _TAIL) & (p < 1), lambda p: -_tail(1 - p)),
        (p == 0, lambda p: -np.inf),
        (p == 1, lambda p: np.inf),
    )
