"""Losses of predicted numbers: distances between predictions and targets.

Losses of predicted classes are in `classification`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations import batch_products
from difftool.operations.accumulation import Accumulation
from difftool.operations.axes import Axes
from difftool.operations.loss_reduction import checked_reduction, total_of
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import broadcast, require_float, result_dtype


def _mse_type(x: Node, y: Node, *, reduction: str) -> Type:
    dtype = result_dtype((x, y))
    return Type(x.shape if reduction == "none" else (), dtype, dtype)


def _mse_kernel(x: Array, y: Array, *, reduction: str) -> Any:
    squares = _squares(x, y)
    if reduction == "none":
        return squares
    total = total_of(squares)
    return total / squares.size if reduction == "mean" else total


def _squares(x: Array, y: Array) -> Array:
    squares = np.asarray(x - y)
    np.square(squares, out=squares)
    return squares


def _mse_rule(sign: float) -> Any:
    def rule(g: Node, out: Node, x: Node, y: Node, *, reduction: str) -> Node:
        scale = sign / x.size if reduction == "mean" and x.size else sign
        return (x - y) * (g * scale)

    return rule


def _mse_layout(node: Node, *steps: Strides) -> Strides:
    """Each square stands where the operands' elements do."""
    return layout.elementwise(node, *steps) if node.shape else ()


def _mse_axes(node: Node) -> Axes:
    """Both operands have the same shape; without a reduction the result has it too."""
    labels = tuple(range(node.inputs[0].ndim))
    return Axes(labels if node.shape else (), (labels, labels))


_mse_loss = Operation(
    ("mse_loss(input, target, reduction: str = 'mean')",),
    _mse_kernel,
    _mse_type,
    (_mse_rule(2.0), _mse_rule(-2.0)),
    layout=_mse_layout,
    batch=batch_products.mse_loss,
    scratch=lambda node: 0 if node.shape == node.inputs[0].shape else 1,
    axes=_mse_axes,
    accumulation=Accumulation(
        lambda x, y, reduction: total_of(_squares(x, y)),
        finish=lambda node, total: (
            total / node.inputs[0].size if node.parameters["reduction"] == "mean" else total
        ),
    ),
    meaning="",
    example="",
)


@composite(
    "mse_loss(input, target, reduction: str = 'mean')",
    example="mse_loss([1., 2.], [1., 4.])",
    checks=(
        Check("mse_loss(x, y)", {"x": (2, 3), "y": (2, 3)}),
        Check("mse_loss(x, y, reduction='sum')", {"x": (2, 3), "y": (3,)}),
        Check("mse_loss(x, y, reduction='none')", {"x": (2, 3), "y": (2, 3)}),
    ),
)
def mse_loss(input: Node, target: Node, reduction: str = "mean") -> Node:
    """Squared error of a prediction: its mean, sum, or each one ('none')."""
    for node in (input, target):
        require_float(node, "mse_loss")
    shape = broadcast(input.shape, target.shape)
    if input.shape != shape:
        input = ops.expand(input, shape)
    if target.shape != shape:
        target = ops.expand(target, shape)
    return _mse_loss(input, target, reduction=checked_reduction(reduction))
