"""Normalisations over the last dimensions, over groups of channels and over neighbouring ones.

`batch_normalization` has those over rows and positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node
from difftool.operations import with_number
from difftool.operations.network.standardization import (
    Dims,
    applied,
    arranged,
    normalization,
    require_several,
)
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import require_float

_layer = normalization("layer_norm", "NativeLayerNormBackward0", by_channel=False)
# The distance from 1 to the next number, by the bytes of a number.
_EPSILON = {8: 2.0**-52, 4: 2.0**-23, 2: 2.0**-10}

_group = normalization("group_norm", "NativeGroupNormBackward0")

# ----- Over the last dimensions -----


def _last_dims(function: str, input: Node, normalized_shape: Sequence[int]) -> Dims:
    """The dimensions that `normalized_shape` is the shape of."""
    count = len(normalized_shape)
    if count == 0 or input.shape[-count:] != tuple(normalized_shape) or count > input.ndim:
        raise DifftoolError(
            f"{function} over the shape {tuple(normalized_shape)} does not fit a tensor "
            f"of shape {input.shape}",
            kind="shape",
            hint="normalized_shape is the shape of the last dimensions, at least one",
        )
    return tuple(range(input.ndim - count, input.ndim))


@composite(
    "layer_norm(input, normalized_shape: Size, weight: Tensor | None = None, "
    "bias: Tensor | None = None, eps: float = 1e-05, cudnn_enable: bool = True)",
    example="layer_norm([[1., 2., 6.]], (3,))",
    checks=(
        Check("layer_norm(x, (3,))", {"x": (2, 3)}),
        Check("layer_norm(x, (3,), y, z)", {"x": (2, 3), "y": (3,), "z": (3,)}),
        Check("layer_norm(x, (2, 3), bias=y) ^ 2", {"x": (2, 3), "y": (2, 3)}),
    ),
)
def layer_norm(
    input: Node,
    normalized_shape: Sequence[int],
    weight: Node | None = None,
    bias: Node | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Node:
    """Mean 0 and variance 1 over the last dimensions, times weight, plus bias."""
    dims = _last_dims("layer_norm", input, normalized_shape)
    shape = tuple(normalized_shape)
    return applied(_layer, input, weight, bias, shape=shape, dims=dims, trailing=0, eps=eps)


@composite(
    "rms_norm(input, normalized_shape: Size, weight: Tensor | None = None, "
    "eps: float | None = None)",
    example="rms_norm([[1., 2., 6.]], (3,))",
    checks=(
        Check("rms_norm(x, (3,))", {"x": (2, 3)}),
        Check("rms_norm(x, (3,), y, 0.1)", {"x": (2, 3), "y": (3,)}),
    ),
)
def rms_norm(
    input: Node,
    normalized_shape: Sequence[int],
    weight: Node | None = None,
    eps: float | None = None,
) -> Node:
    """Mean square 1 over the last dimensions, times weight."""
    require_float(input, "rms_norm")
    dims = _last_dims("rms_norm", input, normalized_shape)
    if weight is not None and weight.shape != tuple(normalized_shape):
        raise DifftoolError(
            f"rms_norm over the shape {tuple(normalized_shape)} has a weight of shape "
            f"{weight.shape}",
            kind="shape",
            hint="the weight has just that shape",
        )
    x = ops.to(input, dtype=float32) if input.dtype == float16 else input
    least = _EPSILON[input.dtype.itemsize] if eps is None else eps
    square = with_number.plus(ops.mean(x**2, dim=dims, keepdim=True), least)
    result = x * ops.rsqrt(square)
    if weight is not None:
        result = result * weight
    return ops.to(arranged(result), dtype=input.dtype)


# ----- Over groups of channels -----


@composite(
    "group_norm(input, num_groups: int, weight: Tensor | None = None, "
    "bias: Tensor | None = None, eps: float = 1e-05, cudnn_enabled: bool = True)",
    example="group_norm([[1., 2., 6., 8.]], 2)",
    checks=(
        Check("group_norm(x, 2) * x", {"x": (2, 4)}),
        Check("group_norm(x, 1, y, z)", {"x": (2, 2, 3), "y": (2,), "z": (2,)}),
    ),
)
def group_norm(
    input: Node,
    num_groups: int,
    weight: Node | None = None,
    bias: Node | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Node:
    """Mean 0 and variance 1 in each group of channels (dim 1), times weight, plus bias."""
    if input.ndim < 2 or num_groups < 1 or input.shape[1] % num_groups:
        raise DifftoolError(
            f"group_norm can't divide a tensor of shape {input.shape} into {num_groups} groups",
            kind="shape",
            hint="dimension 1, the channels, has to be a multiple of num_groups",
        )
    channels = input.shape[1]
    require_several(
        "group_norm", input, input.shape[0] * channels // num_groups * prod(input.shape[2:])
    )
    return applied(
        _group,
        arranged(input),
        weight,
        bias,
        shape=(channels,),
        dims=(2,),
        groups=num_groups,
        trailing=input.ndim - 2,
        eps=eps,
    )


# ----- Over neighbouring channels -----


@composite(
    "local_response_norm(input, size: int, alpha: float = 0.0001, beta: float = 0.75, "
    "k: float = 1.0)",
    example="local_response_norm([[[1.], [2.], [6.]]], 2)",
    checks=(
        Check("local_response_norm(x, 2, 0.5)", {"x": (1, 3, 2)}),
        Check("local_response_norm(x, 3, 0.5, 0.5, 2)", {"x": (1, 3, 1, 2)}),
    ),
)
def local_response_norm(
    input: Node, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Node:
    """x / (k + alpha * mean of x^2 over `size` neighbouring channels) ^ beta."""
    if input.ndim < 3:
        raise DifftoolError(
            f"local_response_norm takes 3 dimensions or more, not {input.ndim}",
            kind="shape",
            hint="the input is (rows, channels, positions, ...)",
        )
    if input.size == 0:
        return input
    before, after = size // 2, (size - 1) // 2
    square = input * input
    if input.ndim == 3:
        padded = ops.constant_pad_nd(ops.unsqueeze(square, dim=1), pad=(0, 0, before, after))
        mean = ops.squeeze(ops.avg_pool2d(padded, kernel_size=(size, 1), stride=1), dim=1)
    else:
        rows, channels, height = input.shape[:3]
        viewed = ops.view(square, (rows, 1, channels, height, -1))
        padded = ops.constant_pad_nd(viewed, pad=(0, 0, 0, 0, before, after))
        pooled = ops.avg_pool3d(padded, kernel_size=(size, 1, 1), stride=1)
        mean = ops.view(ops.squeeze(pooled, dim=1), input.shape)
    return input / (mean * alpha + k) ** beta
