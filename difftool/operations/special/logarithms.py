"""Logarithms with factors that make them 0 where they have a pole, and sinc, which is 1 at 0.

All kernels here work in double precision and round once. `elementwise.elementary` has the plain
logarithms and sines.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.graph.node import Node
from difftool.operations.declare import elementwise
from difftool.operations.registry import Array, Check, Operation, number_of, ops
from difftool.operations.special.approximation import in_double, power_series

# ----- Logarithms -----


def _of_number(name: str, first: str, second: str) -> Callable[[Node], str]:
    """The grad_fn names where the first or the second operand is a number, not a tensor."""

    def grad_fn(node: Node) -> str:
        x, y = node.inputs
        if number_of(x) is not None:
            return first
        return name if number_of(y) is None else second

    return grad_fn


@in_double
def _xlogy(x: Array, y: Array) -> Any:
    return np.where((x == 0) & ~np.isnan(y), 0, x * np.log(y))


@in_double
def _xlog1py(x: Array, y: Array) -> Any:
    return np.where((x == 0) & ~np.isnan(y), 0, x * np.log1p(y))


def _logarithm_rule(times: Callable[..., Node], pole: float) -> Callable[..., Node]:
    """The first operand's rule; 0 where that is 0 and there is no logarithm to multiply it by."""

    def rule(g: Node, out: Node, x: Node, y: Node) -> Node:
        undefined = ops.bitwise_and(ops.eq(x, 0), y <= pole)
        value: Node = ops.where(undefined, 0, times(g, y))
        return value

    return rule


# Of gradients, in which they are linear: 0 where the gradient is, whatever y is.
_times_log: Operation = elementwise(
    "xlogy(input, other)",
    _xlogy,
    (lambda g, out, x, y: _times_log(g, y), lambda g, out, x, y: g * x / y),
    checks=(),
    meaning="",
    example="",
)

_times_log1p: Operation = elementwise(
    "xlog1py(input, other)",
    _xlog1py,
    (lambda g, out, x, y: _times_log1p(g, y), lambda g, out, x, y: g * x / (y + 1)),
    checks=(),
    meaning="",
    example="",
)

xlogy = elementwise(
    "xlogy(input, other)",
    _xlogy,
    (_logarithm_rule(_times_log, 0), lambda g, out, x, y: g * x / y),
    grad_fn=_of_number("XlogyBackward0", "XlogyBackward1", "XlogyBackward2"),
    domain=(0.5, 2.0),
    meaning="x log(y), and 0 where x is 0.",
    example="xlogy([0, 1, 2], [0, 1, 2])",
    latex=r"{} \ln\left({}\right)",
)

xlog1py = elementwise(
    "xlog1py(input, other)",
    _xlog1py,
    (_logarithm_rule(_times_log1p, -1), lambda g, out, x, y: g * x / (y + 1)),
    grad_fn=_of_number(
        "SpecialXlog1PyBackward0", "SpecialXlog1PyBackward1", "SpecialXlog1PyBackward2"
    ),
    domain=(0.5, 2.0),
    meaning="x log(1 + y), and 0 where x is 0.",
    example="xlog1py([0, 1, 2], [-1, 1, 1e-20])",
    latex=r"{} \ln\left(1 + {}\right)",
)


@in_double
def _entropy(x: Array) -> Any:
    value = np.where(x >= 0, np.where(x == 0, 0, -x * np.log(x)), -np.inf)
    return np.where(np.isnan(x), x, value)


entr = elementwise(
    "entr(input)",
    _entropy,
    (lambda g, out, x: g * -(ops.log(x) + 1),),
    domain=(0.5, 2.0),
    grad_fn="SpecialEntrBackward0",
    meaning="-x log(x): 0 where x is 0, and -inf where it is negative.",
    example="entr([-1, 0, 0.5])",
)


@in_double
def _logit(x: Array, eps: float | None = None) -> Any:
    if eps is not None and eps >= 0:
        x = np.where(x < eps, eps, np.where(x > 1 - eps, 1 - eps, x))
    # Around 1/2 the quotient is near 1, whose logarithm would lose digits.
    near = (x > 0.25) & (x < 0.75)
    return np.where(near, 2 * np.arctanh(2 * x - 1), np.log(x / (1 - x)))


def _logit_rule(g: Node, out: Node, x: Node, eps: float | None = None) -> Node:
    """Without `eps` nan outside [0, 1], with it 0 where x was clamped."""
    clamped = eps is not None and eps >= 0
    low = eps if eps is not None and clamped else 0.0
    inside = ops.bitwise_and(x >= low, x <= 1 - low)
    value: Node = ops.where(inside, g / (x * (1 - x)), 0.0 if clamped else math.nan)
    return value


logit = elementwise(
    "logit(input, eps: float | None = None)",
    _logit,
    (_logit_rule,),
    checks=(
        Check("logit(x)", {"x": (2, 3)}, (0.1, 0.9)),
        Check("logit(x, 0.2)", {"x": ()}, (0.3, 0.7)),
        Check("logit(x, eps=0.25) * x", {"x": (3,)}, (0.1, 0.9), (0.25, 0.75)),
    ),
    meaning="log(x / (1 - x)); with eps x is first clamped to [eps, 1 - eps].",
    example="logit([0, 0.3, 1], eps=0.01)",
    latex=r"\operatorname{{logit}}\left({}\right)",
)


# ----- A sine over its argument -----


@in_double
def _sinc(x: Array) -> Any:
    angle = math.pi * x
    return np.where(x == 0, 1, np.sin(angle) / angle)


# The slope of sin(u) / u is u times these coefficients of the powers of u^2; up to pi / 4 no more
# of them count.
_SLOPES = tuple([(-1) ** k * 2 * k / math.factorial(2 * k + 1) for k in range(1, 9)])


def _sinc_rule(g: Node, out: Node, x: Node) -> Node:
    """(cos(pi x) - sinc(x)) / x; where the difference would cancel, its power series."""
    small = ops.abs(x) < 0.25
    near, apart = ops.where(small, x, 0), ops.where(small, 1, x)
    series = power_series(_SLOPES, (near * math.pi) ** 2)
    angle = apart * math.pi
    slope = (angle * ops.cos(angle) - ops.sin(angle)) / (angle * apart)
    return g * ops.where(small, near * series * math.pi**2, slope)


sinc = elementwise(
    "sinc(input)",
    _sinc,
    (_sinc_rule,),
    meaning="sin(pi x) / (pi x), and 1 where x is 0.",
    example="sinc([0, 0.5, 1])",
    latex=r"\operatorname{{sinc}}\left({}\right)",
)
