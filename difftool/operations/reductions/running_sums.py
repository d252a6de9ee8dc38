"""Scans: running sums and products along a dimension, and what their derivatives are made of.

The derivative of a running product is itself a running product with additions in between, a linear
recurrence. `linear_recurrence` is closed under differentiation and needs no division, so zeros are
exact in derivatives of every order. `prod_others` serves the products of `sums_and_products`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, float16, float32, float64, int64, is_float
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.declare import kept
from difftool.operations.registry import Array, Check, Operation, Type, constant, ops
from difftool.operations.shapes import normal_dim, refuse_integer_gradient, result_dtype

# ----- Running sums and products -----


def _scanned(name: str) -> Callable[..., Type]:
    """The type rule of a scan: integers and booleans are counted in int64."""

    def infer(input: Node, *, dim: int, dtype: DType | None = None) -> Type:
        result = dtype or (input.dtype if is_float(input.dtype) else int64)
        refuse_integer_gradient(input, result, name)
        if result == boolean:
            raise DifftoolError(
                f"{name} to bool is not defined",
                kind="dtype",
                hint="take an integer dtype and compare with 0",
            )
        parameters = {"dim": normal_dim(dim, input.ndim), "dtype": dtype}
        return Type(input.shape, result, dtype, parameters)

    return infer


def _scan(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A scan's kernel; each step rounds, so that short floats are added up in float64."""

    def scan(
        x: Array, *, dim: int, dtype: DType | None = None, out: Array | None = None
    ) -> Any:
        exact = float64 if x.dtype.kind == "f" else int64
        if not x.ndim:
            return x
        if x.dtype == exact:
            return kernel(x, axis=dim, out=out)
        wide = x.astype(exact)
        return kernel(wide, axis=dim, out=wide)

    return scan


def _scan_scratch(node: Node) -> float:
    """What is added up in another dtype than the result's."""
    return 0 if node.dtype.itemsize == 8 else 8 / node.dtype.itemsize


def _reversed(x: Node, dim: int) -> Node:
    backwards: Node = ops.flip(x, dims=(dim,))
    return backwards


def _is_scan_of_one(x: Node, dim: int) -> bool:
    return x.ndim == 0 or x.shape[dim] < 2


def _cumsum_rule(g: Node, out: Node, x: Node, dim: int, dtype: DType | None) -> Node:
    """The sum of what comes after."""
    if _is_scan_of_one(x, dim):
        return g
    return _reversed(ops.cumsum(_reversed(g, dim), dim=dim), dim)


cumsum = Operation(
    ("cumsum(input, dim: int, *, dtype: DType | None = None)",),
    _scan(np.cumsum),
    _scanned("cumsum"),
    (_cumsum_rule,),
    scratch=_scan_scratch,
    batch=batch.along,
    axes=axes.along,
    meaning="Running sum along dim.",
    example="cumsum([1, 2, 3], dim=0)",
    checks=(
        Check("cumsum(x, 0)", {"x": ()}),
        Check("cumsum(x, 0) ^ 2", {"x": (3,)}),
        Check("cumsum(x, -1) * x", {"x": (2, 3)}),
    ),
)


def _cumprod_rule(g: Node, out: Node, x: Node, dim: int, dtype: DType | None) -> Node:
    if _is_scan_of_one(x, dim):
        return g
    return _passed_by_products(g, out, x, dim)


def _passed_by_products(g: Node, products: Node, x: Node, dim: int) -> Node:
    """The gradient of running `products` of x, for the gradient g of them all.

    x[k] is a factor of products[j] for all j >= k, so it gets (x[0] ... x[k-1]) s[k], where
    s[k] = g[k] + x[k+1] g[k+1] + x[k+1] x[k+2] g[k+2] + ... = g[k] + x[k+1] s[k+1].
    """
    weight = ops.roll(_reversed(x, dim), shifts=(1,), dims=(dim,))
    after = ops.linear_recurrence(_reversed(g, dim), weight, dim=dim)
    return _moved(products, dim, 1, 1) * _reversed(after, dim)


def _moved(x: Node, dim: int, step: int, first: float) -> Node:
    """x moved by one along dim, forward (step 1) or back (step -1), `first` in the gap."""
    length = x.shape[dim]
    shape = [1] * x.ndim
    shape[dim] = length
    place = ops.reshape(ops.arange(length), tuple(shape))
    in_the_gap = ops.eq(place, 0 if step == 1 else length - 1)
    moved: Node = ops.where(in_the_gap, first, ops.roll(x, shifts=(step,), dims=(dim,)))
    return moved


cumprod = Operation(
    ("cumprod(input, dim: int, *, dtype: DType | None = None)",),
    _scan(np.cumprod),
    _scanned("cumprod"),
    (_cumprod_rule,),
    scratch=_scan_scratch,
    batch=batch.along,
    axes=axes.along,
    meaning="Running product along dim.",
    example="cumprod([1, 2, 3], dim=0)",
    checks=(
        Check("cumprod(x, 0)", {"x": ()}),
        Check("cumprod(x, 0)", {"x": (4,)}),
        Check("cumprod(x, -1) * x", {"x": (2, 3)}),
        Check("cumprod(x * [1, 0, 1, 1], 0)", {"x": (4,)}),
        Check("cumprod(x * [1, 0, 0, 1, 1], 0)", {"x": (5,)}),
    ),
)


# ----- Linear recurrences -----


def _recurrence_type(input: Node, weight: Node, *, dim: int) -> Type:
    if input.shape != weight.shape:
        raise DifftoolError(
            f"linear_recurrence of shape {input.shape} has a weight of shape {weight.shape}",
            kind="shape",
            hint="they must be the same",
        )
    dtype = result_dtype((input, weight))
    return Type(input.shape, dtype, dtype, {"dim": normal_dim(dim, input.ndim)})


def _recurrence(x: Array, weight: Array, *, dim: int) -> Array:
    """Two steps y = w y' + x in a row are one of the same form, so log2(n) passes do them all."""
    reach = 1
    length = x.shape[dim] if x.ndim else 1
    if length < 2:
        return x.copy()
    ahead = [slice(None)] * x.ndim
    behind = [slice(None)] * x.ndim
    start = [slice(None)] * x.ndim
    while reach < length:
        start[dim] = slice(reach)
        ahead[dim] = slice(reach, None)
        behind[dim] = slice(-reach)
        first, earlier = tuple(start), tuple(behind)
        factor = weight[tuple(ahead)]
        carried = factor * x[earlier]
        if not np.all(np.isfinite(factor)):
            # A product of weights that overflows still carries nothing of a zero.
            carried = np.where(np.isinf(factor) & (x[earlier] == 0), 0, carried)
        carried += x[tuple(ahead)]
        x = np.concatenate((x[first], carried), axis=dim)
        del carried
        weight = np.concatenate((weight[first], factor * weight[earlier]), axis=dim)
        reach *= 2
    return x


def _adjoint_recurrence(g: Node, weight: Node, dim: int) -> Node:
    """s[k] = g[k] + weight[k+1] s[k+1]."""
    following = ops.roll(_reversed(weight, dim), shifts=(1,), dims=(dim,))
    return _reversed(ops.linear_recurrence(_reversed(g, dim), following, dim=dim), dim)


def _recurrence_input_rule(g: Node, out: Node, x: Node, weight: Node, dim: int) -> Node:
    return g if _is_scan_of_one(x, dim) else _adjoint_recurrence(g, weight, dim)


def _recurrence_weight_rule(g: Node, out: Node, x: Node, weight: Node, dim: int) -> Node:
    if _is_scan_of_one(x, dim):
        return constant(0.0, g.dtype)
    return _adjoint_recurrence(g, weight, dim) * _moved(out, dim, 1, 0)


linear_recurrence = Operation(
    ("linear_recurrence(input, weight, dim: int)",),
    _recurrence,
    _recurrence_type,
    (_recurrence_input_rule, _recurrence_weight_rule),
    scratch=3,
    batch=batch.along,
    axes=axes.along,
    meaning="y[k] = weight[k] * y[k-1] + input[k] along dim, from y[0] = input[0].",
    example="linear_recurrence([1., 1., 1.], [0., 2., 3.], dim=0)",
    checks=(
        Check("linear_recurrence(x, y, 0)", {"x": (), "y": ()}),
        Check("linear_recurrence(x, y, 0)", {"x": (5,), "y": (5,)}),
        Check("linear_recurrence(x, y, 1)", {"x": (2, 4), "y": (2, 4)}),
        Check("linear_recurrence(x, y * [1, 0, 1, 0], 0)", {"x": (4,), "y": (4,)}),
    ),
)


# ----- Products of all others -----


def _others_type(input: Node, *, dim: int | None = None) -> Type:
    dim = None if dim is None else normal_dim(dim, input.ndim)
    dtype = input.dtype if is_float(input.dtype) else int64
    return Type(input.shape, dtype, dtype, {"dim": dim})


def _prod_others(x: Array, *, dim: int | None) -> Any:
    axis = dim if x.ndim else None
    is_zero = x == 0
    zeros = np.sum(is_zero, axis=axis, keepdims=True)
    nonzero = np.where(is_zero, 1, x)
    exact = np.float32 if x.dtype == np.float16 else x.dtype
    product = np.prod(nonzero, axis=axis, keepdims=True, dtype=exact)
    divide = np.true_divide if x.dtype.kind == "f" else np.floor_divide
    others = divide(product, nonzero)
    del nonzero
    # A zero sees the other zeros, everything else sees them all.
    return np.where(zeros == is_zero, others, 0)


def _others_parts(x: Node, *, dim: int | None) -> Node:
    """As the kernel: the product of all elements that are not zero, over each of them."""
    dims = None if dim is None else (dim,)
    dtype = x.dtype
    if dtype == float16:
        x = ops.to(x, dtype=float32)
    is_zero = ops.eq(x, 0)
    nonzero = ops.where(is_zero, 1, x)
    zeros = kept(ops.sum(is_zero) if dims is None else ops.sum(is_zero, dim=dims), x, dims, False)
    product = kept(ops.prod(nonzero) if dim is None else ops.prod(nonzero, dim=dim), x, dims, False)
    divide = ops.div if is_float(dtype) else ops.floor_divide
    others: Node = ops.where(ops.eq(zeros, is_zero), divide(product, nonzero), 0)
    return others


def _others_rule(g: Node, out: Node, x: Node, dim: int | None) -> Node:
    """The product of all others is that of those before times that of those after."""
    if x.ndim == 0 or (x.size if dim is None else x.shape[dim]) < 2:
        return constant(0.0, g.dtype)
    if dim is None:
        row = _others_rule(ops.reshape(g, (x.size,)), out, ops.reshape(x, (x.size,)), 0)
        back: Node = ops.reshape(row, x.shape)
        return back
    mirrored = _reversed(x, dim)
    products = ops.cumprod(x, dim=dim)
    mirrored_products = ops.cumprod(mirrored, dim=dim)
    before = _moved(products, dim, 1, 1)
    after = _reversed(_moved(mirrored_products, dim, 1, 1), dim)
    through_before = _passed_by_products(_moved(g * after, dim, -1, 0), products, x, dim)
    mirrored_gradient = _moved(_reversed(g * before, dim), dim, -1, 0)
    through_after = _passed_by_products(mirrored_gradient, mirrored_products, mirrored, dim)
    return through_before + _reversed(through_after, dim)


prod_others = Operation(
    ("prod_others(input, dim: int | None = None)",),
    _prod_others,
    _others_type,
    (_others_rule,),
    batch=batch.along,
    axes=axes.along,
    parts=_others_parts,
    scratch=1.25,
    meaning="For each element the product of all others, or of all others along dim.",
    example="prod_others([2., 3., 0.])",
    checks=(
        Check("prod_others(x)", {"x": ()}),
        Check("prod_others(x)", {"x": (2, 2)}),
        Check("prod_others(x, 0)", {"x": (4, 2)}),
        Check("prod_others(x * [1, 0, 1, 0], 0)", {"x": (4,)}),
        Check("prod_others(x * [0, 1, 1])", {"x": (3,)}),
    ),
)
