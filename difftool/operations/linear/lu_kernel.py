"""The kernel of the LU decomposition, which NumPy has none of.

It eliminates column by column within blocks of columns, for all matrices of a batch at once; what
stands right of a block is updated by one product (G. H. Golub and C. F. Van Loan, "Matrix
Computations", 4th edition, section 3.4).
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.operations.linear.triangular_kernel import solved
from difftool.operations.registry import Array

# Columns that are eliminated one after the other.
BLOCK = 32


def eliminated(x: Array) -> tuple[Any, Any, Any]:
    """L below the diagonal and U in one matrix, the pivots, and the first U[i, i] that is zero.

    That is counted from 1; 0: there is none.
    """
    outer, (rows, columns) = x.shape[:-2], x.shape[-2:]
    count = min(rows, columns)
    factors = np.array(np.reshape(x, (prod(outer), rows, columns)))
    pivots = np.zeros((len(factors), count), np.int32)
    everyone = np.arange(len(factors))
    with np.errstate(all="ignore"):
        for start in range(0, count, BLOCK):
            stop = min(start + BLOCK, count)
            for column in range(start, stop):
                size = np.abs(factors[:, column:, column])
                best = column + np.argmax(size, axis=1)
                pivots[:, column] = best + 1
                lower = factors[everyone, best]
                factors[everyone, best] = factors[:, column]
                factors[:, column] = lower
                pivot = factors[:, column, column, None]
                below = factors[:, column + 1 :, column]
                below[...] = np.where(pivot == 0, below, below / pivot)
                rest = factors[:, column + 1 :, column + 1 : stop]
                rest -= below[..., None] * factors[:, column, None, column + 1 : stop]
            if stop < columns:
                inner = factors[:, start:stop, start:stop]
                right = factors[:, start:stop, stop:]
                right[...] = solved(inner, right, upper=False, unitriangular=True)
                factors[:, stop:, stop:] -= factors[:, stop:, start:stop] @ right
    zero = np.diagonal(factors, axis1=1, axis2=2) == 0
    info = np.where(zero.any(1), np.argmax(zero, 1) + 1, 0) if count else np.zeros(len(factors))
    return (
        factors.reshape(x.shape),
        pivots.reshape((*outer, count)),
        info.astype(np.int32).reshape(outer),
    )


def lower_of(factors: Array) -> Any:
    count = min(factors.shape[-2:])
    return np.tril(factors[..., :count], -1) + np.eye(factors.shape[-2], count, dtype=factors.dtype)


def upper_of(factors: Array) -> Any:
    return np.triu(factors[..., : min(factors.shape[-2:]), :])
