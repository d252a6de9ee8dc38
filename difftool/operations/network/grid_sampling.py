"""Sampling: the elements of images at places that a grid gives, interpolated.

An element is a weighed sum over taps, the pixels around its place, which `grid_taps` finds.
`affine_grids` has the grids that are usual.
"""

from __future__ import annotations

from math import prod
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes
from difftool.operations.declare import zeros_for
from difftool.operations.network import grid_taps
from difftool.operations.registry import Check, Operation, Type, composite, ops
from difftool.operations.shapes import require_float, require_one_dtype

MODES = ("bilinear", "nearest", "bicubic")
PADDINGS = ("zeros", "border", "reflection")


def _sample_type(x: Node, grid: Node, **form: Any) -> Type:
    shape = (*x.shape[:2], *grid.shape[1:-1])
    return Type(shape, x.dtype, float32 if x.dtype == float16 else None)


def _channel_index(x: Node, grid: Node, form: dict[str, Any]) -> tuple[Node, Shape]:
    """The pixels of all taps, for each channel, and the shape (batch, channels, taps, places)."""
    size = x.shape[2:]
    taps, count, places = grid_taps.tap_shape(grid, size, form["mode"])
    index = ops.permute(grid_taps.tap_index(grid, size=size, **form), dims=(1, 0, 2))
    shape = (count, x.shape[1], taps, places)
    spread = ops.expand(ops.reshape(index, (count, 1, taps, places)), shape)
    return ops.reshape(spread, (*shape[:2], taps * places)), shape


def _image_back(g: Node, out: Node, x: Node, grid: Node, **form: Any) -> Node:
    """Each pixel gets what it was read for, with the weight it had."""
    size = x.shape[2:]
    index, shape = _channel_index(x, grid, form)
    weights = grid_taps.tap_weights(grid, size=size, order=(0,) * len(size), **form)
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
    return grid_taps.weight_back(turned, turned, grid, order=(0,) * len(size), size=size, **form)


def _sample_axes(node: Node) -> Axes:
    inner = (None,) * (node.ndim - 2)
    return Axes((0, 1, *inner), ((0, 1, *inner), (0, *inner, None)))


_grid_sample = Operation(
    ("grid_sample(input, grid)",),
    grid_taps.sampled,
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
    images: Node = ops.grid_sample(
        input,
        grid,
        mode=MODES[interpolation_mode],
        padding_mode=PADDINGS[padding_mode],
        align_corners=align_corners,
    )
    return images
