"""Products of matrices and vectors that are added to a tensor: beta * input + alpha * product.

PyTorch makes one node of each. With beta = 0 the input is not looked at, so that its nan and inf
do not spread; its gradient is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, is_float, promote
from difftool.graph.node import Node, Number, Shape
from difftool.operations import batch_products
from difftool.operations.axes import Axes, Labels
from difftool.operations.declare import Infer, by_factor, summed_to
from difftool.operations.linear.matrices import matrix_transpose
from difftool.operations.linear.product_shapes import product_type
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import broadcast, dtype_name, require_tensors, result_dtype


def _sum_type(name: str, product: Infer) -> Infer:
    """The type rule of a sum whose product has the type rule `product`."""

    def infer(
        input: Node, first: Node, second: Node, *, beta: Number = 1, alpha: Number = 1
    ) -> Type:
        require_tensors(name, input)
        shape, dtype, operand_dtype, _ = product(first, second)
        if operand_dtype is not None:
            dtype = operand_dtype = promote(dtype, input.dtype)
        elif input.dtype != dtype:
            raise DifftoolError(
                f"{name} needs one dtype, not {dtype_name(input.dtype)} and {dtype_name(dtype)}",
                kind="dtype",
                hint="convert one with .double(), .float() or .to(dtype)",
            )
        if broadcast(input.shape, shape) != shape:
            raise DifftoolError(
                f"{name} can't add a product of shape {shape} to a tensor of shape {input.shape}",
                kind="shape",
                hint="the tensor broadcasts to the product, not the other way round",
            )
        beta, alpha = _scale(name, beta, dtype), _scale(name, alpha, dtype)
        return Type(shape, dtype, operand_dtype, {"beta": beta, "alpha": alpha})

    return infer


def _scale(name: str, scale: Number, dtype: DType) -> Number:
    """beta or alpha as PyTorch takes it: cut off to a whole number for integers, but by addr."""
    if is_float(dtype):
        return scale
    if name == "addr" and isinstance(scale, float):
        raise DifftoolError(
            f"beta and alpha must be whole numbers for integers, not {scale!r}",
            kind="argument",
            hint="convert the tensors with .double()",
        )
    return bool(scale) if dtype == boolean else int(scale)


def _sum_kernel(product: Callable[[Array, Array], Any]) -> Callable[..., Any]:
    def kernel(
        input: Array, first: Array, second: Array, *, beta: Number = 1, alpha: Number = 1
    ) -> Any:
        total = np.asarray(product(first, second))
        if alpha != 1:
            np.multiply(total, alpha, out=total)
        if beta != 0:
            np.add(total, by_factor(input, beta), out=total)
        return total

    return kernel


def _sum_scratch(node: Node) -> float:
    """The input times beta, where it has all the result's elements."""
    return 0 if node.parameters["beta"] in (0, 1) or node.inputs[0].shape != node.shape else 1


def _input_rule(
    g: Node, out: Node, input: Node, *factors: Node, beta: Number, alpha: Number
) -> Node:
    gradient: Node = by_factor(summed_to(g, input.shape), beta)
    return gradient


def _factor_rule(rule: Callable[..., Node]) -> Callable[..., Node]:
    """The rule of a factor, given that of the product alone."""

    def scaled(
        g: Node, out: Node, input: Node, *factors: Node, beta: Number, alpha: Number
    ) -> Node:
        gradient: Node = by_factor(rule(g, *factors), alpha)
        return gradient

    return scaled


def _sum_axes(result: Labels, first: Labels, second: Labels) -> Callable[[Node], Axes]:
    """The labels of a product, and those of the input that broadcasts to it."""

    def axes(node: Node) -> Axes:
        shape = node.inputs[0].shape
        missing = node.ndim - len(shape)
        own = [
            result[missing + axis] if length == node.shape[missing + axis] else None
            for axis, length in enumerate(shape)
        ]
        return Axes(result, (tuple(own), first, second))

    return axes


def _added(
    signature: str,
    kernel: Callable[[Array, Array], Any],
    product: Infer,
    rules: tuple[Callable[..., Node], Callable[..., Node]],
    labels: tuple[Labels, Labels, Labels],
    shapes: tuple[Shape, Shape, Shape, Shape],
    batched: Callable[[Node, Node], Node],
    *,
    meaning: str,
    example: str,
) -> Operation:
    """One of these functions.

    Args:
        signature: its name and its operands' names.
        kernel: the product of two arrays.
        product: the type rule of the product alone.
        rules: the gradients of the product's factors, `(g, first, second)`.
        labels: the axes of the result and the factors; what is summed over is whole.
        shapes: of the factors, the result and an input that broadcasts to it, for the checks.
        batched: the product, of which either factor may be a batch.
    """
    name, _, operands = signature.partition("(")
    input, first, second = operands.rstrip(")").split(", ")
    operation = Operation(
        (
            f"{name}({input}, {first}, {second}, *, beta: Number = 1, alpha: Number = 1)",
            # What PyTorch deprecates and still takes.
            f"{name}(beta: Number, {input}, {first}, {second})",
            f"{name}(beta: Number, {input}, alpha: Number, {first}, {second})",
        ),
        _sum_kernel(kernel),
        _sum_type(name, product),
        (_input_rule, _factor_rule(rules[0]), _factor_rule(rules[1])),
        meaning=meaning,
        example=example,
        checks=(
            Check(f"{name}(z, x, y)", {"x": shapes[0], "y": shapes[1], "z": shapes[2]}),
            Check(
                f"{name}(z, x, y, beta=2, alpha=0.5)",
                {"x": shapes[0], "y": shapes[1], "z": shapes[3]},
            ),
        ),
        scratch=_sum_scratch,
        batch=batch_products.added(batched),
        axes=_sum_axes(*labels),
    )
    return operation


addmm = _added(
    "addmm(input, mat1, mat2)",
    np.matmul,
    product_type("addmm", (2, 2)),
    (
        lambda g, x, y: ops.mm(g, matrix_transpose(y)),
        lambda g, x, y: ops.mm(matrix_transpose(x), g),
    ),
    ((0, 1), (0, None), (None, 1)),
    ((2, 3), (3, 2), (2, 2), (2,)),
    lambda x, y: ops.matmul(x, y),
    meaning="beta * input + alpha * the product of two matrices.",
    example="addmm(eye(2), [[1., 2.], [3., 4.]], ones(2, 2))",
)

addmv = _added(
    "addmv(input, mat, vec)",
    np.matmul,
    product_type("addmv", (2, 1)),
    (
        lambda g, x, y: ops.unsqueeze(g, dim=1) * y,
        lambda g, x, y: ops.mv(matrix_transpose(x), g),
    ),
    ((0,), (0, None), (None,)),
    ((2, 3), (3,), (2,), ()),
    lambda x, y: ops.squeeze(ops.matmul(x, ops.unsqueeze(y, dim=-1)), dim=-1),
    meaning="beta * input + alpha * the product of a matrix and a vector.",
    example="addmv([1., 1.], [[1., 2.], [3., 4.]], ones(2))",
)


def _outer_type(x: Node, y: Node) -> Type:
    if (x.ndim, y.ndim) != (1, 1):
        raise DifftoolError(
            f"addr takes two vectors, not shapes {x.shape} and {y.shape}",
            kind="shape",
            hint="flatten() makes a vector",
        )
    dtype = result_dtype((x, y))
    return Type((*x.shape, *y.shape), dtype, dtype)


addr = _added(
    "addr(input, vec1, vec2)",
    np.multiply.outer,
    _outer_type,
    (lambda g, x, y: ops.mv(g, y), lambda g, x, y: ops.mv(matrix_transpose(g), x)),
    ((0, 1), (0,), (1,)),
    ((2,), (3,), (2, 3), (3,)),
    lambda x, y: ops.unsqueeze(x, dim=-1) * ops.unsqueeze(y, dim=-2),
    meaning="beta * input + alpha * the matrix of the products of two vectors' elements.",
    example="addr(zeros(2, 2), [1., 2.], [1., 10.])",
)

baddbmm = _added(
    "baddbmm(input, batch1, batch2)",
    np.matmul,
    product_type("baddbmm", (3, 3)),
    (
        lambda g, x, y: ops.bmm(g, matrix_transpose(y)),
        lambda g, x, y: ops.bmm(matrix_transpose(x), g),
    ),
    ((0, 1, 2), (0, 1, None), (0, None, 2)),
    ((2, 2, 3), (2, 3, 2), (2, 2, 2), (2, 1)),
    lambda x, y: ops.matmul(x, y),
    meaning="beta * input + alpha * the products of the matrices of two batches, pair by pair.",
    example="baddbmm(zeros(2, 1, 1), ones(2, 1, 3), ones(2, 3, 1))",
)


def _summed_type(x: Node, y: Node) -> Type:
    shape, dtype, *_ = product_type("addbmm", (3, 3))(x, y)
    return Type(shape[1:], dtype)


# Elements of products that are added up at once.
_PIECE = 2**15


def _summed_products(x: Array, y: Array) -> Any:
    """Some products at a time: all of them may be many more elements than their sum."""
    step = max(1, _PIECE // max(x.shape[1] * y.shape[2], 1))
    total = np.zeros((x.shape[1], y.shape[2]), x.dtype)
    for start in range(0, len(x), step):
        part = slice(start, start + step)
        total += np.matmul(x[part], y[part]).sum(0)
    return total


def _over(g: Node, count: int) -> Node:
    """The gradient of a sum of matrices for each of them."""
    spread: Node = ops.expand(g, (count, *g.shape))
    return spread


addbmm = _added(
    "addbmm(input, batch1, batch2)",
    _summed_products,
    _summed_type,
    (
        lambda g, x, y: ops.bmm(_over(g, x.shape[0]), matrix_transpose(y)),
        lambda g, x, y: ops.bmm(matrix_transpose(x), _over(g, x.shape[0])),
    ),
    ((0, 1), (None, 0, None), (None, None, 1)),
    ((2, 2, 3), (2, 3, 2), (2, 2), (2, 1)),
    lambda x, y: ops.sum(ops.matmul(x, y), dim=-3),
    meaning="beta * input + alpha * the sum of the products of the matrices of two batches.",
    example="addbmm(zeros(1, 1), ones(2, 1, 3), ones(2, 3, 1))",
)
