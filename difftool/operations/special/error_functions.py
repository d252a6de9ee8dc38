"""The error function, its complement, that one scaled, and the inverse.

They are computed in `error_function_kernel` and `normal_quantile_kernel`, in double precision, and
rounded once. `normal_distribution` has the same functions as probabilities.
"""

from __future__ import annotations

import math

from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.operations.declare import elementwise, floating, single_or_double
from difftool.operations.registry import Type, ops
from difftool.operations.special import error_function_kernel, normal_quantile_kernel
from difftool.operations.special.approximation import in_double


def _in_double(*inputs: Node) -> Type:
    """As `floating`; the kernel works in double precision, whose result is rounded once."""
    return floating(*inputs)._replace(operand_dtype=float64)


# The slope of erf at 0.
_SLOPE = 2 / math.sqrt(math.pi)

erf = elementwise(
    "erf(input)",
    error_function_kernel.erf,
    (lambda g, out, x: g * _SLOPE * ops.exp(-(x**2)),),
    infer=_in_double,
    scratch=4,
    meaning="The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.",
    example="erf([0, 0.5, inf])",
    latex=r"\operatorname{{erf}}\left({}\right)",
)

erfc = elementwise(
    "erfc(input)",
    error_function_kernel.erfc,
    (lambda g, out, x: g * -_SLOPE * ops.exp(-(x**2)),),
    infer=_in_double,
    scratch=4,
    meaning="1 - erf(x), exact where that is small.",
    example="erfc([0, 0.5, 20])",
    latex=r"\operatorname{{erfc}}\left({}\right)",
)

erfcx = elementwise(
    "erfcx(input)",
    in_double(error_function_kernel.erfcx),
    (lambda g, out, x: g * (2 * x * out - _SLOPE),),
    infer=single_or_double("erfcx"),
    grad_fn="SpecialErfcxBackward0",
    meaning="exp(x^2) erfc(x), where the one would overflow and the other vanish.",
    example="erfcx([-1, 0, 100])",
    latex=r"\operatorname{{erfcx}}\left({}\right)",
)

erfinv = elementwise(
    "erfinv(input)",
    in_double(normal_quantile_kernel.erfinv),
    (lambda g, out, x: g / _SLOPE * ops.exp(out**2),),
    domain=(-0.9, 0.9),
    meaning="The number whose error function is x.",
    example="erfinv([-1, 0, 0.5])",
    latex=r"\operatorname{{erf}}^{{-1}}\left({}\right)",
)
