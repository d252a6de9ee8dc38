"""Vectors made unit vectors, and compared by angle or distance.

`pairs_and_triples` makes losses of such numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations import with_number
from difftool.operations.declare import elementwise, overwriting, same
from difftool.operations.reductions import vector_norm
from difftool.operations.registry import Check, Operation, composite, ops
from difftool.operations.shapes import broadcast, dtype_name, result_dtype


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
    vector_norm.vector_norm.signatures,
    vector_norm.vector_norm.kernel,
    vector_norm.vector_norm.infer,
    vector_norm.vector_norm.rules,
    grad_fn="NormBackward1",
    batch=vector_norm.vector_norm.batch,
    axes=vector_norm.vector_norm.axes,
    parts=vector_norm.vector_norm.parts,
    scratch=vector_norm.vector_norm.scratch,
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
