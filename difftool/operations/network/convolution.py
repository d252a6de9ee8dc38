"""Convolutions over any number of dimensions, plain and transposed: one trilinear form.

With windows `x[n, i, p * stride + k * dilation - padding]` of an input, the sum over everything of

    input[n, i, ...] * weight[o, i, k] * output[n, o, p]

has three derivatives: by the output (the convolution), by the input (the transposed convolution)
and by the weight. Each one's derivatives are the other two, so all orders are there. The kernels
are in `convolution_kernel`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.accumulation import Accumulation
from difftool.operations.axes import Axes, Labels
from difftool.operations.declare import multiplying
from difftool.operations.network.convolution_kernel import convolved, scratch, spread, weighed
from difftool.operations.network.windows import Lengths, extent, for_each, no_window, window_count
from difftool.operations.registry import Array, Check, Operation, Rule, Type, ops
from difftool.operations.shapes import dtype_name, refuse_booleans, require_one_dtype


def _require_operands(function: str, x: Node, y: Node, *more: Node) -> None:
    """Refuse operands of several dtypes, and truth values."""
    require_one_dtype(function, x, y, *more)
    refuse_booleans(function, x)


def _mismatch(x: Node, weight: Node, channels: int, groups: int) -> DifftoolError:
    return DifftoolError(
        f"a weight of shape {weight.shape} in {groups} groups takes {channels} channels, "
        f"the input of shape {x.shape} has {x.shape[1]}",
        kind="shape",
        hint="an input is (batch, channels, ...), a weight (out, in / groups, ...); "
        "a transposed one (in, out / groups, ...)",
    )


def _convolution_type(
    x: Node,
    weight: Node,
    *bias: Node,
    stride: Lengths,
    padding: Lengths,
    dilation: Lengths,
    transposed: bool,
    output_padding: Lengths,
    groups: int,
) -> Type:
    name = "conv_transpose" if transposed else "conv"
    count = x.ndim - 2
    if count < 1 or weight.ndim != x.ndim:
        raise DifftoolError(
            f"{name} takes an input (batch, channels, ...) and a weight of as many dimensions, "
            f"not shapes {x.shape} and {weight.shape}",
            kind="shape",
            hint="x[None] has a batch dimension",
        )
    _require_operands(name, x, weight, *bias)
    stride, dilation = for_each(stride, count, "stride"), for_each(dilation, count, "dilation")
    if x.dtype.kind in "iu" and x.dtype.itemsize < 8 and (transposed or set(dilation) != {1}):
        raise DifftoolError(
            f"{name}, transposed or dilated, is not defined for {dtype_name(x.dtype)}",
            kind="dtype",
            hint="convert with .long() or .double()",
        )
    padding = for_each(padding, count, "padding", 0)
    output_padding = for_each(output_padding, count, "output_padding", 0)
    first, second, *kernel_sizes = weight.shape
    if groups < 1 or first % groups or first < groups:
        raise DifftoolError(
            f"{first} channels can't be split into {groups} groups",
            kind="argument",
            hint="groups divides the first dimension of the weight",
        )
    taken = first if transposed else second * groups
    if x.shape[1] != taken:
        raise _mismatch(x, weight, taken, groups)
    kernel, given = tuple(kernel_sizes), x.shape[2:]
    made = second * groups if transposed else first
    if bias and bias[0].shape != (made,):
        raise DifftoolError(
            f"{name} makes {made} channels, the bias has shape {bias[0].shape}",
            kind="shape",
            hint=f"the bias is a vector of {made} numbers",
        )
    reach = extent(kernel, dilation)
    if transposed:
        _require_output_padding(output_padding, stride, dilation)
        size = _spread_size(given, reach, stride, padding, output_padding)
    else:
        size = window_count(given, reach, stride, padding)
    if 0 in kernel or any([length < 1 for length in size]) or 0 in given:
        raise no_window(name, given, reach, padding)
    form = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "transposed": transposed,
        "output_padding": output_padding,
        "groups": groups,
    }
    wide = float32 if x.dtype == float16 else None
    return Type((x.shape[0], made, *size), x.dtype, wide, form)


def _require_output_padding(output_padding: Shape, stride: Shape, dilation: Shape) -> None:
    for more, step, apart in zip(output_padding, stride, dilation, strict=True):
        if more >= max(step, apart):
            raise DifftoolError(
                f"output_padding {output_padding} is not smaller than the stride {stride} "
                f"or the dilation {dilation}",
                kind="argument",
                hint="it chooses among the sizes that a convolution would bring to the input's",
            )


def _spread_size(
    given: Shape, reach: Shape, stride: Shape, padding: Shape, more: Sequence[int]
) -> Shape:
    return tuple(
        [
            (length - 1) * step - 2 * pad + size + extra
            for length, size, step, pad, extra in zip(
                given, reach, stride, padding, more, strict=True
            )
        ]
    )


class Convolution(Operation):
    """A bias that is None is left out."""

    def __call__(self, *operands: Any, **parameters: Any) -> Node:
        return super().__call__(*[each for each in operands if each is not None], **parameters)


def _convolution(
    x: Array,
    weight: Array,
    *bias: Array,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    transposed: bool,
    output_padding: Shape,
    groups: int,
) -> Array:
    reach = extent(weight.shape[2:], dilation)
    if transposed:
        size = _spread_size(x.shape[2:], reach, stride, padding, output_padding)
        result = spread(x, weight, size, stride, padding, dilation, groups)
    else:
        size = window_count(x.shape[2:], reach, stride, padding)
        result = convolved(x, weight, size, stride, padding, dilation, groups)
    if bias:
        result += np.reshape(bias[0], (-1, *(1,) * len(size)))
    return result


def _input_rule(g: Node, out: Node, x: Node, weight: Node, *bias: Node, **form: Any) -> Node:
    """The form by its input (its output, if transposed)."""
    if not form["transposed"]:
        return _spread_to(x.shape[2:], g, weight, form)
    return _convolved_to(x.shape[2:], g, weight, form)


def _spread_to(size: Shape, g: Node, weight: Node, form: Any) -> Node:
    """The transposed convolution whose result has `size`."""
    reach = extent(weight.shape[2:], form["dilation"])
    least = _spread_size(g.shape[2:], reach, form["stride"], form["padding"], (0,) * len(reach))
    more = tuple([length - small for length, small in zip(size, least, strict=True)])
    result: Node = ops.convolution(
        g, weight, **{**form, "transposed": True, "output_padding": more}
    )
    return result


def _convolved_to(size: Shape, x: Node, weight: Node, form: Any) -> Node:
    """The first `size` windows' results: output padding may have made room for more."""
    plain = {**form, "transposed": False, "output_padding": (0,) * len(size)}
    result: Node = ops.convolution(x, weight, **plain)
    for axis, length in enumerate(size, start=2):
        if result.shape[axis] != length:
            result = ops.slice(result, dim=axis, start=0, end=length)
    return result


def _weight_rule(g: Node, out: Node, x: Node, weight: Node, *bias: Node, **form: Any) -> Node:
    operands = (g, x) if form["transposed"] else (x, g)
    return weight_gradient(*operands, weight.shape[2:], form)


def weight_gradient(x: Node, y: Node, size: Shape, form: Mapping[str, Any]) -> Node:
    """The form by its weight, whose windows have `size`; `form` are a convolution's parameters."""
    kept = {name: form[name] for name in ("stride", "padding", "dilation", "groups")}
    return _conv_weight(x, y, size=size, **kept)


def _bias_rule(g: Node, out: Node, x: Node, weight: Node, bias: Node, **form: Any) -> Node:
    total: Node = ops.sum(g, dim=(0, *range(2, g.ndim)))
    return total


_RULES: tuple[Rule, ...] = (_input_rule, _weight_rule, _bias_rule)


# ----- How they are cut and batched -----


def _inner(node: Node) -> Labels:
    return (None,) * (node.ndim - 2)


def _convolution_axes(node: Node) -> Axes:
    """Batches and, without groups, channels; those that come in are summed."""
    x, weight, *bias = node.inputs
    alone = node.parameters["groups"] == 1
    made = 1 if alone else None
    summed = 2 if alone and not bias else None
    inner = _inner(node)
    channels = (summed, made) if node.parameters["transposed"] else (made, summed)
    operands = ((0, summed, *inner), (*channels, *inner), *[(made,) for _ in bias])
    return Axes((0, made, *inner), operands)


def _weight_axes(node: Node) -> Axes:
    """Channels; batches are summed."""
    alone = node.parameters["groups"] == 1
    given, made = (2, 1) if alone else (None, None)
    inner = _inner(node)
    return Axes((made, given, *inner), ((0, given, *inner), (0, made, *inner)))


def _in_channels(x: Node) -> Node:
    """(size, batch, channels, ...) as (batch, size * channels, ...): rows become groups."""
    size, count, channels, *inner = x.shape
    order = (1, 0, *range(2, x.ndim))
    return ops.reshape(ops.permute(x, dims=order), (count, size * channels, *inner))


def _convolution_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Rows of inputs alone are more of a batch; rows of weights are more groups."""
    x, weight, *bias = inputs
    form = node.parameters
    result: Node
    if not any([batch.is_batched(node, inputs, place) for place in range(1, len(inputs))]):
        longer = ops.reshape(x, (size * x.shape[1], *x.shape[2:]))
        result = ops.convolution(longer, weight, *bias, **form)
        return ops.reshape(result, (size, *node.shape))
    x, weight, *bias = batch.rows(node, inputs, size)
    joined = [
        ops.reshape(each, (size * each.shape[1], *each.shape[2:])) for each in (weight, *bias)
    ]
    result = ops.convolution(_in_channels(x), *joined, **{**form, "groups": size * form["groups"]})
    count, channels, *inner = node.shape
    apart = ops.reshape(result, (count, size, channels, *inner))
    return ops.permute(apart, dims=(1, 0, *range(2, apart.ndim)))


def _weight_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Each row has groups of its own."""
    x, y = [_in_channels(each) for each in batch.rows(node, inputs, size)]
    form = node.parameters
    result = _conv_weight(x, y, **{**form, "groups": size * form["groups"]})
    return ops.reshape(result, (size, *node.shape))


# ----- The operations -----

convolution = Convolution(
    (
        "convolution(input, weight, bias: Tensor | None, stride: Size, padding: Size, "
        "dilation: Size, transposed: bool, output_padding: Size, groups: int)",
    ),
    multiplying(_convolution),
    _convolution_type,
    _RULES,
    scratch=scratch,
    batch=_convolution_batch,
    axes=_convolution_axes,
    accumulation=Accumulation(_convolution),
    meaning="Convolution of a batch in any number of dimensions, or a transposed one.",
    example="convolution(ones(1, 1, 4), ones(1, 1, 2), None, [2], [0], [1], False, [0], 1)",
    checks=(
        Check(
            "convolution(x, y, z, [2], [1], [2], False, [0], 2)",
            {"x": (2, 2, 4), "y": (2, 1, 2), "z": (2,)},
        ),
        Check(
            "convolution(x, y, z, [2], [1], [3], True, [2], 2)",
            {"x": (1, 2, 2), "y": (2, 1, 2), "z": (2,)},
        ),
    ),
)


def _conv_weight_type(x: Node, y: Node, *, size: Shape, groups: int, **form: Any) -> Type:
    shape = (y.shape[1], x.shape[1] // groups, *size)
    return Type(shape, x.dtype, float32 if x.dtype == float16 else None)


def _full_form(form: Any) -> dict[str, Any]:
    """The parameters of the convolution that a weight belongs to."""
    none = (0,) * len(form["size"])
    kept = {name: form[name] for name in form if name != "size"}
    return {**kept, "transposed": False, "output_padding": none}


def _by_input(g: Node, out: Node, x: Node, y: Node, **form: Any) -> Node:
    return _spread_to(x.shape[2:], y, g, _full_form(form))


def _by_output(g: Node, out: Node, x: Node, y: Node, **form: Any) -> Node:
    return _convolved_to(y.shape[2:], x, g, _full_form(form))


_conv_weight = Operation(
    ("conv_weight(input, output, size: Size)",),
    multiplying(weighed),
    _conv_weight_type,
    (_by_input, _by_output),
    scratch=scratch,
    batch=_weight_batch,
    axes=_weight_axes,
    accumulation=Accumulation(weighed),
    grad_fn="ConvolutionBackward0",
    meaning="",
    example="",
)
