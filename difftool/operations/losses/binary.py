"""Losses of predictions of yes or no, as probabilities or as scores (their logits)."""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.declare import elementwise, promoted
from difftool.operations.losses.loss_reduction import (
    LEGACY,
    SMALL,
    own_loss,
    reduced,
    reductions,
    refuse_gradient,
    settled_reduction,
)
from difftool.operations.registry import Array, Check, Type, composite, ops
from difftool.operations.shapes import broadcast, dtype_name, require_float, result_dtype


def _require_shape(function: str, input: Node, target: Node) -> None:
    if input.shape != target.shape:
        raise DifftoolError(
            f"{function} takes targets of the input's shape {input.shape}, not {target.shape}",
            kind="shape",
            hint="expand_as() or reshape() makes them alike",
        )


def _require_fit(function: str, name: str, weight: Node, input: Node) -> None:
    if broadcast(weight.shape, input.shape) != input.shape:
        raise DifftoolError(
            f"the {name} of {function}, of shape {weight.shape}, does not broadcast to the input, "
            f"of shape {input.shape}",
            kind="shape",
            hint="give one for each element, or for each of the last dimension",
        )


# ----- Probabilities -----

# The least logarithm of a probability, and what keeps denominators of second derivatives from 0.
_LEAST_LOG = -100.0
_LEAST = 1e-12


def _cross_entropies(x: Array, y: Array, *weight: Array) -> Array:
    if not np.all((x >= 0) & (x <= 1)):
        raise DifftoolError(
            "binary_cross_entropy takes probabilities, from 0 to 1",
            kind="value",
            hint="binary_cross_entropy_with_logits takes any numbers",
        )
    no = np.maximum(np.log1p(-x), _LEAST_LOG)
    yes = np.maximum(np.log(x), _LEAST_LOG)
    losses = np.asarray((y - 1) * no - y * yes)
    return losses * weight[0] if weight else losses


def _cross_entropy_type(x: Node, y: Node, *weight: Node) -> Type:
    require_float(x, "binary_cross_entropy")
    if x.dtype != y.dtype:
        raise DifftoolError(
            f"binary_cross_entropy needs targets of the input's dtype {dtype_name(x.dtype)}, "
            f"not {dtype_name(y.dtype)}",
            kind="dtype",
            hint="convert them with .double(), .float() or .to(dtype)",
        )
    return Type(x.shape, x.dtype, x.dtype)


def _curvature(x: Node, y: Node) -> Node:
    """The second derivative by a probability; no denominator is 0 (as PyTorch's)."""
    denominator = (x + _LEAST) * (1 - x + _LEAST)
    return (x * x - 2 * x * y + y) / denominator**2


# The derivative by a probability, whose own derivative is the one without the bound.
_slope = elementwise(
    "binary_cross_entropy_slope(input, target)",
    lambda x, y: (x - y) / np.maximum((1 - x) * x, SMALL),
    (
        lambda g, out, x, y: g * _curvature(x, y),
        lambda g, out, x, y: -g / ops.clamp_min((1 - x) * x, _LEAST),
    ),
    infer=promoted,
    scratch=3,
    checks=(),
    meaning="",
    example="",
)


def _weighed(slope: Node, weight: tuple[Node, ...]) -> Node:
    return slope * weight[0] if weight else slope


_binary_cross_entropy = own_loss(
    "binary_cross_entropy(input, target)",
    _cross_entropies,
    (
        lambda x, y, *weight: _weighed(_slope(x, y), weight),
        lambda x, y, *weight: _weighed(ops.log(1 - x) - ops.log(x), weight),
    ),
    _cross_entropy_type,
    grad_fn="BinaryCrossEntropyBackward0",
    scratch=4,
)


@composite(
    f"binary_cross_entropy(input, target, weight: Tensor | None = None, {LEGACY})",
    example="binary_cross_entropy([0.2, 0.9], [0., 1.])",
    checks=(
        *reductions("binary_cross_entropy(x, y", (2, 3), (2, 3), domain=(0.2, 0.8)),
        Check(
            "binary_cross_entropy(x, y, [1., 2., 3.])", {"x": (2, 3), "y": (2, 3)}, (0.2, 0.8)
        ),
    ),
)
def binary_cross_entropy(
    input: Node,
    target: Node,
    weight: Node | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """Cross entropy of probabilities of yes (1) and no (0); logarithms count -100 at least."""
    reduction = settled_reduction(reduction, size_average, reduce)
    _require_shape("binary_cross_entropy", input, target)
    refuse_gradient(weight, "binary_cross_entropy")
    if weight is None:
        return _binary_cross_entropy(input, target, reduction=reduction)
    _require_fit("binary_cross_entropy", "weight", weight, input)
    if weight.shape != input.shape:
        weight = ops.expand(weight, input.shape)
    return _binary_cross_entropy(input, target, weight, reduction=reduction)


# ----- Scores -----


def _score_entropies(
    x: Array, y: Array, *weights: Array, by_class: bool, by_element: bool
) -> Array:
    # log(sigmoid(x)), whose exponential is never large.
    yes = np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
    if by_class:
        yes = yes * ((weights[0] - 1) * y + 1)
    losses = np.asarray((1 - y) * x - yes)
    return losses * weights[-1] if by_element else losses


def _score_type(x: Node, y: Node, *weights: Node, by_class: bool, by_element: bool) -> Type:
    """The loss has the dtype of the targets."""
    for node in (x, y):
        require_float(node, "binary_cross_entropy_with_logits")
    return Type(x.shape, y.dtype, result_dtype((x, y)))


def _score_slope(
    x: Node, y: Node, *weights: Node, by_class: bool, by_element: bool
) -> Node:
    slope: Node = ops.sigmoid(x)
    if by_class:
        yes = weights[0] * y
        slope = (yes + 1 - y) * slope - yes
    else:
        slope = slope - y
    return slope * weights[-1] if by_element else slope


def _score_target_slope(
    x: Node, y: Node, *weights: Node, by_class: bool, by_element: bool
) -> Node:
    slope = ops.logsigmoid(-x) - weights[0] * ops.logsigmoid(x) if by_class else -x
    return slope * weights[-1] if by_element else slope


_with_logits = own_loss(
    "binary_cross_entropy_with_logits(input, target)",
    _score_entropies,
    (_score_slope, _score_target_slope),
    _score_type,
    grad_fn="BinaryCrossEntropyWithLogitsBackward0",
    scratch=2,
)


@composite(
    "binary_cross_entropy_with_logits(input, target, weight: Tensor | None = None, "
    f"{LEGACY}, pos_weight: Tensor | None = None)",
    example="binary_cross_entropy_with_logits([-2., 3.], [0., 1.])",
    checks=(
        *reductions("binary_cross_entropy_with_logits(x, y", (2, 3), (2, 3)),
        Check(
            "binary_cross_entropy_with_logits(x, y, [1., 2., 3.], pos_weight=[2., 0.5, 1.])",
            {"x": (2, 3), "y": (2, 3)},
        ),
    ),
)
def binary_cross_entropy_with_logits(
    input: Node,
    target: Node,
    weight: Node | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Node | None = None,
) -> Node:
    """Cross entropy of scores, whose sigmoid is the probability of yes; pos_weight is of yes."""
    function = "binary_cross_entropy_with_logits"
    way = settled_reduction(reduction, size_average, reduce)
    _require_shape(function, input, target)
    weights = []
    for name, given in (("pos_weight", pos_weight), ("weight", weight)):
        refuse_gradient(given, function, name)
        if given is not None:
            _require_fit(function, name, given, input)
            weights.append(given)
    return _with_logits(
        input,
        target,
        *weights,
        reduction=way,
        by_class=pos_weight is not None,
        by_element=weight is not None,
    )


@composite(
    f"multilabel_soft_margin_loss(input, target, weight: Tensor | None = None, {LEGACY})",
    example="multilabel_soft_margin_loss([[-2., 3.]], [[0., 1.]])",
    checks=(
        Check("multilabel_soft_margin_loss(x, y)", {"x": (2, 3), "y": (2, 3)}),
        Check(
            "multilabel_soft_margin_loss(x, y, z, reduction='none')",
            {"x": (2, 3), "y": (2, 3), "z": (3,)},
        ),
    ),
)
def multilabel_soft_margin_loss(
    input: Node,
    target: Node,
    weight: Node | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """The mean cross entropy of the scores of each row, one for each class it may have."""
    reduction = settled_reduction(reduction, size_average, reduce)
    if input.ndim == 0:
        raise DifftoolError(
            "multilabel_soft_margin_loss takes scores for classes, not a tensor of shape ()",
            kind="shape",
            hint="the last dimension is that of the classes",
        )
    losses = -(target * ops.logsigmoid(input) + (1 - target) * ops.logsigmoid(-input))
    if weight is not None:
        losses = losses * weight
    rows = ops.sum(losses, dim=(input.ndim - 1,)) / input.shape[-1]
    return reduced(rows, reduction)


# ----- Scores of 1 and -1 -----


def _soft_margins(x: Array, y: Array) -> Array:
    powers = np.asarray(np.exp(-y * x))
    np.log1p(powers, out=powers)
    return powers


def _soft_margin_type(x: Node, y: Node) -> Type:
    require_float(x, "soft_margin_loss")
    _require_fit("soft_margin_loss", "target", y, x)
    return Type(x.shape, x.dtype, result_dtype((x, y)))


def _soft_margin_slope(x: Node, y: Node) -> Node:
    powers = ops.exp(-y * x)
    return -y * powers / (1 + powers)


_soft_margin_loss = own_loss(
    "soft_margin_loss(input, target)",
    _soft_margins,
    (_soft_margin_slope,),
    _soft_margin_type,
    grad_fn="SoftMarginLossBackward0",
    scratch=1,
)


@composite(
    f"soft_margin_loss(input, target, {LEGACY})",
    example="soft_margin_loss([-2., 3.], [-1., 1.])",
    checks=reductions("soft_margin_loss(x, tensor([1, -1, 1])", (2, 3), names="x"),
)
def soft_margin_loss(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """log(1 + exp(-target * input)) of scores, for targets of 1 and -1."""
    reduction = settled_reduction(reduction, size_average, reduce)
    refuse_gradient(target, "soft_margin_loss", "target")
    return _soft_margin_loss(input, target, reduction=reduction)
