"""Vectors made unit vectors, compared by angle or distance; and classes as unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64, is_float
from difftool.graph.node import Node
from difftool.operations import batch, with_number
from difftool.operations.axes import Axes
from difftool.operations.declare import elementwise, overwriting, same
from difftool.operations.reductions import norm
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import broadcast, dtype_name, result_dtype
from difftool.operations.values import value_of


@composite(
    "normalize(input, p: float = 2.0, dim: Dims | None = 1, eps: float = 1e-12)",
    example="normalize([[3., 4.], [0., 2.]])",
    checks=(
        Check("normalize(x)", {"x": (2, 3)}, (0.5, 2.0)),
        Check("normalize(x, p=3, dim=0)", {"x": (2, 3)}, (0.5, 2.0)),
    ),
)
def normalize(
    input: Node, p: float = 2.0, dim: int | Sequence[int] | None = 1, eps: float = 1e-12
) -> Node:
    """x over its p-norm along dim, or over eps if the norm is less."""
    length = ops.norm(input, p=p, dim=dim, keepdim=True)
    return input / ops.expand_as(ops.clamp_min(length, eps), input)


# PyTorch keeps a length from being too small to divide by where no gradient sees it.
_at_least = elementwise(
    "clone(input)",
    overwriting(lambda x, eps, out=None: np.maximum(x, eps, out=out)),
    (lambda g, out, x, eps: g,),
    infer=same,
    grad_fn="CloneBackward0",
    checks=(),
    meaning="",
    example="",
)


@composite(
    "cosine_similarity(x1, x2, dim: int = 1, eps: float = 1e-08)",
    example="cosine_similarity([[1., 0.]], [[1., 1.]])",
    checks=(
        Check("cosine_similarity(x, y)", {"x": (2, 3), "y": (2, 3)}, (0.5, 2.0)),
        Check("cosine_similarity(x, y, dim=0)", {"x": (2, 1), "y": (3,)}, (0.5, 2.0)),
    ),
)
def cosine_similarity(x1: Node, x2: Node, dim: int = 1, eps: float = 1e-8) -> Node:
    """The cosine of the angle between vectors along dim; lengths below eps count as eps."""
    dtype = result_dtype((x1, x2))
    if not is_float(dtype):
        raise DifftoolError(
            f"cosine_similarity needs a floating-point tensor, not {dtype_name(dtype)}",
            kind="dtype",
            hint="convert one of them, for instance with .double()",
        )
    vectors = [x if is_float(x.dtype) else ops.to(x, dtype=dtype) for x in (x1, x2)]
    if x1.shape != x2.shape:
        shape = broadcast(x1.shape, x2.shape)
        vectors = [ops.expand(x, shape) for x in vectors]
    first, second = [
        x / _at_least(ops.vector_norm(x, dim=dim, keepdim=True), eps=eps) for x in vectors
    ]
    return ops.sum(first * second, dim=dim)


# The norm of `norm`, under the name that its gradient has here.
_length = Operation(
    norm.vector_norm.signatures,
    norm.vector_norm.kernel,
    norm.vector_norm.infer,
    norm.vector_norm.rules,
    grad_fn="NormBackward1",
    batch=norm.vector_norm.batch,
    axes=norm.vector_norm.axes,
    parts=norm.vector_norm.parts,
    scratch=norm.vector_norm.scratch,
    meaning="",
    example="",
)


@composite(
    "pairwise_distance(x1, x2, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False)",
    example="pairwise_distance([[1., 0.]], [[1., 1.]])",
    checks=(
        Check("pairwise_distance(x, y)", {"x": (2, 3), "y": (3,)}),
        Check("pairwise_distance(x, y, p=3, keepdim=True)", {"x": (2, 3), "y": (2, 3)}),
    ),
)
def pairwise_distance(
    x1: Node, x2: Node, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Node:
    """The p-norm of x1 - x2 + eps along the last dimension."""
    ndim = max(x1.ndim, x2.ndim)
    return _length(with_number.plus(x1 - x2, eps), ord=p, dim=ndim - 1, keepdim=keepdim)


# ----- Classes -----


def _one_hot_type(input: Node, *, num_classes: int) -> Type:
    return Type((*input.shape, num_classes), int64)


def _one_hot(x: Array, num_classes: int) -> Any:
    if x.size and (np.min(x) < 0 or np.max(x) >= num_classes):
        wrong = x[(x < 0) | (x >= num_classes)]
        raise DifftoolError(
            f"class {wrong[0]} is out of range for {num_classes} classes",
            kind="index",
            hint=f"classes go from 0 to {num_classes - 1}" if num_classes else None,
        )
    return (x[..., None] == np.arange(num_classes)).astype(np.int64)


def _one_hot_axes(node: Node) -> Axes:
    """The classes of each element."""
    labels = tuple(range(node.ndim - 1))
    return Axes((*labels, None), (labels,))


_one_hot_of = Operation(
    ("one_hot(input, num_classes: int)",),
    _one_hot,
    _one_hot_type,
    batch=lambda node, inputs, size: batch.again(node, inputs, (size, *node.shape)),
    axes=_one_hot_axes,
    scratch=0.125,
    meaning="",
    example="",
)


@composite(
    "one_hot(input, num_classes: int = -1)",
    example="one_hot(tensor([0, 2, 1]), num_classes=4)",
)
def one_hot(input: Node, num_classes: int = -1) -> Node:
    """For each class a row of zeros with 1 in its place; without num_classes, up to the largest."""
    if input.dtype != int64:
        raise DifftoolError(
            f"one_hot takes classes of int64, not {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert them with .long()",
        )
    if num_classes == -1:
        if input.size == 0:
            raise DifftoolError(
                "one_hot can't count the classes of no elements",
                kind="argument",
                hint="give num_classes",
            )
        num_classes = int(np.max(value_of(input))) + 1
    if num_classes < 1:
        raise DifftoolError(
            f"one_hot has {num_classes} classes", kind="argument", hint="give num_classes above 0"
        )
    return _one_hot_of(input, num_classes=num_classes)
