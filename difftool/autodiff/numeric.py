"""Slopes by differences of values: what gradients are proved against.

A slope comes from values alone, by central differences with two steps and Richardson's
extrapolation (Press et al., Numerical Recipes, section 5.7), together with an estimate of its error
and the slopes on either side, which differ at a kink. `Surface` evaluates a graph away from its
point; what is compared with what is decided to the right of here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite, ldexp, log2, nan
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.autodiff.batching import dependents
from difftool.execute.eager import run
from difftool.execute.plan import plan
from difftool.graph.node import Node
from difftool.graph.walk import ancestors

Array: TypeAlias = "np.ndarray[Any, Any]"
Line: TypeAlias = Callable[[float], float]
Point: TypeAlias = Sequence[Array]

# Steps that are tried, as multiples of the best one for a smooth function (the fifth root of the
# spacing of numbers, for differences of fourth order): smaller ones where the function bends or
# ends nearby, larger ones where its values are so large that rounding drowns the difference.
SHRINKING = (1.0, 2.0**-4, 2.0**-8, 2.0**-12, 2.0**-16, 2.0**-20)
GROWING = (2.0**4, 2.0**8)

# A step is good enough when its error is below these shares of the slope, and of value / length.
GOOD_SLOPE = 1e-7
GOOD_VALUE = 1e-11

# The share of a slope that its error may be at most where the sides agree on one.
SETTLED = 1e-2

# The sides belong to one smooth function when their slopes differ by less than this share.
SMOOTH = 1e-3

# How fast the gap between the sides must shrink, over all steps, where it is no kink, and how much
# it grows where the function jumps.
CLOSING = 0.1
JUMPING = 100.0

# A jump by less than this share of the values, or by less than this, is rounding.
ROUGH_SHARE = 1e-10
ROUGH = 1e-13


class Slope(NamedTuple):
    """The slope of a function of one number at 0.

    Attributes:
        value: the slope; at a kink the mean of both sides; NaN where there is none.
        error: an estimate of how far `value` may be from the truth.
        left, right: the slopes on either side; infinite at a jump, NaN where the function ends.
        is_kink: whether they differ however close one looks.
    """

    value: float
    error: float
    left: float
    right: float
    is_kink: bool

    def admits(self, derivative: float, tolerance: float) -> bool:
        """Whether a derivative is right at a kink: between both sides, a subgradient.

        At a jump it must be the slope of the side that has one.
        """
        low, high = min(self.left, self.right), max(self.left, self.right)
        if isfinite(low) and isfinite(high):
            return low - tolerance <= derivative <= high + tolerance
        return any([abs(derivative - side) <= tolerance for side in (low, high) if isfinite(side)])


class _Attempt(NamedTuple):
    """What one step gives: a slope and how well the two sides of it agree."""

    slope: Slope
    step: float
    gap: float
    is_smooth: bool


def slope(
    line: Line,
    length: float = 1.0,
    least: float = 0.0,
    spacing: float = 2.0**-52,
    terms: float = 0.0,
) -> Slope:
    """The slope of `line` at 0.

    Args:
        line: the function; NaN or infinity where it has no value.
        length: how far from 0 the function is expected to change its slope.
        least: the distance to the nearest place where it may end or bend, if that is smaller (the
            smallest coordinate of the point, for logarithms and the like); 0: unknown.
        spacing: the relative distance between neighbouring numbers of its values' dtype.
        terms: the magnitude of what its values are sums of, where those may cancel.
    """
    centre = line(0.0)
    step = ldexp(1.0, round(log2(spacing**0.2 * length)))
    steps = [step * factor for factor in SHRINKING]
    if 0.0 < least < length:
        near = ldexp(1.0, round(log2(spacing**0.2 * least)))
        steps = sorted({*steps, near}, reverse=True)
    attempts: list[_Attempt] = []
    for size in (*steps, *[step * factor for factor in GROWING]):
        attempt = _attempt(line, centre, size, spacing, terms)
        attempts.append(attempt)
        top = max(terms, abs(centre)) / length
        good = GOOD_SLOPE * abs(attempt.slope.value) + GOOD_VALUE * top
        if attempt.is_smooth and attempt.slope.error <= good:
            return attempt.slope
    smooth = [attempt.slope for attempt in attempts if attempt.is_smooth]
    if smooth:
        best = min(smooth, key=lambda found: found.error)
        if not _diverges(attempts[: len(steps)]) or best.error <= SETTLED * abs(best.value):
            return best
    rough = max(ROUGH_SHARE * max(terms, abs(centre)), ROUGH)
    return _rough(attempts[: len(steps)], rough)


def _attempt(
    line: Line, centre: float, step: float, spacing: float, terms: float
) -> _Attempt:
    far, near = line(step), line(step / 2)
    far_back, near_back = line(-step), line(-step / 2)
    noise = 8 * spacing * max(terms, abs(centre), abs(far), abs(far_back)) / step
    right = (4 * near - far - 3 * centre) / step
    left = (3 * centre + far_back - 4 * near_back) / step
    if not (isfinite(right) and isfinite(left)):
        return _one_sided(left, right, near, near_back, centre, step, noise)
    wide = (far - far_back) / (2 * step)
    narrow = (near - near_back) / step
    value = (4 * narrow - wide) / 3
    error = abs(narrow - wide) + noise
    gap = abs(right - left)
    is_smooth = gap <= SMOOTH * max(abs(right), abs(left)) + 4 * noise
    return _Attempt(Slope(value, error, left, right, False), step, gap, is_smooth)


def _one_sided(
    left: float,
    right: float,
    near: float,
    near_back: float,
    centre: float,
    step: float,
    noise: float,
) -> _Attempt:
    """At the end of the function's domain: the slope of the side that is there."""
    if isfinite(right):
        error = abs(right - (near - centre) / (step / 2)) + noise
        return _Attempt(Slope(right, error, nan, right, False), step, inf, False)
    if isfinite(left):
        error = abs(left - (centre - near_back) / (step / 2)) + noise
        return _Attempt(Slope(left, error, left, nan, False), step, inf, False)
    return _Attempt(Slope(nan, inf, nan, nan, False), step, inf, False)


def _diverges(attempts: Sequence[_Attempt]) -> bool:
    """Whether slopes only grow as the steps shrink: the function jumps, or stands upright."""
    values = [abs(attempt.slope.value) for attempt in attempts if isfinite(attempt.gap)]
    grows = all([before < after for before, after in zip(values, values[1:], strict=False)])
    return len(values) > 1 and grows and values[-1] > JUMPING * values[0]


def _rough(attempts: Sequence[_Attempt], rough: float) -> Slope:
    """The slope where no step shows a smooth function: a kink, a jump, or the end of a domain."""
    two_sided = [attempt for attempt in attempts if isfinite(attempt.gap)]
    if not two_sided:
        return min([attempt.slope for attempt in attempts], key=lambda found: found.error)
    first, last = two_sided[0], two_sided[-1]
    # Rounding spoils the smallest steps; the best of the rest tells the sides.
    found = min([attempt.slope for attempt in two_sided], key=lambda found: found.error)
    jump = last.step * max(last.gap, abs(last.slope.value))
    if jump <= rough:
        return found._replace(error=found.error + abs(found.right - found.left))
    if last.gap > JUMPING * first.gap or _diverges(two_sided):
        grows_left = abs(last.slope.left) > JUMPING * abs(first.slope.left)
        grows_right = abs(last.slope.right) > JUMPING * abs(first.slope.right)
        left = last.slope.left * inf if grows_left else last.slope.left
        right = last.slope.right * inf if grows_right else last.slope.right
        return Slope(nan, inf, left, right, True)
    if last.gap < CLOSING * first.gap:
        return last.slope._replace(error=last.slope.error + last.gap)
    return found._replace(value=(found.left + found.right) / 2, is_kink=True)


# ----- A graph away from its point -----


class Surface:
    """A graph as a function of the values of some of its leaves.

    Args:
        targets: the nodes whose values are asked for.
        values: the leaves' values at the point, and whatever else is known already and does not
            depend on them.
        leaves: which may move; the order of a point's arrays.
    """

    def __init__(
        self, targets: Sequence[Node], values: Mapping[Node, Array], leaves: Sequence[Node]
    ) -> None:
        self.targets = targets
        self.leaves = leaves
        moving = dependents(targets, leaves)
        changing = set(moving)
        fixed = [
            source for node in moving for source in node.inputs if source not in changing
        ] + [target for target in targets if target not in changing]
        nodes = list(dict.fromkeys(fixed))
        self._fixed = {node: value for node, value in values.items() if node not in changing}
        run(plan(nodes, self._fixed), self._fixed)
        self._fixed = {node: self._fixed[node] for node in nodes}
        self._plan = plan(targets, {*self._fixed, *leaves})

    def __call__(self, point: Point) -> list[Array]:
        """The targets' values where the leaves have the values of `point`."""
        values = dict(self._fixed)
        values.update(zip(self.leaves, point, strict=True))
        run(self._plan, values)
        return [values[target] for target in self.targets]


def work(targets: Sequence[Node]) -> int:
    """Roughly the elements that one evaluation computes; a node itself costs as much as 2000."""
    return sum([node.size + 2000 for node in ancestors(targets)])


# ----- Kinks inside a graph -----


class Bend(NamedTuple):
    """A node whose value bends at the point although its operands do not.

    Attributes:
        node: the node.
        place: the first such element.
        left, right: that element's slopes on either side.
    """

    node: Node
    place: tuple[int, ...]
    left: float
    right: float


def first_bend(
    targets: Sequence[Node], values: Mapping[Node, Array], leaves: Sequence[Node], moves: Point
) -> Bend | None:
    """The first node of a graph that bends along `moves`, or None where all are smooth."""
    nodes = [node for node in dependents(targets, leaves) if node.dtype.kind == "f"]
    point = [values[leaf] for leaf in leaves]
    length = max([float(np.max(np.abs(x), initial=1.0)) for x in point], default=1.0)
    surface = Surface(nodes, values, leaves)
    centre = surface(point)
    gaps: list[list[Array]] = []
    sides: tuple[list[Array], list[Array]] = ([], [])
    for step in (ldexp(1.0, -13) * length, ldexp(1.0, -21) * length):
        ahead, behind = (
            surface([x + sign * step * move for x, move in zip(point, moves, strict=True)])
            for sign in (1.0, -1.0)
        )
        with np.errstate(all="ignore"):
            rights = [(a - c) / step for a, c in zip(ahead, centre, strict=True)]
            lefts = [(c - b) / step for b, c in zip(behind, centre, strict=True)]
            gaps.append([np.abs(r - s) for r, s in zip(rights, lefts, strict=True)])
        sides = (lefts, rights)
    bent: set[Node] = set()
    for place, node in enumerate(nodes):
        left, right = sides[0][place], sides[1][place]
        gap = gaps[1][place]
        noise = 2.0**-24 * (1.0 + np.abs(centre[place]) / length)
        is_bent = (gap > SMOOTH * np.maximum(np.abs(left), np.abs(right)) + 2 * noise) & (
            gap > 0.5 * gaps[0][place]
        )
        if not np.any(is_bent):
            continue
        bent.add(node)
        if bent.isdisjoint(node.inputs):
            index = tuple([int(i) for i in np.argwhere(is_bent)[0]])
            return Bend(node, index, float(left[index]), float(right[index]))
    return None
