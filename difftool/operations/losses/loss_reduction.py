"""What losses share: how the errors of single elements are reduced, and losses of one node.

PyTorch's functional losses say by `reduction` what becomes of the single losses; before that they
did by `size_average` and `reduce`, which still count where they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import batch_products
from difftool.operations.accumulation import Accumulation
from difftool.operations.axes import Axes, Labels
from difftool.operations.declare import accumulator
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import broadcast

REDUCTIONS = ("none", "mean", "sum")

# `reduction` and what comes before it in the signature of a loss.
LEGACY = "size_average: bool | None = None, reduce: bool | None = None, reduction: str = 'mean'"


def checked_reduction(reduction: str) -> str:
    """`reduction` itself, if it is one of PyTorch's."""
    if reduction == "elementwise_mean":
        return "mean"
    if reduction not in REDUCTIONS:
        raise DifftoolError(
            f"`{reduction}` is no reduction",
            kind="argument",
            hint="choose 'mean', 'sum' or 'none'",
        )
    return reduction


def settled_reduction(
    reduction: str, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """The reduction that is meant: by what came before `reduction` if that is given."""
    if size_average is None and reduce is None:
        return checked_reduction(reduction)
    if reduce is False:
        return "none"
    return "sum" if size_average is False else "mean"


def reduced(losses: Node, reduction: str) -> Node:
    """The losses' mean, sum, or themselves."""
    if reduction == "none":
        return losses
    return ops.mean(losses) if reduction == "mean" else ops.sum(losses)


def total_of(terms: Array) -> Any:
    """The sum of all; that of half precision could overflow before the mean is taken."""
    return np.sum(terms, dtype=accumulator(terms.dtype, terms.shape, None))


def of_one_shape(input: Node, target: Node) -> tuple[Node, Node]:
    """Prediction and target, the one that is smaller repeated."""
    shape = broadcast(input.shape, target.shape)
    first, second = [x if x.shape == shape else ops.expand(x, shape) for x in (input, target)]
    return first, second


def refuse_gradient(weight: Node | None, function: str, name: str = "weight") -> None:
    """Refuse weights that require a gradient, which PyTorch's loss doesn't have."""
    if weight is not None and weight.requires_grad:
        raise DifftoolError(
            f"{function} is not differentiable by its {name}",
            kind="unsupported",
            hint=f"detach() the {name}, or leave it out of --wrt",
        )


def nothing_ignored() -> DifftoolError:
    return DifftoolError(
        "probabilities have no class to be ignored",
        kind="argument",
        hint="ignore_index is for class indices",
    )


def require_weights(weight: Node, input: Node) -> None:
    """Refuse weights that are not one for each element of the prediction."""
    if weight.shape != input.shape:
        raise DifftoolError(
            f"weight has shape {weight.shape}, the input {input.shape}",
            kind="shape",
            hint="give one weight for each element",
        )


# PyTorch's least square, and least product of two probabilities: 1e-12 in single precision.
SMALL = float(np.float32(1e-12))

# ----- Losses of one node -----


def _full_shape(node: Node) -> Shape:
    """The shape of the single losses."""
    return node.shape or broadcast(*[source.shape for source in node.inputs])


def _axes(node: Node) -> Axes:
    """Operands line up from the right; without a reduction the result has their shape."""
    full = _full_shape(node)

    def labels(source: Node) -> Labels:
        missing = len(full) - source.ndim
        return tuple([
            missing + axis if length == full[missing + axis] else None
            for axis, length in enumerate(source.shape)
        ])

    result = tuple(range(len(full))) if node.shape else ()
    return Axes(result, tuple([labels(source) for source in node.inputs]))


def _layout(node: Node, *steps: Strides) -> Strides:
    """Each loss stands where the operands' elements do."""
    return layout.elementwise(node, *steps) if node.shape else ()


def own_loss(
    signature: str,
    terms: Callable[..., Array],
    slopes: tuple[Callable[..., Node] | None, ...],
    infer: Callable[..., Type],
    *,
    grad_fn: str,
    scratch: float,
) -> Operation:
    """A loss that is one node, whatever its reduction.

    Args:
        signature: its name and its operands.
        terms: the single losses of arrays, in an array of their own.
        slopes: the derivatives of the single losses by each operand, `(*inputs, **parameters)`.
        infer: the type of the single losses; its parameters are the loss's besides `reduction`.
        grad_fn: PyTorch's name for it.
        scratch: the arrays that `terms` fills besides its result.
    """

    def type_of(*inputs: Node, reduction: str, **rest: Any) -> Type:
        type_ = infer(*inputs, **rest)
        shape = type_.shape if reduction == "none" else ()
        return type_._replace(shape=shape, parameters={"reduction": reduction, **rest})

    def kernel(*arrays: Array, reduction: str, **rest: Any) -> Any:
        losses = terms(*arrays, **rest)
        if reduction == "none":
            return losses
        total = total_of(losses)
        return total / losses.size if reduction == "mean" else total

    def rule(slope: Callable[..., Node]) -> Callable[..., Node]:
        def gradient(
            g: Node, out: Node, *inputs: Node, reduction: str, **rest: Any
        ) -> Node:
            size = inputs[0].size
            if reduction == "mean" and size:
                g = g * (1 / size)
            return slope(*inputs, **rest) * g

        return gradient

    def finish(node: Node, total: Any) -> Any:
        mean = node.parameters["reduction"] == "mean"
        return total / node.inputs[0].size if mean else total

    def share(*blocks: Array, reduction: str, **rest: Any) -> Any:
        return total_of(terms(*blocks, **rest))

    return Operation(
        (signature,),
        kernel,
        type_of,
        tuple([slope and rule(slope) for slope in slopes]),
        grad_fn=grad_fn,
        layout=_layout,
        batch=batch_products.reduced_loss,
        axes=_axes,
        accumulation=Accumulation(share, finish=finish),
        scratch=lambda node: scratch + (0 if node.parameters["reduction"] == "none" else 1),
        meaning="",
        example="",
    )


def reductions(call: str, *shapes: Shape, names: str = "xy", **rest: Any) -> tuple[Check, ...]:
    """A check of each reduction of a loss: `call` without its closing parenthesis."""
    inputs = dict(zip(names, shapes, strict=True))
    return tuple(
        [Check(f"{call}, reduction='{name}')", inputs, **rest) for name in REDUCTIONS]
    )
