"""Mean 0 and variance 1 over some dimensions, then an affine map: what normalisations share.

`normalization` and `batch_normalization` declare the operations. A node has the input, and the
weight and the bias if they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import float16, float32
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes, Labels
from difftool.operations.declare import accumulator, summed_to
from difftool.operations.registry import Array, Operation, Rule, Type, ops
from difftool.operations.shapes import dtype_name, require_float

Dims = tuple[int, ...]

# Parameters of these nodes: `dims` are normalised, of the input or, with `groups`, of the input as
# (rows, groups, elements of a group); `trailing` ones stand behind the weight's and the bias's
# shape when they broadcast; `affine` says which of the two there are.


def _viewed(shape: Shape, groups: int) -> Shape:
    return (shape[0], groups, prod(shape[1:]) // groups) if groups else shape


def with_trailing(shape: Shape, trailing: int) -> Shape:
    return (*shape, *(1,) * trailing)


def affine_map(x: Array, factors: Sequence[Array], affine: str, trailing: int) -> Array:
    """x times the weight plus the bias, in place."""
    for letter, factor in zip(affine, factors, strict=True):
        spread = factor.reshape(with_trailing(factor.shape, trailing))
        (np.multiply if letter == "w" else np.add)(x, spread, out=x)
    return x


def _mean(x: Array, dims: Dims) -> Any:
    dtype = accumulator(x.dtype, x.shape, dims)
    count = max(prod([x.shape[dim] for dim in dims]), 1)
    return (np.sum(x, axis=dims, keepdims=True, dtype=dtype) / count).astype(x.dtype)


def _normalized(
    x: Array, *factors: Array, dims: Dims, groups: int, trailing: int, affine: str, eps: float
) -> Array:
    shape = x.shape
    viewed = x.reshape(_viewed(shape, groups))
    centred = np.asarray(viewed - _mean(viewed, dims))
    variance = _mean(np.square(centred), dims)
    np.multiply(centred, 1 / np.sqrt(variance + x.dtype.type(eps)), out=centred)
    return affine_map(centred.reshape(shape), factors, affine, trailing)


def parameters_fit(function: str, input: Node, factors: Sequence[Node], shape: Shape) -> None:
    for name, factor in zip(("weight", "bias"), factors, strict=False):
        if factor.shape != shape:
            raise DifftoolError(
                f"{function} of a tensor of shape {input.shape} has parameters of shape {shape}, "
                f"not {factor.shape}",
                kind="shape",
                hint=f"check the {name}",
            )
        if factor.dtype != input.dtype and (factor.dtype, input.dtype) != (float32, float16):
            raise DifftoolError(
                f"{function} takes tensors of one dtype, not {dtype_name(input.dtype)} "
                f"and {dtype_name(factor.dtype)}",
                kind="dtype",
                hint="convert the parameters to the dtype of the input",
            )


def normalized_type(x: Node, *factors: Node, **parameters: Any) -> Type:
    return Type(x.shape, x.dtype, float32 if x.dtype == float16 else None, parameters)


# ----- Derivatives -----


def _parts(x: Node, dims: Dims, groups: int, eps: float) -> tuple[Node, Node]:
    """The normalised tensor, and one over its standard deviation, in the view."""
    viewed = ops.reshape(x, _viewed(x.shape, groups)) if groups else x
    centred = viewed - ops.mean(viewed, dim=dims, keepdim=True)
    scale: Node = ops.rsqrt(ops.mean(centred * centred, dim=dims, keepdim=True) + eps)
    return centred * scale, scale


def weighed(g: Node, factors: Sequence[Node], affine: str, trailing: int) -> Node:
    """The gradient of the normalised tensor."""
    if "w" not in affine:
        return g
    weight = factors[0]
    return g * ops.reshape(weight, with_trailing(weight.shape, trailing))


def _of_input(
    g: Node,
    out: Node,
    x: Node,
    *factors: Node,
    dims: Dims,
    groups: int,
    trailing: int,
    affine: str,
    eps: float,
) -> Node:
    """S. Ioffe and C. Szegedy, "Batch Normalization", arXiv:1502.03167, section 3."""
    normal, scale = _parts(x, dims, groups, eps)
    g = weighed(g, factors, affine, trailing)
    if groups:
        g = ops.reshape(g, _viewed(x.shape, groups))
    straight = g - ops.mean(g, dim=dims, keepdim=True)
    gradient = scale * (straight - normal * ops.mean(g * normal, dim=dims, keepdim=True))
    return ops.reshape(gradient, x.shape) if groups else gradient


def _of_factor(position: int) -> Rule:
    """The gradient of the weight or of the bias, whichever stands there."""

    def rule(
        g: Node,
        out: Node,
        x: Node,
        *factors: Node,
        dims: Dims,
        groups: int,
        trailing: int,
        affine: str,
        eps: float,
    ) -> Node:
        factor = factors[position - 1]
        if affine[position - 1] == "w":
            normal, _ = _parts(x, dims, groups, eps)
            g = g * (ops.reshape(normal, x.shape) if groups else normal)
        summed = summed_to(g, with_trailing(factor.shape, trailing))
        gradient: Node = ops.reshape(summed, factor.shape) if trailing else summed
        return gradient

    return rule


def _rule(position: int) -> Rule:
    return _of_factor(position) if position else _of_input


def _cuts(node: Node) -> Axes:
    """What is not normalised: all dimensions beside `dims`; with groups the rows."""
    dims, groups = node.parameters["dims"], node.parameters["groups"]
    own: Labels = tuple(
        [
            None if (axis > 0 if groups else axis in dims) else axis
            for axis in range(node.ndim)
        ]
    )
    first = node.ndim - node.parameters["trailing"]
    factors = tuple(
        [tuple([own[first - factor.ndim + axis] for axis in range(factor.ndim)])
         for factor in node.inputs[1:]]
    )  # fmt: skip
    return Axes(own, (own, *factors))


def _composed(x: Node, *factors: Node, dims: Dims, groups: int, eps: float, **form: Any) -> Node:
    normal, _ = _parts(x, dims, groups, eps)
    result = ops.reshape(normal, x.shape) if groups else normal
    for letter, factor in zip(form["affine"], factors, strict=True):
        spread = ops.reshape(factor, with_trailing(factor.shape, form["trailing"]))
        result = result * spread if letter == "w" else result + spread
    return result


def formatted(node: Node, strides: Strides, *of_factors: Strides) -> Strides:
    """Channels last if the input is, else row by row."""
    if layout.channels_last(node.inputs[0].shape, strides):
        return layout.packed(node.shape, (1, *range(node.ndim - 1, 1, -1), 0))
    return layout.contiguous(node.shape)


def arranged(x: Node) -> Node:
    """x itself if its channels are last, else its elements row by row."""
    if layout.channels_last(x.shape, layout.strides(x)):
        return x
    return ops.contiguous(x)


def normalization(name: str, grad_fn: str, by_channel: bool = True) -> Operation:
    """One of the operations; those by channel keep the format of images."""
    return Operation(
        (f"{name}(input)",),
        _normalized,
        normalized_type,
        _rule,
        grad_fn=grad_fn,
        layout=formatted if by_channel else None,
        axes=_cuts,
        parts=_composed,
        scratch=1,
        meaning="",
        example="",
    )


def applied(
    operation: Operation,
    input: Node,
    weight: Node | None,
    bias: Node | None,
    *,
    shape: Shape,
    dims: Dims,
    groups: int = 0,
    trailing: int,
    eps: float,
) -> Node:
    """One of these operations; weight and bias have the given shape."""
    given = {"w": weight, "b": bias}
    factors = [factor for factor in given.values() if factor is not None]
    require_float(input, operation.name)
    parameters_fit(operation.name, input, factors, shape)
    affine = "".join([letter for letter, factor in given.items() if factor is not None])
    return operation(
        input, *factors, dims=dims, groups=groups, trailing=trailing, affine=affine, eps=eps
    )


def require_several(function: str, input: Node, count: int) -> None:
    if count == 1:
        raise DifftoolError(
            f"{function} of shape {input.shape} has one value for each mean",
            kind="shape",
            hint="its variance would be 0; give more rows or positions",
        )
