"""Comparison and logic, element by element: booleans out, and no gradient.

`selection` chooses by them; the operators `< <= > >= == != & | ~` are these functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, is_float
from difftool.graph.node import Node
from difftool.operations.declare import Infer, compared, elementwise, promoted
from difftool.operations.registry import Array, Operation, Type, is_weak
from difftool.operations.shapes import broadcast, dtype_name, float_dtype

# ----- Comparisons -----


def _comparison(name: str, kernel: Any, symbol: str, latex: str, alias: str = "") -> Operation:
    return elementwise(
        f"{name}(input, other)",
        kernel,
        infer=compared,
        aliases=(alias,) if alias else (),
        meaning=f"Whether x {symbol} y, element by element.",
        example=f"{name}([1, 2, 3], 2)",
        latex=f"{{}} {latex} {{}}",
    )


lt = _comparison("lt", np.less, "<", "<", "less")
le = _comparison("le", np.less_equal, "<=", r"\le", "less_equal")
gt = _comparison("gt", np.greater, ">", ">", "greater")
ge = _comparison("ge", np.greater_equal, ">=", r"\ge", "greater_equal")
eq = _comparison("eq", np.equal, "==", "=")
ne = _comparison("ne", np.not_equal, "!=", r"\ne", "not_equal")


def _close(x: Array, y: Array, rtol: float, atol: float, equal_nan: bool) -> Any:
    distance, limit = np.asarray(x - y), np.asarray(rtol * y)
    np.abs(distance, out=distance)
    np.abs(limit, out=limit)
    limit += atol
    # An infinity is close only to itself.
    close = (x == y) | (np.isfinite(distance) & (distance <= limit))
    return close | (np.isnan(x) & np.isnan(y)) if equal_nan else close


def _close_type(
    input: Node, other: Node, *, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Type:
    if input.dtype != other.dtype and not (is_weak(input) or is_weak(other)):
        raise DifftoolError(
            "isclose compares tensors of one dtype, "
            f"not {dtype_name(input.dtype)} with {dtype_name(other.dtype)}",
            kind="dtype",
            hint="convert one of them, for instance with .double()",
        )
    if rtol < 0 or atol < 0:
        raise DifftoolError(
            "isclose has a negative tolerance",
            kind="argument",
            hint="give rtol and atol that are 0 or more",
        )
    shape = broadcast(input.shape, other.shape)
    parameters = {"rtol": rtol, "atol": atol, "equal_nan": equal_nan}
    return Type(shape, boolean, float_dtype((input, other)), parameters)


isclose = elementwise(
    "isclose(input, other, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False)",
    _close,
    infer=_close_type,
    scratch=2.5,
    meaning="Whether |x - y| <= atol + rtol |y|, element by element.",
    example="isclose([1., 2.], [1.000000001, 2.1])",
)

# ----- Tests and logic; anything but 0 is true -----


def _tested(*inputs: Node) -> Type:
    """Booleans in the broadcast shape; the operands keep their dtypes."""
    return Type(broadcast(*[node.shape for node in inputs]), boolean)


def _test(name: str, kernel: Any, meaning: str) -> Operation:
    return elementwise(
        f"{name}(input)", kernel, infer=_tested, meaning=meaning, example=f"{name}([1, nan, -inf])"
    )


isnan = _test("isnan", np.isnan, "Whether an element is not a number.")
isinf = _test("isinf", np.isinf, "Whether an element is infinite.")
isfinite = _test("isfinite", np.isfinite, "Whether an element is a number and not infinite.")


def _bits(name: str) -> Infer:
    """Promoted booleans or integers."""

    def infer(*inputs: Node) -> Type:
        type_ = promoted(*inputs)
        if is_float(type_.dtype):
            raise DifftoolError(
                f"{name} works on booleans and integers, not on {dtype_name(type_.dtype)}",
                kind="dtype",
                hint="compare first, as in (x > 0) & (y > 0)",
            )
        return type_

    return infer


def _logic(name: str, kernel: Any, infer: Infer, latex: str, meaning: str) -> Operation:
    unary = name.endswith("_not")
    return elementwise(
        f"{name}(input)" if unary else f"{name}(input, other)",
        kernel,
        infer=infer,
        meaning=meaning,
        example=f"{name}([True, False])" if unary else f"{name}([True, False], [True, True])",
        latex=f"{latex} {{}}" if unary else f"{{}} {latex} {{}}",
    )


logical_and = _logic(
    "logical_and", np.logical_and, _tested, r"\land", "Whether both elements are true (not 0)."
)
logical_or = _logic(
    "logical_or", np.logical_or, _tested, r"\lor", "Whether an element of the two is true (not 0)."
)
logical_xor = _logic(
    "logical_xor", np.logical_xor, _tested, r"\oplus", "Whether exactly one is true (not 0)."
)
logical_not = _logic(
    "logical_not", np.logical_not, _tested, r"\lnot", "Whether an element is false (0)."
)
bitwise_and = _logic(
    "bitwise_and", np.bitwise_and, _bits("&"), r"\land", "x & y: both; on integers bit by bit."
)
bitwise_or = _logic(
    "bitwise_or", np.bitwise_or, _bits("|"), r"\lor", "x | y: either; on integers bit by bit."
)
bitwise_xor = _logic(
    "bitwise_xor", np.bitwise_xor, _bits("xor"), r"\oplus", "Just one; on integers bit by bit."
)
bitwise_not = _logic(
    "bitwise_not", np.invert, _bits("~"), r"\lnot", "~x: the opposite; on integers bit by bit."
)
