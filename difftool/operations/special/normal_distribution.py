"""The standard normal distribution: its probabilities, their logarithm, and its quantiles.

They are made of the error functions, as `error_functions` has them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.graph.node import Node
from difftool.operations import with_number
from difftool.operations.declare import elementwise, single_or_double
from difftool.operations.registry import Array, Check, composite, ops
from difftool.operations.special import error_function_kernel, normal_quantile_kernel
from difftool.operations.special.approximation import in_double, piecewise

_HALF_ROOT = math.sqrt(0.5)
# From here on the probability above is zero in double precision.
_FAR = 39.0


@composite(
    "ndtr(input)",
    example="ndtr([-inf, 0, 1])",
    checks=(Check("ndtr(x)", {"x": (2, 3)}),),
)
def ndtr(input: Node) -> Node:
    """The probability that a standard normal number is below x."""
    # In this order, as PyTorch does; far below 0 the sum is 0.
    area: Node = ops.erf(with_number.times(input, _HALF_ROOT))
    return with_number.times(with_number.plus(area, 1), 0.5)


ndtri = elementwise(
    "ndtri(input)",
    in_double(normal_quantile_kernel.ndtri),
    (lambda g, out, p: g * math.sqrt(2 * math.pi) * ops.exp(out**2 / 2),),
    infer=single_or_double("ndtri"),
    domain=(0.1, 0.9),
    grad_fn="SpecialNdtriBackward0",
    meaning="The number below which a standard normal number is with the probability x.",
    example="ndtri([0, 0.5, 0.975])",
)


def _tail(x: Array) -> Any:
    """The probability of a standard normal number above x >= 1."""
    # x^2 = s^2 + (x - s)(x + s), where s has so few digits that its square is exact.
    s = x.astype(np.float32).astype(np.float64)
    density = np.exp(s * s * -0.5) * np.exp((x - s) * (x + s) * -0.5)
    return density * error_function_kernel.erfcx(x * _HALF_ROOT) / 2


@in_double
def _log_probability(x: Array) -> Any:
    """The logarithm of ndtr, to a few units in the last place in both tails."""
    return piecewise(
        (x,),
        (x < -1, lambda x: np.log(error_function_kernel.erfcx(x * -_HALF_ROOT) / 2) - x * x * 0.5),
        (x < 1, lambda x: np.log1p(error_function_kernel.erfc(x * _HALF_ROOT) * -0.5)),
        (x >= 1, lambda x: np.log1p(-_tail(np.minimum(x, _FAR)))),
    )


log_ndtr = elementwise(
    "log_ndtr(input)",
    _log_probability,
    (lambda g, out, x: g / ops.erfcx(x * -_HALF_ROOT) * math.sqrt(2 / math.pi),),
    infer=single_or_double("log_ndtr"),
    grad_fn="SpecialLogNdtrBackward0",
    meaning="The logarithm of ndtr, exact where that is near 0 or 1.",
    example="log_ndtr([-100, 0, 100])",
)
