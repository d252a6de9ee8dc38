"""Kernels: what can be told from the function that computes an operation.

A kernel that is a NumPy ufunc, or has a parameter `out`, writes to the array that is given as `out`
and returns it. That array may be one of its operands if it is a ufunc, or says that it reads each
element before it writes the one in its place (`operations.declare.overwriting`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"


def takes_out(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel writes to an array that is given as `out`."""
    if isinstance(kernel, np.ufunc):
        return True
    code = getattr(kernel, "__code__", None)
    if code is None:
        return False
    return "out" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def writes_to_out(node: Node) -> bool:
    """Whether a node's kernel can be given the array for its result.

    One that takes several steps may compute them in a wider dtype, and round once.
    """
    kernel = node.operation.kernel
    one_dtype = node.operand_dtype in (None, node.dtype)
    return takes_out(kernel) and (one_dtype or isinstance(kernel, np.ufunc))


def is_elementwise(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel reads each element before it writes the one in its place."""
    if isinstance(kernel, np.ufunc):
        return kernel.signature is None
    return getattr(kernel, "overwriting", False)


def multiplies(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel is made of products of matrices (`operations.declare.multiplying`)."""
    return getattr(kernel, "multiplies", False)


def converting(node: Node, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel with its operands brought to the dtype it computes in, if they are not."""
    dtype = node.operand_dtype
    if dtype is None or all([source.dtype == dtype for source in node.inputs]):
        return kernel
    return lambda *operands: kernel(*[x.astype(dtype, copy=False) for x in operands])


def writing(
    node: Node, kernel: Callable[..., Any], parameters: Mapping[str, Any]
) -> Callable[..., Any]:
    """The kernel as a function of its operands and, in the last place, where it writes to."""
    converts = converting(node, kernel) is not kernel
    if isinstance(kernel, np.ufunc) and kernel not in _WITHOUT_PLACE and not converts:
        return kernel

    def write(*operands: Array) -> None:
        *read, out = operands
        if converts:
            read = [x.astype(node.operand_dtype, copy=False) for x in read]
        value = kernel(*read, out=out, **parameters)
        if value is not out:
            out[...] = value

    return write


# Ufuncs whose third place is deprecated for an output.
_WITHOUT_PLACE = (np.maximum, np.minimum)
