"""Random numbers: tensors drawn from the request's generator.

They are drawn when the node is made, in the order of the text, so that a seed gives the same
numbers whatever is computed later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, int64, is_float
from difftool.graph.node import Node, Shape, building
from difftool.operations.creation.leaves import made_leaf, source, valid_size
from difftool.operations.registry import Array, Operation, composite

_LIKE = "input, *, dtype: DType | None = None, requires_grad: bool = False"


def _random(name: str) -> Operation:
    """The operation of numbers that were drawn already."""
    return source(name, lambda *, size, dtype, value: value)


_rand = _random("rand")
_randn = _random("randn")
_rand_like = _random("rand_like")
_randn_like = _random("randn_like")
_randint = _random("randint")
_randperm = _random("randperm")


def _drawn(
    operation: Operation,
    size: Sequence[int],
    dtype: DType,
    requires_grad: bool,
    draw: Callable[[Any, Shape], Array],
) -> Node:
    if building.generator is None:
        raise DifftoolError(
            f"{operation.name} has no random generator here", kind="value", hint="give the numbers"
        )
    shape = valid_size(size)
    if building.allow is not None:
        building.allow(prod(shape) * dtype.itemsize)
    value = draw(building.generator(), shape)
    return made_leaf(operation(size=shape, dtype=dtype, value=value), requires_grad)


@composite(
    "rand(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="rand(2, 2)",
)
def rand(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, uniform on [0, 1)."""
    dtype = _random_dtype("rand", dtype)
    return _drawn(_rand, size, dtype, requires_grad, lambda drawn, n: drawn.rand(n, dtype))


@composite(
    "randn(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="randn(2, 2)",
)
def randn(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers from the standard normal distribution."""
    dtype = _random_dtype("randn", dtype)
    return _drawn(
        _randn, size, dtype, requires_grad, lambda drawn, n: drawn.randn(n, dtype)
    )


@composite(f"rand_like({_LIKE})", example="rand_like([1., 2.])")
def rand_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, uniform on [0, 1), in the shape and dtype of a tensor."""
    dtype = _random_dtype("rand_like", dtype or input.dtype)
    return _drawn(
        _rand_like, input.shape, dtype, requires_grad, lambda drawn, n: drawn.rand(n, dtype)
    )


@composite(f"randn_like({_LIKE})", example="randn_like([1., 2.])")
def randn_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, standard normal, in the shape and dtype of a tensor."""
    dtype = _random_dtype("randn_like", dtype or input.dtype)
    return _drawn(
        _randn_like,
        input.shape,
        dtype,
        requires_grad,
        lambda drawn, n: drawn.randn(n, dtype),
    )


@composite(
    "randint(high: int, size: Size, *, dtype: DType | None = None)",
    "randint(low: int, high: int, size: Size, *, dtype: DType | None = None)",
    example="randint(0, 9, (2,))",
)
def randint(high: int, size: Sequence[int], low: int = 0, dtype: DType | None = None) -> Node:
    """Random integers from low up to, not including, high."""
    if low >= high:
        raise DifftoolError(
            f"randint has nothing to draw from {low} up to {high}",
            kind="value",
            hint="high must be greater than low; it is not included",
        )
    dtype = dtype or int64
    return _drawn(
        _randint, size, dtype, False, lambda drawn, n: drawn.randint(low, high, n, dtype)
    )


@composite("randperm(n: int)", example="randperm(4)")
def randperm(n: int) -> Node:
    """The integers from 0 to n - 1 in random order."""
    return _drawn(_randperm, (n,), int64, False, lambda drawn, shape: drawn.randperm(n))


def _random_dtype(name: str, dtype: DType | None) -> DType:
    dtype = dtype or building.default_dtype
    if not is_float(dtype):
        raise DifftoolError(
            f"{name} draws floating-point numbers, not {dtype.name}",
            kind="dtype",
            hint="randint draws integers",
        )
    return dtype
