"""Average pooling: means over sliding windows, or over a given number of them; and lp_pool.

In one dimension PyTorch pools images of height 1, and so does the chain here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, prod

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, int64, is_float
from difftool.graph.node import Node, Number, Shape
from difftool.operations.network.pooling_windows import (
    adaptive_size,
    averages,
    even_averages,
    form_of,
    pooled_size,
)
from difftool.operations.network.tap_maps import linear_map
from difftool.operations.network.taps import Map
from difftool.operations.network.windows import Lengths, extent, for_each, no_window
from difftool.operations.registry import Check, Composite, ops
from difftool.operations.shapes import dtype_name, require_float

ARTICLES = {1: "one dimension", 2: "two dimensions", 3: "three dimensions"}


# ----- Windows of one size -----


def _average(
    given: Shape,
    kernel_size: Shape,
    stride: Shape,
    padding: Shape,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Map:
    return averages(
        given, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


_avg_pool = linear_map(
    "avg_pool(input, kernel_size: Size)",
    lambda form: f"AvgPool{len(form['kernel_size'])}DBackward0",
    _average,
    lambda form: len(form["kernel_size"]),
    spare=0,
)


def _pooled(
    function: str,
    input: Node,
    count: int,
    kernel_size: Lengths,
    stride: Lengths | None,
    padding: Lengths,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Node:
    defined = is_float(input.dtype) or input.dtype == int64
    if not defined or (count == 3 and input.dtype == float16):
        raise DifftoolError(
            f"{function} is not defined for {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert with .double()",
        )
    if divisor_override == 0:
        raise DifftoolError(
            f"{function} can't divide by zero", kind="argument", hint="leave divisor_override out"
        )
    form = form_of(function, input, count, kernel_size, stride, padding)
    given = input.shape[-count:]
    pooled_size(function, given, **form, ceil_mode=ceil_mode)
    dilation = form.pop("dilation")
    sizes = zip(given, form["kernel_size"], strict=True)
    if count == 3 and any([length < size for length, size in sizes]):
        raise no_window(function, given, extent(form["kernel_size"], dilation), (0,) * count)
    if count == 1:
        form = {
            "kernel_size": (1, *form["kernel_size"]),
            "stride": (1, *form["stride"]),
            "padding": (0, *form["padding"]),
        }
        input = ops.unsqueeze(input, dim=-2)
    result = _avg_pool(
        input,
        **form,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )
    return ops.squeeze(result, dim=-2) if count == 1 else result


def _average_pool(count: int) -> Composite:
    name = f"avg_pool{count}d"

    def compose(
        input: Node,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Node:
        return _pooled(
            name,
            input,
            count,
            kernel_size,
            stride,
            padding,
            ceil_mode,
            count_include_pad,
            divisor_override,
        )

    override = ", divisor_override: int | None = None" if count > 1 else ""
    sizes = ", ".join(["4"] * count)
    return Composite(
        (
            f"{name}(input, kernel_size: Size, stride: Size | None = None, padding: Size = 0, "
            f"ceil_mode: bool = False, count_include_pad: bool = True{override})",
        ),
        compose,
        meaning=f"Means over windows that slide along {ARTICLES[count]}.",
        example=f"{name}(ones(1, {sizes}), 2)",
        checks=(
            Check(f"{name}(x, 2) ^ 2", {"x": (1, *(3,) * count)}),
            *([Check(f"{name}(x, 3, 2, 1, True, False) ^ 2", {"x": (2, 4)})] if count == 1 else []),
        ),
    )


avg_pool1d = _average_pool(1)
avg_pool2d = _average_pool(2)
avg_pool3d = _average_pool(3)


# ----- As many windows as are wanted -----

_adaptive_avg_pool = linear_map(
    "adaptive_avg_pool(input, output_size: Size)",
    lambda form: f"AdaptiveAvgPool{len(form['output_size'])}DBackward0",
    lambda given, output_size: even_averages(given, output_size),
    lambda form: len(form["output_size"]),
)


def _adaptive_average_pool(count: int) -> Composite:
    name = f"adaptive_avg_pool{count}d"

    def compose(input: Node, output_size: int | Sequence[int | None]) -> Node:
        size = adaptive_size(name, input, output_size, count)
        require_float(input, name)
        if count == 1:
            input, size = ops.unsqueeze(input, dim=-2), (1, *size)
        if set(size) == {1}:
            result: Node = ops.mean(input, dim=tuple(range(-len(size), 0)), keepdim=True)
        else:
            result = _adaptive_avg_pool(input, output_size=size)
        return ops.squeeze(result, dim=-2) if count == 1 else result

    kind = "Size" if count == 1 else "Sizes"
    sizes = ", ".join(["4"] * count)
    return Composite(
        (f"{name}(input, output_size: {kind})",),
        compose,
        meaning=f"Means over windows, as many along {ARTICLES[count]} as output_size says.",
        example=f"{name}(ones(1, {sizes}), 2)",
        checks=(
            Check(f"{name}(x, 2) ^ 2", {"x": (1, *(3,) * count)}),
            *([Check(f"{name}(x, 1) ^ 2", {"x": (2, 3)})] if count == 1 else []),
        ),
    )


adaptive_avg_pool1d = _adaptive_average_pool(1)
adaptive_avg_pool2d = _adaptive_average_pool(2)
adaptive_avg_pool3d = _adaptive_average_pool(3)


# ----- Norms over windows -----


def _norm_pool(count: int) -> Composite:
    name = f"lp_pool{count}d"

    def compose(
        input: Node,
        norm_type: Number,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        ceil_mode: bool = False,
    ) -> Node:
        if norm_type in (inf, -inf):
            pool = getattr(ops, f"max_pool{count}d")
            size: Node = ops.abs(input)
            if norm_type == inf:
                largest: Node = pool(size, kernel_size, stride=stride, ceil_mode=ceil_mode)
                return largest
            smallest: Node = pool(-size, kernel_size, stride=stride, ceil_mode=ceil_mode)
            return -smallest
        if count == 1 and not isinstance(kernel_size, int):
            raise DifftoolError(
                f"{name} takes one number as kernel_size, not {kernel_size}",
                kind="argument",
                hint="write it without parentheses",
            )
        if norm_type == 0:
            raise DifftoolError(
                f"{name} of order 0 is not defined", kind="argument", hint="use 1, 2 or inf"
            )
        mean = _pooled(
            name, input**norm_type, count, kernel_size, stride, 0, ceil_mode, True, None
        )
        total: Node = ops.sign(mean) * ops.relu(ops.abs(mean))
        elements = prod(for_each(kernel_size, count, "kernel_size"))
        return (total * elements) ** (1.0 / norm_type)

    sizes = ", ".join(["4"] * count)
    kind = "Sizes" if count == 1 else "Size"
    return Composite(
        (
            f"{name}(input, norm_type: Number, kernel_size: {kind}, stride: Size | None = None, "
            "ceil_mode: bool = False)",
        ),
        compose,
        meaning=f"The p-norm over windows that slide along {ARTICLES[count]}.",
        example=f"{name}(ones(1, {sizes}), 2, 2)",
        checks=(Check(f"{name}(x, 3, 2, 1)", {"x": (1, *(2,) * count)}, domain=(0.5, 2.0)),),
    )


lp_pool1d = _norm_pool(1)
lp_pool2d = _norm_pool(2)
lp_pool3d = _norm_pool(3)
