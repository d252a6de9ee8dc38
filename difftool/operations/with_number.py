"""Sums and products with a number, for functions that PyTorch makes of several in its own code.

There the number is no tensor, and the names of the backward functions tell: `x * 2` typed by a
user is a MulBackward0, the factor that `cross_entropy` multiplies by makes a MulBackward1. The
functions have these nodes to make PyTorch's grad_fn chain; nobody can call them by name.
"""

from __future__ import annotations

import numpy as np

from difftool.graph.node import Node, Number
from difftool.operations.declare import elementwise, overwriting, promoted
from difftool.operations.registry import constant

plus = elementwise(
    "add(input, other)",
    overwriting(np.add),
    (lambda g, out, x, y: g,),
    infer=promoted,
    grad_fn="AddBackward1",
    meaning="",
    example="",
)

minus = elementwise(
    "sub(input, other)",
    overwriting(np.subtract),
    (lambda g, out, x, y: g,),
    infer=promoted,
    grad_fn="SubBackward1",
    meaning="",
    example="",
)

times = elementwise(
    "mul(input, other)",
    overwriting(np.multiply),
    (lambda g, out, x, y: g * y,),
    infer=promoted,
    grad_fn="MulBackward1",
    meaning="",
    example="",
)

over = elementwise(
    "div(input, other)",
    overwriting(np.true_divide),
    (lambda g, out, x, y: g / y,),
    infer=promoted,
    grad_fn="DivBackward1",
    meaning="",
    example="",
)

_rsub = elementwise(
    "rsub(input, other)",
    overwriting(lambda x, y, out=None: np.subtract(y, x, out=out)),
    (lambda g, out, x, y: -g,),
    infer=promoted,
    grad_fn="SubBackward0",
    meaning="",
    example="",
)


def taken_from(input: Node, number: Number) -> Node:
    """`number - input`, where PyTorch makes a tensor of the number, of the input's dtype."""
    return _rsub(input, constant(number, input.dtype))
