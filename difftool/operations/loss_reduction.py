"""What losses share: how the errors of single elements are reduced."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.operations.declare import accumulator
from difftool.operations.registry import Array

REDUCTIONS = ("mean", "sum", "none")


def checked_reduction(reduction: str) -> str:
    """`reduction` itself, if it is one of PyTorch's."""
    if reduction not in REDUCTIONS:
        raise DifftoolError(
            f"`{reduction}` is no reduction",
            kind="argument",
            hint="choose 'mean', 'sum' or 'none'",
        )
    return reduction


def total_of(terms: Array) -> Any:
    """The sum of all; that of half precision could overflow before the mean is taken."""
    return np.sum(terms, dtype=accumulator(terms.dtype, terms.shape, None))
