"""Windows that slide over the last dimensions of a tensor: their sizes and places.

What convolutions, pooling and patches share: arguments that are one number for all dimensions or
one for each, and the number of windows. Shapes here are those of the windowed dimensions alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Array, ops

Lengths = int | Sequence[int]
Place = tuple[Any, ...]


def for_each(value: Lengths, count: int, name: str, least: int = 1) -> Shape:
    """One number for each of `count` dimensions; a single one stands for all of them."""
    numbers = (value,) if isinstance(value, int) else tuple(value)
    if len(numbers) == 1:
        numbers *= count
    if len(numbers) != count:
        raise DifftoolError(
            f"{name} is one number or {count}, not {numbers}",
            kind="argument",
            hint="give one for each dimension that windows slide along",
        )
    if any([number < least for number in numbers]):
        raise DifftoolError(
            f"{name} must be at least {least}, not {value}",
            kind="argument",
            hint="negative and empty windows are not defined",
        )
    return numbers


def extent(kernel: Shape, dilation: Shape) -> Shape:
    """How far a window reaches: elements `dilation` apart."""
    return tuple([step * (size - 1) + 1 for size, step in zip(kernel, dilation, strict=True)])


def window_count(given: Shape, reach: Shape, stride: Shape, padding: Shape) -> Shape:
    """How many windows fit into a padded tensor."""
    return tuple(
        [
            (length + 2 * pad - size) // step + 1
            for length, size, step, pad in zip(given, reach, stride, padding, strict=True)
        ]
    )


def require_dims(function: str, input: Node, count: int, *, channels: int = 1) -> None:
    """Refuse an input that has neither `count` windowed dimensions and `channels` before them,
    nor a dimension of batches in front of those."""
    inner = count + channels
    if input.ndim not in (inner, inner + 1):
        raise DifftoolError(
            f"{function} takes a tensor of {inner} or {inner + 1} dimensions, "
            f"not of shape {input.shape}",
            kind="shape",
            hint="they are (channels, ...) or (batch, channels, ...)",
        )


def with_batch(input: Node, count: int) -> tuple[Node, bool]:
    """The input as a batch, and whether it is one already."""
    if input.ndim == count + 2:
        return input, True
    return ops.unsqueeze(input, dim=0), False


def no_window(function: str, shape: Shape, reach: Shape, padding: Shape) -> DifftoolError:
    """The error for an input smaller than one window."""
    return DifftoolError(
        f"{function}: a window of {reach} does not fit into {shape} with padding {padding}",
        kind="shape",
        hint="use a smaller kernel or dilation, or more padding",
    )


# ----- Slices of arrays -----


def places_under(kernel: Shape, windows: Shape, stride: Shape, dilation: Shape) -> list[Place]:
    """For each place of a kernel the slices of a padded tensor that lie under it."""
    return [
        (
            ...,
            *[
                slice(at * apart, at * apart + step * (count - 1) + 1, step)
                for at, count, step, apart in zip(place, windows, stride, dilation, strict=True)
            ],
        )
        for place in np.ndindex(kernel)
    ]


def padded_size(size: Shape, padding: Shape) -> Shape:
    """The size with the padding on both sides."""
    return tuple([length + 2 * pad for length, pad in zip(size, padding, strict=True)])


def inside(padding: Shape, size: Shape) -> Place:
    """The slices of a padded tensor that its own elements fill."""
    return (
        ...,
        *[slice(pad, pad + length) for pad, length in zip(padding, size, strict=True)],
    )


def padded(x: Array, padding: Shape) -> Array:
    """The array with zeros on both sides of its last dimensions; itself if there are none."""
    if not any(padding):
        return x
    ahead = x.ndim - len(padding)
    size = x.shape[ahead:]
    result = np.zeros((*x.shape[:ahead], *padded_size(size, padding)), x.dtype)
    result[inside(padding, size)] = x
    return result
