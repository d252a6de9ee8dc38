"""Size, sign and rounding: functions that are straight lines between their kinks and steps.

Unlike the other functions of one variable they leave integers integers. The derivative of a step
function is zero, at the steps too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, is_float
from difftool.graph.node import Node
from difftool.operations.declare import Infer, elementwise, flat, room, same
from difftool.operations.registry import Array, Type, ops
from difftool.operations.shapes import dtype_name, refuse_booleans, require_float


def _keeps_integers(function: str) -> Infer:
    """The type of a function whose value on integers is an integer; booleans are refused."""

    def infer(input: Node, **parameters: Any) -> Type:
        refuse_booleans(function, input)
        return same(input)

    return infer


# ----- Size and sign -----

abs = elementwise(
    "abs(input)",
    np.abs,
    (lambda g, out, x: g * ops.sign(x),),
    infer=_keeps_integers("abs"),
    kinks=(0.0,),
    aliases=("absolute",),
    meaning="The absolute value |x|; its derivative at 0 is 0.",
    example="abs([-1.5, 0, 2])",
    latex=r"\left|{}\right|",
)


def _sign(x: Array, out: Array | None = None) -> Any:
    """1, 0 or -1; 0 for nan, where NumPy's sign is nan."""
    if x.dtype == boolean:
        return np.logical_or(x, False, out=out)
    return np.subtract(x > 0, x < 0, dtype=x.dtype, out=out)


sign = elementwise(
    "sign(input)",
    _sign,
    (flat,),
    scratch=lambda node: 2 / node.dtype.itemsize,
    infer=same,
    kinks=(0.0,),
    meaning="-1, 0 or 1 as x is negative, zero or positive; 0 for nan.",
    example="sign([-1.5, 0, 2])",
    latex=r"\operatorname{{sign}}\left({}\right)",
)

sgn = elementwise(
    "sgn(input)",
    _sign,
    (flat,),
    scratch=lambda node: 2 / node.dtype.itemsize,
    infer=same,
    kinks=(0.0,),
    meaning="As sign, which it is for real numbers.",
    example="sgn([-1.5, 0, 2])",
)

# ----- Rounding -----


def _whole(kernel: np.ufunc) -> Callable[..., Any]:
    """A rounding kernel that leaves integers as they are, whatever their size."""
    return lambda x, out=None: (kernel if is_float(x.dtype) else np.positive)(x, out=out)


_STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0)

floor = elementwise(
    "floor(input)",
    _whole(np.floor),
    (flat,),
    infer=_keeps_integers("floor"),
    kinks=_STEPS,
    meaning="The largest whole number not above x.",
    example="floor([-1.5, 1.5])",
    latex=r"\left\lfloor {} \right\rfloor",
)

ceil = elementwise(
    "ceil(input)",
    _whole(np.ceil),
    (flat,),
    infer=_keeps_integers("ceil"),
    kinks=_STEPS,
    meaning="The smallest whole number not below x.",
    example="ceil([-1.5, 1.5])",
    latex=r"\left\lceil {} \right\rceil",
)

trunc = elementwise(
    "trunc(input)",
    _whole(np.trunc),
    (flat,),
    infer=_keeps_integers("trunc"),
    kinks=_STEPS,
    aliases=("fix",),
    meaning="The whole part of x: rounded towards zero.",
    example="trunc([-1.5, 1.5])",
    latex=r"\operatorname{{trunc}}\left({}\right)",
)


def _fraction(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    return np.subtract(x, np.trunc(x, out=out), out=out)


def _fraction_type(input: Node) -> Type:
    require_float(input, "frac")
    return same(input)


frac = elementwise(
    "frac(input)",
    _fraction,
    (lambda g, out, x: g,),
    infer=_fraction_type,
    kinks=_STEPS,
    meaning="x - trunc(x), with the sign of x.",
    example="frac([-1.25, 1.25])",
    latex=r"\operatorname{{frac}}\left({}\right)",
)


def _round(x: Array, decimals: int | None = None, out: Array | None = None) -> Any:
    """Half-way cases go to the even neighbour."""
    if not decimals or not is_float(x.dtype):
        return _whole(np.rint)(x, out)
    out = room(x, out)
    # A power beyond the range of floats is infinite, and the result nan, as in PyTorch.
    scale = x.dtype.type(f"1e{max(decimals, -decimals)}")
    to, back = (np.multiply, np.divide) if decimals > 0 else (np.divide, np.multiply)
    return back(np.rint(to(x, scale, out=out), out=out), scale, out=out)


def _round_type(input: Node, decimals: int | None = None) -> Type:
    if decimals is not None and not is_float(input.dtype):
        raise DifftoolError(
            f"round with decimals is not defined for {dtype_name(input.dtype)}",
            kind="dtype",
            hint="leave decimals out, or convert the tensor with .double()",
        )
    return _keeps_integers("round")(input)


round = elementwise(
    ("round(input)", "round(input, decimals: int)"),
    _round,
    (flat,),
    infer=_round_type,
    grad_fn=lambda node: "RoundBackward1" if node.parameters else "RoundBackward0",
    kinks=(-1.5, -0.5, 0.5, 1.5),
    meaning="The nearest number of that many decimals; half-way cases go to the even neighbour.",
    example="round([0.5, 1.5, 2.345], decimals=2)",
    latex=r"\operatorname{{round}}\left({}\right)",
)


def _special_round_type(input: Node, *, decimals: int = 0) -> Type:
    require_float(input, "special.round")
    return same(input)._replace(parameters={"decimals": decimals})


special_round = elementwise(
    "special.round(input, *, decimals: int = 0)",
    _round,
    (flat,),
    infer=_special_round_type,
    grad_fn="RoundBackward1",
    kinks=(-1.5, -0.5, 0.5, 1.5),
    meaning="As round, with 0 decimals where none are given.",
    example="special.round([0.5, 1.5])",
)
