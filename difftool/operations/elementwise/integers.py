"""Integers by what divides them, and their bits moved along.

Nothing is differentiated here. `comparison` has the logic of bits, `division` quotients and
remainders.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.declare import Infer, elementwise, promoted
from difftool.operations.registry import (
    Operation,
    Type,
)
from difftool.operations.shapes import (
    dtype_name,
    require_tensors,
)


def _whole(function: str) -> Infer:
    """Promoted integers."""

    def infer(input: Node, other: Node) -> Type:
        if function in ("gcd", "lcm"):
            require_tensors(function, input, other)
        type_ = promoted(input, other)
        if type_.dtype.kind not in "iu":
            raise DifftoolError(
                f"{function} works on integers, not on {dtype_name(type_.dtype)}",
                kind="dtype",
                hint="convert them with .long()",
            )
        return type_

    return infer


def _of_integers(name: str, kernel: np.ufunc, meaning: str, example: str) -> Operation:
    return elementwise(
        f"{name}(input, other)", kernel, infer=_whole(name), meaning=meaning, example=example
    )


gcd = _of_integers(
    "gcd",
    np.gcd,
    "The greatest whole number that divides both.",
    "gcd(tensor([12, 18]), tensor([8]))",
)
lcm = _of_integers(
    "lcm",
    np.lcm,
    "The least whole number that both divide.",
    "lcm(tensor([12, 18]), tensor([8]))",
)
bitwise_left_shift = _of_integers(
    "bitwise_left_shift",
    np.left_shift,
    "x times 2^y: its bits moved up, those beyond the last one lost.",
    "bitwise_left_shift(tensor([1, 3]), 2)",
)
bitwise_right_shift = _of_integers(
    "bitwise_right_shift",
    np.right_shift,
    "x over 2^y, rounded down: its bits moved down.",
    "bitwise_right_shift(tensor([8, -3]), 1)",
)
