"""The windows of pooling: how many there are, what they read, and what is refused.

Sizes and bounds are ATen's (Pool.h, AdaptivePooling.h). Shapes here are those of the pooled
dimensions alone, which are the last.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.network.taps import Map, Taps, cached, product, ranges, sliding
from difftool.operations.network.windows import Lengths, extent, for_each, no_window, require_dims


def leading(node: Node, count: int) -> Axes:
    """All dimensions are the same but the last `count`, along which windows slide."""
    ahead = tuple(range(node.ndim - count))
    labels = (*ahead, *(None,) * count)
    return Axes(labels, (labels,) * len(node.inputs))


def require_image(function: str, input: Node, count: int) -> None:
    """Refuse what has not (batch, channels, ...), of which only the batch may be empty."""
    require_dims(function, input, count)
    if 0 in input.shape[-1 - count :]:
        raise DifftoolError(
            f"{function} of shape {input.shape} has nothing to pool",
            kind="shape",
            hint="only the batch dimension may be empty",
        )


def form_of(
    function: str,
    input: Node,
    count: int,
    kernel_size: Lengths,
    stride: Lengths | None,
    padding: Lengths,
    dilation: Lengths = 1,
) -> dict[str, Shape]:
    """Kernel, stride (as the kernel, if there is none), padding and dilation of each dimension."""
    require_image(function, input, count)
    kernel = for_each(kernel_size, count, "kernel_size")
    given = stride is not None and stride != ()
    form = {
        "kernel_size": kernel,
        "stride": for_each(stride, count, "stride") if given and stride is not None else kernel,
        "padding": for_each(padding, count, "padding", 0),
        "dilation": for_each(dilation, count, "dilation"),
    }
    if any([pad > size // 2 for pad, size in zip(form["padding"], kernel, strict=True)]):
        raise DifftoolError(
            f"{function}: padding {form['padding']} is more than half of the kernel {kernel}",
            kind="argument",
            hint="a window must reach into the tensor",
        )
    return form


def pooled_size(
    function: str,
    given: Shape,
    kernel_size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    ceil_mode: bool,
) -> Shape:
    """The number of windows; with `ceil_mode` also one that reaches over the end."""
    reach = extent(kernel_size, dilation)
    size = []
    for length, each, step, pad in zip(given, reach, stride, padding, strict=True):
        count = (length + 2 * pad - each + (step - 1 if ceil_mode else 0)) // step + 1
        if ceil_mode and (count - 1) * step >= length + pad:
            count -= 1
        size.append(count)
    if any([count < 1 for count in size]):
        raise no_window(function, given, reach, padding)
    return tuple(size)


@cached
def averages(
    given: Shape,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    ceil_mode: bool,
    include_padding: bool,
    divisor: int | None,
) -> Map:
    """What avg_pool reads, and the numbers it divides by."""
    ones = (1,) * len(given)
    size = pooled_size("avg_pool", given, kernel, stride, padding, ones, ceil_mode)
    taps, counts = [], []
    for count, length, reach, step, pad in zip(size, given, kernel, stride, padding, strict=True):
        start = np.arange(count) * step - pad
        end = np.minimum(start + reach, length + pad)
        first, last = np.maximum(start, 0), np.minimum(end, length)
        counts.append(end - start if include_padding else np.maximum(last - first, 1))
        taps.append(sliding(start, reach, 1, length))
    return Map(tuple(taps), product(counts) if divisor is None else np.array(divisor))


@cached
def even_averages(given: Shape, size: Shape) -> Map:
    """What adaptive_avg_pool reads, and the numbers of elements."""
    taps = adaptive(given, size)
    return Map(taps, product([np.bincount(each.result, minlength=each.size) for each in taps]))


@cached
def adaptive(given: Shape, size: Shape) -> tuple[Taps, ...]:
    """`size` windows that cover everything, of lengths as even as may be."""
    taps = []
    for length, count in zip(given, size, strict=True):
        place = np.arange(count)
        first = place * length // max(count, 1)
        last = -(-(place + 1) * length // max(count, 1))
        taps.append(ranges(first, last, length))
    return tuple(taps)


@cached
def dilated(
    given: Shape,
    kernel_size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    ceil_mode: bool,
) -> tuple[Taps, ...]:
    """What max_pool reads: elements `dilation` apart, none of them in the padding."""
    size = pooled_size("max_pool", given, kernel_size, stride, padding, dilation, ceil_mode)
    taps = []
    for count, length, each, step, pad, apart in zip(
        size, given, kernel_size, stride, padding, dilation, strict=True
    ):
        found = sliding(np.arange(count) * step - pad, each, apart, length)
        if np.any(np.bincount(found.result, minlength=count) == 0):
            raise no_window("max_pool", given, extent(kernel_size, dilation), padding)
        taps.append(found)
    return tuple(taps)


def adaptive_size(
    function: str, input: Node, output_size: int | Sequence[int | None], count: int
) -> Shape:
    """The size that an adaptive pooling is asked for; None leaves a dimension as it is."""
    require_image(function, input, count)
    own = input.shape[-count:]
    wanted = (output_size,) * count if isinstance(output_size, int) else tuple(output_size)
    if len(wanted) != count:
        raise DifftoolError(
            f"{function} takes one size or {count}, not {wanted}",
            kind="argument",
            hint="None leaves a dimension as it is",
        )
    size = tuple(
        [length if each is None else each for each, length in zip(wanted, own, strict=True)]
    )
    if any([each < 0 for each in size]):
        raise DifftoolError(
            f"{function} takes sizes that are not negative, not {size}",
            kind="argument",
            hint="they are numbers of windows",
        )
    return size
