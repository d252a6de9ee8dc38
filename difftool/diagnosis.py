"""What is wrong with a hand-derived gradient: a factor, a sign, a transpose, a missing sum.

`by_hand` asks when one doesn't agree. Everything here is arrays and names; each answer is one
sentence, and is given only where it explains every entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations
from math import isclose
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"

# How closely an explanation must fit, relative to the largest entry.
FIT = 1e-6

# Dimensions up to which every order of them is tried.
MOST_DIMENSIONS = 4


def diagnose(
    theirs: Array, ours: Array, name: str, others: Mapping[str, Array], sizes: Mapping[str, int]
) -> str | None:
    """Why a hand-derived gradient differs from the right one, or None where nothing explains it.

    Args:
        theirs: the hand-derived gradient, of any shape.
        ours: the right one.
        name: the input it is by.
        others: the right gradients by the other inputs.
        sizes: numbers that may be missing as a factor, by what they are ("numel(x)").
    """
    if theirs.shape == ours.shape:
        return (
            _multiple(theirs, ours, sizes)
            or _transposed(theirs, ours, sizes)
            or _other_input(theirs, others, name)
            or _shifted(theirs, ours)
            or _parts(theirs, ours)
        )
    return _reshaped(theirs, ours, name, sizes) or _other_input(theirs, others, name)


def _same(first: Array, second: Array) -> bool:
    if first.shape != second.shape:
        return False
    scale = max(float(np.max(np.abs(first), initial=0)), float(np.max(np.abs(second), initial=0)))
    return scale > 0 and bool(np.all(np.abs(first - second) <= FIT * scale))


def _factor(theirs: Array, ours: Array) -> float | None:
    """The number that `ours` has to be multiplied by to give `theirs`, if there is one."""
    if ours.size == 0 or theirs.shape != ours.shape:
        return None
    largest = np.unravel_index(int(np.argmax(np.abs(ours))), ours.shape)
    if ours[largest] == 0:
        return None
    factor = float(theirs[largest] / ours[largest])
    return factor if factor and _same(theirs, factor * ours) else None


def _multiple(theirs: Array, ours: Array, sizes: Mapping[str, int]) -> str | None:
    factor = _factor(theirs, ours)
    if factor is None:
        return "yours is 0 everywhere" if not np.any(theirs) and np.any(ours) else None
    everywhere = " everywhere" if ours.size > 1 else ""
    if isclose(factor, -1, rel_tol=FIT):
        return f"yours has the opposite sign{everywhere}: a missing minus?"
    return f"yours is {_number(factor)} times ours{everywhere}{_reason(factor, sizes)}"


def _number(value: float) -> str:
    inverse = 1 / value
    if abs(value) < 1 and isclose(inverse, round(inverse), rel_tol=FIT) and round(inverse):
        return f"1/{round(inverse)}" if inverse > 0 else f"-1/{-round(inverse)}"
    return f"{value:.6g}"


def _reason(factor: float, sizes: Mapping[str, int]) -> str:
    """What a factor may come from."""
    sign = " and a wrong sign" if factor < 0 else ""
    factor = abs(factor)
    if isclose(factor, 0.5, rel_tol=FIT):
        return f": a missing factor of 2{sign}?"
    if isclose(factor, 2, rel_tol=FIT) and 2 in sizes.values():
        two = next(what for what, size in sizes.items() if size == 2)
        return f": a factor of 2 too much, or a missing division by {two}{sign}?"
    for what, size in sizes.items():
        if size > 1 and isclose(factor, size, rel_tol=FIT):
            return f": a missing division by {what}{sign}?"
        if size > 1 and isclose(factor, 1 / size, rel_tol=FIT):
            return f": a division by {what} too much{sign}?"
    if isclose(factor, 2, rel_tol=FIT):
        return f": a factor of 2 too much{sign}?"
    for what, size in sizes.items():
        for twice in (2.0, 0.5):
            if size > 1 and isclose(factor, twice * size, rel_tol=FIT):
                return f": a missing division by {what}, and a factor of {twice:g}{sign}?"
            if size > 1 and isclose(factor, twice / size, rel_tol=FIT):
                return f": a division by {what} too much, and a factor of {twice:g}{sign}?"
    return sign


def _orders(dimensions: int) -> Iterator[tuple[int, ...]]:
    """Every order of dimensions but the one they have."""
    if 2 <= dimensions <= MOST_DIMENSIONS:
        orders = permutations(range(dimensions))
        next(orders)
        yield from orders


def _transposed(theirs: Array, ours: Array, sizes: Mapping[str, int]) -> str | None:
    for order in _orders(theirs.ndim):
        factor = _factor(theirs.transpose(order), ours)
        if factor is not None:
            how = "yours is transposed"
            if theirs.ndim > 2:
                how = f"yours has its dimensions in another order: ours is yours.permute{order}"
            if isclose(factor, 1, rel_tol=FIT):
                return how
            if isclose(factor, -1, rel_tol=FIT):
                return f"{how}, with the opposite sign"
            return f"{how}, and {_number(factor)} times ours{_reason(factor, sizes)}"
    return None


def _reshaped(theirs: Array, ours: Array, name: str, sizes: Mapping[str, int]) -> str | None:
    """Explain a gradient of another shape than its input."""
    transposed = _transposed(theirs, ours, sizes)
    if transposed is not None:
        return transposed
    for count in range(1, theirs.ndim + 1):
        for dims in combinations(range(theirs.ndim), count):
            for keepdim in (False, True):
                for how, total in (
                    ("sum", theirs.sum(axis=dims, keepdims=keepdim)),
                    ("mean", theirs.mean(axis=dims, keepdims=keepdim)),
                ):
                    explained = _reduced(total, ours, how, dims, keepdim, name, theirs.shape, sizes)
                    if explained is not None:
                        return explained
    if theirs.size == ours.size and theirs.size:
        factor = _factor(theirs.reshape(ours.shape), ours)
        if factor is not None:
            more = "" if isclose(factor, 1, rel_tol=FIT) else f", and {_number(factor)} times ours"
            return f"the numbers are ours in another shape: reshape yours to {ours.shape}{more}"
    return None


def _reduced(
    total: Array,
    ours: Array,
    how: str,
    dims: tuple[int, ...],
    keepdim: bool,
    name: str,
    shape: tuple[int, ...],
    sizes: Mapping[str, int],
) -> str | None:
    """Explain a gradient that is right once some dimensions are summed or averaged away."""
    factor = _factor(total, ours)
    if factor is None or (how == "mean" and not isclose(factor, 1, rel_tol=FIT)):
        return None
    if np.prod([shape[dim] for dim in dims]) == 1:
        return None
    written = f"dim={dims[0] if len(dims) == 1 else dims}{', keepdim=True' if keepdim else ''}"
    if how == "mean":
        return f"yours repeats ours over dimension {_listed(dims)}: take one of them"
    text = (
        f"a missing sum over dimension {_listed(dims)}, along which {name} was broadcast: "
        f"sum(yours, {written})"
    )
    if isclose(factor, 1, rel_tol=FIT):
        return f"{text} is ours"
    return f"{text} is {_number(factor)} times ours{_reason(factor, sizes)}"


def _listed(dims: tuple[int, ...]) -> str:
    return ", ".join(map(str, dims))


def _other_input(theirs: Array, others: Mapping[str, Array], name: str) -> str | None:
    for other, gradient in others.items():
        if _same(theirs, gradient):
            return f"yours is the gradient by {other}, not by {name}"
    return None


def _shifted(theirs: Array, ours: Array) -> str | None:
    if ours.size < 2:
        return None
    shift = float((theirs - ours).flat[0])
    if shift and _same(theirs - shift, ours):
        return f"yours is ours {'plus' if shift > 0 else 'minus'} {abs(shift):.6g} everywhere"
    return None


def _parts(theirs: Array, ours: Array) -> str | None:
    """Entries that are right, and what is wrong with the rest as a whole."""
    scale = float(np.max(np.abs(ours), initial=0))
    wrong = np.abs(theirs - ours) > FIT * scale
    count = int(np.count_nonzero(wrong))
    if not 0 < count < theirs.size:
        return None
    if theirs.ndim >= 2 and theirs.shape[-1] == theirs.shape[-2]:
        diagonal = np.eye(theirs.shape[-1], dtype=bool)
        if not np.any(wrong & ~diagonal):
            return "only entries on the diagonal are wrong"
        if not np.any(wrong & diagonal):
            return "the diagonal is right, entries off it are not"
    if not np.any(theirs[wrong]):
        return f"yours is 0 at {count} entries where ours is not"
    if np.all(np.abs(theirs[wrong] + ours[wrong]) <= FIT * scale):
        return f"{count} entries have the opposite sign, the others are right"
    return f"{theirs.size - count} of {theirs.size} entries are right"
