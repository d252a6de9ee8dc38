"""Differences of neighbours along a dimension: repeated ones, and gradients of samples.

They are made of the slices, sums and quotients that PyTorch makes them of. Integrals of samples are
in `integrals`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean, is_float, uint8
from difftool.graph.node import Node, Number
from difftool.operations import axes, batch, with_number
from difftool.operations.declare import same
from difftool.operations.registry import Check, Operation, composite, number_of, ops
from difftool.operations.shapes import normal_dim, normal_dims
from difftool.operations.signature import describe

# ----- Differences -----

# What `diff` of order 0 gives: a copy, made by writing into zeros.
_copied = Operation(
    ("copy(input)",),
    lambda x: x.copy(),
    same,
    (lambda g, out, x: g,),
    grad_fn="CopyBackwards",
    layout=layout.preserved,
    batch=batch.elementwise,
    axes=axes.elementwise,
    meaning="",
    example="",
)


def _part(x: Node, dim: int, start: int, end: int | None = None) -> Node:
    part: Node = ops.slice(x, dim=dim, start=start, end=end)
    return part


@composite(
    "diff(input, n: int = 1, dim: int = -1, prepend: Tensor | None = None, "
    "append: Tensor | None = None)",
    example="diff([1, 4, 9])",
    checks=(
        Check("diff(x) ^ 2", {"x": (2, 3)}),
        Check("diff(x, 2, 0, prepend=y) ^ 2", {"x": (3, 2), "y": (1, 2)}),
        Check("diff(x, 0) ^ 2", {"x": (3,)}),
    ),
)
def diff(
    input: Node,
    n: int = 1,
    dim: int = -1,
    prepend: Node | None = None,
    append: Node | None = None,
) -> Node:
    """The n-th differences of neighbours along dim, with tensors to put in front and behind."""
    if input.ndim == 0:
        raise DifftoolError(
            "diff needs a tensor of at least one dimension", kind="shape", hint="reshape it first"
        )
    if n < 0:
        raise DifftoolError(
            f"diff takes no differences of order {n}", kind="argument", hint="n is 0, 1, 2, ..."
        )
    dim = normal_dim(dim, input.ndim)
    if n == 0:
        return _copied(input)
    parts = [part for part in (prepend, input, append) if part is not None]
    for part in parts:
        if part.ndim != input.ndim:
            raise DifftoolError(
                f"diff of shape {input.shape} can't be prolonged by shape {part.shape}",
                kind="shape",
                hint="prepend and append have as many dimensions as input",
            )
    result = input if len(parts) == 1 else ops.cat(*parts, dim=dim)
    length = result.shape[dim]
    for order in range(min(n, length)):
        # PyTorch's narrow: the same slices, of a length that it has worked out.
        end = length - order
        after, before = _part(result, dim, 1, end), _part(result, dim, 0, end - 1)
        result = ops.logical_xor(after, before) if result.dtype == boolean else after - before
    return result


# ----- Gradients of samples -----


@composite(
    "gradient(input, *, spacing: Any = None, dim: Dims | None = None, edge_order: int = 1)",
    example="gradient([1., 4., 9., 16.])",
    checks=(
        Check("gradient(x)[1] ^ 2", {"x": (2, 4)}),
        Check("gradient(x, spacing=2, dim=0, edge_order=2)[0] ^ 2", {"x": (4,)}),
        Check("gradient(x, spacing=[cumsum(y, 0)])[0]", {"x": (4,), "y": (4,)}, (0.5, 2.0)),
        Check("gradient(x, spacing=[[0., 1, 3]], edge_order=2)[0] ^ 2", {"x": (3,)}),
    ),
)
def gradient(
    input: Node,
    spacing: Any = None,
    dim: int | Sequence[int] | None = None,
    edge_order: int = 1,
) -> tuple[Node, ...]:
    """Slopes along each of dim, by central differences; spacing: steps or coordinates."""
    dims = _dims(input, dim)
    steps = _steps(spacing, dims, input.ndim if dim is None else len(dims))
    if edge_order not in (1, 2):
        raise DifftoolError(
            f"gradient has no edge_order {edge_order}", kind="argument", hint="it is 1 or 2"
        )
    if input.dtype == uint8:
        raise DifftoolError(
            "gradient of uint8 is not defined", kind="dtype", hint="convert it with .long()"
        )
    for one in dims:
        if input.shape[one] <= edge_order:
            raise DifftoolError(
                f"gradient needs more than {edge_order} elements along dimension {one}",
                kind="shape",
                hint=f"shape {input.shape} has {input.shape[one]}",
            )
    return tuple(
        [
            _sloped(input, one, step, edge_order)
            if isinstance(step, Node)
            else _evenly_sloped(input, one, step, edge_order)
            for one, step in zip(dims, steps, strict=True)
        ]
    )


def _dims(input: Node, dim: int | Sequence[int] | None) -> tuple[int, ...]:
    """The dimensions in the order they were given in."""
    if dim is None:
        return normal_dims(None, input.ndim)
    given = (dim,) if isinstance(dim, int) else dim
    normal_dims(given, input.ndim)
    return tuple([normal_dim(one, input.ndim) for one in given])


def _steps(spacing: Any, dims: Sequence[int], count: int) -> list[Number | Node]:
    """A step or coordinates for each dimension."""
    if spacing is None:
        return [1] * len(dims)
    if not isinstance(spacing, list | tuple):
        return [_step(spacing)] * len(dims)
    if len(spacing) != count:
        raise DifftoolError(
            f"gradient takes {count} spacings here, not {len(spacing)}",
            kind="argument",
            hint="give one for each dimension, or one number for all",
        )
    steps = [_step(one) for one in spacing]
    if len({isinstance(step, Node) for step in steps}) > 1:
        raise _no_spacing("numbers and tensors together")
    return steps


def _step(value: Any) -> Number | Node:
    number = number_of(value) if isinstance(value, Node) else value
    if isinstance(number, int | float):
        return number
    if isinstance(value, list):
        value = ops.tensor(value, literal=True)
    if not isinstance(value, Node) or value.ndim != 1:
        raise _no_spacing(describe(value))
    return value


def _no_spacing(what: str) -> DifftoolError:
    return DifftoolError(
        f"gradient takes steps or coordinates as spacing, not {what}",
        kind="argument",
        hint="give a number, or for each dimension a number or a vector of coordinates",
    )


def _over(x: Node, number: Number) -> Node:
    return with_number.over(x, number) if is_float(x.dtype) else x / number


def _evenly_sloped(x: Node, dim: int, step: Number, edge_order: int) -> Node:
    times = with_number.times
    center = _over(_part(x, dim, 2) - _part(x, dim, 0, -2), step)
    if edge_order == 1:
        first = _part(x, dim, 1, 2) - _part(x, dim, 0, 1)
        last = _part(x, dim, -1) - _part(x, dim, -2, -1)
    else:
        first = (
            times(_part(x, dim, 0, 1), -1.5)
            + times(_part(x, dim, 1, 2), 2)
            - times(_part(x, dim, 2, 3), 0.5)
        )
        last = (
            times(_part(x, dim, -3, -2), 0.5)
            - times(_part(x, dim, -2, -1), 2)
            + times(_part(x, dim, -1), 1.5)
        )
    first, last = _over(first, step), _over(last, step)
    joined: Node = ops.cat(first, _over(center, 2), last, dim=dim)
    return joined


# The weights of three samples in the slope at the first of them, at the middle and at the last, by
# the two steps that lie between them. Each use of a step is a node of its own, as in PyTorch.


def _at_start(step: Callable[[int], Node]) -> tuple[Node, Node, Node]:
    twice = with_number.times(step(0), 2)
    return (
        -(twice + step(1)) / (step(0) * (step(0) + step(1))),
        (step(0) + step(1)) / (step(0) * step(1)),
        -step(0) / (step(1) * (step(0) + step(1))),
    )


def _at_middle(first: Node, second: Node) -> tuple[Node, Node, Node]:
    return (
        -second / (first * (first + second)),
        (second - first) / (first * second),
        first / (second * (first + second)),
    )


def _at_end(step: Callable[[int], Node]) -> tuple[Node, Node, Node]:
    twice = with_number.times(step(-1), 2)
    return (
        step(-1) / (step(-2) * (step(-1) + step(-2))),
        -(step(-1) + step(-2)) / (step(-1) * step(-2)),
        (twice + step(-2)) / (step(-1) * (step(-1) + step(-2))),
    )


def _sloped(x: Node, dim: int, coordinates: Node, edge_order: int) -> Node:
    """The slopes of the parabolas through three neighbours, whatever lies between them."""
    if coordinates.shape[0] != x.shape[dim]:
        raise DifftoolError(
            f"gradient has {coordinates.shape[0]} coordinates for {x.shape[dim]} samples",
            kind="shape",
            hint=f"dimension {dim} needs one for each",
        )
    shape = tuple([-1 if axis == dim else 1 for axis in range(x.ndim)])
    steps: Node = ops.diff(coordinates, dim=0)

    def slope(form: Sequence[Node], places: Sequence[tuple[int, int | None]]) -> Node:
        a, b, c = [
            weight * _part(x, dim, *place) for weight, place in zip(form, places, strict=True)
        ]
        return a + b + c

    def step(place: int) -> Node:
        one: Node = ops.select(steps, dim=0, index=place)
        return one

    before, after = _part(steps, 0, 0, -1), _part(steps, 0, 1)
    inner = [ops.reshape(weight, shape) for weight in _at_middle(before, after)]
    center = slope(inner, ((0, -2), (1, -1), (2, None)))

    if edge_order == 1:
        first = (_part(x, dim, 1, 2) - _part(x, dim, 0, 1)) / step(0)
        last = (_part(x, dim, -1) - _part(x, dim, -2, -1)) / step(-1)
    else:
        first = slope(_at_start(step), ((0, 1), (1, 2), (2, 3)))
        last = slope(_at_end(step), ((-3, -2), (-2, -1), (-1, None)))
    joined: Node = ops.cat(first, center, last, dim=dim)
    return joined
