"""Losses of predicted classes: negative log likelihood and cross entropy.

The right classes are given as indices, or for cross entropy as probabilities.
"""

from __future__ import annotations

from math import nan, prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Shape
from difftool.operations import batch_products, overwriting, with_number
from difftool.operations.accumulation import Accumulation
from difftool.operations.axes import Axes
from difftool.operations.losses.loss_reduction import (
    nothing_ignored,
    refuse_gradient,
    settled_reduction,
    total_of,
)
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import dtype_name, require_float

_LEGACY = (
    "weight: Tensor | None = None, size_average: bool | None = None, ignore_index: int = -100, "
    "reduce: bool | None = None, reduction: str = 'mean'"
)


def _classes(shape: Shape) -> tuple[int, int]:
    """The dimension of the classes and their number."""
    dim = 0 if len(shape) == 1 else 1
    return dim, shape[dim]


def _likelihood_type(
    x: Node, target: Node, *weight: Node, reduction: str, ignore_index: int
) -> Type:
    dim, count = _classes(x.shape)
    expected = x.shape[:dim] + x.shape[dim + 1 :]
    if target.shape != expected:
        raise DifftoolError(
            f"class indices for an input of shape {x.shape} have shape {expected}, "
            f"not {target.shape}",
            kind="shape",
            hint="one index for each row; probabilities have the input's own shape",
        )
    if weight and weight[0].shape != (count,):
        raise DifftoolError(
            f"weight has shape {weight[0].shape}, there are {count} classes",
            kind="shape",
            hint="give one weight for each class",
        )
    if weight and weight[0].dtype != x.dtype:
        raise DifftoolError(
            f"weight is {dtype_name(weight[0].dtype)}, the input {dtype_name(x.dtype)}",
            kind="dtype",
            hint="convert one with .double(), .float() or .to(dtype)",
        )
    return Type(target.shape if reduction == "none" else (), x.dtype)


def _likelihood_kernel(
    x: Array, target: Array, *weight: Array, reduction: str, ignore_index: int
) -> Any:
    losses, weights = _weighed(x, target, *weight, ignore_index=ignore_index)
    if reduction == "none":
        return losses
    return total_of(losses) / total_of(weights) if reduction == "mean" else total_of(losses)


def _weighed(
    x: Array, target: Array, *weight: Array, ignore_index: int
) -> tuple[Array, Array]:
    """Each loss times its weight, and the weights."""
    dim, count = _classes(x.shape)
    ignored = target == ignore_index
    chosen = np.where(ignored, 0, target)
    if np.any((chosen < 0) | (chosen >= count)):
        wrong = chosen[(chosen < 0) | (chosen >= count)].flat[0]
        raise DifftoolError(
            f"class index {wrong} is out of range for {count} classes",
            kind="index",
            hint=f"class indices go from 0 to {count - 1}",
        )
    weights = weight[0][chosen] if weight else np.ones(chosen.shape, x.dtype)
    weights = np.where(ignored, 0, weights)
    picked = np.take_along_axis(x, np.expand_dims(chosen, dim), dim)
    return np.where(ignored, 0, -np.squeeze(picked, dim) * weights), weights


def _likelihood_axes(node: Node) -> Axes:
    """Each row by itself; its classes and their weights are whole."""
    x = node.inputs[0]
    dim, _ = _classes(x.shape)
    rows = [axis for axis in range(x.ndim) if axis != dim]
    scores = tuple([None if axis == dim else axis for axis in range(x.ndim)])
    weight = [(None,) for _ in node.inputs[2:]]
    return Axes(tuple(rows) if node.shape else (), (scores, tuple(rows), *weight))


def _likelihood_share(x: Array, target: Array, *weight: Array, **form: Any) -> Any:
    """The sums of the losses and of the weights."""
    weighed = _weighed(x, target, *weight, ignore_index=form["ignore_index"])
    return np.array([total_of(terms) for terms in weighed])


def _likelihood_result(node: Node, total: Any) -> Any:
    losses, weights = total
    return losses / weights if node.parameters["reduction"] == "mean" else losses


def _likelihood_rule(
    g: Node, out: Node, x: Node, target: Node, *weight: Node, reduction: str, ignore_index: int
) -> Node:
    """Minus the weight of each target (over their sum, for a mean) at its place, 0 elsewhere."""
    dim, _ = _classes(x.shape)
    ignored = ops.eq(target, ignore_index)
    chosen = ops.to(ops.where(ignored, 0, target), dtype=target.dtype)
    weights = ops.ones(target.shape, dtype=x.dtype)
    if weight:
        flat = ops.gather(weight[0], ops.reshape(chosen, (chosen.size,)), dim=0)
        weights = ops.reshape(flat, target.shape)
    if reduction == "mean":
        weights = weights / ops.sum(ops.where(ignored, 0.0, weights))
    values = -g * ops.where(ignored, 0.0, weights)
    zeros = ops.zeros(x.shape, dtype=x.dtype)
    index = ops.unsqueeze(chosen, dim=dim)
    return ops.scatter_add(zeros, index, ops.unsqueeze(values, dim=dim), dim=dim)


def _likelihood(grad_fn: str) -> Operation:
    return Operation(
        ("nll_loss(input, target)",),
        _likelihood_kernel,
        _likelihood_type,
        (_likelihood_rule,),
        grad_fn=grad_fn,
        batch=batch_products.nll_loss,
        axes=_likelihood_axes,
        accumulation=Accumulation(_likelihood_share, finish=_likelihood_result),
        meaning="",
        example="",
    )


_nll_loss = _likelihood("NllLossBackward0")
_nll_loss2d = _likelihood("NllLoss2DBackward0")


@composite(
    f"nll_loss(input, target, {_LEGACY})",
    example="nll_loss(log_softmax([[1., 2.]], 1), tensor([1]))",
    checks=(
        Check("nll_loss(x, tensor([0, 2]))", {"x": (2, 3)}),
        Check("nll_loss(x, tensor([0, 2]), weight=[1, 2, 3])", {"x": (2, 3)}),
        Check("nll_loss(x, tensor([[0, 1], [1, 1]]), reduction='none')", {"x": (2, 2, 2)}),
    ),
)
def nll_loss(
    input: Node,
    target: Node,
    weight: Node | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """Negative log likelihood of class indices, given log-probabilities."""
    reduction = settled_reduction(reduction, size_average, reduce)
    return _likelihoods(input, target, weight, ignore_index, reduction)


def _likelihoods(
    input: Node, target: Node, weight: Node | None, ignore_index: int, reduction: str
) -> Node:
    require_float(input, "nll_loss")
    _require_classes(input)
    _require_indices(target)
    refuse_gradient(weight, "nll_loss")
    parameters: dict[str, Any] = {"reduction": reduction, "ignore_index": ignore_index}
    weights = () if weight is None else (weight,)
    if input.ndim <= 2:
        return _nll_loss(input, target, *weights, **parameters)
    if input.ndim == 4:
        return _nll_loss2d(input, target, *weights, **parameters)
    # PyTorch's kernel for images takes two dimensions behind the classes.
    rest = input.shape[2:]
    if target.shape != (input.shape[0], *rest):
        _likelihood_type(input, target, **parameters)
    flat = ops.reshape(input, (*input.shape[:2], 1, prod(rest)))
    indices = ops.reshape(target, (target.shape[0], 1, prod(rest)))
    losses = _nll_loss2d(flat, indices, *weights, **parameters)
    return ops.reshape(losses, target.shape) if reduction == "none" else losses


def _require_classes(input: Node) -> None:
    if input.ndim == 0:
        raise DifftoolError(
            "the loss takes scores for classes, not a tensor of shape ()",
            kind="shape",
            hint="give (classes,), (rows, classes) or (rows, classes, ...)",
        )


def _require_indices(target: Node) -> None:
    if target.dtype.name not in ("int64", "uint8"):
        raise DifftoolError(
            f"class indices are int64 or uint8, not {dtype_name(target.dtype)}",
            kind="dtype",
            hint="write tensor([0, 2]); probabilities need the input's own shape",
        )


@composite(
    f"cross_entropy(input, target, {_LEGACY}, label_smoothing: float = 0.0)",
    example="cross_entropy([[1., 2.], [3., 1.]], tensor([1, 0]))",
    checks=(
        Check("cross_entropy(x, tensor([0, 2]))", {"x": (2, 3)}),
        Check("cross_entropy(x, tensor([0, 2]), label_smoothing=0.1)", {"x": (2, 3)}),
        Check("cross_entropy(x, softmax(y, 1))", {"x": (2, 3), "y": (2, 3)}),
        Check("cross_entropy(x, tensor([0, 2]), [1, 2, 3], reduction='sum')", {"x": (2, 3)}),
    ),
)
def cross_entropy(
    input: Node,
    target: Node,
    weight: Node | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Node:
    """Cross entropy between scores and class indices, or probabilities, of the right classes."""
    require_float(input, "cross_entropy")
    _require_classes(input)
    reduction = settled_reduction(reduction, size_average, reduce)
    if not 0.0 <= label_smoothing <= 1.0:
        raise DifftoolError(
            f"label_smoothing is a number from 0 to 1, not {label_smoothing}",
            kind="argument",
            hint="0.1 is usual",
        )
    dim, _ = _classes(input.shape)
    scores = ops.log_softmax(input, dim=dim)
    if target.shape == input.shape:
        if not is_float(target.dtype):
            raise DifftoolError(
                "probabilities are floating-point numbers",
                kind="dtype",
                hint="class indices have the input's shape without the classes",
            )
        if ignore_index >= 0:
            raise nothing_ignored()
        return _soft_cross_entropy(scores, target, weight, reduction, label_smoothing)
    _require_indices(target)
    if label_smoothing == 0.0:
        return _likelihoods(scores, target, weight, ignore_index, reduction)
    return _smoothed(scores, target, weight, ignore_index, reduction, label_smoothing)


def _over_classes(weight: Node, scores: Node) -> Node:
    """The weights of the classes in a shape that broadcasts over the scores."""
    dim, count = _classes(scores.shape)
    shape = tuple([count if axis == dim else 1 for axis in range(scores.ndim)])
    return ops.reshape(weight, shape)


def _soft_cross_entropy(
    scores: Node, target: Node, weight: Node | None, reduction: str, smoothing: float
) -> Node:
    dim, count = _classes(scores.shape)
    if smoothing > 0.0:
        sharp = with_number.times(target, 1.0 - smoothing)
        target = with_number.plus(sharp, smoothing / max(count, 1))
    product = scores * target
    if weight is not None:
        product = product * (_over_classes(weight, scores) if scores.ndim > 1 else weight)
    if reduction == "none":
        return -ops.sum(product, dim=dim)
    total = ops.sum(product)
    if reduction == "sum":
        return -total
    if not product.size:
        return -overwriting.filled(total, nan)
    return with_number.over(-total, scores.size / count)


def _smoothed(
    scores: Node,
    target: Node,
    weight: Node | None,
    ignore_index: int,
    reduction: str,
    smoothing: float,
) -> Node:
    """A share of the loss against the right class, the rest against all classes evenly."""
    dim, count = _classes(scores.shape)
    sharp = _likelihoods(scores, target, weight, ignore_index, reduction)
    spread = scores if weight is None else scores * _over_classes(weight, scores)
    ignored = ops.eq(target, ignore_index)
    even = ops.masked_fill(-ops.sum(spread, dim=dim), ignored, 0.0)
    if reduction != "none":
        even = ops.sum(even)
    if reduction == "mean":
        if weight is None:
            even = even / ops.sum(ops.bitwise_not(ignored))
        else:
            chosen = ops.to(ops.where(ignored, 0, target), dtype=target.dtype)
            picked = ops.gather(weight, ops.reshape(chosen, (chosen.size,)), dim=0)
            even = even / ops.sum(ops.where(ops.reshape(ignored, (target.size,)), 0.0, picked))
    even = with_number.times(even, smoothing / max(count, 1))
    return with_number.times(sharp, 1.0 - smoothing) + even
