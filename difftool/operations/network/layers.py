"""Layers of neural networks that are products of matrices: linear and bilinear.

`linear` makes the nodes that PyTorch makes (ATen's Linear.cpp): one product of matrices with the
bias in it wherever the input can be seen as a matrix.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node
from difftool.operations.axes import Axes
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import require_one_dtype


@composite(
    "linear(input, weight, bias: Tensor | None = None)",
    example="linear([[1., 2.]], [[3., 4.], [5., 6.]], [1., 1.])",
    checks=(
        Check("linear(x, y, z)", {"x": (2, 3), "y": (2, 3), "z": (2,)}),
        Check("linear(x, y, z)", {"x": (2, 2, 3), "y": (2, 3), "z": (2,)}),
        Check("linear(x, y)", {"x": (3,), "y": (2, 3)}),
    ),
)
def linear(input: Node, weight: Node, bias: Node | None = None) -> Node:
    """input @ weight.T + bias."""
    if input.ndim == 0 or weight.ndim not in (1, 2):
        raise DifftoolError(
            f"linear takes a weight of 1 or 2 dimensions and an input with dimensions, "
            f"not shapes {weight.shape} and {input.shape}",
            kind="shape",
            hint="the weight is (outputs, inputs), the input (..., inputs)",
        )
    transposed = ops.t(weight)
    if bias is None:
        return ops.matmul(input, transposed)
    if input.ndim == 2:
        return ops.addmm(bias, input, transposed)
    is_row = bias.ndim > 0 and bias.size == bias.shape[-1]
    if is_row and layout.is_contiguous(input):
        rows = ops.reshape(input, (prod(input.shape[:-1]), input.shape[-1]))
        result = ops.addmm(bias, rows, transposed)
        return ops.reshape(result, (*input.shape[:-1], result.shape[-1]))
    return ops.matmul(input, transposed) + bias


# ----- Two inputs -----


def _trilinear_type(first: Node, weight: Node, second: Node) -> Type:
    return Type((first.shape[0], weight.shape[0]), first.dtype)


def _trilinear(first: Array, weight: Array, second: Array) -> Any:
    """sum over i and j of first[b, i] weight[o, i, j] second[b, j]."""
    halfway = np.matmul(first, weight)
    return np.sum(np.multiply(halfway, second, out=halfway), axis=2).T


def _trilinear_scratch(node: Node) -> float:
    first, weight, second = node.inputs
    halfway = weight.shape[0] * second.size
    return halfway / max(node.size, first.size, weight.size, second.size, 1)


_trilinear_form = Operation(
    ("bilinear(input1, weight, input2)",),
    _trilinear,
    _trilinear_type,
    (
        lambda g, out, x, w, y: ops.einsum("bo,oij,bj->bi", (g, w, y)),
        lambda g, out, x, w, y: ops.einsum("bo,bi,bj->oij", (g, x, y)),
        lambda g, out, x, w, y: ops.einsum("bo,bi,oij->bj", (g, x, w)),
    ),
    grad_fn="TrilinearBackward0",
    axes=lambda node: Axes((0, 1), ((0, None), (1, None, None), (0, None))),
    scratch=_trilinear_scratch,
    meaning="",
    example="",
)


@composite(
    "bilinear(input1, input2, weight, bias: Tensor | None = None)",
    example="bilinear([[1., 2.]], [[3., 4.]], [[[1., 0.], [0., 1.]]])",
    checks=(
        Check("bilinear(x, y, w, z)", {"x": (2, 3), "y": (2, 2), "w": (2, 3, 2), "z": (2,)}),
    ),
)
def bilinear(input1: Node, input2: Node, weight: Node, bias: Node | None = None) -> Node:
    """For each output o: input1 @ weight[o] @ input2, plus bias."""
    _require_bilinear(input1, input2, weight, bias)
    first, second = [
        ops.reshape(x, (prod(x.shape[:-1]), x.shape[-1])) for x in (input1, input2)
    ]
    flat = _trilinear_form(first, weight, second)
    result = ops.reshape(flat, (*input1.shape[:-1], weight.shape[0]))
    return result if bias is None else result + bias


def _require_bilinear(input1: Node, input2: Node, weight: Node, bias: Node | None) -> None:
    fits = (
        weight.ndim == 3
        and min(input1.ndim, input2.ndim) > 0
        and input1.shape[:-1] == input2.shape[:-1]
        and (input1.shape[-1], input2.shape[-1]) == weight.shape[1:]
        and (bias is None or bias.shape == weight.shape[:1])
    )
    if not fits:
        raise DifftoolError(
            f"bilinear of shapes {input1.shape} and {input2.shape} has no weight of shape "
            f"{weight.shape}" + ("" if bias is None else f" and bias of shape {bias.shape}"),
            kind="shape",
            hint="inputs are (..., n) and (..., m), the weight (outputs, n, m)",
        )
    require_one_dtype("bilinear", input1, input2, weight)
