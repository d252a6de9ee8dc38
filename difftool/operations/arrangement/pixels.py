"""Pixels and channels of images rearranged: blocks of pixels from channels and back, and mixing."""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.registry import Array, Check, Operation, Type, ops


def _images(node: Node) -> Axes:
    """All dimensions before those of an image: channels, rows and columns."""
    labels = (*range(node.ndim - 3), None, None, None)
    return Axes(labels, (labels,))


def _require_images(function: str, input: Node, factor: int) -> None:
    if input.ndim < 3:
        raise DifftoolError(
            f"{function} takes images of shape (..., channels, rows, columns), not {input.shape}",
            kind="shape",
            hint="x[None] adds a dimension in front",
        )
    if factor < 1:
        raise DifftoolError(
            f"{function} has no factor {factor}", kind="value", hint="it is greater than zero"
        )


def _copied(x: Array, shape: Shape) -> Array:
    """The elements in their order in memory of their own, as `shape`."""
    return np.array(x, order="C").reshape(shape)


# ----- Blocks of pixels -----


def _shuffled(input: Node, *, upscale_factor: int) -> Type:
    _require_images("pixel_shuffle", input, upscale_factor)
    *front, channels, rows, columns = input.shape
    if channels % upscale_factor**2:
        raise DifftoolError(
            f"{channels} channels don't make blocks of {upscale_factor} by {upscale_factor} pixels",
            kind="shape",
            hint="the number of channels is a multiple of upscale_factor ^ 2",
        )
    image = (channels // upscale_factor**2, rows * upscale_factor, columns * upscale_factor)
    return Type((*front, *image), input.dtype)


def _shuffle(x: Array, *, upscale_factor: int) -> Array:
    *front, channels, rows, columns = x.shape
    factor = upscale_factor
    split = x.reshape(*front, channels // factor**2, factor, factor, rows, columns)
    turned = np.moveaxis(split, (-4, -3), (-3, -1))
    return _copied(turned, (*front, channels // factor**2, rows * factor, columns * factor))


pixel_shuffle = Operation(
    ("pixel_shuffle(input, upscale_factor: int)",),
    _shuffle,
    _shuffled,
    (
        lambda g, out, x, *, upscale_factor: ops.pixel_unshuffle(
            g, downscale_factor=upscale_factor
        ),
    ),
    rearranges=True,
    layout=layout.suggested,
    batch=batch.from_the_right,
    axes=_images,
    checks=(Check("pixel_shuffle(x, 2) ^ 2", {"x": (4, 1, 2)}),),
    meaning="Images of more pixels and fewer channels: r by r pixels from r^2 channels.",
    example="pixel_shuffle(arange(8).reshape(4, 1, 2), 2)",
)


def _unshuffled(input: Node, *, downscale_factor: int) -> Type:
    _require_images("pixel_unshuffle", input, downscale_factor)
    *front, channels, rows, columns = input.shape
    if rows % downscale_factor or columns % downscale_factor:
        raise DifftoolError(
            f"{rows} by {columns} pixels don't split into blocks of "
            f"{downscale_factor} by {downscale_factor}",
            kind="shape",
            hint="rows and columns are multiples of downscale_factor",
        )
    image = (channels * downscale_factor**2, rows // downscale_factor, columns // downscale_factor)
    return Type((*front, *image), input.dtype)


def _unshuffle(x: Array, *, downscale_factor: int) -> Array:
    *front, channels, rows, columns = x.shape
    factor = downscale_factor
    split = x.reshape(*front, channels, rows // factor, factor, columns // factor, factor)
    turned = np.moveaxis(split, (-3, -1), (-4, -3))
    return _copied(turned, (*front, channels * factor**2, rows // factor, columns // factor))


pixel_unshuffle = Operation(
    ("pixel_unshuffle(input, downscale_factor: int)",),
    _unshuffle,
    _unshuffled,
    (
        lambda g, out, x, *, downscale_factor: ops.pixel_shuffle(
            g, upscale_factor=downscale_factor
        ),
    ),
    rearranges=True,
    layout=layout.suggested,
    batch=batch.from_the_right,
    axes=_images,
    checks=(Check("pixel_unshuffle(x, 2) ^ 2", {"x": (1, 2, 4)}),),
    meaning="Images of fewer pixels and more channels: the reverse of pixel_shuffle.",
    example="pixel_unshuffle(arange(8).reshape(1, 2, 4), 2)",
)


# ----- Channels -----


def _mixed(input: Node, *, groups: int) -> Type:
    if input.ndim < 3:
        raise DifftoolError(
            f"channel_shuffle takes a batch of images, not a tensor of shape {input.shape}",
            kind="shape",
            hint="its shape is (batch, channels, ...), of three dimensions or more",
        )
    if groups < 1 or input.shape[1] % groups:
        raise DifftoolError(
            f"{input.shape[1]} channels don't split into {groups} groups",
            kind="value" if groups < 1 else "shape",
            hint="the number of channels is a multiple of groups",
        )
    return Type(input.shape, input.dtype)


def _mix(x: Array, *, groups: int) -> Array:
    size, channels, *pixels = x.shape
    split = x.reshape(size, groups, channels // groups, *pixels)
    return _copied(np.swapaxes(split, 1, 2), x.shape)


def _mixed_back(g: Node, out: Node, x: Node, *, groups: int) -> Node:
    gradient: Node = ops.channel_shuffle(g, groups=max(x.shape[1] // groups, 1))
    return gradient


def _mixed_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Two batch dimensions as one."""
    (x,) = inputs
    flat = ops.reshape(x, (size * node.shape[0], *node.shape[1:]))
    mixed: Node = ops.reshape(ops.channel_shuffle(flat, **node.parameters), x.shape)
    return mixed


def _besides_channels(node: Node) -> Axes:
    labels = tuple([None if axis == 1 else axis for axis in range(node.ndim)])
    return Axes(labels, (labels,))


channel_shuffle = Operation(
    ("channel_shuffle(input, groups: int)",),
    _mix,
    _mixed,
    (_mixed_back,),
    rearranges=True,
    layout=layout.suggested,
    batch=_mixed_batch,
    axes=_besides_channels,
    checks=(Check("channel_shuffle(x, 2) * x", {"x": (1, 6, 2)}),),
    meaning="Channels in another order: the first of each group, then the second of each, ...",
    example="channel_shuffle(arange(4).reshape(1, 4, 1), 2)",
)
