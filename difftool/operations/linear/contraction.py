"""Contractions of two tensors over chosen dimensions, as one product of two matrices.

The nodes are those of PyTorch's (ATen's Linear.cpp): what is contracted comes last in the first
tensor and first in the second, then both are flattened to matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node
from difftool.operations.registry import Check, composite, number_of, ops
from difftool.operations.shapes import distinct_dims, require_one_dtype, require_tensors
from difftool.operations.values import value_of

_FORMS = "dims is a number of dimensions, or two lists of dimensions"


def _wrong_dims(what: str) -> DifftoolError:
    return DifftoolError(f"tensordot {what}", kind="argument", hint=_FORMS)


def _dims(value: Any) -> tuple[list[int], list[int]] | int:
    """The lists of dimensions of both tensors, or how many are contracted."""
    if isinstance(value, Node) and number_of(value) is None:
        given = value_of(value)
        value = int(given.item()) if given.size == 1 else given.tolist()
    if isinstance(value, Node):
        value = number_of(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _wrong_dims("can't read its dims")
    return _listed(value[0]), _listed(value[1])


def _listed(value: Any) -> list[int]:
    if not isinstance(value, list | tuple):
        raise _wrong_dims("takes a list of dimensions for each tensor")
    numbers = [number_of(item) if isinstance(item, Node) else item for item in value]
    dims = [item for item in numbers if isinstance(item, int) and not isinstance(item, bool)]
    if len(dims) != len(numbers):
        raise _wrong_dims("takes whole numbers as dimensions")
    return dims


@composite(
    "tensordot(a, b, dims: Any = 2)",
    example="tensordot([[1, 2], [3, 4]], eye(2), dims=1)",
    checks=(
        Check("tensordot(x, y, 1)", {"x": (2, 3), "y": (3, 2)}),
        Check("tensordot(x, y, ([0, 2], [1, 0]))", {"x": (2, 2, 3), "y": (3, 2, 2)}),
        Check("tensordot(x, y)", {"x": (2, 3), "y": (2, 3)}),
        Check("tensordot(x, y, ([1, 0], [0, 1]))", {"x": (2, 3), "y": (3, 2)}),
        Check("tensordot(x, y, ([1], [0]))", {"x": (2, 1), "y": (3, 2)}),
    ),
)
def tensordot(a: Node, b: Node, dims: Any = 2) -> Node:
    """Sums of products over the last dims of the first tensor and the first ones of the second."""
    pairs = _dims(dims)
    if isinstance(pairs, int):
        if not 0 <= pairs <= min(a.ndim, b.ndim):
            raise _wrong_dims(f"can't contract {pairs} dimensions of shapes {a.shape}, {b.shape}")
        pairs = list(range(a.ndim - pairs, a.ndim)), list(range(pairs))
    return _contracted(a, b, *pairs)


@composite(
    "inner(input, other)",
    example="inner([[1, 2], [3, 4]], [1, 1])",
    checks=(
        Check("inner(x, y)", {"x": (2, 3), "y": (3,)}),
        Check("inner(x, y)", {"x": (3,), "y": (3,)}),
        Check("inner(x, y)", {"x": (), "y": (3,)}),
    ),
)
def inner(input: Node, other: Node) -> Node:
    """Sums of products over the last dimensions of both tensors; the product with a number."""
    require_tensors("inner", other)
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise DifftoolError(
            f"inner needs last dimensions of one size, not shapes {input.shape} and {other.shape}",
            kind="shape",
            hint="tensordot contracts any dimensions",
        )
    return _contracted(input, other, [input.ndim - 1], [other.ndim - 1])


def _contracted(x: Node, y: Node, x_dims: Sequence[int], y_dims: Sequence[int]) -> Node:
    if len(x_dims) != len(y_dims):
        raise _wrong_dims(f"takes as many dimensions of each tensor, not {x_dims} and {y_dims}")
    require_one_dtype("a contraction", x, y)
    x_dims, y_dims = distinct_dims(x_dims, x.ndim), distinct_dims(y_dims, y.ndim)
    x, y, inner_size = _summed_where_one(x, y, x_dims, y_dims)
    rows = [axis for axis in range(x.ndim) if axis not in x_dims]
    columns = [axis for axis in range(y.ndim) if axis not in y_dims]
    shape = tuple([x.shape[axis] for axis in rows] + [y.shape[axis] for axis in columns])
    heights, widths = prod(x.shape[axis] for axis in rows), prod(y.shape[axis] for axis in columns)
    left = ops.permute(x, dims=(*rows, *x_dims))
    right = ops.permute(y, dims=(*y_dims, *columns))
    if (heights, widths) != (1, 1):
        left = ops.reshape(left, (heights, inner_size))
        right = ops.reshape(right, (inner_size, widths))
        product = ops.mm(left, right)
    elif layout.is_contiguous(left) and layout.is_contiguous(right):
        product = ops.dot(ops.flatten(left), ops.flatten(right))
    else:
        product = ops.sum(ops.squeeze(left) * ops.squeeze(right))
    return ops.reshape(product, shape)


def _summed_where_one(
    x: Node, y: Node, x_dims: Sequence[int], y_dims: Sequence[int]
) -> tuple[Node, Node, int]:
    """Contracted dimensions of size 1 broadcast: the other tensor's is summed right away.

    Returns:
        Both tensors, and how many elements are left to contract.
    """
    count = 1
    x_shape, y_shape = x.shape, y.shape
    for x_dim, y_dim in zip(x_dims, y_dims, strict=True):
        first, second = x_shape[x_dim], y_shape[y_dim]
        if second == 1:
            x = ops.sum(x, dim=(x_dim,), keepdim=True)
        elif first == 1:
            y = ops.sum(y, dim=(y_dim,), keepdim=True)
        elif first == second:
            count *= first
        else:
            raise DifftoolError(
                f"tensordot can't contract {first} elements with {second}, "
                f"of shapes {x_shape} and {y_shape}",
                kind="shape",
                hint="contracted dimensions must be equal, or one of them 1",
            )
    return x, y, count
