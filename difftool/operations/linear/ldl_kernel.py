"""The kernels of the factors of symmetric matrices, L D L^T, which NumPy has none of.

J. R. Bunch and L. Kaufman, "Some stable methods for calculating inertia and solving symmetric
linear systems" (1977): D has blocks of one or two rows, whichever keeps the elements small. Factors
and pivots are packed as LAPACK's sytrf does below the diagonal: L as a product of the steps'
matrices, without exchanging what earlier steps left; of a block of one row the row it was exchanged
with, counted from 1; of a block of two, twice the negative of that of its second row.
"""

from __future__ import annotations

from math import prod, sqrt
from typing import Any

import numpy as np

from difftool.operations.registry import Array

# Bounds the growth of elements in two steps of one row and in one step of two alike.
ALPHA = (1 + sqrt(17)) / 8


def factored(x: Array) -> tuple[Any, Any, Any]:
    """L and D in one lower triangle, the pivots, and the first block of D that is zero.

    That is counted from 1; 0: there is none. Each matrix chooses its own pivots, so they are
    factored one by one.
    """
    outer, size = x.shape[:-2], x.shape[-1]
    lower = np.tril(x).reshape(prod(outer), size, size)
    factors = lower + np.swapaxes(np.tril(lower, -1), -1, -2)
    pivots = np.zeros((len(factors), size), np.int32)
    info = np.zeros(len(factors), np.int32)
    with np.errstate(all="ignore"):
        for place, matrix in enumerate(factors):
            info[place] = _factor(matrix, pivots[place])
    return np.tril(factors).reshape(x.shape), pivots.reshape(x.shape[:-1]), info.reshape(outer)


def _factor(matrix: Array, pivots: Array) -> int:
    """Factor one symmetric matrix where it stands."""
    size, start, zero = len(matrix), 0, 0
    while start < size:
        own = abs(matrix[start, start])
        column = np.abs(matrix[start + 1 :, start])
        if not max(own, column.max(initial=0)) > 0:
            zero = zero or start + 1
            pivots[start] = start + 1
            start += 1
            continue
        other, rows = _pivot(matrix, start, own, column)
        last = start + rows - 1
        if other != last:
            rest = matrix[start:, start:]
            pair, turned = [last - start, other - start], [other - start, last - start]
            rest[pair] = rest[turned]
            rest[:, pair] = rest[:, turned]
        stop = start + rows
        block = matrix[start:stop, start:stop]
        below = np.array(matrix[stop:, start:stop])
        steps = below / block if rows == 1 else _over_pair(below, block)
        matrix[stop:, stop:] -= steps @ below.T
        matrix[stop:, start:stop] = steps
        pivots[start:stop] = other + 1 if rows == 1 else -(other + 1)
        start = stop
    return zero


def _pivot(matrix: Array, start: int, own: float, column: Array) -> tuple[int, int]:
    """The row to exchange, and whether the block takes one row or two."""
    largest = column.max(initial=0)
    if own >= ALPHA * largest:
        return start, 1
    other = start + 1 + int(np.argmax(column))
    row = np.abs(matrix[other, start:])
    there = row[other - start]
    row[other - start] = 0
    if own >= ALPHA * largest * (largest / row.max()):
        return start, 1
    return other, 1 if there >= ALPHA * row.max() else 2


def _over_pair(rows: Array, block: Array) -> Any:
    """X of X D = rows, for a block D of two rows; scaled by its largest element, the one beside the
    diagonal, so that no product overflows."""
    beside = block[1, 0]
    first, second = block[0, 0] / beside, block[1, 1] / beside
    scale = 1 / (first * second - 1) / beside
    left = (second * rows[:, 0] - rows[:, 1]) * scale
    right = (first * rows[:, 1] - rows[:, 0]) * scale
    return np.stack([left, right], 1)


def solved(factors: Array, pivots: Array, b: Array) -> Any:
    """X of A X = b, from what `factored` gave of A; batches broadcast."""
    outer = np.broadcast_shapes(factors.shape[:-2], b.shape[:-2])
    size, columns = b.shape[-2:]
    matrices = np.broadcast_to(factors, (*outer, size, size)).reshape(-1, size, size)
    rows = np.broadcast_to(pivots, (*outer, size)).reshape(-1, size)
    result = np.array(np.broadcast_to(b, (*outer, size, columns))).reshape(-1, size, columns)
    with np.errstate(all="ignore"):
        for matrix, own, sides in zip(matrices, rows, result, strict=True):
            _solve(matrix, own, sides)
    return result.reshape(*outer, size, columns)


def _solve(matrix: Array, pivots: Array, sides: Array) -> None:
    """Solve one system in the place of its right-hand sides."""
    size, start = len(matrix), 0
    blocks = []
    while start < size:
        rows = 1 if pivots[start] > 0 or start + 1 == size else 2
        stop = start + rows
        exchanged = [stop - 1, abs(int(pivots[start])) - 1]
        blocks.append((start, stop, exchanged))
        sides[exchanged] = sides[exchanged[::-1]]
        sides[stop:] -= matrix[stop:, start:stop] @ sides[start:stop]
        block = matrix[start:stop, start:stop]
        if rows == 1:
            sides[start] /= block[0, 0]
        else:
            sides[start:stop] = _over_pair(sides[start:stop].T, block).T
        start = stop
    for start, stop, exchanged in reversed(blocks):
        sides[start:stop] -= matrix[stop:, start:stop].T @ sides[stop:]
        sides[exchanged] = sides[exchanged[::-1]]
