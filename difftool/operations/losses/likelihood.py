"""Losses of predicted distributions: how unlikely targets are, and how far distributions differ."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Number
from difftool.operations import with_number
from difftool.operations.declare import elementwise, same
from difftool.operations.losses.loss_reduction import (
    LEGACY,
    checked_reduction,
    reduced,
    settled_reduction,
)
from difftool.operations.registry import Array, Check, composite, ops
from difftool.operations.shapes import require_float

# ----- The Kullback-Leibler divergence -----


@composite(
    f"kl_div(input, target, {LEGACY}, log_target: bool = False)",
    example="kl_div(log_softmax([[1., 2.]], 1), [[0.5, 0.5]], reduction='batchmean')",
    checks=(
        Check("kl_div(x, y)", {"x": (2, 3), "y": (2, 3)}, (0.2, 2.0)),
        Check("kl_div(x, y, reduction='batchmean')", {"x": (2, 3), "y": (3,)}, (0.2, 2.0)),
        Check("kl_div(x, y, reduction='sum', log_target=True)", {"x": (3,), "y": (3,)}),
    ),
)
def kl_div(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Node:
    """Kullback-Leibler divergence of log-probabilities from target probabilities."""
    by_rows = reduction == "batchmean"
    way = settled_reduction("sum" if by_rows else reduction, size_average, reduce)
    for node in (input, target):
        require_float(node, "kl_div")
    if log_target:
        losses = ops.exp(target) * (target - input)
    else:
        losses = ops.xlogy(target, target) - target * input
    result = reduced(losses, way)
    return result / input.shape[0] if by_rows and input.ndim else result


# ----- Likelihoods of counts and of real numbers -----


@composite(
    "poisson_nll_loss(input, target, log_input: bool = True, full: bool = False, "
    "size_average: bool | None = None, eps: float = 1e-08, reduce: bool | None = None, "
    "reduction: str = 'mean')",
    example="poisson_nll_loss([0., 1.], [1., 2.])",
    checks=(
        Check("poisson_nll_loss(x, y, full=True)", {"x": (2, 3), "y": (3,)}, (1.1, 2.0)),
        Check("poisson_nll_loss(x, y, False, reduction='none')", {"x": (3,), "y": (3,)}, (1, 2)),
    ),
)
def poisson_nll_loss(
    input: Node,
    target: Node,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """Negative log likelihood of counts, given the rates of Poisson distributions or their logs."""
    way = settled_reduction(reduction, size_average, reduce)
    if log_input:
        losses = ops.exp(input) - target * input
    else:
        losses = input - target * ops.log(with_number.plus(input, eps))
    if full:
        # Stirling's approximation of log(target!).
        root = with_number.times(ops.log(with_number.times(target, 2 * pi)), 0.5)
        stirling = target * ops.log(target) - target + root
        losses = losses + ops.masked_fill(stirling, target <= 1, 0)
    return reduced(losses, way)


def _variance(x: Array, *, eps: float, out: Array | None = None) -> Any:
    if np.any(x < 0):
        raise DifftoolError(
            "a variance is not negative",
            kind="value",
            hint="exp(...) or softplus(...) of a prediction is positive",
        )
    return np.maximum(x, eps, out=out)


# PyTorch keeps variances from being too small where no gradient sees it.
_variance_of = elementwise(
    "clone(input)",
    _variance,
    (lambda g, out, x, *, eps: g,),
    infer=same,
    scratch=0.125,
    grad_fn="CloneBackward0",
    checks=(),
    meaning="",
    example="",
)


def _lined_up(var: Node, input: Node) -> Node:
    """Variances that broadcast to the predictions, of which they may miss the last dimension."""
    shape = input.shape
    if var.shape == shape:
        return var
    if var.shape == shape[:-1]:
        return ops.unsqueeze(var, dim=-1)
    different = [
        own for length, own in zip(shape, var.shape, strict=False) if length != own
    ]
    if var.ndim == input.ndim and sum(different) == 1:
        return var
    raise DifftoolError(
        f"variances of shape {var.shape} don't fit predictions of shape {shape}",
        kind="shape",
        hint="give one for each prediction, or one for each row",
    )


@composite(
    "gaussian_nll_loss(input, target, var: Number, full: bool = False, eps: float = 1e-06, "
    "reduction: str = 'mean')",
    "gaussian_nll_loss(input, target, var, full: bool = False, eps: float = 1e-06, "
    "reduction: str = 'mean')",
    example="gaussian_nll_loss([0., 1.], [1., 1.], [1., 2.])",
    checks=(
        Check(
            "gaussian_nll_loss(x, y, z)", {"x": (2, 3), "y": (2, 3), "z": (2, 1)}, (0.5, 2.0)
        ),
        Check("gaussian_nll_loss(x, y, 0.5, True, reduction='none')", {"x": (3,), "y": (3,)}),
    ),
)
def gaussian_nll_loss(
    input: Node,
    target: Node,
    var: Node | Number,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Node:
    """Negative log likelihood of targets, given the means and variances of normal distributions."""
    reduction = checked_reduction(reduction)
    if not isinstance(var, Node):
        if not isinstance(var, float):
            raise DifftoolError(
                f"gaussian_nll_loss takes a variance with a point, not {var!r}",
                kind="argument",
                hint=f"write {float(var)!r}",
            )
        var = ops.ones_like(input) * var
    require_float(var, "gaussian_nll_loss")
    var = _variance_of(_lined_up(var, input), eps=eps)
    losses = (ops.log(var) + (input - target) ** 2 / var) * 0.5
    if full:
        losses = losses + 0.5 * log(2 * pi)
    return reduced(losses, reduction)
