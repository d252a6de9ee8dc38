"""Losses of how near things are to each other: of pairs that are alike or not, and of triples.

PyTorch composes them of other functions, and these are composed of the same.
"""

from __future__ import annotations

from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import with_number
from difftool.operations.losses.loss_reduction import (
    LEGACY,
    SMALL,
    checked_reduction,
    reduced,
    settled_reduction,
)
from difftool.operations.registry import Check, composite, ops


def _refused(function: str, what: str, hint: str, kind: str = "shape") -> DifftoolError:
    return DifftoolError(f"{function} {what}", kind=kind, hint=hint)


# ----- Pairs: targets are 1 for those that are alike, -1 for others -----


@composite(
    f"hinge_embedding_loss(input, target, margin: float = 1.0, {LEGACY})",
    example="hinge_embedding_loss([0.5, 2.], tensor([1, -1]))",
    checks=(Check("hinge_embedding_loss(x, tensor([1, -1, -1]), 3)", {"x": (2, 3)}),),
)
def hinge_embedding_loss(
    input: Node,
    target: Node,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """Distances of pairs that are alike, and what others lack to the margin."""
    way = settled_reduction(reduction, size_average, reduce)
    zeros = ops.zeros(input.shape, dtype=input.dtype)
    lacking = ops.clamp_min(with_number.taken_from(input, margin), 0)
    other = ops.where(ops.ne(target, 1), lacking, zeros)
    return reduced(other + ops.where(ops.ne(target, -1), input, zeros), way)


@composite(
    f"margin_ranking_loss(input1, input2, target, margin: float = 0.0, {LEGACY})",
    example="margin_ranking_loss([1., 2.], [2., 1.], tensor([1, 1]))",
    checks=(
        Check("margin_ranking_loss(x, y, z, 5)", {"x": (3,), "y": (3,), "z": (3,)}, (-1, 1)),
    ),
)
def margin_ranking_loss(
    input1: Node,
    input2: Node,
    target: Node,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """What the first numbers lack to be above (target 1) or below (-1) the second by the margin."""
    way = settled_reduction(reduction, size_average, reduce)
    if not input1.ndim == input2.ndim == target.ndim:
        raise _refused(
            "margin_ranking_loss",
            f"takes tensors of one number of dimensions, not shapes {input1.shape}, "
            f"{input2.shape} and {target.shape}",
            "x[None] puts a dimension in front",
        )
    return reduced(ranked(input1, input2, target, margin), way)


def ranked(input1: Node, input2: Node, target: Node, margin: float) -> Node:
    """The losses of pairs of numbers."""
    return ops.clamp_min(with_number.plus(-target * (input1 - input2), margin), 0)


@composite(
    f"cosine_embedding_loss(input1, input2, target, margin: float = 0.0, {LEGACY})",
    example="cosine_embedding_loss([[1., 0.]], [[1., 1.]], tensor([1]))",
    checks=(
        Check(
            "cosine_embedding_loss(x, y, tensor([1, -1]))", {"x": (2, 3), "y": (2, 3)}, (0.5, 2.0)
        ),
    ),
)
def cosine_embedding_loss(
    input1: Node,
    input2: Node,
    target: Node,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """One less the cosine for vectors that are alike, the cosine above the margin for others."""
    way = settled_reduction(reduction, size_average, reduce)
    dim = target.ndim
    if dim > 1 or input1.ndim != dim + 1 or input2.ndim != dim + 1:
        raise _refused(
            "cosine_embedding_loss",
            f"takes two matrices and a target for each row, or two vectors and one target, not "
            f"shapes {input1.shape}, {input2.shape} and {target.shape}",
            "flatten() or x[None] makes them so",
        )
    product = ops.sum(input1 * input2, dim=(dim,))
    first, second = [
        with_number.plus(ops.sum(x * x, dim=(dim,)), SMALL) for x in (input1, input2)
    ]
    cosine = product / ops.sqrt(first * second)
    zeros = ops.zeros(cosine.shape, dtype=cosine.dtype)
    alike = with_number.taken_from(cosine, 1)
    other = ops.clamp_min(with_number.minus(cosine, margin), 0)
    losses = ops.where(ops.eq(target, 1), alike, zeros)
    return reduced(losses + ops.where(ops.eq(target, -1), other, zeros), way)


# ----- Triples: an anchor is nearer to what is like it than to what is not -----


def _require_margin(margin: float) -> None:
    if not margin > 0:
        raise _refused("the margin", f"is positive, not {margin}", "1 is usual", "argument")


def _require_ranks(anchor: Node, positive: Node, negative: Node) -> None:
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise _refused(
            "a triplet loss",
            f"takes tensors of one number of dimensions, not shapes {anchor.shape}, "
            f"{positive.shape} and {negative.shape}",
            "x[None] puts a dimension in front",
        )


@composite(
    "triplet_margin_loss(anchor, positive, negative, margin: float = 1.0, p: float = 2.0, "
    f"eps: float = 1e-06, swap: bool = False, {LEGACY})",
    example="triplet_margin_loss([[0., 0.]], [[1., 0.]], [[0., 1.5]])",
    checks=(
        Check("triplet_margin_loss(x, y, z, 5)", {"x": (2, 3), "y": (2, 3), "z": (2, 3)}),
        Check(
            "triplet_margin_loss(x, y, z, 5, 3, swap=True)", {"x": (3,), "y": (3,), "z": (3,)}
        ),
    ),
)
def triplet_margin_loss(
    anchor: Node,
    positive: Node,
    negative: Node,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """What the distance to the negative lacks to be the margin above that to the positive."""
    way = settled_reduction(reduction, size_average, reduce)
    _require_margin(margin)
    return reduced(tripled(anchor, positive, negative, margin, p, eps, swap), way)


def tripled(
    anchor: Node,
    positive: Node,
    negative: Node,
    margin: float,
    p: float,
    eps: float,
    swap: bool,
) -> Node:
    """The losses of triples of vectors."""
    _require_ranks(anchor, positive, negative)
    near, far = [
        ops.pairwise_distance(anchor, other, p=p, eps=eps) for other in (positive, negative)
    ]
    if swap:
        far = ops.minimum(far, ops.pairwise_distance(positive, negative, p=p, eps=eps))
    return ops.clamp_min(with_number.plus(near, margin) - far, 0)


@composite(
    "triplet_margin_with_distance_loss(anchor, positive, negative, *, "
    "distance_function: Any = None, margin: float = 1.0, swap: bool = False, "
    "reduction: str = 'mean')",
    example="triplet_margin_with_distance_loss([[0., 0.]], [[1., 0.]], [[0., 1.5]])",
    checks=(
        Check(
            "triplet_margin_with_distance_loss(x, y, z, margin=5)",
            {"x": (2, 3), "y": (2, 3), "z": (2, 3)},
        ),
    ),
)
def triplet_margin_with_distance_loss(
    anchor: Node,
    positive: Node,
    negative: Node,
    distance_function: Any = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Node:
    """triplet_margin_loss, in PyTorch for any distance; here for pairwise_distance."""
    reduction = checked_reduction(reduction)
    if distance_function is not None:
        raise _refused(
            "triplet_margin_with_distance_loss",
            "takes no other distance than pairwise_distance",
            "clamp_min(margin + d(x, y) - d(x, z), 0) is the loss of a distance d",
            "unsupported",
        )
    _require_margin(margin)
    _require_ranks(anchor, positive, negative)
    near, far = [ops.pairwise_distance(anchor, other) for other in (positive, negative)]
    if swap:
        far = ops.minimum(far, ops.pairwise_distance(positive, negative))
    return reduced(ops.clamp_min(near + margin - far, 0), reduction)
