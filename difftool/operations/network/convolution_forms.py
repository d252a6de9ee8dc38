"""Convolutions as they are called: by their number of dimensions, with padding worked out.

All make a node of `convolution`; an input without a batch dimension gets one and loses it again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import axes
from difftool.operations.network.convolution import weight_gradient
from difftool.operations.network.convolution_kernel import convolved
from difftool.operations.network.windows import Lengths, extent, for_each, require_dims, with_batch
from difftool.operations.registry import Array, Check, Composite, Operation, Type, ops
from difftool.operations.shapes import require_float


def _evenly_padded(
    input: Node, kernel: Shape, stride: Shape, dilation: Shape
) -> tuple[Node, Shape]:
    """Padding that keeps the size; where it is odd, one zero more comes behind, beforehand."""
    if any([step != 1 for step in stride]):
        raise DifftoolError(
            f"padding='same' goes with a stride of 1, not {stride}",
            kind="argument",
            hint="give the padding as a number",
        )
    total = [reach - 1 for reach in extent(kernel, dilation)]
    behind = [each % 2 for each in total]
    if any(behind):
        pad = [each for extra in reversed(behind) for each in (0, extra)]
        input = ops.constant_pad_nd(input, pad=pad)
    return input, tuple([each // 2 for each in total])


# ----- Plain convolutions -----


def _plain(count: int) -> Composite:
    name = f"conv{count}d"

    def compose(
        input: Node,
        weight: Node,
        bias: Node | None = None,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
    ) -> Node:
        require_dims(name, input, count)
        batch, batched = with_batch(input, count)
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise DifftoolError(
                    f"`{padding}` is no padding",
                    kind="argument",
                    hint="choose 'same' or 'valid', or give numbers",
                )
            if padding == "same" and weight.ndim == count + 2:
                steps = for_each(stride, count, "stride")
                apart = for_each(dilation, count, "dilation")
                batch, padding = _evenly_padded(batch, weight.shape[2:], steps, apart)
            else:
                padding = 0
        result = ops.convolution(
            batch,
            weight,
            bias,
            stride=stride,
            padding=padding,
            dilation=dilation,
            transposed=False,
            output_padding=0,
            groups=groups,
        )
        return result if batched else ops.squeeze(result, dim=0)

    first = "input, weight, bias: Tensor | None = None, stride: Size = 1"
    last = "dilation: Size = 1, groups: int = 1"
    ones = ", ".join(["1", "1", *["2"] * count])
    plain = {"x": (1, 2, *(2,) * count), "y": (1, 2, *(2,) * (count - 1), 1)}
    # One zero more behind, and a bias.
    even = {"x": (2, 3), "y": (2, 1, 2), "z": (2,)}
    return Composite(
        (
            f"{name}({first}, padding: Size = 0, {last})",
            f"{name}({first}, padding: str = 'valid', {last})",
        ),
        compose,
        meaning=f"Convolution in {count} dimension{'s' if count > 1 else ''}: "
        "weighted sums over sliding windows.",
        example=f"{name}(ones(1, 1, {', '.join(['3'] * count)}), ones({ones}))",
        checks=(
            Check(f"{name}(x, y)", plain),
            *([Check(f"{name}(x, y, z, 1, 'same', 1, 2)", even)] if count == 1 else []),
        ),
    )


conv1d = _plain(1)
conv2d = _plain(2)
conv3d = _plain(3)


# ----- Transposed ones -----


def _transposed(count: int) -> Composite:
    name = f"conv_transpose{count}d"

    def compose(
        input: Node,
        weight: Node,
        bias: Node | None = None,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        dilation: Lengths = 1,
    ) -> Node:
        require_dims(name, input, count)
        batch, batched = with_batch(input, count)
        result = ops.convolution(
            batch,
            weight,
            bias,
            stride=stride,
            padding=padding,
            dilation=dilation,
            transposed=True,
            output_padding=output_padding,
            groups=groups,
        )
        return result if batched else ops.squeeze(result, dim=0)

    twos = ", ".join(["2"] * count)
    shapes = {"x": (1, *(2,) * count), "y": (1, 1, 2, *(1,) * (count - 1))}
    return Composite(
        (
            f"{name}(input, weight, bias: Tensor | None = None, stride: Size = 1, "
            "padding: Size = 0, output_padding: Size = 0, groups: int = 1, dilation: Size = 1)",
        ),
        compose,
        meaning=f"Transposed convolution in {count} dimension{'s' if count > 1 else ''}: "
        "what passes gradients back through one.",
        example=f"{name}(ones(1, 1, {twos}), ones(1, 1, {twos}), stride=2)",
        checks=(Check(f"{name}(x, y, None, 2, 0, 1)", shapes),),
    )


conv_transpose1d = _transposed(1)
conv_transpose2d = _transposed(2)
conv_transpose3d = _transposed(3)


# ----- With the time in front -----


def _form(pad: int) -> dict[str, Any]:
    return {
        "stride": (1,),
        "padding": (pad,),
        "dilation": (1,),
        "transposed": False,
        "output_padding": (0,),
        "groups": 1,
    }


def _tbc_type(input: Node, weight: Node, bias: Node, *, pad: int = 0) -> Type:
    if input.ndim != 3 or weight.ndim != 3 or bias.ndim != 1:
        raise DifftoolError(
            f"conv_tbc takes (time, batch, channels), a weight (kernel, in, out) and a vector, "
            f"not shapes {input.shape}, {weight.shape} and {bias.shape}",
            kind="shape",
            hint="conv1d takes (batch, channels, time)",
        )
    require_float(input, "conv_tbc")
    plain = ops.convolution(
        ops.permute(input, dims=(1, 2, 0)),
        ops.permute(weight, dims=(2, 1, 0)),
        bias,
        **_form(pad),
    )
    count, channels, length = plain.shape
    return Type((length, count, channels), input.dtype, plain.operand_dtype, {"pad": pad})


def _tbc(x: Array, weight: Array, bias: Array, *, pad: int) -> Array:
    size = (len(x) + 2 * pad - len(weight) + 1,)
    turned = np.transpose(x, (1, 2, 0)), np.transpose(weight, (2, 1, 0))
    result = convolved(*turned, size, (1,), (pad,), (1,), 1)
    return np.transpose(result, (2, 0, 1)) + bias


def _tbc_input(g: Node, out: Node, x: Node, weight: Node, bias: Node, pad: int) -> Node:
    spread = ops.convolution(
        ops.permute(g, dims=(1, 2, 0)),
        ops.permute(weight, dims=(2, 1, 0)),
        **{**_form(pad), "transposed": True},
    )
    gradient: Node = ops.permute(spread, dims=(2, 0, 1))
    return gradient


def _tbc_weight(g: Node, out: Node, x: Node, weight: Node, bias: Node, pad: int) -> Node:
    turned = ops.permute(x, dims=(1, 2, 0)), ops.permute(g, dims=(1, 2, 0))
    gradient: Node = ops.permute(
        weight_gradient(*turned, weight.shape[:1], _form(pad)), dims=(2, 1, 0)
    )
    return gradient


def _tbc_axes(node: Node) -> axes.Axes:
    return axes.Axes((None, 0, 1), ((None, 0, None), (None, None, 1), (1,)))


conv_tbc = Operation(
    ("conv_tbc(input, weight, bias, pad: int = 0)",),
    _tbc,
    _tbc_type,
    (_tbc_input, _tbc_weight, lambda g, out, x, weight, bias, pad: ops.sum(g, dim=(0, 1))),
    axes=_tbc_axes,
    scratch=2,
    meaning="Convolution over the first dimension of a tensor (time, batch, channels).",
    example="conv_tbc(ones(3, 1, 1), ones(2, 1, 1), zeros(1))",
    checks=(Check("conv_tbc(x, y, z, 1)", {"x": (2, 2, 2), "y": (2, 2, 1), "z": (1,)}),),
)
