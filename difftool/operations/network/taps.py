"""Taps: which places along a dimension a result is taken from, for pooling and interpolation.

A `Taps` has one entry for each pair of a result's place and a source's place that it reads, with a
weight. Maps that read a few places are computed in as many steps as the place that reads most, each
of them over all elements; turned around, the same pairs are the adjoint. In several dimensions the
maps here are done one dimension after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.graph.node import Shape
from difftool.operations.registry import Array

Place: TypeAlias = "slice | Array"


class Taps(NamedTuple):
    """Pairs along one dimension.

    Attributes:
        result, source: the places, those of one result in the order they are read in.
        size, length: how many places the result and the source have.
        weight: what each pair counts; None: all of them 1.
        rank: in which step each pair is read, if pairs of one step share no place on either side.
    """

    result: Array
    source: Array
    size: int
    length: int
    weight: Array | None = None
    rank: Array | None = None

    def turned(self) -> Taps:
        """The adjoint: what reads becomes what is read."""
        return Taps(self.source, self.result, self.length, self.size, self.weight, self.rank)


class Step(NamedTuple):
    """Pairs no two of which have one result. `whole`: every result is among them."""

    result: Place
    source: Place
    weight: Array | None
    whole: bool


def sliding(start: Array, kernel: int, apart: int, length: int) -> Taps:
    """Each result reads `kernel` places from `start` on, `apart` from each other, that exist."""
    places = start + apart * np.arange(kernel)[:, None]
    rank, result = np.nonzero((places >= 0) & (places < length))
    return Taps(result, places[rank, result], len(start), length, None, rank)


def ranges(first: Array, last: Array, length: int) -> Taps:
    """Each result reads the places from `first` up to `last`, which it leaves out."""
    counts = last - first
    result = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(result)) - (np.cumsum(counts) - counts)[result]
    return Taps(result, first[result] + within, len(first), length)


def first_places(taps: Taps) -> Array:
    """The first place that each result reads."""
    order = np.argsort(taps.result, kind="stable")
    starts = np.searchsorted(taps.result[order], np.arange(taps.size))
    places: Array = taps.source[order][starts]
    return places


def steps(taps: Taps) -> list[Step]:
    """The pairs in steps: the first that each result reads, the second, ..."""
    if not len(taps.result):
        return []
    result, source, weight, rank = taps.result, taps.source, taps.weight, taps.rank
    if rank is None:
        order = np.argsort(result, kind="stable")
        result, source = result[order], source[order]
        weight = None if weight is None else weight[order]
        rank = np.arange(len(result)) - np.searchsorted(result, result)
    by_rank = np.argsort(rank, kind="stable")
    ends = np.cumsum(np.bincount(rank))[:-1]
    return [
        Step(
            _range(result[part]),
            _range(source[part]),
            None if weight is None else weight[part],
            len(part) == taps.size,
        )
        for part in np.split(by_rank, ends)
        if len(part)
    ]


def _range(places: Array) -> Place:
    """A slice, which copies nothing, for places at even distances."""
    if len(places) == 1:
        return slice(int(places[0]), int(places[0]) + 1)
    apart = int(places[1]) - int(places[0])
    if apart > 0 and np.all(np.diff(places) == apart):
        return slice(int(places[0]), int(places[-1]) + 1, apart)
    return places


def at(dim: int, place: Place) -> tuple[Any, ...]:
    """The index of places along a dimension, counted from the end."""
    return (..., place, *(slice(None),) * (-1 - dim))


def along(weight: Array, dim: int) -> Array:
    """Numbers for the places along a dimension, counted from the end, to broadcast."""
    return weight.reshape(-1, *(1,) * (-1 - dim))


def summed(x: Array, taps: Taps, dim: int) -> Array:
    """For each place of the result the weighed sum of what it reads along `dim`."""
    result: Array | None = None
    shape = reduced(x, taps, dim)
    for step in steps(taps):
        part = x[at(dim, step.source)]
        if step.weight is not None:
            part = part * along(step.weight.astype(x.dtype), dim)
        if result is None and step.whole:
            result = np.array(part, order="C") if step.weight is None else part
            continue
        if result is None:
            result = np.zeros(shape, x.dtype)
        result[at(dim, step.result)] += part
    return np.zeros(shape, x.dtype) if result is None else result


class Map(NamedTuple):
    """A map of the last dimensions: taps for each, and what the sums are divided by.

    `divisor` broadcasts to the result's last dimensions.
    """

    taps: tuple[Taps, ...]
    divisor: Array | None = None

    @property
    def size(self) -> Shape:
        """The lengths of the result's dimensions."""
        return tuple([each.size for each in self.taps])


def mapped(x: Array, way: Map) -> Array:
    """The map applied to the last dimensions of x, the last of them first."""
    for dim in range(-1, -1 - len(way.taps), -1):
        x = summed(x, way.taps[dim], dim)
    if way.divisor is not None:
        if x.dtype.kind == "f":
            x /= way.divisor.astype(x.dtype)
        else:
            x = toward_zero(x, way.divisor)
    return x


def toward_zero(x: Array, divisor: Array) -> Array:
    """The quotient of whole numbers, cut off as in C."""
    size: Array = np.abs(x) // np.abs(divisor)
    return size * np.sign(x) * np.sign(divisor)


def mapped_back(g: Array, way: Map) -> Array:
    """The adjoint of the map, applied to the last dimensions of g."""
    if way.divisor is not None:
        g = g / way.divisor.astype(g.dtype)
    for dim in range(-len(way.taps), 0):
        g = summed(g, way.taps[dim].turned(), dim)
    return g


def product(counts: Sequence[Array]) -> Array:
    """Numbers for each dimension multiplied: one for each place in all of them."""
    result = np.ones((), np.int64)
    for each in counts:
        result = result[..., None] * each
    return result


def reduced(x: Array, taps: Taps, dim: int) -> Shape:
    """The shape of x with the taps' size along a dimension, counted from the end."""
    return (*x.shape[:dim], taps.size, *x.shape[x.ndim + dim + 1 :])


def intermediate(lead: int, given: Shape, size: Shape) -> int:
    """The elements filled besides the result while dimensions change one after the other."""
    sizes = [
        lead * prod(given[: len(given) - done]) * prod(size[len(given) - done :])
        for done in range(1, len(given) + 1)
    ]
    pairs = [before + after for before, after in zip(sizes, sizes[1:], strict=False)]
    return max(pairs, default=sizes[-1]) - sizes[-1]


cached = lru_cache(maxsize=256)
