"""Batching rules: what an operation is when some of its operands are batches of operands.

A rule is `(node, inputs, size) -> Node`. `node` is the operation over single operands; `inputs` are
the operands now, of which those that are not the node's own have a leading dimension of `size`. The
result has that dimension too, and row by row it is what the operation gives for each row. The
families attach these rules to their operations; autodiff.batching walks a graph with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from difftool.graph.node import Node, Shape
from difftool.operations.registry import Batch, ops


def again(
    node: Node,
    inputs: tuple[Node, ...],
    shape: Shape,
    changed: Mapping[str, Any] | None = None,
) -> Node:
    """The node's operation over other operands of the same dtypes, with some parameters changed.

    Its type is not inferred anew: a 0-d operand that became a batch has no more say in the dtype.
    """
    parameters = {**node.parameters, **changed} if changed else node.parameters
    return node.operation.made(inputs, parameters, shape, node.dtype, node.operand_dtype)


def is_batched(node: Node, inputs: tuple[Node, ...], position: int) -> bool:
    """Whether the operand at `position` is a batch."""
    return inputs[position] is not node.inputs[position]


def rows(node: Node, inputs: tuple[Node, ...], size: int) -> tuple[Node, ...]:
    """All operands as batches: those that are none are repeated, as views."""
    return tuple(
        [
            repeated(x, size) if x is own else x
            for x, own in zip(inputs, node.inputs, strict=True)
        ]
    )


def repeated(x: Node, size: int) -> Node:
    """A batch of `size` times the same operand, which takes no memory."""
    batch: Node = ops.expand(x, (size, *x.shape))
    return batch


def lined_up(x: Node, ndim: int) -> Node:
    """A batch of operands with ones behind the batch dimension, to broadcast to `ndim` others."""
    missing = ndim + 1 - x.ndim
    if missing <= 0:
        return x
    batch: Node = ops.reshape(x, (x.shape[0], *(1,) * missing, *x.shape[1:]))
    return batch


# ----- Rules for operations of a kind -----


def elementwise(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Operands that broadcast against each other from the right."""
    operands = [
        x if x is own else lined_up(x, node.ndim)
        for x, own in zip(inputs, node.inputs, strict=True)
    ]
    return again(node, tuple(operands), (size, *node.shape))


def itself(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """What hands its operand on as it is."""
    return inputs[0]


def from_the_right(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """What works on the last dimensions of its operands, whatever stands in front of them.

    An operand that is no batch is repeated only if gradients must find it in its shape.
    """
    operands = [
        repeated(x, size) if x is own and x.requires_grad else x
        for x, own in zip(inputs, node.inputs, strict=True)
    ]
    return again(node, tuple(operands), (size, *node.shape))


def reshaped(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """The same elements in the same order under another shape."""
    batch: Node = ops.reshape(inputs[0], (size, *node.shape))
    return batch


def reduction(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """A reduction over `dim`, a tuple of dimensions or None for all of them."""
    dims = node.parameters["dim"]
    if dims is None:
        dims = range(node.inputs[0].ndim)
    moved = tuple([dim + 1 for dim in dims])
    return again(node, inputs, (size, *node.shape), {"dim": moved})


def moved(*names: str) -> Batch:
    """The rule of an operation whose parameters `names` are dimensions, counted from the front."""

    def rule(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
        changed = {}
        for name in names:
            dim = node.parameters[name]
            changed[name] = dim + 1 if isinstance(dim, int) else tuple([one + 1 for one in dim])
        return again(node, rows(node, inputs, size), (size, *node.shape), changed)

    return rule


def along(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """What works along one dimension `dim`; None: over all elements in their order.

    As in PyTorch a 0-d operand has a dimension 0.
    """
    operands = rows(node, inputs, size)
    shape = node.inputs[0].shape
    dim = node.parameters["dim"]
    if dim is None or not shape:
        flat = (size, prod(shape))
        operands = tuple([ops.reshape(x, flat) for x in operands])
        shape, dim = flat[1:], 0
    keepdim = node.parameters.get("keepdim")
    if keepdim is not None:
        shape = (*shape[:dim], *(1,) * keepdim, *shape[dim + 1 :])
    whole = again(node, operands, (size, *shape), {"dim": dim + 1})
    target = (size, *node.shape)
    if whole.shape == target:
        return whole
    batch: Node = ops.reshape(whole, target)
    return batch


def by_rows(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Each row by itself, for an operation without a rule of its own."""
    results = []
    for place in range(size):
        operands = [
            x if x is own else ops.select(x, dim=0, index=place)
            for x, own in zip(inputs, node.inputs, strict=True)
        ]
        results.append(again(node, tuple(operands), node.shape))
    stacked: Node = ops.stack(*results)
    return stacked
