"""Shapes and dtypes of products of vectors and matrices, and the errors of those without any."""

from __future__ import annotations

from collections.abc import Callable

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Type
from difftool.operations.shapes import refuse_booleans, require_one_dtype

_KINDS = {1: "a vector", 2: "a matrix", 3: "a batch of matrices"}


def product_type(function: str, ranks: tuple[int, int]) -> Callable[[Node, Node], Type]:
    """The type rule of a product of operands of just these ranks."""

    def infer(x: Node, y: Node) -> Type:
        if (x.ndim, y.ndim) != ranks:
            raise DifftoolError(
                f"{function} takes {_KINDS[ranks[0]]} and {_KINDS[ranks[1]]}, "
                f"not shapes {x.shape} and {y.shape}",
                kind="shape",
                hint="matmul, or @, takes tensors of any rank",
            )
        if ranks == (3, 3) and x.shape[0] != y.shape[0]:
            raise DifftoolError(
                f"{function} takes batches of one size, not of {x.shape[0]} and {y.shape[0]}",
                kind="shape",
                hint="matmul, or @, broadcasts over batches",
            )
        columns = y.shape[-1:] if y.ndim > 1 else ()
        inner = y.shape[-2] if y.ndim > 1 else y.shape[0]
        if x.shape[-1] != inner:
            raise cannot_multiply(x.shape, y.shape, x.shape[-1], inner)
        require_one_dtype(function, x, y)
        refuse_booleans(function, x)
        return Type(x.shape[:-1] + columns, x.dtype)

    return infer


def cannot_multiply(x: Shape, y: Shape, first: int, second: int) -> DifftoolError:
    return DifftoolError(
        f"shapes {x} and {y} can't be multiplied",
        kind="shape",
        hint=f"the inner dimensions are {first} and {second}; they must be equal",
    )
