"""Kernels: what can be told from the function that computes an operation.

A kernel that is a NumPy ufunc, or has a parameter `out`, writes to the array that is given as `out`
and returns it. That array may be one of its operands if it is a ufunc, or says that it reads each
element before it writes the one in its place (`operations.declare.overwriting`).
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
    if isinstance(kernel, np.ufunc):
        return kernel.signature is None
    return getattr(kernel, "overwriting", False)
