"""Kernels: what can be told from the function that computes an operation.

A kernel that is a NumPy ufunc, or has a parameter `out`, writes to the array that is given as `out`
and returns it. Only a ufunc may be given one of its operands, which it reads before it writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def takes_out(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel writes to an array that is given as `out`."""
    if isinstance(kernel, np.ufunc):
        return True
    code = getattr(kernel, "__code__", None)
    if code is None:
        return False
    return "out" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def is_elementwise(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel reads each element before it writes the one in its place."""
    return isinstance(kernel, np.ufunc) and kernel.signature is None
