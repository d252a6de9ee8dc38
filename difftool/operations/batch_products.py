"""Batching rules of products, linear systems and losses.

Where only one operand is a batch, its rows are laid side by side in one larger matrix: one product
of two matrices, or the solutions for one factorization, instead of many. They follow the
conventions of `batch`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from difftool.graph.node import Node
from difftool.operations.batch import again, by_rows, is_batched, lined_up, repeated, rows
from difftool.operations.linear.matrices import matrix_transpose
from difftool.operations.registry import Batch, ops
from difftool.operations.shapes import broadcast

# ----- Products -----


def dot(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    x, y = inputs
    if not is_batched(node, inputs, 1):
        return ops.mv(x, y)
    if not is_batched(node, inputs, 0):
        return ops.mv(y, x)
    return ops.sum(x * y, dim=1)


def mv(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    x, y = inputs
    if not is_batched(node, inputs, 0):
        return ops.mm(y, matrix_transpose(x))
    if not is_batched(node, inputs, 1):
        flat = ops.reshape(x, (size * x.shape[1], x.shape[2]))
        return ops.reshape(ops.mv(flat, y), (size, *node.shape))
    return ops.squeeze(ops.bmm(x, ops.unsqueeze(y, dim=2)), dim=2)


def mm(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    x, y = inputs
    if not is_batched(node, inputs, 1):
        flat = ops.reshape(x, (size * x.shape[1], x.shape[2]))
        return ops.reshape(ops.mm(flat, y), (size, *node.shape))
    if not is_batched(node, inputs, 0):
        # x Y = (Y^T x^T)^T, whose rows can stand one below the other.
        turned = ops.reshape(matrix_transpose(y), (size * y.shape[2], y.shape[1]))
        product = ops.reshape(
            ops.mm(turned, matrix_transpose(x)), (size, y.shape[2], x.shape[0])
        )
        return matrix_transpose(product)
    return ops.bmm(x, y)


def bmm(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    x, y = inputs
    count, height, width = node.shape
    if not is_batched(node, inputs, 1):
        inner = x.shape[3]
        sides = ops.permute(x, dims=(1, 0, 2, 3))
        flat = ops.reshape(sides, (count, size * height, inner))
        product = ops.reshape(ops.bmm(flat, y), (count, size, height, width))
        return ops.permute(product, dims=(1, 0, 2, 3))
    if not is_batched(node, inputs, 0):
        inner = y.shape[2]
        sides = ops.permute(y, dims=(1, 0, 3, 2))
        flat = ops.reshape(sides, (count, size * width, inner))
        product = ops.bmm(flat, matrix_transpose(x))
        return ops.permute(ops.reshape(product, (count, size, width, height)), dims=(1, 0, 3, 2))
    flat_x = ops.reshape(x, (size * count, *x.shape[2:]))
    flat_y = ops.reshape(y, (size * count, *y.shape[2:]))
    return ops.reshape(ops.bmm(flat_x, flat_y), (size, *node.shape))


def added(product: Callable[[Node, Node], Node]) -> Batch:
    """The rule of beta * input + alpha * a product, which `product` makes of batches too."""

    def rule(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
        x, first, second = inputs
        beta, alpha = node.parameters["beta"], node.parameters["alpha"]
        total = product(first, second)
        if alpha != 1:
            total = total * alpha
        if beta != 0:
            lined = lined_up(x, node.ndim) if is_batched(node, inputs, 0) else x
            total = total + (lined if beta == 1 else lined * beta)
        shape = (size, *node.shape)
        return ops.expand(total, shape) if total.shape != shape else total

    return rule


def cdist(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Distances between the rows of matrices, whatever stands in front of them."""
    return again(node, _same_rank(*rows(node, inputs, size)), (size, *node.shape))


# ----- Linear systems -----


def solve(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """One factorization serves all right sides of one matrix."""
    left = node.parameters["left"]
    own, own_right = node.inputs[0].shape, node.inputs[1].shape
    a, b = inputs
    of_b = is_batched(node, inputs, 1)
    is_vector = len(own_right) == 1 or (len(own_right) == len(own) - 1 and own_right == own[:-1])
    if is_vector:
        b = ops.unsqueeze(b, dim=b.ndim)
    shape = (*node.shape, 1) if is_vector else node.shape
    if is_batched(node, inputs, 0):
        a, b = _same_rank(a, b if of_b else repeated(b, size))
        result = ops.solve(a, b, left=left)
    elif len(own) == 2:
        # X A = B has its right sides in rows, which stand one below the other; A X = B is
        # X^T A^T = B^T.
        if left:
            a, b = matrix_transpose(a), matrix_transpose(b)
        flat = ops.reshape(b, (prod(b.shape[:-1]), b.shape[-1]))
        result = ops.reshape(ops.solve(a, flat, left=False), b.shape)
        if left:
            result = matrix_transpose(result)
    else:
        a = repeated(a, size) if a.requires_grad else ops.unsqueeze(a, dim=0)
        result = ops.solve(*_same_rank(a, b), left=left)
    full = (size, *shape)
    if result.shape != full:
        result = ops.expand(result, full)
    return ops.squeeze(result, dim=len(full) - 1) if is_vector else result


def _same_rank(x: Node, y: Node) -> tuple[Node, Node]:
    """Two batches with ones behind the batch dimension where one has fewer dimensions."""
    ndim = max(x.ndim, y.ndim)
    padded = []
    for node in (x, y):
        shape = (node.shape[0], *(1,) * (ndim - node.ndim), *node.shape[1:])
        padded.append(ops.reshape(node, shape) if node.shape != shape else node)
    return padded[0], padded[1]


# ----- Losses -----


def reduced_loss(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """The losses of each row, reduced by an operation of its own."""
    reduction = node.parameters["reduction"]
    shape = node.shape or broadcast(*[own.shape for own in node.inputs])
    operands = []
    for x, own in zip(inputs, node.inputs, strict=True):
        if x is own and x.requires_grad:
            x = repeated(x, size)
        operands.append(x if x is own else lined_up(x, len(shape)))
    losses = again(node, tuple(operands), (size, *shape), {"reduction": "none"})
    if reduction == "none":
        return losses
    dims = tuple(range(1, losses.ndim))
    return (ops.mean if reduction == "mean" else ops.sum)(losses, dim=dims) if dims else losses


def nll_loss(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """All rows as one longer batch of predictions, reduced row by row."""
    if any([is_batched(node, inputs, place) for place in range(2, len(inputs))]):
        return by_rows(node, inputs, size)
    (scores, target, *_), weight = rows(node, inputs, size), inputs[2:]
    own = node.inputs[0].shape
    if len(own) > 1:
        scores = ops.reshape(scores, (size * own[0], *own[1:]))
        target = ops.reshape(target, (size * own[0], *own[2:]))
    parameters = {**node.parameters, "reduction": "none"}
    losses = node.operation.made(
        (scores, target, *weight), parameters, target.shape, node.dtype, node.operand_dtype
    )
    shape = (size, *node.inputs[1].shape)
    losses = ops.reshape(losses, shape)
    reduction = node.parameters["reduction"]
    dims = tuple(range(1, len(shape)))
    if reduction == "none" or (reduction == "sum" and not dims):
        return losses
    total = ops.sum(losses, dim=dims) if dims else losses
    if reduction == "sum":
        return total
    ignored = ops.eq(target, node.parameters["ignore_index"])
    weights = ops.ones(target.shape, dtype=node.dtype)
    if weight:
        chosen = ops.to(ops.where(ignored, 0, target), dtype=target.dtype)
        flat = ops.reshape(chosen, (chosen.size,))
        weights = ops.reshape(ops.gather(weight[0], flat, dim=0), target.shape)
    weights = ops.reshape(ops.where(ignored, 0.0, weights), shape)
    return total / (ops.sum(weights, dim=dims) if dims else weights)
