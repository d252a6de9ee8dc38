"""The taps of sampling: the pixels around each place of a grid, and their weights.

A weight is a product of polynomials, one for each dimension, in how far the place is from the pixel
before it. So the derivative of the weights by the grid is weights again, of polynomials
differentiated once more. How places outside count is ATen's (GridSampler.h).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from difftool.graph.dtype import float16, float32, int64
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.registry import Array, Operation, Type, ops

# The polynomials of the taps, highest powers first; Keys's cubic with a = -0.75.
_POLYNOMIALS: dict[str, Sequence[Sequence[float]]] = {
    "bilinear": ((-1.0, 1.0), (1.0, 0.0)),
    "nearest": ((1.0,),),
    "bicubic": (
        (-0.75, 1.5, -0.75, 0.0),
        (1.25, -2.25, 0.0, 1.0),
        (-1.25, 1.5, 0.75, 0.0),
        (0.75, -0.75, 0.0, 0.0),
    ),
}


# ----- Along one dimension -----


class _Line(NamedTuple):
    """The taps of all places along one dimension.

    Attributes:
        pixels: for each tap the one, within the image.
        inside: for each tap whether the pixel exists, or stands for one that doesn't.
        rest: how far the place is from the pixel before it.
        slope: its derivative by the coordinate.
    """

    pixels: list[Array]
    inside: list[Array]
    rest: Array
    slope: Array | float


def _line(coordinate: Array, length: int, mode: str, padding: str, align: bool) -> _Line:
    scale = (length - 1) / 2 if align else length / 2
    place = (coordinate + 1) * scale - (0.0 if align else 0.5)
    slope: Array | float = scale
    if mode != "bicubic" and padding != "zeros":
        place, direction = _within(place, length, padding, align)
        slope = scale * direction
    first = np.round(place) if mode == "nearest" else np.floor(place)
    rest = place - first
    # Far outside it doesn't matter where; an index must not overflow.
    base = np.clip(np.nan_to_num(first), -(2.0**40), 2.0**40)
    index, inside = [], []
    for tap in range(len(_POLYNOMIALS[mode])):
        pixel = base + (tap - 1 if mode == "bicubic" else tap)
        if mode == "bicubic" and padding != "zeros":
            pixel, _ = _within(pixel, length, padding, align)
        exists = (pixel >= 0) & (pixel < length)
        inside.append(exists)
        index.append(np.where(exists, pixel, 0).astype(np.int64))
    return _Line(index, inside, rest, slope)


def _within(place: Array, length: int, padding: str, align: bool) -> tuple[Array, Array]:
    """Places brought into the image, and the derivative of that: 1, -1, or 0 at its edges."""
    direction = np.ones_like(place)
    if padding == "reflection":
        low = 0.0 if align else -0.5
        span = float(length - 1 if align else length)
        if span == 0:
            return np.zeros_like(place), np.zeros_like(place)
        away = np.abs(place - low)
        turns = np.floor(away / span)
        rest = away - turns * span
        odd = turns % 2 == 1
        direction = np.where((place < low) != odd, -1.0, 1.0).astype(place.dtype)
        place = np.where(odd, span - rest, rest) + low
    free = (place > 0) & (place < length - 1)
    return np.clip(place, 0, length - 1), direction * free


# ----- In all dimensions -----


def _lines(grid: Array, size: Shape, form: dict[str, Any]) -> list[_Line]:
    """One for each dimension of the image; the grid's coordinates go the other way round."""
    count = len(size)
    flat = grid.reshape(len(grid), -1, count)
    return [
        _line(flat[..., count - 1 - dim], length, **form) for dim, length in enumerate(size)
    ]


def _weights_of(
    lines: Sequence[_Line], mode: str, order: Shape
) -> Iterator[tuple[tuple[int, ...], Array]]:
    """The taps, with weights differentiated `order` times by the coordinates."""
    taps = _POLYNOMIALS[mode]
    factors = [
        [
            np.polyval(np.polyder(np.poly1d(tap), times), line.rest) * line.slope**times * inside
            for tap, inside in zip(taps, line.inside, strict=True)
        ]
        for line, times in zip(lines, order, strict=True)
    ]
    for chosen in product(range(len(taps)), repeat=len(lines)):
        weight = factors[0][chosen[0]]
        for dim in range(1, len(lines)):
            weight = weight * factors[dim][chosen[dim]]
        yield chosen, weight.astype(lines[0].rest.dtype)


def _flat_index(lines: Sequence[_Line], size: Shape, chosen: Sequence[int]) -> Array:
    index: Array = np.zeros((), np.int64)
    for line, length, tap in zip(lines, size, chosen, strict=True):
        index = index * length + line.pixels[tap]
    return index


def sampled(x: Array, grid: Array, **form: Any) -> Array:
    size = x.shape[2:]
    lines = _lines(grid, size, form)
    flat = x.reshape(*x.shape[:2], -1)
    result = np.zeros((*x.shape[:2], prod(grid.shape[1:-1])), x.dtype)
    for chosen, weight in _weights_of(lines, form["mode"], (0,) * len(size)):
        index = _flat_index(lines, size, chosen)
        read = np.take_along_axis(flat, index[:, None], axis=2)
        # A pixel that doesn't exist counts nothing, whatever stands in the first one.
        inside = np.logical_and.reduce(
            [line.inside[tap] for line, tap in zip(lines, chosen, strict=True)]
        )
        result += np.where(inside[:, None], read * weight[:, None], 0)
    return result.reshape(*x.shape[:2], *grid.shape[1:-1])


def _taps(count: int, mode: str) -> int:
    number: int = len(_POLYNOMIALS[mode]) ** count
    return number


def tap_shape(grid: Node, size: Shape, mode: str) -> Shape:
    """One number for each tap of each place of each image."""
    return (_taps(len(size), mode), grid.shape[0], prod(grid.shape[1:-1]))


def _tap_axes(node: Node) -> Axes:
    return Axes((None, 0, None), ((0, *(None,) * (node.inputs[0].ndim - 1)),))


def _weight_type(grid: Node, *, size: Shape, order: Shape, **form: Any) -> Type:
    wide = float32 if grid.dtype == float16 else None
    return Type(tap_shape(grid, size, form["mode"]), grid.dtype, wide)


def _weight_kernel(grid: Array, *, size: Shape, order: Shape, **form: Any) -> Array:
    lines = _lines(grid, size, form)
    return np.stack([weight for _, weight in _weights_of(lines, form["mode"], order)])


def weight_back(g: Node, out: Node, grid: Node, order: Shape, **form: Any) -> Node:
    """For each coordinate the sum over the taps, with weights differentiated once more."""
    coordinates = []
    for dim in reversed(range(len(order))):
        higher = (*order[:dim], order[dim] + 1, *order[dim + 1 :])
        slopes = tap_weights(grid, order=higher, **form)
        coordinates.append(ops.reshape(ops.sum(g * slopes, dim=(0,)), grid.shape[:-1]))
    stacked: Node = ops.stack(*coordinates, dim=grid.ndim - 1)
    return stacked


tap_weights = Operation(
    ("grid_weights(grid, size: Size)",),
    _weight_kernel,
    _weight_type,
    (weight_back,),
    axes=_tap_axes,
    scratch=1,
    meaning="",
    example="",
)


def _index_kernel(grid: Array, *, size: Shape, **form: Any) -> Array:
    lines = _lines(grid, size, form)
    taps = product(range(len(_POLYNOMIALS[form["mode"]])), repeat=len(size))
    return np.stack([_flat_index(lines, size, chosen) for chosen in taps])


tap_index = Operation(
    ("grid_index(grid, size: Size)",),
    _index_kernel,
    lambda grid, *, size, **form: Type(
        tap_shape(grid, size, form["mode"]), int64, float32 if grid.dtype == float16 else None
    ),
    axes=_tap_axes,
    scratch=1,
    meaning="",
    example="",
)
