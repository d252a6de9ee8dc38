"""Sections: a tensor as a tuple of slices, by their number or by the places where one begins.

These are `tensor_split` and NumPy's `hsplit`, `vsplit` and `dsplit`. `splitting` has the functions
that go by the sizes of the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import dtype_name, normal_dim, possible_parts
from difftool.operations.values import value_of


def _sections(input: Node, count: int, dim: int) -> tuple[Node, ...]:
    """As even as possible: the first ones are one longer where the length is no multiple."""
    if count < 1:
        raise DifftoolError(
            f"a tensor can't be split into {count} sections",
            kind="value",
            hint="give a number greater than zero",
        )
    possible_parts(count)
    least, more = divmod(input.shape[dim], count)
    ends = [least * place + min(place, more) for place in range(count + 1)]
    return tuple(
        [ops.slice(input, dim=dim, start=start, end=end) for start, end in pairwise(ends)]
    )


def _between(input: Node, indices: Sequence[int], dim: int) -> tuple[Node, ...]:
    ends = (0, *indices, input.shape[dim])
    return tuple(
        [ops.slice(input, dim=dim, start=start, end=end) for start, end in pairwise(ends)]
    )


def _split_at(input: Node, where: int | Sequence[int], dim: int) -> tuple[Node, ...]:
    if isinstance(where, int):
        return _sections(input, where, dim)
    return _between(input, where, dim)


def _require_dims(function: str, input: Node, least: int) -> None:
    if input.ndim < least:
        raise DifftoolError(
            f"{function} takes a tensor of at least {least} dimension{'s' * (least > 1)}, "
            f"not one of shape {input.shape}",
            kind="shape",
            hint="tensor_split takes the dimension as dim",
        )


_WHERE = "indices_or_sections: Dims"


@composite(
    f"tensor_split(input, {_WHERE}, dim: int = 0)",
    "tensor_split(input, sections: int, dim: int = 0)",
    "tensor_split(input, indices: Size, dim: int = 0)",
    "tensor_split(input, tensor_indices_or_sections, dim: int = 0)",
    example="tensor_split(arange(7), 3)",
    checks=(
        Check("tensor_split(x, 2, 1)[0] ^ 2", {"x": (2, 3)}),
        Check("tensor_split(x, (1, 2))[1] ^ 2", {"x": (4,)}),
    ),
)
def tensor_split(
    input: Node,
    indices_or_sections: int | Sequence[int] | None = None,
    dim: int = 0,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
    tensor_indices_or_sections: Node | None = None,
) -> tuple[Node, ...]:
    """A tuple of so many sections along dim, nearly equal; or of what is between indices."""
    _require_dims("tensor_split", input, 1)
    dim = normal_dim(dim, input.ndim)
    where: Any = sections if indices is None else indices
    if indices_or_sections is not None:
        where = indices_or_sections
    if tensor_indices_or_sections is not None:
        where = _whole_numbers(tensor_indices_or_sections)
    return _split_at(input, where, dim)


def _whole_numbers(node: Node) -> Any:
    if node.dtype != int64 or node.ndim > 1:
        raise DifftoolError(
            f"tensor_split takes a tensor of int64, of no or one dimension, not "
            f"{dtype_name(node.dtype)} of shape {node.shape}",
            kind="dtype" if node.dtype != int64 else "shape",
            hint="a 0-d tensor is the number of sections, a vector holds indices",
        )
    return value_of(node).tolist()


def _evenly(function: str, input: Node, where: int | Sequence[int], dim: int) -> tuple[Node, ...]:
    """As NumPy's functions do it: sections have to be equal."""
    length = input.shape[dim]
    if isinstance(where, int) and (where == 0 or length % where):
        raise DifftoolError(
            f"{function} can't split dimension {dim} of {input.shape} into {where} equal sections",
            kind="shape",
            hint="tensor_split takes any number of sections",
        )
    return _split_at(input, where, dim)


def _signatures(name: str) -> tuple[str, ...]:
    return (
        f"{name}(input, {_WHERE})",
        f"{name}(input, sections: int)",
        f"{name}(input, indices: Size)",
    )


def _given(*choices: int | Sequence[int] | None) -> int | Sequence[int]:
    """The one argument that was given, whatever its name."""
    return next(choice for choice in choices if choice is not None)


@composite(*_signatures("hsplit"), example="hsplit(ones(2, 4), 2)")
def hsplit(
    input: Node,
    indices_or_sections: int | Sequence[int] | None = None,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
) -> tuple[Node, ...]:
    """tensor_split along the columns: dimension 1, or that of a vector; sections are equal."""
    _require_dims("hsplit", input, 1)
    where = _given(indices_or_sections, sections, indices)
    return _evenly("hsplit", input, where, min(input.ndim - 1, 1))


@composite(*_signatures("vsplit"), example="vsplit(ones(4, 2), [1, 3])")
def vsplit(
    input: Node,
    indices_or_sections: int | Sequence[int] | None = None,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
) -> tuple[Node, ...]:
    """tensor_split along the rows of a matrix or more, dimension 0; sections are equal."""
    _require_dims("vsplit", input, 2)
    return _evenly("vsplit", input, _given(indices_or_sections, sections, indices), 0)


@composite(*_signatures("dsplit"), example="dsplit(ones(2, 2, 4), 2)")
def dsplit(
    input: Node,
    indices_or_sections: int | Sequence[int] | None = None,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
) -> tuple[Node, ...]:
    """tensor_split along dimension 2 of three or more; sections are equal."""
    _require_dims("dsplit", input, 3)
    return _evenly("dsplit", input, _given(indices_or_sections, sections, indices), 2)
