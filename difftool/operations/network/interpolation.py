"""Interpolation: images of another size, by copies or weighed sums of neighbouring elements.

Which elements, and with what weights, is ATen's (UpSample.h, UpSampleKernel.cpp): each dimension by
itself, so all modes are linear maps of a few taps along one dimension after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, float64, is_float, uint8
from difftool.graph.node import Node, Shape
from difftool.operations.network.interpolation_taps import Form, interpolated
from difftool.operations.network.tap_maps import linear_map
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import dtype_name

# PyTorch's names for the modes, by the number of dimensions.
_MODES = {
    "nearest": ("UpsampleNearest1D", "UpsampleNearest2D", "UpsampleNearest3D"),
    "nearest-exact": ("UpsampleNearestExact1D", "UpsampleNearestExact2D", "UpsampleNearestExact3D"),
    "area": ("", "", ""),
    "linear": ("UpsampleLinear1D", None, None),
    "bilinear": (None, "UpsampleBilinear2D", None),
    "trilinear": (None, None, "UpsampleTrilinear3D"),
    "bicubic": (None, "UpsampleBicubic2D", None),
}
_COPIES = ("nearest", "nearest-exact", "area")


def _grad_fn(form: Any) -> str:
    name = _MODES[form["mode"]][len(form["size"]) - 1]
    return f"{name}{'Aa' if form['antialias'] else ''}Backward0"


def _way(given: Shape, size: Shape, scales: Any, **form: Any) -> Any:
    return interpolated(given, size, scales, Form(**form))


_upsample = linear_map(
    "upsample(input, size: Size)", _grad_fn, _way, lambda form: len(form["size"]), spare=2
)


def _wrong(message: str, hint: str) -> DifftoolError:
    return DifftoolError(f"interpolate {message}", kind="argument", hint=hint)


def _each(value: Any, count: int, name: str) -> tuple[Any, ...]:
    """One value for each dimension."""
    values = tuple(value) if isinstance(value, list | tuple) else (value,) * count
    if len(values) != count:
        raise _wrong(
            f"takes one {name} or {count}, not {value}", "give one for each dimension of the image"
        )
    return values


def _sizes(
    given: Shape,
    size: int | Sequence[int] | None,
    scale_factor: float | Sequence[float] | None,
    recompute: bool,
) -> tuple[Shape, tuple[float, ...] | None]:
    """The size of the result, and the factors that places are computed by, if not from it."""
    count = len(given)
    if (size is None) == (scale_factor is None):
        raise _wrong("takes either size or scale_factor", "give one of them")
    if size is not None:
        if recompute:
            raise _wrong("has a size: there is no factor to recompute", "leave it out")
        return _each(size, count, "size"), None
    factors = _each(scale_factor, count, "scale_factor")
    lengths = tuple(
        [int(length * factor) for length, factor in zip(given, factors, strict=True)]
    )
    return lengths, None if recompute else tuple([float(factor) for factor in factors])


@composite(
    "interpolate(input, size: Sizes | None = None, scale_factor: Numbers | None = None, "
    "mode: str = 'nearest', align_corners: bool | None = None, "
    "recompute_scale_factor: bool | None = None, antialias: bool = False)",
    example="interpolate([[[1., 2.]]], scale_factor=2)",
    checks=(
        Check("interpolate(x, 5) ^ 2", {"x": (1, 2, 3)}),
        Check("interpolate(x, scale_factor=1.7, mode='linear') ^ 2", {"x": (1, 2, 3)}),
        Check("interpolate(x, (2, 5), None, 'bilinear', True) ^ 2", {"x": (2, 1, 3, 2)}),
        Check("interpolate(x, 4, mode='bicubic') ^ 2", {"x": (1, 1, 2, 3)}),
        Check("interpolate(x, 2, mode='trilinear') ^ 2", {"x": (1, 1, 2, 3, 1)}),
        Check("interpolate(x, 2, mode='bilinear', antialias=True) ^ 2", {"x": (1, 1, 5, 3)}),
    ),
)
def interpolate(
    input: Node,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Node:
    """Images (batch, channels, ...) of another size; nearest, linear, bicubic and area."""
    if mode not in _MODES:
        raise _wrong(f"has no mode `{mode}`", f"choose one of {', '.join(_MODES)}")
    if mode in _COPIES and align_corners is not None:
        raise _wrong(
            f"has no corners to align in the mode `{mode}`", "leave align_corners out"
        )
    given = input.shape[2:]
    count = len(given)
    if not 1 <= count <= 3 or _MODES[mode][count - 1] is None:
        raise DifftoolError(
            f"interpolate in the mode `{mode}` doesn't take a tensor of shape {input.shape}",
            kind="shape",
            hint="(batch, channels, ...) goes with nearest and area, and with linear in one "
            "dimension, bilinear and bicubic in two, trilinear in three",
        )
    if antialias and mode not in ("bilinear", "bicubic"):
        raise _wrong(f"has no antialias in the mode `{mode}`", "bilinear and bicubic have")
    recompute = bool(recompute_scale_factor) or (mode == "area" and size is None)
    lengths, scales = _sizes(given, size, scale_factor, recompute)
    if mode == "area":
        area: Node = getattr(ops, f"adaptive_avg_pool{count}d")(input, output_size=lengths)
        return area
    if 0 in input.shape[1:] or any([length < 1 for length in lengths]):
        raise DifftoolError(
            f"interpolate of shape {input.shape} to {lengths} has no elements",
            kind="shape",
            hint="only the batch dimension may be empty",
        )
    defined = is_float(input.dtype) or (input.dtype == uint8 and mode in _COPIES)
    if not defined or (antialias and input.dtype == float16):
        raise DifftoolError(
            f"interpolate in the mode `{mode}` is not defined for {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert with .double()",
        )
    return _upsample(
        input,
        size=lengths,
        scales=scales,
        mode=mode,
        align_corners=bool(align_corners),
        antialias=antialias,
        single=input.dtype != float64,
    )


# ----- PyTorch's older names -----

_SIZE = "size: Sizes | None = None, scale_factor: Numbers | None = None"


@composite(
    f"upsample(input, {_SIZE}, mode: str = 'nearest', align_corners: bool | None = None)",
    example="upsample([[[1., 2.]]], 4)",
)
def upsample(input: Node, **form: Any) -> Node:
    """Images of another size, as interpolate, which has taken its place."""
    image: Node = ops.interpolate(input, **form)
    return image


@composite(f"upsample_nearest(input, {_SIZE})", example="upsample_nearest([[[1., 2.]]], 4)")
def upsample_nearest(input: Node, **form: Any) -> Node:
    """Images of another size, each element a copy of the nearest one."""
    image: Node = ops.interpolate(input, **form, mode="nearest")
    return image


@composite(
    f"upsample_bilinear(input, {_SIZE})", example="upsample_bilinear(ones(1, 1, 2, 2), 4)"
)
def upsample_bilinear(input: Node, **form: Any) -> Node:
    """Images of another size, interpolated linearly from corner to corner."""
    image: Node = ops.interpolate(input, **form, mode="bilinear", align_corners=True)
    return image
