"""The kernel of the singular value decomposition, with the signs that PyTorch's vectors have.

A pair of singular vectors may change its sign, and which one comes out depends on the way to it.
NumPy's LAPACK and PyTorch's reduce square matrices to two diagonals in the same way, but others
not: PyTorch's makes a QR decomposition first where there are half as many rows again as columns,
and reduces wide matrices to a lower bidiagonal one. Small matrices take these ways here too.
Source of the steps: E. Anderson et al., "LAPACK Users' Guide" (1999), GEBD2, BDSDC and LARTG.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.operations.registry import Array

# Rows up to which a wide matrix is reduced here, step by step.
SMALL = 32


def decomposed(x: Array, full: bool = False) -> tuple[Any, Any, Any]:
    """U, S and V^T of matrices.

    Raises:
        DifftoolError: kind "value", for a matrix that is not finite.
    """
    rows, columns = x.shape[-2:]
    try:
        if columns < rows and rows >= 3 * columns // 2:
            return _of_tall(x, full)
        if rows < columns and 0 < rows <= SMALL:
            return _of_wide(x, full)
        left, values, right = np.linalg.svd(x, full_matrices=full)
    except np.linalg.LinAlgError:
        raise DifftoolError(
            "there is no singular value decomposition of a matrix with infinite elements or NaN",
            kind="value",
            hint="look where they come from",
        ) from None
    return left, values, right


def _of_tall(x: Array, full: bool) -> tuple[Any, Any, Any]:
    columns = x.shape[-1]
    q, r = np.linalg.qr(x, "complete" if full else "reduced")
    inner, values, right = np.linalg.svd(r[..., :columns, :])
    left = q[..., :columns] @ inner
    return np.concatenate((left, q[..., columns:]), -1), values, right


def _of_wide(x: Array, full: bool) -> tuple[Any, Any, Any]:
    rows = x.shape[-2]
    if full:
        left, middle, basis = _lower_bidiagonal(x)
        basis = np.swapaxes(basis, -1, -2)
    else:
        # The reflections see no more than the triangle of an LQ decomposition.
        q, r = np.linalg.qr(np.swapaxes(x, -1, -2))
        left, middle, basis = _lower_bidiagonal(np.swapaxes(r, -1, -2))
        basis = np.swapaxes(q @ basis, -1, -2)
    turned, upper = _made_upper(middle[..., :rows])
    u, values, v = np.linalg.svd(upper)
    right = np.concatenate((v @ basis[..., :rows, :], basis[..., rows:, :]), -2)
    return left @ (turned @ u), values, right


def reflection(x: Array) -> tuple[Any, Any]:
    """v and tau of the reflection I - tau v v^T that leaves one element of x, with another sign.

    Where there is only that one, it is none, and tau is 0.
    """
    first = x[..., :1]
    rest = np.sqrt(np.sum(np.square(x[..., 1:]), -1, keepdims=True))
    kept = rest == 0
    length = np.where(kept, 1, -np.copysign(np.hypot(first, rest), first))
    v = np.where(kept, 0, x / np.where(kept, 1, first - length))
    v[..., 0] = 1
    return v, np.where(kept, 0, (length - first) / length)


def _lower_bidiagonal(x: Array) -> tuple[Any, Any, Any]:
    """Q, B and P of X = Q B P^T for wide matrices, by reflections from the right and the left."""
    *outer, rows, columns = x.shape
    b = np.array(x)
    left, right = [
        np.array(np.broadcast_to(np.eye(size, dtype=x.dtype), (*outer, size, size)))
        for size in (rows, columns)
    ]
    for place in range(rows):
        v, tau = reflection(b[..., place, place:])
        for changed in (b[..., place:, place:], right[..., :, place:]):
            changed -= (changed @ (tau * v)[..., None]) * v[..., None, :]
        if place + 1 < rows:
            v, tau = reflection(b[..., place + 1 :, place])
            below = b[..., place + 1 :, place:]
            below -= (tau * v)[..., None] * (v[..., None, :] @ below)
            changed = left[..., :, place + 1 :]
            changed -= (changed @ (tau * v)[..., None]) * v[..., None, :]
    return left, b, right


def _made_upper(x: Array) -> tuple[Any, Any]:
    """G and U of X = G U, where the rotations G make a lower bidiagonal X an upper one."""
    size = x.shape[-1]
    diagonal = np.array(np.diagonal(x, axis1=-2, axis2=-1))
    turned = np.array(np.broadcast_to(np.eye(size, dtype=x.dtype), x.shape))
    upper = np.zeros_like(x)
    for place in range(size - 1):
        f, g = diagonal[..., place], x[..., place + 1, place]
        length = np.where(f == 0, np.abs(g), np.copysign(np.hypot(f, g), f))
        safe = np.where(length == 0, 1, length)
        cosine, sine = np.where(length == 0, 1, f / safe), g / safe
        upper[..., place, place] = length
        upper[..., place, place + 1] = sine * diagonal[..., place + 1]
        diagonal[..., place + 1] *= cosine
        first, second = turned[..., place].copy(), turned[..., place + 1].copy()
        turned[..., place] = cosine[..., None] * first + sine[..., None] * second
        turned[..., place + 1] = cosine[..., None] * second - sine[..., None] * first
    if size:
        upper[..., -1, -1] = diagonal[..., -1]
    return turned, upper
