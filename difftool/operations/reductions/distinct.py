"""Distinct elements: each once, of all or of slices along a dimension, sorted or as they follow.

How many there are decides the shape, so their values are asked for while the graph is built. As in
PyTorch nothing can be differentiated through them.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.registry import Array, Operation, Type, composite
from difftool.operations.shapes import no_derivative, normal_dim
from difftool.operations.values import value_of


def _rows(x: Array, dim: int | None) -> Array:
    """What is told apart, one to a row."""
    if dim is None:
        return x.reshape(-1, 1)
    moved = np.moveaxis(x, dim, 0)
    return moved.reshape(len(moved), prod(moved.shape[1:]))


def _groups(rows: Array, consecutive: bool) -> tuple[Array, Array]:
    """An order in which equal rows follow each other, and where in it a new one begins."""
    if consecutive:
        order = np.arange(len(rows))
    elif rows.shape[1] == 1:
        order = np.argsort(rows[:, 0], kind="stable")
    else:
        order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    begins = np.ones(len(rows), bool)
    begins[1:] = np.any(ordered[1:] != ordered[:-1], axis=1)
    return order, begins


# What `part` counts: the elements, the group of each, and the groups' sizes.
_VALUES, _INVERSE, _COUNTS = range(3)


def _distinct_type(
    input: Node, *, dim: int | None, consecutive: bool, part: int, size: int
) -> Type:
    parameters = {"dim": dim, "consecutive": consecutive, "part": part, "size": size}
    if part == _INVERSE:
        return Type(input.shape if dim is None else (input.shape[dim],), int64, None, parameters)
    if part == _COUNTS:
        return Type((size,), int64, None, parameters)
    shape = (size,) if dim is None else (*input.shape[:dim], size, *input.shape[dim + 1 :])
    return Type(shape, input.dtype, None, parameters)


def _distinct(x: Array, *, dim: int | None, consecutive: bool, part: int, size: int) -> Any:
    rows = _rows(x, dim)
    order, begins = _groups(rows, consecutive)
    if part == _VALUES:
        first = order[begins]
        return x.reshape(-1)[first] if dim is None else np.take(x, first, dim)
    if part == _COUNTS:
        starts = np.flatnonzero(begins)
        return np.diff(starts, append=len(rows))
    inverse = np.empty(len(rows), np.int64)
    inverse[order] = np.cumsum(begins) - 1
    return inverse.reshape(x.shape) if dim is None else inverse


def _grad_fn(node: Node) -> str:
    if node.parameters["consecutive"]:
        return "UniqueConsecutiveBackward0"
    return "Unique2Backward0" if node.parameters["dim"] is None else "UniqueDimBackward0"


def _rule(g: Node, out: Node, x: Node, **parameters: Any) -> Node:
    raise no_derivative("unique", "detach() the tensor first", out)


_unique = Operation(
    ("unique(input)",),
    _distinct,
    _distinct_type,
    (_rule,),
    grad_fn=_grad_fn,
    axes=axes.opaque,
    scratch=4,
    meaning="",
    example="",
)


def _results(
    input: Node, dim: int | None, consecutive: bool, return_inverse: bool, return_counts: bool
) -> Node | tuple[Node, ...]:
    if dim is not None:
        if input.ndim == 0:
            raise DifftoolError(
                "a tensor of no dimensions has no dim", kind="shape", hint="leave dim out"
            )
        dim = normal_dim(dim, input.ndim)
        if 0 in input.shape[:dim] + input.shape[dim + 1 :]:
            raise DifftoolError(
                f"slices of shape {input.shape} along dimension {dim} have no elements",
                kind="shape",
                hint="only the dimension dim may be empty",
            )
    _, begins = _groups(_rows(value_of(input), dim), consecutive)
    form: dict[str, Any] = {
        "dim": dim,
        "consecutive": consecutive,
        "size": int(np.count_nonzero(begins)),
    }
    parts = [part for part, asked in ((1, return_inverse), (2, return_counts)) if asked]
    results = tuple([_unique(input, part=part, **form) for part in (_VALUES, *parts)])
    return results if parts else results[0]


@composite(
    "unique(input, sorted: bool = True, return_inverse: bool = False, "
    "return_counts: bool = False, dim: int | None = None)",
    example="unique([3, 1, 3])",
)
def unique(
    input: Node,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Node | tuple[Node, ...]:
    """The distinct elements (or slices along dim), sorted; with their places and numbers."""
    return _results(input, dim, False, return_inverse, return_counts)


@composite(
    "unique_consecutive(input, return_inverse: bool = False, return_counts: bool = False, "
    "dim: int | None = None)",
    example="unique_consecutive([3, 3, 1, 3])",
)
def unique_consecutive(
    input: Node,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Node | tuple[Node, ...]:
    """The elements (or slices along dim) without repetitions of the one before."""
    return _results(input, dim, True, return_inverse, return_counts)
