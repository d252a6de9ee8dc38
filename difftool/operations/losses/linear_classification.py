"""The loss of classes predicted by a linear layer, which PyTorch has as one function.

`classification` has the losses of classes whose scores are there already.
"""

from __future__ import annotations

from math import prod
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.losses.loss_reduction import nothing_ignored
from difftool.operations.registry import Check, composite, ops


@composite(
    "linear_cross_entropy(input, linear_weight, target, *, linear_bias: Tensor | None = None, "
    "weight: Tensor | None = None, reduction: str = 'mean', ignore_index: int | None = None, "
    "label_smoothing: float = 0.0, options: Any = None)",
    example="linear_cross_entropy([[1., 2.]], [[1., 0.], [0., 1.]], tensor([1]))",
    checks=(
        Check("linear_cross_entropy(x, y, tensor([0, 2]))", {"x": (2, 2), "y": (3, 2)}),
        Check(
            "linear_cross_entropy(x, y, tensor([0, 2]), linear_bias=z)",
            {"x": (2, 2), "y": (3, 2), "z": (3,)},
        ),
    ),
)
def linear_cross_entropy(
    input: Node,
    linear_weight: Node,
    target: Node,
    linear_bias: Node | None = None,
    weight: Node | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Node:
    """Cross entropy of the scores that a linear layer gives its input."""
    if options is not None:
        raise DifftoolError(
            "linear_cross_entropy has no options here",
            kind="unsupported",
            hint="leave them out: --max-memory bounds the memory",
        )
    if input.ndim not in (1, 2) or linear_weight.ndim < 2:
        raise _no_layer(input, linear_weight)
    rows, (count, *rest, _) = input.shape[:-1], linear_weight.shape
    if input.shape[-1] != linear_weight.shape[-1] or (rest and not rows):
        raise _no_layer(input, linear_weight)
    if linear_bias is not None and linear_bias.shape != (count, *rest):
        raise DifftoolError(
            f"linear_bias has shape {linear_bias.shape}, the scores are {(count, *rest)}",
            kind="shape",
            hint="give one for each score",
        )
    shape = (*rows, count, *rest)
    if target.shape == shape and ignore_index is not None:
        raise nothing_ignored()
    if rest:
        linear_weight = ops.reshape(linear_weight, (count * prod(rest), input.shape[-1]))
        if linear_bias is not None:
            linear_bias = ops.reshape(linear_bias, (count * prod(rest),))
    scores = ops.reshape(ops.linear(input, linear_weight, linear_bias), shape)
    return ops.cross_entropy(
        scores,
        target,
        weight,
        reduction=reduction,
        ignore_index=-100 if ignore_index is None else ignore_index,
        label_smoothing=label_smoothing,
    )


def _no_layer(input: Node, weight: Node) -> DifftoolError:
    return DifftoolError(
        f"linear_cross_entropy can't multiply an input of shape {input.shape} by weights of shape "
        f"{weight.shape}",
        kind="shape",
        hint="they are (rows, features) and (classes, features), or (classes, ..., features)",
    )
