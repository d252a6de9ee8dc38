"""Python's numbers in the language: arithmetic between them is Python's own.

A number stays one until it meets a tensor; the interpreter asks here for everything before that.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from sys import float_info
from typing import Any

from difftool.errors import DifftoolError
from difftool.operations.signature import describe

CONSTANTS: dict[str, float] = {
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
}

# Powers of more bits are computed in floating point, so that `9^9^9` fills no memory.
MOST_BITS = 4096

LARGEST = float_info.max


def arithmetic(name: str, values: Sequence[Any]) -> int | float | bool:
    """The operator `name` applied to values of which none is a tensor.

    Raises:
        DifftoolError: for what is no number, and for results that are too large or not real.
    """
    if name not in ("eq", "ne"):
        for value in values:
            if not isinstance(value, int | float):
                raise DifftoolError(
                    f"{describe(value)} is no operand for `{SYMBOLS[name]}`",
                    kind="argument",
                    hint="operators take tensors and numbers",
                )
    try:
        result = _OPERATORS[name](*values)
    except ZeroDivisionError:
        raise DifftoolError(
            "division of a number by zero",
            kind="value",
            hint="tensors divide by zero, with inf or nan for an answer",
        ) from None
    except (OverflowError, ValueError, TypeError):
        result = None
    if isinstance(result, int) and abs(result) > LARGEST:
        result = None
    if not isinstance(result, int | float):
        raise DifftoolError(
            f"`{SYMBOLS[name]}` has no real value for these numbers",
            kind="value",
            hint="the result is too large, or not a real number",
        )
    return result


def _power(base: float, exponent: float) -> Any:
    """Python's power, in floating point where an integer would be too long."""
    if isinstance(base, int) and isinstance(exponent, int):
        if abs(base) > 1 and abs(base).bit_length() * abs(exponent) > MOST_BITS:
            return float(base) ** exponent
    return base**exponent


_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "pow": _power,
    "matmul": lambda left, right: None,
    "neg": operator.neg,
    "pos": operator.pos,
    "invert": lambda value: (not value) if isinstance(value, bool) else ~value,
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}

SYMBOLS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "floor_divide": "//",
    "remainder": "%",
    "pow": "^",
    "matmul": "@",
    "neg": "-",
    "pos": "+",
    "invert": "~",
    "bitwise_and": "&",
    "bitwise_or": "|",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
}
