"""Bessel functions and Airy's, which solves an equation of theirs.

Computed in `modified_bessel_kernel`, `oscillating_bessel_kernel` and `airy_kernel` in double
precision, and rounded once. Only i0, i1 and their scaled forms have derivatives in PyTorch; through
the others no gradient passes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial
from typing import Any

import numpy as np

from difftool.graph.node import Node
from difftool.operations.declare import elementwise, single_or_double
from difftool.operations.registry import Array, Operation, ops
from difftool.operations.special import (
    airy_kernel,
    modified_bessel_kernel,
    oscillating_bessel_kernel,
)
from difftool.operations.special.approximation import in_double, power_series

# ----- Modified ones of the first kind -----

i0 = elementwise(
    "i0(input)",
    in_double(modified_bessel_kernel.i0),
    (lambda g, out, x: g * ops.i1(x),),
    meaning="The modified Bessel function I of order 0.",
    example="i0([0, 1, -1])",
    latex=r"I_0\left({}\right)",
)

i0e = elementwise(
    "i0e(input)",
    in_double(modified_bessel_kernel.i0e),
    (lambda g, out, x: g * (ops.i1e(x) - ops.sign(x) * out),),
    kinks=(0.0,),
    grad_fn="SpecialI0EBackward0",
    meaning="exp(-|x|) I0(x), which does not overflow.",
    example="i0e([0, 1, 1000])",
)


# I1(x) / x in powers of x^2 (DLMF 10.25.2); up to 1/2 no more of them count.
_QUOTIENTS = tuple([0.5 ** (2 * k + 1) / (factorial(k) * factorial(k + 1)) for k in range(9)])


def _over(out: Node, x: Node, scaled: bool) -> Node:
    """I1(x) / x of out = I1(x), or both scaled by exp(-|x|); near 0 a series, 1/2 at 0."""
    small = ops.abs(x) < 0.5
    near, apart = ops.where(small, x, 0), ops.where(small, 1, x)
    series = power_series(_QUOTIENTS, near * near)
    if scaled:
        series = series * ops.exp(-ops.abs(near))
    quotient: Node = ops.where(small, series, out / apart)
    return quotient


i1 = elementwise(
    "i1(input)",
    in_double(modified_bessel_kernel.i1),
    (lambda g, out, x: g * (ops.i0(x) - _over(out, x, scaled=False)),),
    grad_fn="SpecialI1Backward0",
    meaning="The modified Bessel function I of order 1.",
    example="i1([0, 1, -1])",
    latex=r"I_1\left({}\right)",
)

def _i1e_rule(g: Node, out: Node, x: Node) -> Node:
    return g * (ops.i0e(x) - ops.sign(x) * out - _over(out, x, scaled=True))


i1e = elementwise(
    "i1e(input)",
    in_double(modified_bessel_kernel.i1e),
    (_i1e_rule,),
    kinks=(0.0,),
    grad_fn="SpecialI1EBackward0",
    meaning="exp(-|x|) I1(x), which does not overflow.",
    example="i1e([0, 1, 1000])",
)

# ----- Those without a derivative -----


def _plain(name: str, kernel: Callable[..., Any], meaning: str, latex: str) -> Operation:
    return elementwise(
        f"{name}(input)",
        in_double(kernel),
        infer=single_or_double(name),
        meaning=meaning,
        example=f"{name}([0.5, 1, 10])",
        latex=latex + r"\left({}\right)",
    )


modified_bessel_i0 = _plain(
    "modified_bessel_i0",
    modified_bessel_kernel.i0,
    "The modified Bessel function I of order 0, without a derivative; i0 has one.",
    "I_0",
)
modified_bessel_i1 = _plain(
    "modified_bessel_i1",
    modified_bessel_kernel.i1,
    "The modified Bessel function I of order 1, without a derivative; i1 has one.",
    "I_1",
)
modified_bessel_k0 = _plain(
    "modified_bessel_k0",
    modified_bessel_kernel.k0,
    "The modified Bessel function K of order 0; PyTorch has no derivative for it.",
    "K_0",
)
modified_bessel_k1 = _plain(
    "modified_bessel_k1",
    modified_bessel_kernel.k1,
    "The modified Bessel function K of order 1; PyTorch has no derivative for it.",
    "K_1",
)
scaled_modified_bessel_k0 = _plain(
    "scaled_modified_bessel_k0",
    modified_bessel_kernel.k0e,
    "exp(x) K0(x), which does not vanish; PyTorch has no derivative for it.",
    r"\operatorname{{k0e}}",
)
scaled_modified_bessel_k1 = _plain(
    "scaled_modified_bessel_k1",
    modified_bessel_kernel.k1e,
    "exp(x) K1(x), which does not vanish; PyTorch has no derivative for it.",
    r"\operatorname{{k1e}}",
)
bessel_j0 = _plain(
    "bessel_j0",
    oscillating_bessel_kernel.j0,
    "The Bessel function J of order 0; PyTorch has no derivative for it.",
    "J_0",
)
bessel_j1 = _plain(
    "bessel_j1",
    oscillating_bessel_kernel.j1,
    "The Bessel function J of order 1; PyTorch has no derivative for it.",
    "J_1",
)
bessel_y0 = _plain(
    "bessel_y0",
    oscillating_bessel_kernel.y0,
    "The Bessel function Y of order 0; PyTorch has no derivative for it.",
    "Y_0",
)
bessel_y1 = _plain(
    "bessel_y1",
    oscillating_bessel_kernel.y1,
    "The Bessel function Y of order 1; PyTorch has no derivative for it.",
    "Y_1",
)


def _spherical(x: Array) -> Any:
    value = np.where(x == 0, 1, np.sin(x) / x)
    return np.where(np.isinf(x), 0, value)


spherical_bessel_j0 = _plain(
    "spherical_bessel_j0",
    _spherical,
    "sin(x) / x, and 1 where x is 0; PyTorch has no derivative for it, but sinc has.",
    "j_0",
)
airy_ai = _plain(
    "airy_ai",
    airy_kernel.airy_ai,
    "Airy's function Ai; PyTorch has no derivative for it.",
    r"\operatorname{{Ai}}",
)
