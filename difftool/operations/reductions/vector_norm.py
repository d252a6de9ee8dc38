"""Norms of vectors, and the functions that take vectors and matrices; `matrix_norm` has the others.

All of PyTorch's spellings make one operation, `vector_norm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isinf
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, float16, float32, is_float
from difftool.graph.node import Node, Number
from difftool.operations import axes, batch
from difftool.operations.declare import accumulator, kept, reduces
from difftool.operations.linear.matrix_norm import norm_of_dims, over_matrices
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import dtype_name, normal_dim, require_float, terms

Dims = tuple[int, ...] | None

_reduced = reduces()


def _norm_type(
    input: Node,
    *,
    ord: Number = 2,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Type:
    require_float(input, "norm")
    if dtype is not None and not (is_float(dtype) and np.can_cast(input.dtype, dtype)):
        raise DifftoolError(
            f"norm of a {dtype_name(input.dtype)} tensor can't be taken in {dtype_name(dtype)}",
            kind="dtype",
            hint="dtype may only widen; convert the tensor or the result with .to(dtype)",
        )
    shape, _, _, parameters = _reduced(input, dim=dim, keepdim=keepdim)
    dims = (parameters or {})["dim"]
    if (ord < 0 or ord == inf) and terms(input.shape, dims) == 0 and 0 not in shape:
        raise DifftoolError(
            f"the {ord}-norm of no elements (shape {input.shape}) is not defined",
            kind="shape",
            hint="reduce a dimension that is not empty",
        )
    result = dtype or input.dtype
    canonical = {"ord": ord, "dim": dims, "keepdim": keepdim, "dtype": dtype}
    return Type(shape, result, dtype, canonical)


def norm_kernel(x: Array, *, ord: Number, dim: Dims, keepdim: bool, dtype: DType | None) -> Any:
    if x.dtype == float16:
        x = x.astype(float32)  # the square of 300 has no room in half precision
    powers = np.asarray(x != 0 if ord == 0 else np.square(x) if ord == 2 else np.abs(x))
    if isinf(ord):
        return (np.max if ord > 0 else np.min)(powers, axis=dim, keepdims=keepdim)
    if ord not in (0, 1, 2):
        np.power(powers, ord, out=powers)
    exact = accumulator(x.dtype, x.shape, dim)
    total = np.sum(powers, axis=dim, keepdims=keepdim, dtype=exact)
    if ord in (0, 1):
        return total
    return np.sqrt(total) if ord == 2 else np.power(total, 1 / ord)


def _scratch(node: Node) -> float:
    """The powers; half precision is single first."""
    single = 2 if node.inputs[0].dtype == float16 else 0
    return single + (2 if single else 1) * (0.125 if node.parameters["ord"] == 0 else 1)


def _norm_parts(x: Node, ord: Number, dim: Dims, keepdim: bool, dtype: DType | None) -> Node:
    """As the kernel: a root of a sum of powers, or an extreme."""
    if x.dtype == float16:
        x = ops.to(x, dtype=float32)
    size: Node = ops.abs(x)
    if isinf(ord):
        extreme: Node = (ops.amax if ord > 0 else ops.amin)(size, dim=dim, keepdim=keepdim)
        return extreme
    powers = ops.ne(x, 0) if ord == 0 else size if ord == 1 else x**2 if ord == 2 else size**ord
    total: Node = ops.sum(powers, dim=dim, keepdim=keepdim)
    return total if ord in (0, 1) else total ** (1 / ord)


def norm_rule(
    g: Node, out: Node, x: Node, ord: Number, dim: Dims, keepdim: bool, dtype: DType | None
) -> Node:
    """sign(x) (|x| / norm)^(ord - 1), and at 0 the smallest subgradient; as PyTorch's cases."""
    if ord == 0:
        return constant(0.0, g.dtype)
    g, norm = kept(g, x, dim, keepdim), kept(out, x, dim, keepdim)
    if ord == 2:
        direction: Node = ops.where(ops.eq(norm, 0), 0, x / norm)
        return g * direction
    sign: Node = ops.sign(x)
    if ord == 1:
        return sign * g
    size: Node = ops.abs(x)
    if isinf(ord):
        chosen: Node = ops.logical_or(ops.eq(size, norm), ops.ne(x, x))
        count: Node = ops.sum(chosen, dim=dim, keepdim=True)
        return sign * ((g / count) * chosen)
    if ord < 1:
        power: Node = ops.where(ops.eq(x, 0), 0, size ** (ord - 1))
        return ((sign * power) * g) * norm ** (1 - ord)
    share: Node = ops.where(ops.eq(norm, 0), 0, g / norm ** (ord - 1))
    if ord < 2:
        return (sign * size ** (ord - 1)) * share
    return (x * size ** (ord - 2)) * share


vector_norm = Operation(
    (
        "vector_norm(input, ord: Number = 2, dim: Dims | None = None, keepdim: bool = False, *, "
        "dtype: DType | None = None)",
    ),
    norm_kernel,
    _norm_type,
    (norm_rule,),
    scratch=_scratch,
    batch=batch.reduction,
    axes=axes.whole_reduction,
    parts=_norm_parts,
    meaning="sum(|x|^ord)^(1/ord) of all elements, or over dim; any ord, inf and -inf too.",
    example="vector_norm([3., 4.])",
    grad_fn="LinalgVectorNormBackward0",
    checks=(
        Check("vector_norm(x)", {"x": ()}, kinks=(0.0,)),
        Check("vector_norm(x)", {"x": (2, 3)}),
        Check("vector_norm(x, 2, 1)", {"x": (2, 3)}),
        Check("vector_norm(x, 1, 0) * x", {"x": (2, 3)}, kinks=(0.0,)),
        Check("vector_norm(x, 3, (0, 2), True)", {"x": (2, 3, 2)}, kinks=(0.0,)),
        Check("vector_norm(x, 1.5)", {"x": (3,)}, kinks=(0.0,)),
        Check("vector_norm(x, 0.5)", {"x": (3,)}, kinks=(0.0,)),
        Check("vector_norm(x, -1)", {"x": (3,)}, kinks=(0.0,)),
        Check("vector_norm(x, inf, 1, True) * x", {"x": (2, 3)}, kinks=(0.0,)),
        Check("vector_norm(x, -inf) * x", {"x": (2, 3)}, kinks=(0.0,)),
    ),
)


# ----- PyTorch's other spellings -----


@composite(
    "norm(input, p: Number | None = None, dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    "norm(input, p: str, dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    example="norm([3., 4.])",
    checks=(
        Check("norm(x)", {"x": (2, 3)}),
        Check("norm(x, 'fro', (0, 1)) * x", {"x": (2, 3)}),
        Check("norm(x, p=3, dim=1)", {"x": (2, 3)}, kinks=(0.0,)),
    ),
)
def norm(
    input: Node,
    p: Number | str | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Node:
    """Vector norm of all elements, or over dim: the 2-norm ('fro'), or that of any order p."""
    if isinstance(p, str):
        if p != "fro" or (dim is not None and not isinstance(dim, int) and len(dim) > 2):
            dims = range(input.ndim) if dim is None else dim
            return over_matrices(input, p, dims, keepdim, dtype)
        p = None
    vector: Node = ops.vector_norm(
        input, ord=2 if p is None else p, dim=dim, keepdim=keepdim, dtype=dtype
    )
    return vector


@composite(
    "linalg.norm(input, ord: Number | None = None, dim: Dims | None = None, "
    "keepdim: bool = False, *, dtype: DType | None = None)",
    "linalg.norm(input, ord: str, dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    example="linalg.norm([[1., 2.], [3., 4.]], 1)",
    checks=(
        Check("linalg.norm(x)", {"x": (2, 3)}),
        Check("linalg.norm(x, 1) * x", {"x": (2, 3)}, kinks=(0.0,)),
    ),
)
def linalg_norm(
    input: Node,
    ord: Number | str | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Node:
    """Norm of a vector, or of a matrix when ord is given and there are two dimensions."""
    dims = (dim,) if isinstance(dim, int) else dim
    if dims is not None and len(dims) not in (1, 2):
        raise norm_of_dims("linalg.norm", dim, "1 or 2")
    if dims is None and ord is not None:
        if input.ndim not in (1, 2):
            raise DifftoolError(
                f"linalg.norm with ord and without dim takes 1 or 2 dimensions, not {input.ndim}",
                kind="shape",
                hint="give dim, or leave out ord",
            )
        dims = range(input.ndim)
    if isinstance(ord, str) or (ord is not None and dims is not None and len(dims) == 2):
        return over_matrices(input, ord, dims or (), keepdim, dtype)
    vector: Node = ops.vector_norm(
        input, ord=2 if ord is None else ord, dim=dims, keepdim=keepdim, dtype=dtype
    )
    return vector


# ----- Older spellings, whose backward functions have names of their own -----


def _older(grad_fn: str) -> Operation:
    return Operation(
        ("norm(input)",),
        norm_kernel,
        _norm_type,
        (norm_rule,),
        scratch=_scratch,
        batch=batch.reduction,
        axes=axes.whole_reduction,
        parts=_norm_parts,
        grad_fn=grad_fn,
        meaning="",
        example="",
    )


_norm_of_all = _older("NormBackward0")
_norm_over = _older("NormBackward1")


@composite(
    "frobenius_norm(input, dim: Dims, keepdim: bool = False)",
    example="frobenius_norm([[1., 2.], [3., 4.]], (0, 1))",
    checks=(Check("frobenius_norm(x, 1)", {"x": (2, 3)}),),
)
def frobenius_norm(input: Node, dim: int | Sequence[int], keepdim: bool = False) -> Node:
    """The 2-norm over one or two dimensions; () is all of them."""
    if not isinstance(dim, int) and len(dim) > 2:
        raise norm_of_dims("frobenius_norm", dim, "1 or 2")
    return _norm_over(input, ord=2, dim=dim, keepdim=keepdim)


@composite(
    "norm_except_dim(v, pow: int = 2, dim: int = 0)",
    example="norm_except_dim([[3., 4.], [6., 8.]])",
    checks=(
        Check("norm_except_dim(x)", {"x": (2, 3)}),
        Check("norm_except_dim(x, 3, 1)", {"x": (2, 3, 2)}, kinks=(0.0,)),
    ),
)
def norm_except_dim(v: Node, pow: int = 2, dim: int = 0) -> Node:
    """The norm over all dimensions but one, which keep the length 1; dim=-1: over all."""
    if dim == -1:
        return _norm_of_all(v, ord=pow)
    dim = normal_dim(dim, v.ndim)
    last = v.ndim - 1
    if dim not in (0, last):
        moved = norm_except_dim(ops.transpose(v, dim0=0, dim1=dim), pow=pow, dim=0)
        result: Node = ops.transpose(moved, dim0=0, dim1=dim)
        return result
    shape = tuple([size if axis == dim else 1 for axis, size in enumerate(v.shape)])
    rows = (v.shape[0], -1) if dim == 0 else (-1, v.shape[last])
    flat = ops.view(ops.contiguous(v), rows)
    result = ops.view(_norm_over(flat, ord=pow, dim=1 if dim == 0 else 0), shape)
    return result
