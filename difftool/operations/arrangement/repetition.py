"""Repetition: of a whole tensor side by side, and of single elements in a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node, building
from difftool.operations import axes, batch, batch_places
from difftool.operations.declare import copied, same
from difftool.operations.registry import Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import dtype_name, normal_dim, possible_shape
from difftool.operations.values import value_of

# ----- Of the whole -----


def _repeated(input: Node, *, repeats: Sequence[int]) -> Type:
    repeats = tuple(repeats)
    missing = len(repeats) - input.ndim
    if missing < 0 or any(count < 0 for count in repeats):
        raise DifftoolError(
            f"a tensor of shape {input.shape} can't be repeated {repeats} times",
            kind="shape",
            hint="give a number, not negative, for each dimension; further ones go in front",
        )
    own = (1,) * missing + input.shape
    shape = tuple([count * size for count, size in zip(repeats, own, strict=True)])
    return Type(possible_shape(shape), input.dtype, None, {"repeats": repeats})


def _repeat_back(g: Node, out: Node, x: Node, *, repeats: tuple[int, ...]) -> Node:
    """The sum over all repetitions: each dimension split into (repetition, place)."""
    own = (1,) * (len(repeats) - x.ndim) + x.shape
    split = tuple([size for pair in zip(repeats, own, strict=True) for size in pair])
    summed: Node = ops.reshape(g, split)
    if split:
        summed = ops.sum(summed, dim=tuple(range(0, len(split), 2)))
    gradient: Node = ops.reshape(summed, x.shape)
    return gradient


def _tile_before(node: Node) -> float:
    """np.tile repeats one dimension after the other: what it has before the last."""
    several = [times for times in node.parameters["repeats"] if times > 1]
    return 1 / several[-1] if len(several) > 1 else 0


repeat = Operation(
    ("repeat(input, *repeats: int)",),
    lambda x, *, repeats: np.tile(x, repeats),
    _repeated,
    (_repeat_back,),
    checks=(
        Check("repeat(x, 2, 3) ^ 2", {"x": (3,)}),
        Check("repeat(x, 2, 1) ^ 2", {"x": (2, 3)}),
        Check("repeat(x, 3) ^ 2", {"x": ()}),
    ),
    batch=batch_places.repeat,
    axes=axes.repeated,
    scratch=_tile_before,
    meaning="Copies side by side: so many along each dimension.",
    example="repeat([1, 2], 2, 2)",
)


@composite(
    "tile(input, *dims: int)",
    example="tile([[1, 2], [3, 4]], (2,))",
    checks=(Check("tile(x, (2,)) ^ 2", {"x": (2, 3)}),),
)
def tile(input: Node, dims: Sequence[int]) -> Node:
    """Copies side by side as repeat, dims counted from the last dimension."""
    return repeat(input, repeats=(1,) * (input.ndim - len(dims)) + tuple(dims))


# ----- Of elements -----

# A copy with its elements row by row, whatever their order was.
_cloned = Operation(
    ("clone(input)",),
    copied,
    same,
    (lambda g, out, x: g,),
    grad_fn="CloneBackward0",
    narrow=True,
    rearranges=True,
    layout=lambda node, strides: layout.contiguous(node.shape),
    batch=batch.itself,
    meaning="",
    example="",
)

_OUTPUT = "*, output_size: int | None = None"


def _several(input: Node, repeats: int, dim: int, output_size: int | None) -> Node:
    """The same number of times each: by views and one copy, as ATen does it."""
    if repeats < 0:
        raise DifftoolError(
            f"elements can't be repeated {repeats} times",
            kind="value",
            hint="give a number that is not negative",
        )
    length = input.shape[dim] * repeats
    _require_length(output_size, length)
    shape = input.shape
    wide = ops.unsqueeze(input, dim=dim + 1)
    wide = ops.expand(wide, (*shape[: dim + 1], repeats, *shape[dim + 1 :]))
    result: Node = ops.view(_cloned(wide), (*shape[:dim], length, *shape[dim + 1 :]))
    return result


def _require_length(output_size: int | None, length: int) -> None:
    if output_size is not None and output_size != length:
        raise DifftoolError(
            f"the repeated elements are {length}, not output_size={output_size}",
            kind="value",
            hint="leave output_size out: it saves no time here",
        )


def _places(repeats: Node, output_size: int | None) -> Node:
    """The number of each element, as often as it is repeated."""
    if repeats.ndim != 1 or repeats.dtype.name not in ("int32", "int64"):
        raise DifftoolError(
            f"repeats is a vector of whole numbers, not of shape {repeats.shape} and dtype "
            f"{dtype_name(repeats.dtype)}",
            kind="shape" if repeats.ndim != 1 else "dtype",
            hint="one number for each element; .long() makes whole numbers",
        )
    counts = value_of(repeats)
    if counts.size and counts.min() < 0:
        raise DifftoolError(
            f"elements can't be repeated {int(counts.min())} times",
            kind="value",
            hint="give numbers that are not negative",
        )
    if building.allow is not None:
        building.allow(sum(counts.tolist()) * repeats.dtype.itemsize)
    places = np.repeat(np.arange(counts.size, dtype=repeats.dtype), counts)
    _require_length(output_size, places.size)
    return constant(places)


@composite(
    f"repeat_interleave(input, repeats: int, dim: int | None = None, {_OUTPUT})",
    f"repeat_interleave(repeats, {_OUTPUT})",
    f"repeat_interleave(input, repeats, dim: int | None = None, {_OUTPUT})",
    example="repeat_interleave([1, 2, 3], 2)",
    checks=(
        Check("repeat_interleave(x, 2, 1) ^ 2", {"x": (2, 2)}),
        Check("repeat_interleave(x, 2) ^ 2", {"x": (2, 2)}),
    ),
)
def repeat_interleave(
    input: Node | None = None,
    repeats: int | Node = 0,
    dim: int | None = None,
    output_size: int | None = None,
) -> Node:
    """Each element (along dim) so many times in a row; without dim those of the flat tensor."""
    if input is None:
        assert isinstance(repeats, Node)
        return _places(repeats, output_size)
    x = input
    if dim is None:
        x, dim = ops.flatten(x), 0
    elif x.ndim == 0:
        raise DifftoolError(
            "repeat_interleave has no dimension to repeat along in a 0-d tensor",
            kind="shape",
            hint="leave dim out",
        )
    dim = normal_dim(dim, x.ndim)
    if isinstance(repeats, int):
        return _several(x, repeats, dim, output_size)
    if repeats.size == 1 and repeats.ndim < 2:
        repeats = ops.expand(ops.reshape(repeats, (1,)), (x.shape[dim],))
    elif repeats.shape != (x.shape[dim],):
        raise DifftoolError(
            f"repeats of shape {repeats.shape} don't fit the {x.shape[dim]} elements of dimension "
            f"{dim} of {x.shape}",
            kind="shape",
            hint="give one number, or one for each element",
        )
    result: Node = ops.index_select(x, _places(repeats, output_size), dim=dim)
    return result
