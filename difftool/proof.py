"""The proof of one gradient at one point: reverse mode against slopes, and against forward mode.

`trial` makes a `Proof` for each order, and asks for a comparison by each input.
The slopes come from `autodiff.numeric`, the derivatives from `autodiff`; `verdict` says which of
them agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.autodiff.forward import tangent
from difftool.autodiff.numeric import Slope, slope, work
from difftool.autodiff.reverse import gradients_of
from difftool.graph.node import Node, building_with
from difftool.operations.creation.generator import Generator
from difftool.operations.registry import constant, ops
from difftool.problem import Problem

Array: TypeAlias = "np.ndarray[Any, Any]"
Function: TypeAlias = "Callable[[Mapping[str, Array]], Array | None]"

# Every entry is compared up to this many entries of an input, and this much work for all of them.
EVERY_ENTRY = 1000
MOST_WORK = 10**8

# Otherwise these many entries, drawn at random; random directions always.
SOME_ENTRIES = 32
DIRECTIONS = 4

# Slopes that may be computed to look for kinks in a direction.
SEARCHES = 48

# The share of its own size that a value loses in rounding, generously; and what an expression that
# computes in less than float64 loses, as a multiple of the spacing of its numbers.
ROUNDING = 1e-13
COARSE_VALUES = 16


class Measured(NamedTuple):
    """One entry, or a direction (`place` None), with its derivative and its slope."""

    place: tuple[int, ...] | None
    analytic: float
    slope: Slope


class Proof:
    """One value at one point, with its derivatives.

    Args:
        problem: the expression, run.
        target: what is differentiated: the output, or a number made of its gradients.
        weights: the vector of the vector-Jacobian product, of the target's shape.
        function: the target's value where some inputs have other values; None: it has none there.
        generator: draws directions and entries.
        spacing: the relative distance between neighbouring numbers of the coarsest dtype.
        terms: the magnitude of what the target itself is a sum of.

    Attributes:
        gradients: by input, of its shape; zeros where no gradient comes from.
        size: the magnitude of the terms that the target, times the vector, is the sum of.
    """

    def __init__(
        self,
        problem: Problem,
        target: Node,
        weights: Array,
        function: Function,
        generator: Generator,
        spacing: float,
        terms: float = 0.0,
    ) -> None:
        self.problem = problem
        self.target = target
        self.weights = weights
        self.function = function
        self.generator = generator
        self.spacing = spacing
        sources = problem.sources
        point = problem.values(list(sources.values()))
        self.point = dict(zip(sources, point, strict=True))
        found = (
            gradients_of(target, sources.values(), constant(weights))
            if target.requires_grad
            else {}
        )
        nodes = {name: found.get(node) for name, node in sources.items()}
        self.nodes = {name: node for name, node in nodes.items() if node is not None}
        value, *arrays = problem.values([target, *self.nodes.values()])
        self.gradients = {name: np.zeros(x.shape) for name, x in self.point.items()} | dict(
            zip(self.nodes, arrays, strict=True)
        )
        with np.errstate(all="ignore"):
            self.size = max(float(np.sum(np.abs(weights * value))), terms)

    @property
    def is_coarse(self) -> bool:
        """Whether the expression computes in less than float64."""
        return self.spacing > 2.0**-52

    @property
    def rounding(self) -> float:
        """What is lost in rounding, as far as the target's size tells."""
        return max(ROUNDING, COARSE_VALUES * self.spacing) * max(1.0, self.size)

    # ----- Against slopes -----

    def by_slopes(self, name: str) -> tuple[list[Measured], bool]:
        """The derivatives by one input beside slopes, and whether every entry is among them."""
        x = self.point[name]
        every = x.size <= EVERY_ENTRY and x.size * work([self.target]) <= MOST_WORK
        places = range(x.size) if every else self._some(x.size)
        measured = [
            self.entry(name, tuple(map(int, np.unravel_index(place, x.shape)))) for place in places
        ]
        if x.size > 1 and not (every and any([entry.slope.is_kink for entry in measured])):
            for _ in range(DIRECTIONS):
                found = self._direction(name, self._drawn(x))
                if found is not None:
                    measured.append(found)
        return measured, every

    def _some(self, size: int) -> list[int]:
        drawn = self.generator.randint(0, size, (SOME_ENTRIES,), np.dtype(np.int64))
        return sorted(set(drawn.tolist()))

    def _drawn(self, x: Array) -> Array:
        """A random direction whose components are as large as those of the point."""
        drawn = self.generator.randn(x.shape, np.dtype(np.float64))
        return np.asarray(drawn * np.maximum(np.abs(x), 1.0))

    def entry(self, name: str, index: tuple[int, ...]) -> Measured:
        """One entry of the gradient by one input."""
        x = self.point[name]
        unit = np.zeros(x.shape)
        unit[index] = 1.0
        at = abs(float(x[index]))
        found = self._slope(name, unit, max(at, 1.0), at)
        return Measured(index, float(self.gradients[name][index]), found)

    def along(self, name: str, direction: Array) -> Measured:
        """The derivative along a direction of one input."""
        x = np.abs(self.point[name])
        moved = (direction != 0) & (x != 0)
        least = float(np.min(x[moved] / np.abs(direction[moved]), initial=1.0))
        found = self._slope(name, direction, 1.0, least)
        return Measured(None, float(np.sum(self.gradients[name] * direction)), found)

    def _slope(self, name: str, direction: Array, length: float, least: float) -> Slope:
        x = self.point[name]

        def line(step: float) -> float:
            value = self.function({name: x + step * direction})
            if value is None or value.shape != self.weights.shape:
                return inf
            return float(np.sum(self.weights * value))

        with np.errstate(all="ignore"):
            return slope(line, length, least, self.spacing, self.size)

    def _direction(self, name: str, direction: Array) -> Measured | None:
        """A direction, without the entries at which the function bends; None if those are many.

        At a kink the slope along a direction says nothing: of two entries that bend, one may bend
        up and the other down.
        """
        found = self.along(name, direction)
        if not found.slope.is_kink:
            return found
        waiting = [np.flatnonzero(direction)]
        smooth = np.zeros(direction.size)
        for _ in range(SEARCHES):
            if not waiting:
                break
            places = waiting.pop()
            part = np.zeros(direction.size)
            part[places] = direction.flat[places]
            if not self.along(name, part.reshape(direction.shape)).slope.is_kink:
                smooth += part
            elif len(places) > 1:
                waiting += np.array_split(places, 2)
        if not np.any(smooth):
            return None
        found = self.along(name, smooth.reshape(direction.shape))
        return None if found.slope.is_kink else found

    def worst_of(self, name: str) -> Measured:
        """The entry by which a direction differs most, found by halving the direction."""
        x = self.point[name]
        direction = self._drawn(x)
        places = np.arange(x.size)
        while len(places) > 1:
            parts = np.array_split(places, 2)
            differences = []
            for part in parts:
                only = np.zeros(x.size)
                only[part] = direction.flat[part]
                found = self.along(name, only.reshape(x.shape))
                differences.append(abs(found.analytic - found.slope.value))
            places = parts[0] if not differences[0] < differences[1] else parts[1]
        return self.entry(name, tuple(map(int, np.unravel_index(int(places[0]), x.shape))))

    # ----- Against forward mode -----

    def by_forward(self, name: str) -> list[tuple[float, float, float]]:
        """Along random directions of one input: reverse mode, forward mode, and the terms' size."""
        found = []
        source = self.problem.sources[name]
        for _ in range(DIRECTIONS):
            direction = self._drawn(self.point[name])
            moved = tangent(self.target, {source: constant(direction)})
            (value,) = self.problem.values([moved])
            with np.errstate(all="ignore"):
                terms = self.gradients[name] * direction
                found.append(
                    (
                        float(np.sum(terms)),
                        float(np.sum(self.weights * value)),
                        float(np.sum(np.abs(terms)) + np.sum(np.abs(self.weights * value))),
                    )
                )
        return found


def gradient_along(proof: Proof, directions: Mapping[str, Array]) -> Node:
    """The sum of the gradients' products with fixed directions: what order 2 differentiates."""
    with building_with(span=None):
        total = constant(0.0, proof.target.dtype)
        for name, node in proof.nodes.items():
            total = total + ops.sum(node * constant(directions[name]))
    return total
