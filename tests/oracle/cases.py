"""Cases of the oracle: an expression in difftool's own language and the arrays it reads.

The tables (`table_*.py`) call `group` and `each`; `measure` evaluates what they return, and
`record` writes it down. NumPy alone is needed here.

An input is either written out (nested lists; a pair `("float32", [...])` fixes the dtype) or a
short specification in words:

    normal(2, 3)          standard normal, three decimals, never zero
    positive(2, 3)        between 0.2 and 3
    unit(2, 3)            between -0.9 and 0.9
    above(2, 3)           between 1.1 and 3
    ints(3; 0..4)         integers, both ends included
    bools(2, 3)           truth values, both of them present where there are two elements
    matrix(3), matrix(2, 3)      well conditioned square matrices (the last size is the side)
    posdef(3), posdef(2, 3)      symmetric positive definite ones

and `float32`, `int32`, ... behind it changes the dtype. The numbers depend on the name of the
input and on the specification, not on the order of the tables: a new case changes no old record.
"""

from __future__ import annotations

import ast
import inspect
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Specification = str | float | list[Any] | tuple[str, Any]


class Case(NamedTuple):
    """One expression with its inputs.

    `second` is False where PyTorch's second derivative is known to be wrong or meaningless, so
    that it is no measure; the table says why beside the case.
    """

    expression: str
    inputs: dict[str, Array]
    second: bool = True

    @property
    def name(self) -> str:
        """The expression and the shapes it was measured on: readable, and stable between runs."""
        shapes = []
        for name, array in self.inputs.items():
            dtype = "" if array.dtype == np.float64 else f" {array.dtype}"
            shapes.append(f"{name}{dtype} {tuple(array.shape)}")
        text = "; ".join(line.strip() for line in self.expression.splitlines() if line.strip())
        return f"{text} [{', '.join(shapes)}]" if shapes else text


def group(expressions: str, **inputs: Specification) -> list[Case]:
    """One case for each line of `expressions`; a case gets those `inputs` that its line reads."""
    lines = [" ".join(line.split()) for line in expressions.strip().splitlines()]
    return [case(line, **inputs) for line in lines if line]


def case(expression: str, **inputs: Specification) -> Case:
    """A single case, which may have several statements or lines."""
    expression = inspect.cleandoc(expression)
    used = names_in(expression)
    arrays = {name: array(name, what) for name, what in inputs.items() if name in used}
    return Case(expression, arrays)


def each(templates: str, words: str | Iterable[str], **inputs: Specification) -> list[Case]:
    """`group` for every word, put in place of `F` + `()` as `{f}` in the templates."""
    names = words.split() if isinstance(words, str) else list(words)
    return [c for name in names for c in group(templates.replace("{f}", name), **inputs)]


def without_second(cases: Iterable[Case]) -> list[Case]:
    """The cases, their second derivative left out of the record."""
    return [one._replace(second=False) for one in cases]


def names_in(expression: str) -> set[str]:
    """The plain names that an expression program reads or calls."""
    tree = ast.parse(expression.replace("^", "**").strip())
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def unique(cases: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Each case once, with its name; ` #2` and so on stand behind a name that has come before."""
    seen: dict[str, list[tuple[bytes, ...]]] = {}
    for one in cases:
        data = tuple(array.tobytes() for array in one.inputs.values())
        known = seen.setdefault(one.name, [])
        if data not in known:
            known.append(data)
            yield (one.name if len(known) == 1 else f"{one.name} #{len(known)}"), one


def array(name: str, what: Specification) -> Array:
    """The array that a specification describes, for the input called `name`."""
    if isinstance(what, tuple):
        return np.array(what[1], dtype=what[0])
    if not isinstance(what, str):
        return np.array(what)
    match = re.fullmatch(r"(\w+)\((.*?)(?:;\s*(-?\d+)\.\.(-?\d+))?\)(?:\s+(\w+))?", what)
    if match is None:
        raise ValueError(f"not a specification of an array: {what!r}")
    kind, sizes, low, high, dtype = match.groups()
    shape = tuple(int(size) for size in sizes.replace(",", " ").split())
    generator = np.random.default_rng(zlib.crc32(f"{name} {kind} {shape} {low} {high}".encode()))
    values = _draw(generator, kind, shape, int(low or 0), int(high or 0))
    return values.astype(dtype) if dtype else values


def _draw(
    generator: np.random.Generator, kind: str, shape: tuple[int, ...], low: int, high: int
) -> Array:
    if kind == "normal":
        values = np.round(generator.standard_normal(shape), 3)
        return np.asarray(np.where(values == 0, 0.125, values))
    if kind in _RANGES:
        return np.asarray(np.round(generator.uniform(*_RANGES[kind], shape), 3))
    if kind == "ints":
        return np.asarray(generator.integers(low, high, shape, endpoint=True))
    if kind == "bools":
        values = np.asarray(generator.random(shape) < 0.5)
        if values.size > 1:
            values.flat[0], values.flat[1] = True, False
        return values
    if kind == "matrix":
        square = (*shape, shape[-1])
        return np.asarray(np.round(generator.standard_normal(square), 3) + 2 * np.eye(shape[-1]))
    if kind == "posdef":
        square = (*shape, shape[-1])
        root = np.round(generator.standard_normal(square), 1)
        return np.asarray(np.round(root @ root.swapaxes(-1, -2) + 2 * np.eye(shape[-1]), 3))
    raise ValueError(f"no array is called {kind!r}")


_RANGES = {"positive": (0.2, 3.0), "unit": (-0.9, 0.9), "above": (1.1, 3.0)}
