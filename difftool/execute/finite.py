"""Whether values are finite numbers, without an array of the same size for the answer."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"

_BLOCK = 2**15


def is_finite(value: Array) -> bool:
    """Whether every element is a finite number; integers and booleans always are."""
    if value.dtype.kind != "f":
        return True
    if value.size <= _BLOCK:
        return bool(np.isfinite(value).all())
    if value.flags.c_contiguous or value.flags.f_contiguous:
        value = value.reshape(-1, order="A")
    # Parts along the longest dimension, each of which is cut again if it is still large.
    axis = int(np.argmax(value.shape))
    length = max(1, _BLOCK * value.shape[axis] // value.size)
    before = (slice(None),) * axis
    for start in range(0, value.shape[axis], length):
        if not is_finite(value[(*before, slice(start, start + length))]):
            return False
    return True
