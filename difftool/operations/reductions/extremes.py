"""Extremes: the largest and smallest elements, and where they are.

PyTorch tells them apart by what happens to the gradient of equal elements: `max(input)`, `amax` and
`amin` share it evenly, `max(input, dim)` gives it to the one element whose index it returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int64, uint8
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.accumulation import Accumulation
from difftool.operations.declare import kept, reduces
from difftool.operations.reductions.picking import along
from difftool.operations.registry import (
    Array,
    Check,
    Composite,
    Operation,
    Type,
    number_of,
    ops,
)
from difftool.operations.shapes import reduced_shape, refuse_booleans

Dims = tuple[int, ...] | None

_reduced = reduces()


def _axis(x: Array, dim: int | None) -> int | None:
    """The axis NumPy reduces: a 0-d array, which PyTorch gives a dimension 0, has none."""
    return dim if x.ndim else None


def _require_elements(function: str, input: Node, dim: Dims) -> None:
    """Refuse to look for an extreme among no elements."""
    for axis in range(input.ndim) if dim is None else dim:
        if axis < input.ndim and input.shape[axis] == 0:
            raise DifftoolError(
                f"{function} of a tensor of shape {input.shape} has no elements to choose from",
                kind="shape",
                hint="reduce a dimension that is not empty",
            )


class Extreme(NamedTuple):
    """What `max` and `min` over a dimension give: PyTorch's pair of results."""

    values: Node
    indices: Node


# PyTorch prints the name of the function in front of the pair.
class max_result(Extreme):
    """The pair that `max` gives."""


class min_result(Extreme):
    """The pair that `min` gives."""


def _all_extreme_rule(g: Node, out: Node, x: Node) -> Node:
    """Ties share evenly; where the result is NaN, it came from the NaNs."""
    chosen = ops.logical_or(ops.eq(x, out), ops.ne(x, x))
    shared: Node = ops.where(chosen, g / ops.sum(chosen), 0)
    return shared


def _extreme(
    name: str,
    kernel: Callable[..., Any],
    combine: Callable[[Any, Any], Any],
    find: str,
    pair: str,
    meaning: str,
) -> tuple[Operation, Operation, Composite]:
    """`max` or `min`: of all elements, along a dimension, and the function for all its forms."""
    capital = name.capitalize()

    def all_type(input: Node) -> Type:
        _require_elements(name, input, None)
        return Type((), input.dtype)

    def over_all(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
        flat = ops.reshape(inputs[0], (size, node.inputs[0].size))
        extremes: Node = getattr(ops, "a" + name)(flat, dim=1)
        return extremes

    of_all = Operation(
        (f"{name}(input)",),
        kernel,
        all_type,
        (_all_extreme_rule,),
        batch=over_all,
        axes=axes.reduction,
        accumulation=Accumulation(kernel, combine),
        meaning=f"{meaning} element.",
        example=f"{name}([3, 1, 2])",
        grad_fn=f"{capital}Backward1",
    )

    def dim_type(input: Node, *, dim: int, keepdim: bool = False) -> Type:
        shape, dim = along(input, dim, keepdim)
        _require_elements(name, input, (dim,))
        return Type(shape, input.dtype, None, {"dim": dim, "keepdim": keepdim})

    def dim_rule(g: Node, out: Node, x: Node, dim: int, keepdim: bool) -> Node:
        """All of it goes to the element that was chosen."""
        if x.ndim == 0:
            return g
        places = [1] * x.ndim
        places[dim] = x.shape[dim]
        place = ops.reshape(ops.arange(x.shape[dim]), tuple(places))
        chosen = ops.eq(place, getattr(ops, find)(x, dim=dim, keepdim=True))
        passed: Node = ops.where(chosen, kept(g, x, (dim,), keepdim), 0)
        return passed

    along_dim = Operation(
        (f"{name}_dim(input, dim: int, keepdim: bool = False)",),
        lambda x, *, dim, keepdim: kernel(x, axis=_axis(x, dim), keepdims=keepdim),
        dim_type,
        (dim_rule,),
        batch=batch.along,
        axes=axes.along,
        meaning=f"{meaning} element along dim: the values of {name}(input, dim).",
        example=f"{name}_dim([[1., 5.], [7., 3.]], dim=1)",
        grad_fn=f"{capital}Backward0",
        checks=(
            Check(f"{name}_dim(x, 0)", {"x": (3, 2)}),
            Check(f"{name}_dim(x, 1, keepdim=True) * x", {"x": (2, 3)}),
            Check(f"{name}_dim(x, 0)", {"x": ()}),
        ),
    )

    def compose(
        input: Node, dim: int | None = None, keepdim: bool = False, **second: Any
    ) -> Node | Extreme:
        if second:
            other = second["other"]
            if isinstance(other, list):
                other = ops.tensor(other, literal=True)
            if other is None or isinstance(other, tuple):
                raise DifftoolError(
                    f"{name} takes one dim, not {other}",
                    kind="argument",
                    hint=f"a{name} reduces several dimensions, {name}(input) all of them",
                )
            number = number_of(other) if isinstance(other, Node) else other
            if number is not None:
                raise DifftoolError(
                    f"{name} compares two tensors, and {number!r} is a number",
                    kind="argument",
                    hint=f"clamp(input, {'min' if name == 'max' else 'max'}={number!r}) does it",
                )
            pairwise: Node = getattr(ops, pair)(input, other)
            return pairwise
        if dim is None:
            return of_all(input)
        numbers = ops.to(input, dtype=uint8) if input.dtype == boolean else input
        indices = getattr(ops, find)(numbers, dim=dim, keepdim=keepdim)
        result = max_result if name == "max" else min_result
        return result(along_dim(input, dim=dim, keepdim=keepdim), indices)

    every_form = Composite(
        (
            f"{name}(input)",
            f"{name}(input, dim: int, keepdim: bool = False)",
            f"{name}(input, other: Any)",
        ),
        compose,
        meaning=f"{meaning} element; along dim also its index; of two tensors, one by one.",
        example=f"{name}([[1., 5.], [7., 3.]], dim=1).values",
        checks=(
            Check(f"{name}(x)", {"x": ()}),
            Check(f"{name}(x) * x", {"x": (2, 3)}),
            Check(f"{name}(x, y)", {"x": (2, 3), "y": (2, 3)}),
        ),
    )
    return of_all, along_dim, every_form


_max, max_dim, max = _extreme("max", np.max, np.maximum, "argmax", "maximum", "Largest")
_min, min_dim, min = _extreme("min", np.min, np.minimum, "argmin", "minimum", "Smallest")


def _even_extreme(
    name: str, kernel: Callable[..., Any], combine: Callable[[Any, Any], Any], meaning: str
) -> Operation:
    """`amax` or `amin`."""

    def infer(input: Node, **parameters: Any) -> Type:
        type_ = _reduced(input, **parameters)
        _require_elements(name, input, (type_.parameters or {})["dim"])
        return type_

    def rule(g: Node, out: Node, x: Node, dim: Dims, keepdim: bool) -> Node:
        """Ties share evenly."""
        chosen: Node = ops.eq(x, kept(out, x, dim, keepdim))
        count: Node = ops.sum(chosen, dim=dim, keepdim=True)
        return (kept(g, x, dim, keepdim) / count) * chosen

    return Operation(
        (f"{name}(input, dim: Dims | None = (), keepdim: bool = False)",),
        lambda x, *, dim, keepdim: kernel(x, axis=dim, keepdims=keepdim),
        infer,
        (rule,),
        batch=batch.reduction,
        axes=axes.reduction,
        accumulation=Accumulation(
            lambda x, *, dim, keepdim: kernel(x, axis=dim, keepdims=keepdim), combine
        ),
        meaning=f"{meaning} element of all, or over dim.",
        example=f"{name}([[1., 5.], [7., 3.]], dim=1)",
        checks=(
            Check(f"{name}(x)", {"x": ()}),
            Check(f"{name}(x) * x", {"x": (2, 3)}),
            Check(f"{name}(x, (0, 2), keepdim=True) * x", {"x": (2, 3, 2)}),
        ),
    )


amax = _even_extreme("amax", np.max, np.maximum, "Largest")
amin = _even_extreme("amin", np.min, np.minimum, "Smallest")


def _rows_for_search(node: Node) -> float:
    """NumPy looks along rows, and makes a copy whose rows are along another dimension."""
    dim = node.parameters["dim"]
    return 0 if dim is None or dim >= node.inputs[0].ndim - 1 else 1


def _index_of_extreme(name: str, kernel: Callable[..., Any], meaning: str) -> Operation:
    """`argmax` or `argmin`."""

    def infer(input: Node, *, dim: int | None = None, keepdim: bool = False) -> Type:
        refuse_booleans(name, input)
        if dim is None:
            shape = reduced_shape(input.shape, range(input.ndim), keepdim)
        else:
            shape, dim = along(input, dim, keepdim)
        _require_elements(name, input, None if dim is None else (dim,))
        return Type(shape, int64, None, {"dim": dim, "keepdim": keepdim})

    return Operation(
        (f"{name}(input, dim: int | None = None, keepdim: bool = False)",),
        lambda x, *, dim, keepdim: kernel(x, axis=_axis(x, dim), keepdims=keepdim),
        infer,
        scratch=_rows_for_search,
        batch=batch.along,
        axes=axes.along,
        meaning=f"Index of the {meaning} element, the first of equals; NaN counts as it.",
        example=f"{name}([[1., 5.], [7., 3.]], dim=1)",
    )


argmax = _index_of_extreme("argmax", np.argmax, "largest")
argmin = _index_of_extreme("argmin", np.argmin, "smallest")
