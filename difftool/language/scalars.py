"""Python's numbers, tuples and lists in the language: arithmetic between them is Python's own.

A number stays one until it meets a tensor; the interpreter asks here for everything before that.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from sys import float_info
from typing import Any

from difftool.errors import DifftoolError
from difftool.operations.shapes import Size
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
DEEPEST_TUPLE = 64
MOST_ITEMS = 10_000
LONGEST_SEQUENCE = 10_000_000

# Those that operators take: results with names for their parts stay whole.
_TUPLES = (tuple, Size)


def arithmetic(name: str, values: Sequence[Any]) -> Any:
    """The operator `name` applied to values of which none is a tensor.

    Tuples are joined by + and repeated by *, as in `x.view(x.shape[:1] + (1,) * 3)`.

    Raises:
        DifftoolError: for what is no number, and for results that are too large or not real.
    """
    if any([type(value) in _TUPLES for value in values]):
        if name == "add" and all([type(value) in _TUPLES for value in values]):
            return _joined(values)
        if name == "mul" and any([type(value) is int for value in values]):
            count, repeated = sorted(values, key=lambda value: type(value) in _TUPLES)
            return _joined([repeated] * min(count, MOST_ITEMS + 1))
    if name not in ("eq", "ne"):
        for value in values:
            if not isinstance(value, int | float):
                raise DifftoolError(
                    f"{describe(value)} is no operand for `{SYMBOLS[name]}`",
                    kind="argument",
                    hint="operators take tensors and numbers",
                )
    else:
        for value in values:
            bounded(value)
    try:
        result = _OPERATORS[name](*values)
    except ZeroDivisionError:
        raise DifftoolError(
            "division of a number by zero",
            kind="value",
            hint="tensors divide by zero, with inf or nan for an answer",
        ) from None
    except TypeError:
        raise _not_for_numbers(name) from None
    except (OverflowError, ValueError):
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


def _joined(tuples: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The items of tuples one after another; a shape if one of them is one."""
    if sum(map(len, tuples)) > MOST_ITEMS:
        raise DifftoolError(
            f"a tuple of more than {MOST_ITEMS} items", kind="limit", hint="use its parts"
        )
    items = [item for one in tuples for item in one]
    return (Size if any([type(one) is Size for one in tuples]) else tuple)(items)


def sequence_arithmetic(name: str, first: Any, second: Any) -> Any:
    """`+`, `*` and comparisons of texts and lists; None for what isn't theirs."""
    if isinstance(first, int) and not isinstance(first, bool):
        first, second = second, first
    both = type(first) is type(second)
    if name == "add" and both:
        return first + second
    if name == "mul" and isinstance(second, int) and isinstance(first, str | list):
        if len(first) * second > LONGEST_SEQUENCE:
            raise DifftoolError(
                f"a sequence of {len(first) * second} items is too long",
                kind="limit",
                hint="tensors hold many numbers",
            )
        return first * second
    if name in ("eq", "ne") and both:
        return (first == second) is (name == "eq")
    return None


def bounded(value: Any) -> Any:
    """The value itself, unless it is a tuple deeper or longer than anything that is meant.

    A tuple of a tuple twice, of a tuple twice, and so on, would take forever to walk.
    """
    level, seen = [value], 0
    for _ in range(DEEPEST_TUPLE):
        level = [item for one in level if isinstance(one, tuple) for item in one]
        seen += len(level)
        if not level or seen > MOST_ITEMS:
            break
    if level:
        raise DifftoolError(
            f"a tuple nested more than {DEEPEST_TUPLE} deep, or of more than {MOST_ITEMS} items",
            kind="limit",
            hint="use its parts",
        )
    return value


def _not_for_numbers(name: str) -> DifftoolError:
    if name == "matmul":
        return DifftoolError(
            "`@` multiplies vectors and matrices, not numbers",
            kind="argument",
            hint="a product of numbers is written *",
        )
    return DifftoolError(
        f"`{SYMBOLS[name]}` works on truth values and whole numbers only",
        kind="argument",
        hint="compare first, as in (x > 0) & (x < 1)",
    )


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
    "matmul": operator.matmul,
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
