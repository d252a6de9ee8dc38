"""Which element types of files become tensors.

The language has PyTorch's real dtypes (`graph.dtype`). Other byte orders are converted, unsigned
integers of 16 bits and more become the signed ones that hold them; everything else that NumPy can
store is refused with a word on what to do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.graph.dtype import NAMES
from difftool.tensors.source import Array, Source

KNOWN = {dtype.name: dtype for dtype in NAMES.values()}
WIDENED: dict[str, np.dtype[Any]] = {
    "uint16": np.dtype(np.int32),
    "uint32": np.dtype(np.int64),
    "uint64": np.dtype(np.int64),
}

TENSORS = f"tensors are {', '.join(KNOWN)}"
SMALL_FLOATS = "convert it to float32 first: NumPy has no such dtype"


def check(dtype: np.dtype[Any], source: Source, what: str) -> None:
    """Raise unless arrays of `dtype` can become tensors; `what` names the array, as in
    "x.npz, array 'a'"."""
    if dtype.name in KNOWN or dtype.name in WIDENED:
        return
    reason, hint = {
        "c": ("complex numbers", "save the real and the imaginary part: x.real, x.imag"),
        "f": ("floating-point numbers longer than 64 bits", "save x.astype('float64')"),
        "U": ("text", "save numbers"),
        "S": ("text", "save numbers"),
        "M": ("dates", "save numbers: x.astype('int64')"),
        "m": ("time differences", "save numbers: x.astype('int64')"),
        "V": ("raw bytes, as bfloat16 and float8 arrays are stored", SMALL_FLOATS),
    }.get(dtype.kind, ("Python objects", None))
    if dtype.names is not None:
        reason, hint = "records with named fields", f"save one field: x['{dtype.names[0]}']"
    raise source.fault(f"{what} holds {reason} ({dtype}); {TENSORS}", hint)


def settled(array: Array, source: Source, what: str) -> Array:
    """The array in the machine's byte order and in a dtype of the language."""
    wider = WIDENED.get(array.dtype.name)
    if wider is None:
        if not array.dtype.isnative:
            array = array.astype(array.dtype.newbyteorder("="))
        return array
    if array.dtype.itemsize == 8 and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise source.fault(
            f"{what} holds {int(array.max())}, which is too large for int64",
            "save x.astype('float64')",
        )
    return array.astype(wider)
