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
    if value.size <= _BLOCK or not (value.flags.c_contiguous or value.flags.f_contiguous):
        return bool(np.isfinite(value).all())
    flat = value.reshape(-1, order="A")
    return all(
        [
            bool(np.isfinite(flat[start : start + _BLOCK]).all())
            for start in range(0, flat.size, _BLOCK)
        ]
    )
