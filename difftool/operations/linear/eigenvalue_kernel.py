"""The kernel of eigenvalues and eigenvectors, with the signs that PyTorch's vectors have.

An eigenvector may change its sign, and which one comes out depends on the way to it. PyTorch's
LAPACK goes NumPy's way, by reflections to a tridiagonal matrix and by QL or QR iterations from
there; but its rotations have another sign where they turn by more than 45 degrees, as LAPACK's had
until 3.10. For a few small matrices this way is gone again here, for the signs alone.
Source of the steps: E. Anderson et al., "LAPACK Users' Guide" (1999), SYTD2, STEQR, LARTG, LAEV2.
"""

from __future__ import annotations

from math import copysign, hypot, sqrt
from typing import Any

import numpy as np

from difftool.operations.linear.singular_value_kernel import reflection
from difftool.operations.registry import Array

# The sizes of matrices whose signs are looked after, and how many of them at once. Those of two
# rows come out alike.
SIZES = range(3, 9)
MOST_MATRICES = 16

# An iteration takes less than two steps for each eigenvalue; without end only where there is NaN.
MOST_STEPS = 30


def decomposed(x: Array, upper: bool) -> tuple[Any, Any]:
    """Ascending eigenvalues, and eigenvectors as columns, by one triangle of symmetric matrices.

    A matrix that isn't finite has NaN for them.
    """
    finite: Any = np.isfinite(x).all((-2, -1))
    whole = np.where(finite[..., None, None], x, 0)
    values, vectors = np.linalg.eigh(whole, "U" if upper else "L")
    size = x.shape[-1]
    if size in SIZES and 0 < finite.size <= MOST_MATRICES:
        flat = np.reshape(whole.astype(np.float64), (finite.size, size, size))
        basis, diagonals, others = _tridiagonal(flat, upper)
        smallest = float(np.finfo(x.dtype).eps) / 2
        turned = [
            _iterated(list(map(float, d)), list(map(float, e)), smallest)
            for d, e in zip(diagonals, others, strict=True)
        ]
        along = np.reshape(basis @ np.swapaxes(np.array(turned), -1, -2), x.shape)
        agreement = np.sum(along * vectors, -2, keepdims=True)
        vectors = np.where(agreement < 0, -vectors, vectors)
    values = np.where(finite[..., None], values, np.nan)
    return values, np.where(finite[..., None, None], vectors, np.nan)


def _tridiagonal(x: Array, upper: bool) -> tuple[Any, Any, Any]:
    """Q of X = Q T Q^T, and the diagonal of T and the one beside it."""
    if upper:
        # The upper triangle is reduced from its last column, as the lower one from its first.
        basis, diagonal, others = _tridiagonal(x[:, ::-1, ::-1], False)
        return basis[:, ::-1, ::-1], diagonal[:, ::-1], others[:, ::-1]
    size = x.shape[-1]
    lower = np.tril(x)
    a = lower + np.swapaxes(np.tril(x, -1), 1, 2)
    basis = np.array(np.broadcast_to(np.eye(size), x.shape))
    for place in range(size - 1):
        v, tau = reflection(a[:, place + 1 :, place])
        scaled = tau * v
        below = a[:, place + 1 :, :]
        below -= scaled[:, :, None] * (v[:, None, :] @ below)
        for changed in (a[:, :, place + 1 :], basis[:, :, place + 1 :]):
            changed -= (changed @ scaled[:, :, None]) * v[:, None, :]
    return basis, np.diagonal(a, 0, 1, 2), np.diagonal(a, -1, 1, 2)


def _rotation(f: float, g: float) -> tuple[float, float, float]:
    """Cosine, sine and length of the rotation of (f, g) to (length, 0)."""
    if g == 0:
        return 1.0, 0.0, f
    if f == 0:
        return 0.0, 1.0, g
    length = hypot(f, g)
    if abs(f) > abs(g) and f < 0:
        length = -length
    return f / length, g / length, length


def _of_two(a: float, b: float, c: float) -> tuple[float, float, float, float]:
    """The eigenvalues of [[a, b], [b, c]], the larger in size first, and that one's vector."""
    total, gap, both = a + c, a - c, 2 * b
    root = hypot(gap, both)
    larger, smaller = (a, c) if abs(a) > abs(c) else (c, a)
    sign = -1 if total < 0 else 1
    first = 0.5 * (total + sign * root)
    second = -0.5 * root if total == 0 else (larger / first) * smaller - (b / first) * b
    turn = gap + root if gap >= 0 else gap - root
    if abs(turn) > abs(both):
        tangent = -both / turn
        sine = 1 / sqrt(1 + tangent * tangent)
        cosine = tangent * sine
    elif both == 0:
        cosine, sine = 1.0, 0.0
    else:
        tangent = -turn / both
        cosine = 1 / sqrt(1 + tangent * tangent)
        sine = tangent * cosine
    if sign == (1 if gap >= 0 else -1):
        cosine, sine = -sine, cosine
    return first, second, cosine, sine


def _iterated(d: list[float], e: list[float], smallest: float) -> Any:
    """The eigenvectors of a tridiagonal matrix as rows, by ascending eigenvalues.

    From the end that is larger in size QL steps lead to the other one, from below QR steps.
    """
    size = len(d)
    z = np.eye(size)
    tiny = float(np.finfo(np.float64).tiny)
    left = MOST_STEPS * size
    start = 0
    while start < size:
        end = start
        while end < size - 1 and abs(e[end]) > sqrt(abs(d[end])) * sqrt(abs(d[end + 1])) * smallest:
            end += 1
        if end < size - 1:
            e[end] = 0.0
        place, last, step = start, end, 1
        if abs(d[end]) < abs(d[start]):
            place, last, step = end, start, -1
        start = end + 1
        while (last - place) * step >= 0 and left > 0:
            far = place
            while far != last:
                beside = min(far, far + step)
                bound = smallest**2 * abs(d[far]) * abs(d[far + step]) + tiny
                if e[beside] ** 2 <= bound:
                    e[beside] = 0.0
                    break
                far += step
            if far == place:
                place += step
            elif far == place + step:
                low = min(place, far)
                d[low], d[low + 1], cosine, sine = _of_two(d[low], e[low], d[low + 1])
                _turn(z, low, low + 1, cosine, -sine)
                e[low] = 0.0
                place += 2 * step
            else:
                left -= 1
                _sweep(d, e, z, place, far, step)
    return z[np.argsort(d, kind="stable")]


def _sweep(d: list[float], e: list[float], z: Array, place: int, far: int, step: int) -> None:
    """One step of the iteration, with Wilkinson's shift, from `far` to `place`."""
    first = e[min(place, place + step)]
    g = (d[place + step] - d[place]) / (2 * first)
    g = d[far] - d[place] + first / (g + copysign(hypot(g, 1.0), g))
    sine = cosine = 1.0
    shift = 0.0
    for here in range(far - step, place - step, -step):
        beyond = here + step
        beside = e[min(here, beyond)]
        f, b = sine * beside, cosine * beside
        cosine, sine, length = _rotation(g, f)
        if beyond != far:
            e[min(beyond, beyond + step)] = length
        g = d[beyond] - shift
        r = (d[here] - g) * sine + 2 * cosine * b
        shift = sine * r
        d[beyond] = g + shift
        g = cosine * r - b
        _turn(z, here, beyond, cosine, sine)
    d[place] -= shift
    e[min(place, place + step)] = g


def _turn(z: Array, here: int, beyond: int, cosine: float, sine: float) -> None:
    first, second = z[here].copy(), z[beyond].copy()
    z[here] = cosine * first - sine * second
    z[beyond] = cosine * second + sine * first
