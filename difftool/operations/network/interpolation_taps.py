"""Which elements along a dimension an interpolated one is made of, and with what weights.

The formulas are ATen's (UpSample.h, UpSampleKernel.cpp). Cubic ones are Keys's (IEEE Transactions
on Acoustics, Speech, and Signal Processing 29, 1981), with a = -0.75, antialiased ones -0.5.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from difftool.graph.node import Shape
from difftool.operations.network.taps import Map, Taps, cached
from difftool.operations.registry import Array

# The sum of height and width up to which ATen has a kernel of its own for the nearest elements.
SMALL = 128


class Form(NamedTuple):
    """How an image is interpolated; `single`: with places and weights in single precision."""

    mode: str
    align_corners: bool
    antialias: bool
    single: bool


@cached
def interpolated(
    given: Shape, size: Shape, scales: tuple[float, ...] | None, form: Form
) -> Map:
    """The map from images of the size `given`; `scales` are factors that were asked for."""
    factors: tuple[float | None, ...] = (None,) * len(given) if scales is None else scales
    if form.mode == "nearest" and len(given) == 2 and sum(size) <= SMALL:
        # That kernel goes by the sizes where they are equal, or one is twice the other.
        factors = tuple(
            [
                None if wanted in (length, 2 * length) else factor
                for length, wanted, factor in zip(given, size, factors, strict=True)
            ]
        )
    return Map(
        tuple(
            [
                _taps(length, wanted, factor, form)
                for length, wanted, factor in zip(given, size, factors, strict=True)
            ]
        )
    )


def _taps(length: int, size: int, factor: float | None, form: Form) -> Taps:
    if form.mode.startswith("nearest"):
        return _nearest(length, size, factor, form.mode == "nearest-exact")
    if form.align_corners:
        step = (length - 1) / (size - 1) if size > 1 else 0.0
    else:
        step = _step(length, size, factor)
    if form.antialias:
        return _antialiased(length, size, step, form.mode == "bicubic")
    place: Array = np.arange(size, dtype=np.float32 if form.single else np.float64)
    place = place * step if form.align_corners else (place + 0.5) * step - 0.5
    if form.mode == "bicubic":
        return _cubic(length, size, place)
    return _linear(length, size, place)


def _step(length: int, size: int, factor: float | None) -> float:
    return 1.0 / factor if factor is not None and factor > 0 else length / size


def _nearest(length: int, size: int, factor: float | None, exact: bool) -> Taps:
    """ATen computes these places in single precision, whatever the image is in."""
    step = np.float32(_step(length, size, factor))
    place = np.arange(size, dtype=np.float32)
    source = np.floor((place + np.float32(0.5)) * step if exact else place * step)
    result = np.arange(size)
    return Taps(result, np.minimum(source.astype(np.int64), length - 1), size, length)


def _pairs(source: Array, weight: Array, size: int, length: int) -> Taps:
    """Taps of arrays with a column for each result."""
    count = len(source)
    result = np.tile(np.arange(size), count)
    places = np.clip(source, 0, length - 1).reshape(-1)
    return Taps(result, places, size, length, weight.reshape(-1))


def _linear(length: int, size: int, place: Array) -> Taps:
    if length == size:  # whatever the factor; infinity times the other weight is NaN in ATen too
        both = np.broadcast_to(np.arange(size), (2, size))
        return _pairs(both, np.repeat([1.0, 0.0], size), size, length)
    place = np.maximum(place, 0)
    before = np.minimum(place.astype(np.int64), length - 1)
    rest = np.minimum(place - before.astype(place.dtype), 1)
    return _pairs(np.stack([before, before + 1]), np.stack([1 - rest, rest]), size, length)


def _cubic(length: int, size: int, place: Array) -> Taps:
    before = np.floor(place)
    rest = place - before
    away = np.stack([rest + 1, rest, 1 - rest, 2 - rest])
    source = before.astype(np.int64) + np.arange(-1, 3)[:, None]
    return _pairs(source, _keys(away, -0.75), size, length)


def _keys(away: Array, a: float) -> Array:
    """Keys's kernel at distances that are not negative."""
    near = ((a + 2) * away - (a + 3)) * away * away + 1
    far = ((a * away - 5 * a) * away + 8 * a) * away - 4 * a
    weights: Array = np.where(away < 1, near, np.where(away < 2, far, 0.0))
    return weights


def _antialiased(length: int, size: int, step: float, cubic: bool) -> Taps:
    """A kernel as wide as the step, where the image becomes smaller, and of sum one."""
    wide = max(step, 1.0)
    support = (2.0 if cubic else 1.0) * wide
    center = (np.arange(size) + 0.5) * step
    first = np.maximum((center - support + 0.5).astype(np.int64), 0)
    last = np.minimum((center + support + 0.5).astype(np.int64), length)
    reach = np.arange(max(int(np.max(last - first)), 1))[:, None]
    source = first + reach
    away = np.abs(source - center + 0.5) / wide
    weight = _keys(away, -0.5) if cubic else np.maximum(1 - away, 0.0)
    weight = np.where(source < last, weight, 0.0)
    kept = np.broadcast_to(source < last, weight.shape)
    weight = weight / np.sum(weight, axis=0)
    _, result = np.nonzero(kept)
    return Taps(result, source[kept], size, length, weight[kept])
