"""Max pooling: the largest elements of windows and where they stand; and the way back.

Of equal elements the first counts, and NaN is the largest. The largest of a rectangle is the
largest of its rows' largest, so dimensions are reduced one after the other, the last one first. The
gradient goes to the one element that was chosen, by its index among all that are pooled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int64
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.declare import zeros_for
from difftool.operations.network.pooling_windows import (
    adaptive,
    adaptive_size,
    dilated,
    form_of,
    leading,
)
from difftool.operations.network.taps import (
    Taps,
    along,
    at,
    first_places,
    intermediate,
    reduced,
    steps,
)
from difftool.operations.network.windows import Lengths
from difftool.operations.registry import Array, Check, Composite, Operation, Type, ops
from difftool.operations.shapes import dtype_name, require_float

_WORDS = {1: "one dimension", 2: "two dimensions", 3: "three dimensions"}


# ----- The kernels -----


def _largest(x: Array, taps: Sequence[Taps]) -> Array:
    for dim in range(-1, -1 - len(taps), -1):
        x = _along_one(x, taps[dim], dim)
    return x


def _along_one(x: Array, taps: Taps, dim: int) -> Array:
    """The largest of what each place reads along one dimension."""
    result = np.empty(reduced(x, taps, dim), x.dtype)
    for number, step in enumerate(steps(taps)):
        place, read = at(dim, step.result), x[at(dim, step.source)]
        if number == 0 and step.whole:
            result[place] = read
            continue
        if number == 0:
            result[...] = _lowest(x.dtype)
        if isinstance(step.result, slice):
            np.maximum(result[place], read, out=result[place])
        else:
            result[place] = np.maximum(result[place], read)
    return result


def _lowest(dtype: Any) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _indices(x: Array, taps: Sequence[Taps]) -> Array:
    """The index of each largest element among those of the last dimensions."""
    unit = 1
    index = np.zeros((1,) * x.ndim, np.int64)
    for dim in range(-1, -1 - len(taps), -1):
        whole = np.broadcast_to(index, x.shape)
        x, index = _chosen(x, whole, taps[dim], dim, unit)
        unit *= taps[dim].length
    return index


def _chosen(x: Array, index: Array, taps: Taps, dim: int, unit: int) -> tuple[Array, Array]:
    """The largest along one dimension, and their indices so far, of which a place adds `unit`."""
    shape = reduced(x, taps, dim)
    largest, chosen = np.empty(shape, x.dtype), np.empty(shape, np.int64)
    places = np.arange(taps.length) * unit
    for number, step in enumerate(steps(taps)):
        place, source = at(dim, step.result), at(dim, step.source)
        read, where = x[source], index[source] + along(places[step.source], dim)
        if number == 0 and not step.whole:
            first = first_places(taps)
            largest[...] = _lowest(x.dtype)
            chosen[...] = index[at(dim, first)] + along(places[first], dim)
        if number or not step.whole:
            before = largest[place]
            better = (read > before) | (read != read)
            read = np.where(better, read, before)
            where = np.where(better, where, chosen[place])
        largest[place], chosen[place] = read, where
    return largest, chosen


# ----- The operations -----


def _scattered(g: Node, index: Node, shape: Shape, count: int) -> Node:
    """g added up at the places of a tensor's last dimensions that index tells."""
    lead = shape[: len(shape) - count]
    flat = (*lead, prod(g.shape[len(lead) :]))
    zeros = zeros_for(g, (*lead, prod(shape[len(lead) :])))
    places = ops.reshape(index, flat)
    summed = ops.scatter_add(zeros, places, ops.reshape(g, flat), dim=len(lead))
    return ops.reshape(summed, shape)


def _pair(
    name: str, grad_fn: str, taps_of: Callable[..., Sequence[Taps]], size: str
) -> tuple[Operation, Operation]:
    """The largest elements, and their indices, over windows `taps_of(size, **parameters)`.

    The parameter `size` is as long as windows have dimensions, a number that `grad_fn` has {} for.
    """

    def taps(shape: Shape, form: Any) -> Sequence[Taps]:
        return taps_of(shape[len(shape) - len(form[size]) :], **form)

    def shape_of(input: Node, form: Any) -> Shape:
        found = [each.size for each in taps(input.shape, form)]
        return (*input.shape[: input.ndim - len(found)], *found)

    def axes(node: Node) -> Axes:
        return leading(node, len(node.parameters[size]))

    def between(node: Node) -> float:
        x, count = node.inputs[0], len(node.parameters[size])
        lead = prod(x.shape[: x.ndim - count])
        return intermediate(lead, x.shape[x.ndim - count :], node.shape[x.ndim - count :]) / max(
            x.size, node.size, 1
        )

    def rule(g: Node, out: Node, x: Node, **form: Any) -> Node:
        return _scattered(g, indices(x, **form), x.shape, len(form[size]))

    values = Operation(
        (f"{name}(input, {size}: Size)",),
        lambda x, **form: _largest(x, taps(x.shape, form)),
        lambda input, **form: Type(shape_of(input, form), input.dtype),
        (rule,),
        grad_fn=lambda node: grad_fn.format(len(node.parameters[size])),
        batch=batch.from_the_right,
        axes=axes,
        scratch=between,
        meaning="",
        example="",
    )
    indices = Operation(
        (f"{name}_indices(input, {size}: Size)",),
        lambda x, **form: _indices(x, taps(x.shape, form)),
        lambda input, **form: Type(shape_of(input, form), int64),
        batch=batch.from_the_right,
        axes=axes,
        # The values beside the indices, and what each step reads, compares and chooses.
        scratch=lambda node: (
            2 * between(node) + 4.2 * node.size / max(node.inputs[0].size, node.size, 1)
        ),
        meaning="",
        example="",
    )
    return values, indices


_max_pool, _max_pool_indices = _pair(
    "max_pool",
    "MaxPool{}DWithIndicesBackward0",
    lambda given, **form: dilated(given, **form),
    "kernel_size",
)
_adaptive_max_pool, _adaptive_max_pool_indices = _pair(
    "adaptive_max_pool",
    "AdaptiveMaxPool{}DBackward0",
    lambda given, output_size: adaptive(given, output_size),
    "output_size",
)

Result = Node | tuple[Node, Node]


def _results(
    input: Node, operations: tuple[Operation, Operation], flat: bool, wanted: bool, **form: Any
) -> Result:
    """The largest elements, with their indices if wanted; `flat`: of images of height 1."""
    image = ops.unsqueeze(input, dim=-2) if flat else input
    parts = [each(image, **form) for each in operations[: 2 if wanted else 1]]
    if flat:
        parts = [ops.squeeze(part, dim=-2) for part in parts]
    return (parts[0], parts[1]) if wanted else parts[0]


def _max_pooling(count: int) -> tuple[Composite, Composite]:
    name = f"max_pool{count}d"

    def compose(
        input: Node,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Result:
        if input.dtype == boolean or (
            count == 1 and not return_indices and input.dtype.kind in "iu"
        ):
            raise DifftoolError(
                f"{name} is not defined for {dtype_name(input.dtype)}",
                kind="dtype",
                hint="convert with .double()",
            )
        form: dict[str, Any] = form_of(
            name, input, count, kernel_size, stride, padding, dilation
        )
        dilated(input.shape[-count:], **form, ceil_mode=ceil_mode)
        if count == 1:
            before = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
            form = {key: (before[key], *value) for key, value in form.items()}
        operations = (_max_pool, _max_pool_indices)
        return _results(
            input, operations, count == 1, return_indices, **form, ceil_mode=ceil_mode
        )

    def with_indices(input: Node, **form: Any) -> Result:
        return compose(input, **{**form, "return_indices": True})

    sizes = ", ".join(["4"] * count)
    form = (
        "(input, kernel_size: Size, stride: Size | None = None, padding: Size = 0, "
        "dilation: Size = 1, ceil_mode: bool = False, return_indices: bool = False)"
    )
    plain = Composite(
        (name + form,),
        compose,
        meaning=f"Largest elements of windows that slide along {_WORDS[count]}.",
        example=f"{name}(ones(1, {sizes}), 2)",
        checks=(
            Check(f"{name}(x, 2) ^ 2", {"x": (1, *(2,) * (count - 1), 4)}),
            *([Check(f"{name}(x, 3, 1, 1, 2, True) ^ 2", {"x": (2, 4)})] if count == 1 else []),
        ),
    )
    both = Composite(
        (f"{name}_with_indices{form}",),
        with_indices,
        meaning=f"What {name} gives, and the index of each element among those that are pooled.",
        example=f"{name}_with_indices(ones(1, {sizes}), 2)[1]",
    )
    return plain, both


max_pool1d, max_pool1d_with_indices = _max_pooling(1)
max_pool2d, max_pool2d_with_indices = _max_pooling(2)
max_pool3d, max_pool3d_with_indices = _max_pooling(3)


def _adaptive_max_pooling(count: int) -> tuple[Composite, Composite]:
    name = f"adaptive_max_pool{count}d"

    def compose(
        input: Node, output_size: int | Sequence[int | None], return_indices: bool = False
    ) -> Result:
        size = adaptive_size(name, input, output_size, count)
        require_float(input, name)
        if count == 1:
            size = (1, *size)
        operations = (_adaptive_max_pool, _adaptive_max_pool_indices)
        return _results(input, operations, count == 1, return_indices, output_size=size)

    def with_indices(input: Node, **form: Any) -> Result:
        return compose(input, **{**form, "return_indices": True})

    sizes = ", ".join(["4"] * count)
    kind = "Size" if count == 1 else "Sizes"
    form = f"(input, output_size: {kind}, return_indices: bool = False)"
    plain = Composite(
        (name + form,),
        compose,
        meaning=f"Largest elements of windows, as many along {_WORDS[count]} as output_size says.",
        example=f"{name}(ones(1, {sizes}), 2)",
        checks=(Check(f"{name}(x, 2) ^ 2", {"x": (1, *(3,) * count)}),),
    )
    both = Composite(
        (f"{name}_with_indices{form}",),
        with_indices,
        # PyTorch's function outside of torch.nn.functional always gives both.
        aliases=("torch.adaptive_max_pool1d",) if count == 1 else (),
        meaning=f"What {name} gives, and the index of each element among those that are pooled.",
        example=f"{name}_with_indices(ones(1, {sizes}), 2)[1]",
    )
    return plain, both


adaptive_max_pool1d, adaptive_max_pool1d_with_indices = _adaptive_max_pooling(1)
adaptive_max_pool2d, adaptive_max_pool2d_with_indices = _adaptive_max_pooling(2)
adaptive_max_pool3d, adaptive_max_pool3d_with_indices = _adaptive_max_pooling(3)
