"""Sampling: the elements of images at places that a grid gives, interpolated.

An element is a sum over taps: the pixels around its place, each with a weight that is a product of
polynomials, one for each dimension, in how far the place is from the pixel before it. So the
derivative of the weights by the grid is weights again, of polynomials differentiated once more. How
places outside count is ATen's (GridSampler.h).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float32, int64
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import require_float, require_one_dtype

MODES = ("bilinear", "nearest", "bicubic")
PADDINGS = ("zeros", "border", "reflection")

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


def _sample(x: Array, grid: Array, **form: Any) -> Array:
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


def _tap_shape(grid: Node, size: Shape, mode: str) -> Shape:
    """One number for each tap of each place of each image."""
    return (_taps(len(size), mode), grid.shape[0], prod(grid.shape[1:-1]))


def _tap_axes(node: Node) -> Axes:
    return Axes((None, 0, None), ((0, *(None,) * (node.inputs[0].ndim - 1)),))


def _weight_type(grid: Node, *, size: Shape, order: Shape, **form: Any) -> Type:
    wide = float32 if grid.dtype == float16 else None
    return Type(_tap_shape(grid, size, form["mode"]), grid.dtype, wide)


def _weight_kernel(grid: Array, *, size: Shape, order: Shape, **form: Any) -> Array:
    lines = _lines(grid, size, form)
    return np.stack([weight for _, weight in _weights_of(lines, form["mode"], order)])


def _weight_back(g: Node, out: Node, grid: Node, order: Shape, **form: Any) -> Node:
    """For each coordinate the sum over the taps, with weights differentiated once more."""
    coordinates = []
    for dim in reversed(range(len(order))):
        higher = (*order[:dim], order[dim] + 1, *order[dim + 1 :])
        slopes = _tap_weights(grid, order=higher, **form)
        coordinates.append(ops.reshape(ops.sum(g * slopes, dim=(0,)), grid.shape[:-1]))
    stacked: Node = ops.stack(*coordinates, dim=grid.ndim - 1)
    return stacked


_tap_weights = Operation(
    ("grid_weights(grid, size: Size)",),
    _weight_kernel,
    _weight_type,
    (_weight_back,),
    axes=_tap_axes,
    scratch=1,
    meaning="",
    example="",
)


def _index_kernel(grid: Array, *, size: Shape, **form: Any) -> Array:
    lines = _lines(grid, size, form)
    taps = product(range(len(_POLYNOMIALS[form["mode"]])), repeat=len(size))
    return np.stack([_flat_index(lines, size, chosen) for chosen in taps])


_tap_index = Operation(
    ("grid_index(grid, size: Size)",),
    _index_kernel,
    lambda grid, *, size, **form: Type(
        _tap_shape(grid, size, form["mode"]), int64, float32 if grid.dtype == float16 else None
    ),
    axes=_tap_axes,
    scratch=1,
    meaning="",
    example="",
)


# ----- The operation -----


def _sample_type(x: Node, grid: Node, **form: Any) -> Type:
    shape = (*x.shape[:2], *grid.shape[1:-1])
    return Type(shape, x.dtype, float32 if x.dtype == float16 else None)


def _channel_index(x: Node, grid: Node, form: dict[str, Any]) -> tuple[Node, Shape]:
    """The pixels of all taps, for each channel, and the shape (batch, channels, taps, places)."""
    size = x.shape[2:]
    taps, count, places = _tap_shape(grid, size, form["mode"])
    index = ops.permute(_tap_index(grid, size=size, **form), dims=(1, 0, 2))
    shape = (count, x.shape[1], taps, places)
    spread = ops.expand(ops.reshape(index, (count, 1, taps, places)), shape)
    return ops.reshape(spread, (*shape[:2], taps * places)), shape


def _image_back(g: Node, out: Node, x: Node, grid: Node, **form: Any) -> Node:
    """Each pixel gets what it was read for, with the weight it had."""
    size = x.shape[2:]
    index, shape = _channel_index(x, grid, form)
    weights = _tap_weights(grid, size=size, order=(0,) * len(size), **form)
    own = ops.reshape(ops.permute(weights, dims=(1, 0, 2)), (shape[0], 1, *shape[2:]))
    values = ops.reshape(g, (*shape[:2], 1, shape[3])) * own
    zeros = zeros_for(g, (*x.shape[:2], prod(size)))
    summed = ops.scatter_add(zeros, index, ops.reshape(values, index.shape), dim=2)
    return ops.reshape(summed, x.shape)


def _grid_back(g: Node, out: Node, x: Node, grid: Node, **form: Any) -> Node:
    """The weights' derivatives, for what each tap contributes."""
    size = x.shape[2:]
    index, shape = _channel_index(x, grid, form)
    flat = ops.reshape(x, (*x.shape[:2], prod(size)))
    read = ops.reshape(ops.gather(flat, index, dim=2), shape)
    shares = ops.sum(ops.reshape(g, (*shape[:2], 1, shape[3])) * read, dim=(1,))
    turned = ops.permute(shares, dims=(1, 0, 2))
    return _weight_back(turned, turned, grid, order=(0,) * len(size), size=size, **form)


def _sample_axes(node: Node) -> Axes:
    inner = (None,) * (node.ndim - 2)
    return Axes((0, 1, *inner), ((0, 1, *inner), (0, *inner, None)))


_grid_sample = Operation(
    ("grid_sample(input, grid)",),
    _sample,
    _sample_type,
    (_image_back, _grid_back),
    grad_fn=lambda node: f"GridSampler{node.ndim - 2}DBackward0",
    axes=_sample_axes,
    scratch=3,
    meaning="",
    example="",
)


@composite(
    "grid_sample(input, grid, mode: str = 'bilinear', padding_mode: str = 'zeros', "
    "align_corners: bool | None = None)",
    example="grid_sample(ones(1, 1, 2, 2), zeros(1, 1, 1, 2))",
    checks=(
        Check("grid_sample(x, y)", {"x": (1, 1, 3, 2), "y": (1, 1, 2, 2)}, (-1.2, 1.2)),
        Check(
            "grid_sample(x, y, 'bicubic', 'reflection')", {"x": (1, 1, 2, 3), "y": (1, 1, 1, 2)}
        ),
        Check(
            "grid_sample(x, y, 'bilinear', 'border', True)",
            {"x": (1, 1, 2, 2, 3), "y": (1, 1, 1, 1, 3)},
            (-0.9, 0.9),
        ),
    ),
)
def grid_sample(
    input: Node,
    grid: Node,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Node:
    """Images (batch, channels, ...) sampled at places of a grid (batch, ..., coordinates)."""
    for given, known, name in ((mode, MODES, "mode"), (padding_mode, PADDINGS, "padding_mode")):
        if given not in known:
            raise DifftoolError(
                f"grid_sample has no {name} `{given}`",
                kind="argument",
                hint=f"choose one of {', '.join(known)}",
            )
    require_float(input, "grid_sample")
    require_one_dtype("grid_sample", input, grid)
    count = input.ndim - 2
    fits = count in (2, 3) and grid.ndim == input.ndim and grid.shape[-1] == count
    if not fits or grid.shape[0] != input.shape[0] or 0 in input.shape[2:]:
        raise DifftoolError(
            f"grid_sample can't sample images {input.shape} with a grid {grid.shape}",
            kind="shape",
            hint="images (batch, channels, height, width) take a grid (batch, rows, columns, 2)",
        )
    if mode == "bicubic" and count == 3:
        raise DifftoolError(
            "grid_sample is bicubic in two dimensions only",
            kind="argument",
            hint="bilinear is trilinear in three",
        )
    form = {"mode": mode, "padding": padding_mode, "align": bool(align_corners)}
    return _grid_sample(input, grid, **form)


@composite(
    "grid_sampler(input, grid, interpolation_mode: int, padding_mode: int, align_corners: bool)",
    example="grid_sampler(ones(1, 1, 2, 2), zeros(1, 1, 1, 2), 0, 0, False)",
    aliases=("grid_sampler_2d", "grid_sampler_3d"),
)
def grid_sampler(
    input: Node, grid: Node, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Node:
    """grid_sample, its modes given by numbers: bilinear, nearest, bicubic; zeros, border, ..."""
    if not (0 <= interpolation_mode < len(MODES) and 0 <= padding_mode < len(PADDINGS)):
        raise DifftoolError(
            f"grid_sampler has no modes {interpolation_mode} and {padding_mode}",
            kind="argument",
            hint="both are 0, 1 or 2",
        )
    sampled: Node = ops.grid_sample(
        input,
        grid,
        mode=MODES[interpolation_mode],
        padding_mode=PADDINGS[padding_mode],
        align_corners=align_corners,
    )
    return sampled
