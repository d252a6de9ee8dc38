"""One place, or a range, along a dimension; and the adjoints, which put it back.

`brackets` makes these nodes for `x[...]`, and those of `index_tensors` where tensors are indices.
Taking and putting (`select` and `select_scatter`, ...) are each other's derivatives.
"""

from __future__ import annotations

from typing import Any

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch
from difftool.operations.declare import copied, same, zeros_for
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import (
    dtype_name,
    normal_dim,
    out_of_range,
    refuse_integer_gradient,
)
from difftool.operations.values import value_of

alias = Operation(
    ("alias(input)",),
    lambda x: x,
    same,
    (lambda g, out, x: g,),
    narrow=True,
    view=True,
    rearranges=True,
    layout=layout.unchanged,
    checks=(Check("alias(x) ^ 2", {"x": (2,)}),),
    batch=batch.itself,
    meaning="The tensor itself as a node of its own; what `x[...]` makes.",
    example="alias([1, 2])",
)


def _require_dimension(input: Node) -> None:
    if input.ndim == 0:
        raise DifftoolError(
            "a 0-d tensor can't be indexed",
            kind="index",
            hint="it is one number; x[None] makes a tensor of shape (1,) of it",
        )


def _require_fit(function: str, input: Node, src: Node, part: Shape) -> None:
    """Refuse a `src` that has not the shape of the part it replaces; its dtype is converted."""
    if src.shape != part:
        raise DifftoolError(
            f"{function} replaces a part of shape {part}, src has {src.shape}",
            kind="shape",
            hint="src must have the shape of what it replaces",
        )
    refuse_integer_gradient(src, input.dtype, f"the conversion of src in {function}")


def _at(dim: int, place: Any) -> tuple[Any, ...]:
    """The NumPy index that takes `place` along `dim` and everything along other dimensions."""
    return (slice(None),) * dim + (place,)


def _replaced(x: Array, src: Array, place: tuple[Any, ...], out: Array | None) -> Array:
    result = copied(x, out)
    result[place] = src
    return result


# ----- One place -----


def _select_type(input: Node, *, dim: int, index: int) -> Type:
    _require_dimension(input)
    dim = normal_dim(dim, input.ndim)
    size = input.shape[dim]
    if not -size <= index < size:
        raise out_of_range(index, dim, size, -size)
    shape = input.shape[:dim] + input.shape[dim + 1 :]
    return Type(shape, input.dtype, None, {"dim": dim, "index": index % size})


def _select_back(g: Node, out: Node, x: Node, *, dim: int, index: int) -> Node:
    gradient: Node = ops.select_scatter(zeros_for(g, x.shape), g, dim=dim, index=index)
    return gradient


def _select_layout(node: Node, strides: layout.Strides) -> layout.Strides:
    dim = node.parameters["dim"]
    return strides[:dim] + strides[dim + 1 :]


select = Operation(
    ("select(input, dim: int, index: int)",),
    lambda x, *, dim, index: x[_at(dim, index)],
    _select_type,
    (_select_back,),
    view=True,
    layout=_select_layout,
    checks=(
        Check("select(x, 1, -1) ^ 2", {"x": (2, 3)}),
        Check("select(x, 0, 0) ^ 2", {"x": (2,)}),
    ),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="The part at one index along dim, which it loses; `x[index]` for dim 0.",
    example="select([[1, 2], [3, 4]], 1, 0)",
)


def _select_scatter_type(input: Node, src: Node, *, dim: int, index: int) -> Type:
    part, _, _, parameters = _select_type(input, dim=dim, index=index)
    _require_fit("select_scatter", input, src, part)
    return Type(input.shape, input.dtype, input.dtype, parameters)


select_scatter = Operation(
    ("select_scatter(input, src, dim: int, index: int)",),
    lambda x, src, *, dim, index, out=None: _replaced(x, src, _at(dim, index), out),
    _select_scatter_type,
    (
        lambda g, out, x, src, **place: ops.select_scatter(g, zeros_for(g, src.shape), **place),
        lambda g, out, x, src, **place: ops.select(g, **place),
    ),
    layout=layout.memory_kept,
    checks=(Check("select_scatter(x, y, 1, 0) ^ 2", {"x": (2, 3), "y": (2,)}),),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="input with src in place of select(input, dim, index).",
    example="select_scatter(zeros(2, 2), ones(2), 0, 1)",
)


# ----- A range -----


def _slice_type(
    input: Node, *, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Type:
    _require_dimension(input)
    if step < 1:
        raise DifftoolError(
            f"the step of a slice must be greater than zero, not {step}",
            kind="index",
            hint="use .flip(dim) to reverse a dimension" if step else "leave the step out",
        )
    dim = normal_dim(dim, input.ndim)
    start, end, _ = slice(start, end, step).indices(input.shape[dim])
    end = max(start, end)
    shape = (*input.shape[:dim], len(range(start, end, step)), *input.shape[dim + 1 :])
    parameters = {"dim": dim, "start": start, "end": end, "step": step}
    return Type(shape, input.dtype, None, parameters)


def _range(dim: int, start: int, end: int, step: int) -> tuple[Any, ...]:
    return _at(dim, slice(start, end, step))


def _slice_back(g: Node, out: Node, x: Node, **place: int) -> Node:
    gradient: Node = ops.slice_scatter(zeros_for(g, x.shape), g, **place)
    return gradient


def _slice_layout(node: Node, strides: layout.Strides) -> layout.Strides:
    dim, step = node.parameters["dim"], node.parameters["step"]
    return (*strides[:dim], strides[dim] * step, *strides[dim + 1 :])


_PLACE = "dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1"

# `slice` is Python's own name, which this module needs.
slice_ = Operation(
    (f"slice(input, {_PLACE})",),
    lambda x, **place: x[_range(**place)],
    _slice_type,
    (_slice_back,),
    view=True,
    layout=_slice_layout,
    checks=(
        Check("slice(x, 1, 1, 3) ^ 2", {"x": (2, 4)}),
        Check("slice(x, 0, -4, 9, 2) ^ 2", {"x": (5,)}),
    ),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="The range start:end:step along dim; `x[start:end:step]` for dim 0.",
    example="slice(arange(10), 0, 2, 8, 3)",
)


# ----- A range by its length -----


def _narrowed(input: Node, *, dim: int, start: int, length: int) -> Type:
    """The range as `slice` has it; unlike there no place is brought back into the dimension."""
    _require_dimension(input)
    size = input.shape[normal_dim(dim, input.ndim)]
    first = start + size if start < 0 else start
    if length < 0 or not 0 <= first <= size - length:
        raise DifftoolError(
            f"dimension {dim} of {input.shape} has no {length} elements from {start} on",
            kind="index",
            hint=f"start and length are within the {size} elements of the dimension",
        )
    return _slice_type(input, dim=dim, start=first, end=first + length)


def _start(start: int | Node) -> int:
    if isinstance(start, int):
        return start
    if start.ndim or start.dtype.kind not in "iu":
        raise DifftoolError(
            f"narrow starts at a whole number, not at a tensor of shape {start.shape} and dtype "
            f"{dtype_name(start.dtype)}",
            kind="index",
            hint="a 0-d tensor of whole numbers is taken too",
        )
    return int(value_of(start).item())


@composite(
    "narrow(input, dim: int, start: int, length: int)",
    "narrow(input, dim: int, start, length: int)",
    example="narrow(arange(10), 0, 2, 3)",
    checks=(Check("narrow(x, 1, -2, 2) ^ 2", {"x": (2, 3)}),),
)
def narrow(input: Node, dim: int, start: int | Node, length: int) -> Node:
    """So many elements along dim, from start on."""
    place = _narrowed(input, dim=dim, start=_start(start), length=length).parameters
    return slice_(input, **(place or {}))


narrow_copy = Operation(
    ("narrow_copy(input, dim: int, start: int, length: int)",),
    lambda x, **place: x[_range(**place)],
    _narrowed,
    (_slice_back,),
    view=True,
    owned=True,
    checks=(Check("narrow_copy(x, 1, -2, 2) ^ 2", {"x": (2, 3)}),),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="narrow, as a tensor with memory of its own.",
    example="narrow_copy(arange(10), 0, 2, 3)",
)


# ----- The adjoint of a range -----


def _slice_scatter_type(input: Node, src: Node, **place: Any) -> Type:
    part, _, _, parameters = _slice_type(input, **place)
    _require_fit("slice_scatter", input, src, part)
    return Type(input.shape, input.dtype, input.dtype, parameters)


slice_scatter = Operation(
    (f"slice_scatter(input, src, {_PLACE})",),
    lambda x, src, out=None, **place: _replaced(x, src, _range(**place), out),
    _slice_scatter_type,
    (
        lambda g, out, x, src, **place: ops.slice_scatter(g, zeros_for(g, src.shape), **place),
        lambda g, out, x, src, **place: ops.slice(g, **place),
    ),
    layout=layout.memory_kept,
    checks=(Check("slice_scatter(x, y, 1, 0, 3, 2) ^ 2", {"x": (2, 3), "y": (2, 2)}),),
    batch=batch.moved("dim"),
    axes=axes.along,
    meaning="input with src in place of its range start:end:step along dim.",
    example="slice_scatter(zeros(4), ones(2), 0, 1, 3)",
)
