"""Normalisations over rows and positions, for each channel, by their own or by running statistics.

In training PyTorch changes the running statistics in place too; here nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.declare import summed_to
from difftool.operations.network.standardization import (
    affine_map,
    applied,
    formatted,
    normalization,
    normalized_type,
    parameters_fit,
    require_several,
    weighed,
    with_trailing,
)
from difftool.operations.registry import Array, Check, Operation, Rule, composite, ops
from difftool.operations.shapes import require_float

_batch = normalization("batch_norm", "NativeBatchNormBackward0")

# ----- Over rows and positions, for each channel -----


def _with_statistics(
    x: Array, mean: Array, variance: Array, *factors: Array, affine: str, eps: float
) -> Array:
    trailing = x.ndim - 2
    shape = with_trailing(mean.shape, trailing)
    centred = np.asarray(x - mean.reshape(shape))
    scale = 1 / np.sqrt(variance + x.dtype.type(eps))
    np.multiply(centred, scale.reshape(shape), out=centred)
    return affine_map(centred, factors, affine, trailing)


def _scaled_by(x: Node, variance: Node, eps: float) -> Node:
    return ops.reshape(ops.rsqrt(variance + eps), with_trailing(variance.shape, x.ndim - 2))


def _fixed_input(
    g: Node, out: Node, x: Node, mean: Node, variance: Node, *factors: Node, affine: str, eps: float
) -> Node:
    return weighed(g, factors, affine, x.ndim - 2) * _scaled_by(x, variance, eps)


def _fixed_factor(position: int) -> Rule:
    def rule(
        g: Node,
        out: Node,
        x: Node,
        mean: Node,
        variance: Node,
        *factors: Node,
        affine: str,
        eps: float,
    ) -> Node:
        shape = with_trailing(mean.shape, x.ndim - 2)
        if affine[position - 3] == "w":
            g = g * ((x - ops.reshape(mean, shape)) * _scaled_by(x, variance, eps))
        gradient: Node = ops.reshape(summed_to(g, shape), mean.shape)
        return gradient

    return rule


def _fixed_rule(position: int) -> Rule | None:
    if position == 0:
        return _fixed_input
    return _fixed_factor(position) if position > 2 else None


def _fixed_cuts(node: Node) -> Axes:
    own = tuple(range(node.ndim))
    return Axes(own, (own, *[(1,)] * (len(node.inputs) - 1)))


_batch_fixed = Operation(
    ("batch_norm(input)",),
    _with_statistics,
    normalized_type,
    _fixed_rule,
    grad_fn="NativeBatchNormBackward0",
    layout=formatted,
    axes=_fixed_cuts,
    meaning="",
    example="",
)


def _statistics(
    function: str, input: Node, mean: Node | None, variance: Node | None, needed: bool
) -> list[Node]:
    """The running statistics, if they are given: one number a channel, without gradients."""
    given = [node for node in (mean, variance) if node is not None]
    if len(given) == 1 or (needed and not given):
        raise DifftoolError(
            f"{function} takes running_mean and running_var together"
            + (", and needs them here" if needed else ""),
            kind="argument",
            hint="give both, or normalise by the input's own mean and variance",
        )
    for node in given:
        if node.requires_grad:
            raise DifftoolError(
                f"{function} is not differentiable by its running statistics",
                kind="unsupported",
                hint="detach() them, or leave them out of --wrt",
            )
    channels = input.shape[1] if input.ndim > 1 else 0
    parameters_fit(function, input, given, (channels,))
    return given


@composite(
    "batch_norm(input, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, "
    "running_var: Tensor | None, training: bool, momentum: float, eps: float, "
    "cudnn_enabled: bool)",
    "batch_norm(input, running_mean: Tensor | None, running_var: Tensor | None, "
    "weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False, "
    "momentum: float = 0.1, eps: float = 1e-05)",
    example="batch_norm([[1., 2.], [5., 8.]], None, None, training=True)",
    checks=(
        Check("batch_norm(x, None, None, y, y, training=True)", {"x": (3, 2), "y": (2,)}),
        Check(
            "batch_norm(x, [0.5, 1.], [1., 2.], y, z)", {"x": (2, 2, 3), "y": (2,), "z": (2,)}
        ),
        Check("batch_norm(x, None, None, training=True) ^ 2", {"x": (2, 2, 3)}),
    ),
)
def batch_norm(
    input: Node,
    running_mean: Node | None,
    running_var: Node | None,
    weight: Node | None = None,
    bias: Node | None = None,
    training: bool = False,
    momentum: float | None = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Node:
    """(x - mean) / deviation of each channel (dim 1), own or running; times weight plus bias."""
    require_float(input, "batch_norm")
    statistics = _statistics("batch_norm", input, running_mean, running_var, not training)
    if input.ndim < 2 and input.size:
        raise DifftoolError(
            f"batch_norm takes 2 dimensions or more, not a tensor of shape {input.shape}",
            kind="shape",
            hint="the input is (rows, channels, ...)",
        )
    if training and input.size:
        require_several("batch_norm", input, input.size // input.shape[1])
    if eps < 0 or (training and eps == 0):
        raise DifftoolError(
            f"batch_norm has eps={eps}", kind="argument", hint="give a number above 0"
        )
    return _by_channel(input, weight, bias, statistics, training, eps)


def _of_nothing(input: Node, weight: Node | None, bias: Node | None) -> Node:
    """What PyTorch makes of an input without elements."""
    result: Node = ops.clone(input)
    if weight is not None:
        result = result * ops.select(weight, dim=0, index=0)
    return result if bias is None else result + ops.select(bias, dim=0, index=0)


def _by_channel(
    input: Node,
    weight: Node | None,
    bias: Node | None,
    statistics: Sequence[Node],
    training: bool,
    eps: float,
) -> Node:
    if input.size == 0:
        return _of_nothing(input, weight, bias)
    shape: Shape = (input.shape[1],)
    if training:
        dims = tuple([axis for axis in range(input.ndim) if axis != 1])
        trailing = input.ndim - 2
        return applied(
            _batch, input, weight, bias, shape=shape, dims=dims, trailing=trailing, eps=eps
        )
    factors = [factor for factor in (weight, bias) if factor is not None]
    parameters_fit("batch_norm", input, factors, shape)
    affine = ("" if weight is None else "w") + ("" if bias is None else "b")
    return _batch_fixed(input, *statistics, *factors, affine=affine, eps=eps)


@composite(
    "instance_norm(input, weight: Tensor | None, bias: Tensor | None, "
    "running_mean: Tensor | None, running_var: Tensor | None, use_input_stats: bool, "
    "momentum: float, eps: float, cudnn_enabled: bool)",
    "instance_norm(input, running_mean: Tensor | None = None, running_var: Tensor | None = None, "
    "weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: bool = True, "
    "momentum: float = 0.1, eps: float = 1e-05)",
    example="instance_norm([[[1., 2., 6.]]])",
    checks=(
        Check("instance_norm(x) * x", {"x": (2, 2, 3)}),
        Check("instance_norm(x, weight=y, bias=y)", {"x": (2, 2, 3), "y": (2,)}),
    ),
)
def instance_norm(
    input: Node,
    running_mean: Node | None = None,
    running_var: Node | None = None,
    weight: Node | None = None,
    bias: Node | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Node:
    """batch_norm of each row by itself: its channels are so many more channels."""
    require_float(input, "instance_norm")
    statistics = _statistics(
        "instance_norm", input, running_mean, running_var, not use_input_stats
    )
    if use_input_stats:
        require_several("instance_norm", input, prod(input.shape[2:]))
    rows = input.shape[0]

    def repeated(node: Node | None) -> Node | None:
        return None if node is None else ops.repeat(node, repeats=(rows,))

    viewed = ops.reshape(
        ops.contiguous(input), (1, rows * input.shape[1], *input.shape[2:])
    )
    given = [ops.repeat(node, repeats=(rows,)) for node in statistics]
    result = _by_channel(
        viewed, repeated(weight), repeated(bias), given, use_input_stats, eps
    )
    return ops.reshape(result, input.shape)
