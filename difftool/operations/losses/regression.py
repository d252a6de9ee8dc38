"""Losses of predicted numbers by how far they are from their targets, each by itself.

Losses of predicted classes are in `classification`, those of pairs and triples in
`pairs_and_triples`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.losses.loss_reduction import (
    LEGACY,
    checked_reduction,
    of_one_shape,
    own_loss,
    reduced,
    reductions,
    require_weights,
    settled_reduction,
)
from difftool.operations.registry import Array, Check, Type, composite, ops
from difftool.operations.shapes import require_float, result_dtype


def _pair_type(function: str) -> Callable[..., Type]:
    def infer(x: Node, y: Node, **parameters: Any) -> Type:
        dtype = result_dtype((x, y))
        if not is_float(dtype):
            require_float(x, function)
        return Type(x.shape, dtype, dtype)

    return infer


def _huber_type(x: Node, y: Node, **parameters: Any) -> Type:
    """The loss has the dtype of the prediction."""
    require_float(x, "huber_loss")
    return Type(x.shape, x.dtype, result_dtype((x, y)))


def _weighed(losses: Node, weight: Node, input: Node, reduction: str) -> Node:
    """The losses by their weights; a mean is over the sum of the weights."""
    require_weights(weight, input)
    weighed = losses * weight
    if reduction == "none":
        return weighed
    total = ops.sum(weighed)
    return total / ops.sum(weight) if reduction == "mean" else total


# ----- Absolute and squared errors -----


@composite(
    f"l1_loss(input, target, {LEGACY}, weight: Tensor | None = None)",
    example="l1_loss([1., 2.], [1., 4.])",
    checks=(
        *reductions("l1_loss(x, y + 5", (2, 3), (3,)),
        Check("l1_loss(x, y + 5, weight=z + 3)", {"x": (3,), "y": (3,), "z": (3,)}),
    ),
)
def l1_loss(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Node | None = None,
) -> Node:
    """Absolute error of a prediction: its mean, sum, or each one ('none')."""
    reduction = settled_reduction(reduction, size_average, reduce)
    first, second = of_one_shape(input, target)
    losses = ops.abs(first - second)
    if weight is not None:
        return _weighed(losses, weight, input, reduction)
    return reduced(losses, reduction)


def _squares(x: Array, y: Array) -> Array:
    squares = np.asarray(x - y)
    np.square(squares, out=squares)
    return squares


_mse_loss = own_loss(
    "mse_loss(input, target)",
    _squares,
    (lambda x, y: (x - y) * 2, lambda x, y: (y - x) * 2),
    _pair_type("mse_loss"),
    grad_fn="MseLossBackward0",
    scratch=0,
)


@composite(
    f"mse_loss(input, target, {LEGACY}, weight: Tensor | None = None)",
    example="mse_loss([1., 2.], [1., 4.])",
    checks=(
        Check("mse_loss(x, y)", {"x": (2, 3), "y": (2, 3)}),
        Check("mse_loss(x, y, reduction='sum')", {"x": (2, 3), "y": (3,)}),
        Check("mse_loss(x, y, reduction='none')", {"x": (2, 3), "y": (2, 3)}),
        Check("mse_loss(x, y, weight=z + 3)", {"x": (3,), "y": (3,), "z": (3,)}),
    ),
)
def mse_loss(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Node | None = None,
) -> Node:
    """Squared error of a prediction: its mean, sum, or each one ('none')."""
    reduction = settled_reduction(reduction, size_average, reduce)
    first, second = of_one_shape(input, target)
    if weight is not None:
        return _weighed((first - second) ** 2, weight, input, reduction)
    return _mse_loss(first, second, reduction=reduction)


# ----- Squared near 0, absolute elsewhere -----


def _cut(slope: Node, difference: Node, limit: float, steepest: float) -> Node:
    """A slope within limits of the difference, and plus or minus the steepest beyond them."""
    below = ops.where(difference <= -limit, -steepest, slope)
    return ops.where(difference >= limit, steepest, below)


def _smooth_l1(x: Array, y: Array, *, beta: float) -> Array:
    size = np.asarray(x - y)
    np.abs(size, out=size)
    near = size < beta
    return np.where(near, 0.5 * size * size / beta, size - 0.5 * beta)


def _smooth_l1_slope(x: Node, y: Node, *, beta: float) -> Node:
    """At beta itself it is the line's, as in PyTorch's second derivative."""
    difference = x - y
    return _cut(difference / beta, difference, beta, 1.0)


_smooth_l1_loss = own_loss(
    "smooth_l1_loss(input, target)",
    _smooth_l1,
    (_smooth_l1_slope, lambda x, y, *, beta: _smooth_l1_slope(y, x, beta=beta)),
    _pair_type("smooth_l1_loss"),
    grad_fn="SmoothL1LossBackward0",
    scratch=3,
)


@composite(
    f"smooth_l1_loss(input, target, {LEGACY}, beta: float = 1.0)",
    example="smooth_l1_loss([1., 2.], [1., 4.])",
    checks=(
        *reductions("smooth_l1_loss(x, y", (2, 3), (2, 3)),
        Check("smooth_l1_loss(x, y, beta=0.5, reduction='sum')", {"x": (2, 3), "y": (3,)}),
    ),
)
def smooth_l1_loss(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Node:
    """Absolute error less beta / 2, and below beta the squared error over 2 beta."""
    reduction = settled_reduction(reduction, size_average, reduce)
    first, second = of_one_shape(input, target)
    if beta == 0:
        return reduced(ops.abs(first - second), reduction)
    if not beta > 0:
        raise DifftoolError(
            f"beta is not negative, but {beta}",
            kind="argument",
            hint="below beta the loss is squared; 1 is usual",
        )
    return _smooth_l1_loss(first, second, beta=beta, reduction=reduction)


def _huber(x: Array, y: Array, *, delta: float) -> Array:
    size = np.asarray(x - y)
    np.abs(size, out=size)
    return np.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))


def _huber_slope(x: Node, y: Node, *, delta: float) -> Node:
    """At delta itself it is the line's, as in PyTorch's second derivative."""
    difference = x - y
    return _cut(difference, difference, delta, delta)


_huber_loss = own_loss(
    "huber_loss(input, target)",
    _huber,
    (_huber_slope, lambda x, y, *, delta: _huber_slope(y, x, delta=delta)),
    _huber_type,
    grad_fn="HuberLossBackward0",
    scratch=3,
)


@composite(
    "huber_loss(input, target, reduction: str = 'mean', delta: float = 1.0, "
    "weight: Tensor | None = None)",
    example="huber_loss([1., 2.], [1., 4.])",
    checks=(
        *reductions("huber_loss(x, y, delta=0.7", (2, 3), (2, 3)),
        Check("huber_loss(x, y, weight=z)", {"x": (3,), "y": (3,), "z": (3,)}),
    ),
)
def huber_loss(
    input: Node,
    target: Node,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Node | None = None,
) -> Node:
    """Half the squared error, and above delta delta times the absolute error less delta / 2."""
    reduction = checked_reduction(reduction)
    if not delta > 0:
        raise DifftoolError(
            f"delta is a positive number, not {delta}",
            kind="argument",
            hint="above delta the loss is linear; 1 is usual",
        )
    first, second = of_one_shape(input, target)
    if weight is None:
        return _huber_loss(first, second, delta=delta, reduction=reduction)
    require_weights(weight, input)
    losses = _huber_loss(first, second, delta=delta, reduction="none")
    return reduced(losses * weight, reduction)
