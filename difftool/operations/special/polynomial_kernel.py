"""Kernels of the classical orthogonal polynomials: their recurrences (DLMF 18.9), vectorised.

The degree is a second vector, of which the whole parts count; below 0 the value is 0, as in
PyTorch. All elements take the steps of the recurrence together, and each keeps its value where its
degree is reached. Of high degrees Chebyshev's polynomials are made of the angle, or the hyperbolic
angle, whose cosine x is (DLMF 18.5), which takes no steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.operations.registry import Array

Step = Callable[[int, Array, Array], Any]

# The highest degree of a recurrence: nobody would want to wait for more steps.
_HIGHEST = 1_000_000
# Above this degree Chebyshev's polynomials take no steps.
_FEW = 64
# Above this degree PyTorch gives no values of Hermite's polynomials.
_HERMITE_HIGHEST = 512


def _whole(n: Array) -> Array:
    return np.where(np.isfinite(n), np.trunc(n), -1)


def _recurrence(n: Array, first: Array, step: Step) -> Array:
    """The polynomials of whole degrees n: 1 of degree 0, `first` of degree 1, and so on.

    `step(k, latest, before)` is the one of degree k + 1 after those of degrees k and k - 1.
    """
    highest = int(n.max(initial=0))
    if highest > _HIGHEST:
        raise DifftoolError(
            f"a polynomial of degree {highest} takes too many steps",
            kind="limit",
            hint=f"the degree n is at most {_HIGHEST}",
        )
    value = np.where(n == 0, 1, np.where(n == 1, first, 0))
    before, latest = np.ones_like(first), first
    for k in range(1, highest):
        before, latest = latest, step(k, latest, before)
        np.copyto(value, latest, where=n == k + 1)
    return value


# ----- Chebyshev's polynomials of four kinds -----


class _Kind(NamedTuple):
    """One kind: cos((n + shift) a) / cos(below a), or with sines; x is cos(a), or cosh(a) above 1.

    Attributes:
        slope, constant: the polynomial of degree 1.
        sines: made of sines, not of cosines.
        mirror: the kind that (-1)^n times this one is at -x.
    """

    slope: int
    constant: int
    sines: bool
    shift: float
    below: float
    mirror: str


_KINDS = {
    "t": _Kind(1, 0, False, 0, 0, "t"),
    "u": _Kind(2, 0, True, 1, 1, "u"),
    "v": _Kind(2, -1, False, 0.5, 0.5, "w"),
    "w": _Kind(2, 1, True, 0.5, 0.5, "v"),
}


def _by_angle(kind: _Kind, x: Array, n: Array) -> Any:
    """For x >= 0."""
    above = x > 1
    angle = np.where(above, np.arccosh(np.maximum(x, 1)), np.arccos(np.minimum(x, 1)))
    many, one = (n + kind.shift) * angle, kind.below * angle
    if not kind.sines:
        return np.where(above, np.cosh(many) / np.cosh(one), np.cos(many) / np.cos(one))
    ratio = np.where(above, np.sinh(many) / np.sinh(one), np.sin(many) / np.sin(one))
    return np.where(angle == 0, (n + kind.shift) / kind.below, ratio)


def _of_high_degree(name: str, x: Array, n: Array) -> Any:
    kind = _KINDS[name]
    sign = np.where(n % 2 == 0, 1, -1)
    mirrored = sign * _by_angle(_KINDS[kind.mirror], -x, n)
    return np.where(x < 0, mirrored, _by_angle(kind, x, n))


def chebyshev(x: Array, n: Array, *, kind: str, shifted: bool = False) -> Any:
    """The polynomial of degree n and one of the kinds t, u, v, w; shifted: of 2 x - 1."""
    n = _whole(n)
    if shifted:
        x = x + x - 1
    few = n <= _FEW
    first = _KINDS[kind].slope * x + _KINDS[kind].constant
    value = _recurrence(np.where(few, n, -1), first, lambda k, p, q: (x + x) * p - q)
    return value if few.all() else np.where(few, value, _of_high_degree(kind, x, n))


# ----- The others -----


def _hermite(n: Array, first: Array, step: Step) -> Any:
    n = _whole(n)
    known = n <= _HERMITE_HIGHEST
    return np.where(known, _recurrence(np.where(known, n, -1), first, step), np.nan)


def hermite_h(x: Array, n: Array) -> Any:
    """Hermite's polynomial H of degree n, the physicists'."""
    return _hermite(n, x + x, lambda k, p, q: (x + x) * p - (k + k) * q)


def hermite_he(x: Array, n: Array) -> Any:
    """Hermite's polynomial He of degree n, the probabilists'."""
    return _hermite(n, x, lambda k, p, q: x * p - k * q)


def laguerre(x: Array, n: Array) -> Any:
    """Laguerre's polynomial L of degree n."""
    return _recurrence(
        _whole(n), 1 - x, lambda k, p, q: ((k + k + (1 - x)) * p - k * q) / (k + 1)
    )


def legendre(x: Array, n: Array) -> Any:
    """Legendre's polynomial P of degree n."""
    return _recurrence(_whole(n), x, lambda k, p, q: ((k + k + 1) * x * p - k * q) / (k + 1))
