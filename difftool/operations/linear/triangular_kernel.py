"""The kernel of triangular systems, by forward substitution in blocks of rows, for batches too."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.operations.registry import Array

# Rows that are solved one after the other; what stands left of them is one product.
BLOCK = 64


def solved(
    triangle: Array, sides: Array, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Any:
    """X of T X = B, or of X T = B: only the triangle of T is read, and not its diagonal of ones."""
    if not left:
        turned = np.swapaxes(triangle, -1, -2), np.swapaxes(sides, -1, -2)
        return np.swapaxes(solved(*turned, upper=not upper, unitriangular=unitriangular), -1, -2)
    if upper:
        # From the last row up it is a lower triangle.
        below = triangle[..., ::-1, ::-1], sides[..., ::-1, :]
        return solved(*below, upper=False, unitriangular=unitriangular)[..., ::-1, :]
    outer = np.broadcast_shapes(triangle.shape[:-2], sides.shape[:-2])
    x = np.array(np.broadcast_to(sides, outer + sides.shape[-2:]))
    size = x.shape[-2]
    with np.errstate(all="ignore"):
        for start in range(0, size, BLOCK):
            stop = min(start + BLOCK, size)
            if start:
                x[..., start:stop, :] -= triangle[..., start:stop, :start] @ x[..., :start, :]
            for row in range(start, stop):
                if row > start:
                    known = triangle[..., row : row + 1, start:row] @ x[..., start:row, :]
                    x[..., row : row + 1, :] -= known
                if not unitriangular:
                    x[..., row, :] /= triangle[..., row, row, None]
    return x
