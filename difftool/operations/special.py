"""Special functions: the error function and its complement, computed in `error_function`."""

from __future__ import annotations

import math

from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.operations import error_function
from difftool.operations.declare import elementwise, floating
from difftool.operations.registry import Type, ops


def _in_double(*inputs: Node) -> Type:
    """As `floating`; the kernel works in double precision, whose result is rounded once."""
    return floating(*inputs)._replace(operand_dtype=float64)


# The slope of erf at 0.
_SLOPE = 2 / math.sqrt(math.pi)

erf = elementwise(
    "erf(input)",
    error_function.erf,
    (lambda g, out, x: g * _SLOPE * ops.exp(-(x**2)),),
    infer=_in_double,
    scratch=4,
    meaning="The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.",
    example="erf([0, 0.5, inf])",
    latex=r"\operatorname{{erf}}\left({}\right)",
)

erfc = elementwise(
    "erfc(input)",
    error_function.erfc,
    (lambda g, out, x: g * -_SLOPE * ops.exp(-(x**2)),),
    infer=_in_double,
    scratch=4,
    meaning="1 - erf(x), exact where that is small.",
    example="erfc([0, 0.5, 20])",
    latex=r"\operatorname{{erfc}}\left({}\right)",
)
