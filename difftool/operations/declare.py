"""Declaring operations that share a shape family.

A derivative rule is `(g, out, *inputs, **parameters)`: `g` the gradient of the result, `out` the
result itself. Rules of elementwise operations take a `g` that merely broadcasts to the
result's shape and needn't sum over broadcast dimensions: the derivative walk does both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, float16, float32, float64
from difftool.graph.node import Node, Number, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.registry import (
    Array,
    Check,
    Domain,
    Operation,
    Rules,
    Type,
    constant,
    ops,
)
from difftool.operations.shapes import (
    broadcast,
    float_dtype,
    normal_dims,
    reduced_shape,
    result_dtype,
    terms,
)

Infer = Callable[..., Type]


def overwriting(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a kernel whose `out` may be one of its operands, of the result's shape.

    It reads each element of them before it writes the one in its place, and none afterwards.
    """
    kernel.__dict__["overwriting"] = True
    return kernel


def multiplying(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a kernel that spends its time in products of matrices.

    The library that computes them may do so on threads of its own.
    """
    kernel.__dict__["multiplies"] = True
    return kernel


def promoted(*inputs: Node, **parameters: Any) -> Type:
    """Broadcast shapes; operands and result in the promoted dtype."""
    dtype = result_dtype(inputs)
    return Type(broadcast(*[node.shape for node in inputs]), dtype, dtype)


def floating(*inputs: Node, **parameters: Any) -> Type:
    """Broadcast shapes; integers and booleans become the default floating dtype."""
    dtype = float_dtype(inputs)
    return Type(broadcast(*[node.shape for node in inputs]), dtype, dtype)


def widened(*inputs: Node, **parameters: Any) -> Type:
    """As `floating`; a kernel of several steps gets half precision as single, rounded once."""
    shape, dtype, operand_dtype, _ = floating(*inputs)
    return Type(shape, dtype, float32 if dtype == float16 else operand_dtype)


def single_or_double(function: str) -> Infer:
    """As `floating`; half precision is refused, as PyTorch does."""

    def infer(*inputs: Node, **parameters: Any) -> Type:
        type_ = floating(*inputs)
        if type_.dtype == float16:
            raise DifftoolError(
                f"{function} is not defined for float16",
                kind="dtype",
                hint="convert the tensor, for instance with .float()",
            )
        return type_

    return infer


def numeric(operator: str) -> Infer:
    """Promoted operands, of which at least one is not boolean."""

    def infer(*inputs: Node) -> Type:
        type_ = promoted(*inputs)
        if type_.dtype == boolean:
            raise DifftoolError(
                f"{operator} is not defined for booleans",
                kind="dtype",
                hint="use & | ~ on booleans, or convert one with .double()",
            )
        return type_

    return infer


def compared(*inputs: Node, **parameters: Any) -> Type:
    """Broadcast shapes; operands in the promoted dtype, the result boolean."""
    shape = broadcast(*[node.shape for node in inputs])
    return Type(shape, boolean, result_dtype(inputs))


def same(input: Node, **parameters: Any) -> Type:
    """The shape and dtype of the one input."""
    return Type(input.shape, input.dtype)


def elementwise(
    signature: str | Sequence[str],
    kernel: Callable[..., Any],
    rules: Rules = (),
    *,
    meaning: str,
    example: str,
    infer: Infer = floating,
    domain: Domain = (-2.0, 2.0),
    kinks: tuple[float, ...] = (),
    aliases: tuple[str, ...] = (),
    checks: tuple[Check, ...] | None = None,
    grad_fn: str | Callable[[Node], str] | None = None,
    layout: Callable[..., tuple[int, ...]] | None = None,
    axes: Callable[[Node], Axes] | None = None,
    parts: Callable[..., Node] | None = None,
    scratch: float | Callable[[Node], float] = 0,
    latex: str | None = None,
) -> Operation:
    """An operation that acts on each element (or tuple of broadcast elements) by itself.

    Unless `checks` are given, each differentiable operand is checked over 0-d, 1-d, 2-d and
    broadcasting shapes, drawn from `domain` and kept off `kinks`.
    """
    signatures = (signature,) if isinstance(signature, str) else tuple(signature)
    if checks is None:
        count = len(rules) if isinstance(rules, tuple) else 0
        checks = elementwise_checks(signatures[0].partition("(")[0], count, domain, kinks)
    return Operation(
        signatures,
        kernel,
        infer,
        rules,
        meaning=meaning,
        example=example,
        aliases=aliases,
        checks=checks,
        grad_fn=grad_fn,
        narrow=True,
        layout=layout,
        batch=batch.elementwise,
        axes=axes,
        parts=parts,
        scratch=scratch,
        latex=latex,
    )


def elementwise_checks(
    name: str, count: int, domain: Domain, kinks: tuple[float, ...] = ()
) -> tuple[Check, ...]:
    """Numeric checks of a function of `count` operands, over shapes that broadcast."""
    operands = ("x", "y", "z")[:count]
    shapes = ((), (3,), (2, 3)) if count == 1 else ((), (3,), (2, 1), (2, 3))
    call = f"{name}({', '.join(operands)})"
    combinations = product(shapes, repeat=count) if count < 3 else [((2, 3), (3,), (2, 1))]
    return tuple(
        [
            Check(call, dict(zip(operands, chosen, strict=True)), domain, kinks)
            for chosen in combinations
            if count
        ]
    )


def reduces(
    result: Callable[[Node], DType] | None = None,
    *,
    operands: Callable[[Node], DType] | None = None,
) -> Infer:
    """The type rule of a reduction over `dim` (None, an int or a tuple) with `keepdim`.

    `result` and `operands` give the dtypes of the value and of the array the kernel sees (None:
    the input's own). `dim` becomes None where it wasn't given (PyTorch's names tell a full
    reduction from one over dimensions) and a tuple of ascending dimensions where it was, even
    as None.
    """

    def infer(input: Node, *, keepdim: bool = False, **rest: Any) -> Type:
        given = "dim" in rest
        dims = normal_dims(rest.pop("dim", None), input.ndim)
        return Type(
            reduced_shape(input.shape, dims, keepdim),
            result(input) if result else input.dtype,
            operands(input) if operands else None,
            {"dim": dims if given else None, "keepdim": keepdim, **rest},
        )

    return infer


def kept(result: Node, input: Node, dim: tuple[int, ...] | None, keepdim: bool) -> Node:
    """A reduction's result, or its gradient, brought to broadcast with the reduction's input.

    The reduced dimensions `dim` (None: all) are 1 in it, unless it is one number anyway.
    """
    if keepdim or dim is None or result.shape == ():
        return result
    restored: Node = ops.reshape(result, reduced_shape(input.shape, dim, True))
    return restored


# Above this many terms, adding float32 numbers one by one is worse than NumPy's pairwise sums.
_FEW_TERMS = 1024


def accumulator(dtype: DType, shape: Shape, dim: tuple[int, ...] | None) -> DType:
    """The dtype in which a sum of `dtype` over `dim` (None: all) of `shape` is added up.

    NumPy adds pairwise only along the dimension that is contiguous in memory, so long sums of
    float32 over other dimensions are added in float64, and those of float16 in float32.
    """
    if dtype == float16:
        return float32
    if dtype == float32 and dim is not None and terms(shape, dim) > _FEW_TERMS:
        return float64
    return dtype


def room(x: Array, out: Array | None) -> Array:
    """The array for all steps of a kernel on x: `out`, or else one, where each would make its own.

    In it they overwrite each other's results, even if x is a 0-d array, of which ufuncs make
    numbers.
    """
    return np.empty_like(x) if out is None else out


def copied(x: Array, out: Array | None = None) -> Array:
    """A copy, row by row in memory, for a kernel to write into."""
    if out is None:
        return np.array(x, order="C")
    np.copyto(out, x)
    return out


def by_factor(x: Any, factor: Number) -> Any:
    """An array or a node times a number; itself for 1."""
    return x if factor == 1 else x * factor


def flat(g: Node, out: Node, *inputs: Node, **parameters: Any) -> Node:
    """The rule of an operand at whose steps alone the result changes, or never: zero."""
    return constant(0.0, g.dtype)


def zeros_for(gradient: Node, shape: Shape) -> Node:
    """Zeros of the gradient's dtype for an adjoint to put it into.

    They take no memory: operations that write copy what they write into.
    """
    zeros: Node = ops.expand(constant(0.0, gradient.dtype), shape)
    return zeros


def summed_to(gradient: Node, shape: Shape) -> Node:
    """A gradient of what `shape` was broadcast to, summed over the dimensions that made it larger.

    Rules of operations that aren't elementwise need it; for those that are the walk does it.
    """
    missing = gradient.ndim - len(shape)
    dims = tuple([
        axis
        for axis, length in enumerate(gradient.shape)
        if axis < missing or shape[axis - missing] != length
    ])
    if dims:
        gradient = ops.sum(gradient, dim=dims, keepdim=True)
    return ops.reshape(gradient, shape) if gradient.shape != shape else gradient
