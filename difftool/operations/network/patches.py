"""Patches: sliding windows laid out as columns, and columns added up to an image again.

`unfold` of this kind is PyTorch's im2col, `fold` its col2im; each is the other's derivative. The
method `x.unfold(...)` is another function, so this one has its module's name in front.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes, Labels
from difftool.operations.network.windows import (
    Lengths,
    extent,
    for_each,
    inside,
    no_window,
    padded,
    padded_size,
    places_under,
    require_dims,
    window_count,
)
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import dtype_name, possible_shape


def _form(
    kernel_size: Lengths, dilation: Lengths, padding: Lengths, stride: Lengths
) -> dict[str, Shape]:
    return {
        "kernel_size": for_each(kernel_size, 2, "kernel_size"),
        "dilation": for_each(dilation, 2, "dilation"),
        "padding": for_each(padding, 2, "padding", 0),
        "stride": for_each(stride, 2, "stride"),
    }


def _windows(function: str, size: Shape, form: dict[str, Shape]) -> Shape:
    """How many windows fit into an image of `size`."""
    reach = extent(form["kernel_size"], form["dilation"])
    count = window_count(size, reach, form["stride"], form["padding"])
    if any([each < 1 for each in count]):
        raise no_window(function, size, reach, form["padding"])
    return count


def _require_no_integers(function: str, input: Node) -> None:
    if input.dtype.kind in "iu":
        raise DifftoolError(
            f"{function} is not defined for {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert with .double()",
        )


def _axes(node: Node) -> Axes:
    """Batches and channels; the columns of a channel stand together."""

    def labels(tensor: Node, inner: int) -> Labels:
        kept = tuple(range(-(tensor.ndim - inner), 0))
        return (*[label + 2 for label in kept], *(None,) * inner)

    x = node.inputs[0]
    patches = node if "output_size" not in node.parameters else x
    inner = (1, 2) if patches is node else (2, 1)
    return Axes(labels(node, inner[0]), (labels(x, inner[1]),))


# ----- Windows as columns -----


def _unfold_type(
    input: Node,
    *,
    kernel_size: Lengths,
    dilation: Lengths = 1,
    padding: Lengths = 0,
    stride: Lengths = 1,
) -> Type:
    require_dims("unfold", input, 2)
    _require_no_integers("unfold", input)
    form = _form(kernel_size, dilation, padding, stride)
    count = _windows("unfold", input.shape[-2:], form)
    *ahead, channels = input.shape[:-2]
    shape = (*ahead, channels * prod(form["kernel_size"]), prod(count))
    return Type(possible_shape(shape), input.dtype, None, form)


def _unfold(x: Array, **form: Any) -> Array:
    size = x.shape[-2:]
    count = _windows("unfold", size, form)
    around = padded(x, form["padding"])
    kernel = form["kernel_size"]
    columns = np.empty((*x.shape[:-2], prod(kernel), *count), x.dtype)
    places = places_under(kernel, count, form["stride"], form["dilation"])
    for position, place in enumerate(places):
        columns[..., position, :, :] = around[place]
    return columns.reshape(*x.shape[:-3], x.shape[-3] * prod(kernel), prod(count))


def _unfold_back(g: Node, out: Node, x: Node, **form: Any) -> Node:
    gradient: Node = ops.fold(g, output_size=x.shape[-2:], **form)
    return gradient


def _around(node: Node) -> float:
    """The padded image."""
    form = node.parameters
    if not any(form["padding"]):
        return 0
    image = form.get("output_size", node.inputs[0].shape[-2:])
    channels = prod((node.inputs[0] if "output_size" not in form else node).shape[:-2])
    largest = max(node.size, node.inputs[0].size, 1)
    return channels * prod(padded_size(image, form["padding"])) / largest


_FORM = "kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1"

unfold = Operation(
    (f"functional.unfold(input, {_FORM})",),
    _unfold,
    _unfold_type,
    (_unfold_back,),
    aliases=("F.unfold", "im2col"),
    grad_fn="Im2ColBackward0",
    batch=batch.by_rows,
    axes=_axes,
    scratch=_around,
    meaning="Sliding windows of images (batch, channels, height, width), each as a column.",
    example="functional.unfold(ones(1, 1, 3, 3), 2)",
    checks=(
        Check("F.unfold(x, 2) ^ 2", {"x": (2, 3, 3)}),
        Check("F.unfold(x, (2, 1), 2, (1, 0), (1, 2)) ^ 2", {"x": (2, 2, 3, 3)}),
    ),
)


# ----- Columns as an image -----


def _fold_type(
    input: Node,
    *,
    output_size: Lengths,
    kernel_size: Lengths,
    dilation: Lengths = 1,
    padding: Lengths = 0,
    stride: Lengths = 1,
) -> Type:
    if input.ndim not in (2, 3):
        raise DifftoolError(
            f"fold takes columns (batch, channels * kernel, windows), not shape {input.shape}",
            kind="shape",
            hint="they are what unfold gives",
        )
    _require_no_integers("fold", input)
    size = for_each(output_size, 2, "output_size")
    form = _form(kernel_size, dilation, padding, stride)
    count = _windows("fold", size, form)
    *ahead, rows, columns = input.shape
    places = prod(form["kernel_size"])
    if rows % places or columns != prod(count):
        raise DifftoolError(
            f"fold to {size} takes {prod(count)} windows of {places} elements for each channel, "
            f"not a tensor of shape {input.shape}",
            kind="shape",
            hint="kernel_size, dilation, padding and stride are those given to unfold",
        )
    return Type((*ahead, rows // places, *size), input.dtype, None, {"output_size": size, **form})


def _fold(x: Array, *, output_size: Shape, **form: Any) -> Array:
    kernel, padding = form["kernel_size"], form["padding"]
    count = _windows("fold", output_size, form)
    *ahead, rows, _ = x.shape
    lead = (*ahead, rows // prod(kernel))
    columns = x.reshape(*lead, prod(kernel), *count)
    whole = np.zeros((*lead, *padded_size(output_size, padding)), x.dtype)
    places = places_under(kernel, count, form["stride"], form["dilation"])
    for position, place in enumerate(places):
        whole[place] += columns[..., position, :, :]
    return whole[inside(padding, output_size)]


def _fold_back(g: Node, out: Node, x: Node, output_size: Shape, **form: Any) -> Node:
    gradient: Node = unfold(g, **form)
    return gradient


fold = Operation(
    (f"fold(input, output_size: Size, {_FORM})",),
    _fold,
    _fold_type,
    (_fold_back,),
    aliases=("col2im",),
    grad_fn="Col2ImBackward0",
    batch=batch.by_rows,
    axes=_axes,
    scratch=_around,
    meaning="Columns, as F.unfold gives, added up to the images they come from.",
    example="fold(ones(1, 4, 4), (3, 3), 2)",
    checks=(
        Check("fold(x, (3, 3), 2) ^ 2", {"x": (4, 4)}),
        Check("fold(x, (3, 4), (2, 1), 1, (1, 0), 2) ^ 2", {"x": (1, 2, 4)}),
    ),
)
