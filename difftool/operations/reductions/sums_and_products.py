"""Reductions: sums, means, products, truth and logsumexp, over some dimensions or all of them.

The gradient of a sum stays as small as the sum: its rule answers with the result's shape, the
reduced dimensions kept as 1, and the derivative walk broadcasts it only where it must. Maxima are
in `extremes`, `variance` and `vector_norm` have modules of their own, and sums that leave out what
is `missing`; `running_sums` has those along a dimension.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, float16, float32, int64, is_float, uint8
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.accumulation import Accumulation
from difftool.operations.declare import (
    accumulator,
    elementwise,
    kept,
    overwriting,
    reduces,
    room,
)
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import (
    dtype_name,
    float_dtype,
    normal_dim,
    normal_dims,
    reduced_shape,
    refuse_integer_gradient,
    terms,
)

Dims = tuple[int, ...] | None

_reduced = reduces()


def _counted(dtype: DType) -> DType:
    """What sums and products of `dtype` are: integers and booleans are counted in int64."""
    return dtype if is_float(dtype) else int64


# ----- Sum and mean -----


def _sum_type(input: Node, *, dtype: DType | None = None, **parameters: Any) -> Type:
    result = dtype or _counted(input.dtype)
    refuse_integer_gradient(input, result, "sum")
    shape, _, _, canonical = _reduced(input, **parameters)
    return Type(shape, result, dtype, {**(canonical or {}), "dtype": dtype})


def _sum(x: Array, *, dim: Dims = None, keepdim: bool = False, dtype: DType | None = None) -> Any:
    dtype = dtype or _counted(x.dtype)
    return np.sum(x, axis=dim, keepdims=keepdim, dtype=accumulator(dtype, x.shape, dim))


sum = Operation(
    (
        "sum(input, *, dtype: DType | None = None)",
        "sum(input, dim: Dims | None, keepdim: bool = False, *, dtype: DType | None = None)",
    ),
    _sum,
    _sum_type,
    (lambda g, out, x, dim, keepdim, dtype: kept(g, x, dim, keepdim),),
    batch=batch.reduction,
    axes=axes.reduction,
    accumulation=Accumulation(_sum),
    meaning="Sum of all elements, or over dim; integers and booleans are counted in int64.",
    example="sum([[1, 2], [3, 4]], dim=1)",
    grad_fn=lambda node: "SumBackward0" if node.parameters["dim"] is None else "SumBackward1",
    checks=(
        Check("sum(x)", {"x": ()}),
        Check("sum(x)", {"x": (2, 3)}),
        Check("sum(x, 0)", {"x": (2, 3)}),
        Check("sum(x, (0, 2), keepdim=True)", {"x": (2, 3, 2)}),
        Check("sum(x ^ 2, -1)", {"x": (2, 3)}),
        Check("sum(x, 1)", {"x": (2, 0)}),
    ),
)


def _mean_type(input: Node, *, dtype: DType | None = None, **parameters: Any) -> Type:
    result = dtype or input.dtype
    if not is_float(result):
        raise DifftoolError(
            f"mean needs a floating-point tensor, not {dtype_name(result)}",
            kind="dtype",
            hint="write the numbers with a point (2.0), or give dtype=float64",
        )
    shape, _, _, canonical = _reduced(input, **parameters)
    return Type(shape, result, dtype, {**(canonical or {}), "dtype": dtype})


def _mean(x: Array, *, dim: Dims = None, keepdim: bool = False, dtype: DType | None = None) -> Any:
    return _shared(_sum(x, dim=dim, keepdim=keepdim), terms(x.shape, dim))


def _shared(total: Any, count: int) -> Any:
    return np.true_divide(total, count, dtype=total.dtype)


mean = Operation(
    (
        "mean(input, *, dtype: DType | None = None)",
        "mean(input, dim: Dims | None, keepdim: bool = False, *, dtype: DType | None = None)",
    ),
    _mean,
    _mean_type,
    (lambda g, out, x, dim, keepdim, dtype: kept(g, x, dim, keepdim) / terms(x.shape, dim),),
    batch=batch.reduction,
    axes=axes.reduction,
    accumulation=Accumulation(
        lambda x, *, dim, keepdim, dtype: _sum(x, dim=dim, keepdim=keepdim),
        finish=lambda node, total: _shared(
            total, terms(node.inputs[0].shape, node.parameters["dim"])
        ),
    ),
    meaning="Mean of all elements, or over dim.",
    example="mean([[1., 2.], [3., 4.]], dim=1)",
    grad_fn=lambda node: "MeanBackward0" if node.parameters["dim"] is None else "MeanBackward1",
    checks=(
        Check("mean(x)", {"x": ()}),
        Check("mean(x)", {"x": (2, 3)}),
        Check("mean(x, 0)", {"x": (2, 3)}),
        Check("mean(x, (0, 2), keepdim=True)", {"x": (2, 3, 2)}),
        Check("mean(x ^ 2, -1)", {"x": (2, 3)}),
    ),
)


# ----- Product -----


def _prod_type(
    input: Node, *, dtype: DType | None = None, dim: int | None = None, keepdim: bool = False
) -> Type:
    result = dtype or _counted(input.dtype)
    refuse_integer_gradient(input, result, "prod")
    dims = normal_dims(dim, input.ndim)
    shape = reduced_shape(input.shape, dims, keepdim)
    dim = None if dim is None else normal_dim(dim, input.ndim)
    return Type(shape, result, dtype, {"dim": dim, "keepdim": keepdim, "dtype": dtype})


def _prod(x: Array, *, dim: int | None, keepdim: bool, dtype: DType | None) -> Any:
    result = _counted(x.dtype)
    exact = float32 if result == float16 else result
    # PyTorch gives a 0-d tensor a dimension 0, NumPy does not.
    return np.prod(x, axis=dim if x.ndim else None, keepdims=keepdim, dtype=exact)


def _prod_rule(
    g: Node, out: Node, x: Node, dim: int | None, keepdim: bool, dtype: DType | None
) -> Node:
    """The product of the other elements, which zeros among them don't spoil."""
    if x.ndim == 0:
        return g
    others: Node = ops.prod_others(x, dim=dim)
    return kept(g, x, None if dim is None else (dim,), keepdim) * others


prod = Operation(
    (
        "prod(input, *, dtype: DType | None = None)",
        "prod(input, dim: int, keepdim: bool = False, *, dtype: DType | None = None)",
    ),
    _prod,
    _prod_type,
    (_prod_rule,),
    batch=batch.along,
    axes=axes.reduction,
    accumulation=Accumulation(_prod, np.multiply),
    meaning="Product of all elements, or along dim.",
    example="prod([[1, 2], [3, 4]], dim=1)",
    grad_fn=lambda node: "ProdBackward0" if node.parameters["dim"] is None else "ProdBackward1",
    checks=(
        Check("prod(x)", {"x": ()}),
        Check("prod(x)", {"x": (2, 3)}),
        Check("prod(x, 0)", {"x": (3, 2)}),
        Check("prod(x, -1, keepdim=True)", {"x": (2, 3)}),
        Check("prod(x * [1, 0, 1])", {"x": (3,)}),
        Check("prod(x * [0, 1, 0])", {"x": (3,)}),
    ),
)


# ----- Truth -----


def _truth_type(input: Node, *, dim: Any = None, keepdim: bool = False) -> Type:
    """As PyTorch: uint8 stays uint8, and `dim=()` reduces nothing."""
    dtype = input.dtype if input.dtype == uint8 else boolean
    if dim == () or dim == []:
        return Type(input.shape, dtype, None, {"dim": (), "keepdim": keepdim})
    shape, _, _, canonical = _reduced(input, dim=dim, keepdim=keepdim)
    return Type(shape, dtype, None, canonical)


def _truth(
    name: str, kernel: Callable[..., Any], combine: Callable[[Any, Any], Any], meaning: str
) -> Operation:
    """`all` or `any`."""
    return Operation(
        (f"{name}(input, dim: Dims | None = None, keepdim: bool = False)",),
        lambda x, *, dim, keepdim: kernel(x, axis=dim, keepdims=keepdim),
        _truth_type,
        batch=batch.reduction,
        axes=axes.reduction,
        accumulation=Accumulation(
            lambda x, *, dim, keepdim: kernel(x, axis=dim, keepdims=keepdim), combine
        ),
        meaning=meaning,
        example=f"{name}([[True, False], [True, True]], dim=1)",
    )


all = _truth(
    "all", np.all, np.logical_and, "Whether all elements are true (not zero), of all or over dim."
)
any = _truth(
    "any", np.any, np.logical_or, "Whether any element is true (not zero), of all or over dim."
)


# ----- The logarithm of a sum of exponentials -----


def _as_float(input: Node) -> DType:
    return float_dtype((input,))


def _logsumexp(x: Array, *, dim: Dims, keepdim: bool) -> Any:
    if x.size == 0:
        return np.log(np.sum(x, axis=dim, keepdims=keepdim))
    # Shifted by the largest, no exponential overflows; an infinite one is left where it is.
    largest = np.max(x, axis=dim, keepdims=True)
    shift = np.where(np.isinf(largest), 0, largest)
    powers = np.asarray(x - shift)
    np.exp(powers, out=powers)
    exact = accumulator(x.dtype, x.shape, dim)
    total = np.sum(powers, axis=dim, keepdims=True, dtype=exact)
    result = np.log(total) + shift
    return result if keepdim else np.reshape(result, reduced_shape(x.shape, dim or (), False))


def _shifted_powers(x: Node, dim: Dims) -> tuple[Node, Node]:
    """The exponentials of x less its largest element over dim, and that shift.

    In half precision their sum could overflow.
    """
    if x.dtype == float16:
        x = ops.to(x, dtype=float32)
    largest: Node = ops.amax(x, dim=dim, keepdim=True)
    shift = ops.where(ops.isinf(largest), 0, largest)
    return ops.exp(x - shift), shift


def _logsumexp_parts(x: Node, dim: Dims, keepdim: bool) -> Node:
    powers, shift = _shifted_powers(x, dim)
    result: Node = ops.log(ops.sum(powers, dim=dim, keepdim=True)) + shift
    return result if keepdim else ops.reshape(result, reduced_shape(x.shape, dim or (), False))


def _share_parts(x: Node, total: Node, dim: Dims) -> Node:
    """The exponentials of which `total` was made, over their sum: none is computed again."""
    powers, _ = _shifted_powers(x, dim)
    shares: Node = powers / ops.sum(powers, dim=dim, keepdim=True)
    return shares


@overwriting
def _share_kernel(x: Array, total: Array, dim: Dims, out: Array | None = None) -> Any:
    out = room(x, out)
    return np.exp(np.subtract(x, total, out=out), out=out)


def _share_axes(node: Node) -> axes.Axes:
    """Elementwise, but the parts see all of what the logsumexp was taken over."""
    dims = node.parameters["dim"]
    kept_axes = [axis if axis not in dims else None for axis in range(node.ndim)]
    total = [axis if node.inputs[1].ndim == node.ndim else None for axis in kept_axes]
    return axes.Axes(tuple(kept_axes), (tuple(kept_axes), tuple(total[: node.inputs[1].ndim])))


# The softmax of x, from x and its logsumexp over dim, with the reduced dimensions kept as 1.
_share = elementwise(
    "exp_share(input, total, dim: Dims)",
    _share_kernel,
    (lambda g, out, x, total, dim: g * out, lambda g, out, x, total, dim: -g * out),
    infer=lambda x, total, dim: Type(x.shape, x.dtype),
    axes=_share_axes,
    parts=_share_parts,
    checks=(),
    meaning="",
    example="",
)


def _logsumexp_rule(g: Node, out: Node, x: Node, dim: Dims, keepdim: bool) -> Node:
    """The softmax of x over dim."""
    return kept(g, x, dim, keepdim) * _share(x, kept(out, x, dim, keepdim), dim=dim)


logsumexp = Operation(
    ("logsumexp(input, dim: Dims, keepdim: bool = False)",),
    _logsumexp,
    reduces(_as_float, operands=_as_float),
    (_logsumexp_rule,),
    scratch=1,
    batch=batch.reduction,
    axes=axes.reduction,
    parts=_logsumexp_parts,
    meaning="log(sum(exp(x))) over dim, without overflow.",
    example="logsumexp([1000., 1000.], dim=0)",
    checks=(
        Check("logsumexp(x, 0)", {"x": ()}),
        Check("logsumexp(x, 0)", {"x": (3,)}),
        Check("logsumexp(x, 1, keepdim=True)", {"x": (2, 3)}),
        Check("logsumexp(x, (0, 2))", {"x": (2, 3, 2)}),
    ),
)
