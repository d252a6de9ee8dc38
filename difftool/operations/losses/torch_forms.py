"""Losses as `torch` itself has them, besides those of torch.nn.functional under the same names.

Their reductions are numbers: 0 for none, which is what counts if none is given, 1 for the mean, 2
for the sum. They check less.
"""

from __future__ import annotations

from typing import Any

from difftool.graph.node import Node
from difftool.operations.losses import ctc, pairs_and_triples
from difftool.operations.losses.loss_reduction import REDUCTIONS, reduced
from difftool.operations.registry import composite, ops


def _named(reduction: int) -> str:
    """PyTorch takes other numbers for 0, where it composes a loss."""
    return REDUCTIONS[reduction] if 0 <= reduction < len(REDUCTIONS) else "none"


@composite(
    "torch.kl_div(input, target, reduction: int = 0, *, log_target: bool = False)",
    example="torch.kl_div([-1., -2.], [0.5, 0.5], 2)",
)
def kl_div(input: Node, target: Node, reduction: int = 0, log_target: bool = False) -> Node:
    """kl_div with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ops.kl_div(input, target, reduction=_named(reduction), log_target=log_target)


@composite(
    "torch.poisson_nll_loss(input, target, log_input: bool, full: bool, eps: float, "
    "reduction: int)",
    example="torch.poisson_nll_loss([0., 1.], [1., 2.], True, False, 1e-8, 1)",
)
def poisson_nll_loss(
    input: Node, target: Node, log_input: bool, full: bool, eps: float, reduction: int
) -> Node:
    """poisson_nll_loss with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ops.poisson_nll_loss(
        input, target, log_input, full, eps=eps, reduction=_named(reduction)
    )


@composite(
    "torch.hinge_embedding_loss(input, target, margin: float = 1.0, reduction: int = 0)",
    example="torch.hinge_embedding_loss([0.5, 2.], tensor([1, -1]))",
)
def hinge_embedding_loss(
    input: Node, target: Node, margin: float = 1.0, reduction: int = 0
) -> Node:
    """hinge_embedding_loss with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ops.hinge_embedding_loss(input, target, margin, reduction=_named(reduction))


@composite(
    "torch.margin_ranking_loss(input1, input2, target, margin: float = 0.0, reduction: int = 0)",
    example="torch.margin_ranking_loss([1., 2.], [2., 1.], tensor([1, 1]))",
)
def margin_ranking_loss(
    input1: Node, input2: Node, target: Node, margin: float = 0.0, reduction: int = 0
) -> Node:
    """margin_ranking_loss with a numbered reduction; its operands broadcast."""
    return reduced(pairs_and_triples.ranked(input1, input2, target, margin), _named(reduction))


@composite(
    "torch.cosine_embedding_loss(input1, input2, target, margin: float = 0.0, "
    "reduction: int = 0)",
    example="torch.cosine_embedding_loss([[1., 0.]], [[1., 1.]], tensor([1]))",
)
def cosine_embedding_loss(
    input1: Node, input2: Node, target: Node, margin: float = 0.0, reduction: int = 0
) -> Node:
    """cosine_embedding_loss with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ops.cosine_embedding_loss(
        input1, input2, target, margin, reduction=_named(reduction)
    )


@composite(
    "torch.triplet_margin_loss(anchor, positive, negative, margin: float = 1.0, "
    "p: float = 2.0, eps: float = 1e-06, swap: bool = False, reduction: int = 0)",
    example="torch.triplet_margin_loss([[0., 0.]], [[1., 0.]], [[0., 1.5]])",
)
def triplet_margin_loss(
    anchor: Node,
    positive: Node,
    negative: Node,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Node:
    """triplet_margin_loss with a numbered reduction, and with any margin."""
    losses = pairs_and_triples.tripled(anchor, positive, negative, margin, p, eps, swap)
    return reduced(losses, _named(reduction))


@composite(
    "torch.binary_cross_entropy_with_logits(input, target, weight: Tensor | None = None, "
    "pos_weight: Tensor | None = None, reduction: int = 0)",
    example="torch.binary_cross_entropy_with_logits([-2., 3.], [0., 1.])",
)
def binary_cross_entropy_with_logits(
    input: Node,
    target: Node,
    weight: Node | None = None,
    pos_weight: Node | None = None,
    reduction: int = 0,
) -> Node:
    """binary_cross_entropy_with_logits with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ops.binary_cross_entropy_with_logits(
        input, target, weight, pos_weight=pos_weight, reduction=_named(reduction)
    )


@composite(
    "torch.ctc_loss(log_probs, targets: IndexTensor, input_lengths: Any, target_lengths: Any, "
    "blank: int = 0, reduction: int = 0, zero_infinity: bool = False)",
    example="torch.ctc_loss(log_softmax(ones(4, 1, 3), 2), tensor([[1, 2]]), (4,), (2,))",
)
def ctc_loss(
    log_probs: Node,
    targets: Node,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: int = 0,
    zero_infinity: bool = False,
) -> Node:
    """ctc_loss with a numbered reduction: 0 none, 1 mean, 2 sum."""
    return ctc.sequence_losses(
        log_probs,
        targets,
        input_lengths,
        target_lengths,
        blank,
        _named(reduction),
        zero_infinity,
    )
