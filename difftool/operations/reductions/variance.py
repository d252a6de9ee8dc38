"""Variance and standard deviation, alone or together with the mean.

`covariance` has that of several variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import Any

import numpy as np

from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node, Number
from difftool.operations import axes, batch
from difftool.operations.declare import accumulator, kept, reduces
from difftool.operations.registry import Array, Check, Composite, Operation, Type, ops
from difftool.operations.shapes import reduced_shape, require_float, terms

Dims = tuple[int, ...] | None

_reduced = reduces()


def _deviating(name: str) -> Any:
    """The type rule of `var` or `std`: `unbiased` is the older word for a `correction` of 1."""

    def infer(
        input: Node,
        *,
        dim: int | Sequence[int] | None = None,
        unbiased: bool = True,
        correction: Number | None = None,
        keepdim: bool = False,
    ) -> Type:
        require_float(input, name)
        if correction is None:
            correction = 1 if unbiased else 0
        given = {} if dim is None else {"dim": dim}
        return _reduced(input, **given, keepdim=keepdim, correction=correction)

    return infer


def _var(x: Array, *, dim: Dims, correction: Number, keepdim: bool) -> Any:
    count = terms(x.shape, dim)
    if count == 0:
        return np.full(reduced_shape(x.shape, dim or range(x.ndim), keepdim), nan, x.dtype)
    exact = accumulator(x.dtype, x.shape, dim)
    mean = np.true_divide(np.sum(x, axis=dim, keepdims=True, dtype=exact), count, dtype=exact)
    squares = np.asarray(x - mean)
    np.square(squares, out=squares)
    total = np.sum(squares, axis=dim, keepdims=keepdim, dtype=exact)
    free = count - correction
    return np.true_divide(total, free if free > 0 else 0, dtype=exact)


def _var_parts(x: Node, dim: Dims, correction: Number, keepdim: bool) -> Node:
    """The sum of the squared distances from the mean, over n - correction."""
    x = _in_single(x)
    mean: Node = ops.mean(x) if dim is None else ops.mean(x, dim=dim, keepdim=True)
    free = max(terms(x.shape, dim) - correction, 0)
    squares = (x - mean) ** 2
    total = ops.sum(squares) if dim is None else ops.sum(squares, dim=dim, keepdim=keepdim)
    result: Node = total / free
    return result


def _std(x: Array, **form: Any) -> Any:
    return np.sqrt(_var(x, **form))


def _std_parts(x: Node, **form: Any) -> Node:
    root: Node = ops.sqrt(ops.var(_in_single(x), **form))
    return root


def _in_single(x: Node) -> Node:
    """Half precision as single, in which the kernels add up: it is rounded once."""
    single: Node = ops.to(x, dtype=float32) if x.dtype == float16 else x
    return single


def _var_rule(g: Node, out: Node, x: Node, dim: Dims, correction: Number, keepdim: bool) -> Node:
    """2 (x - mean) / (n - correction)."""
    free = terms(x.shape, dim) - correction
    mean: Node = ops.mean(x) if dim is None else ops.mean(x, dim=dim, keepdim=True)
    if free <= 0 and (dim is None or x.ndim == 0):
        # As in PyTorch: the limit for no degrees of freedom.
        limit: Node = ops.where(ops.eq(x, mean), nan, inf)
        return g * limit
    return (kept(g, x, dim, keepdim) * (2 / free if free else inf)) * (x - mean)


def _std_rule(g: Node, out: Node, x: Node, dim: Dims, correction: Number, keepdim: bool) -> Node:
    """That of the variance over 2 std; where all elements are equal, 0."""
    of_variance = ops.where(ops.eq(out, 0), 0, g / (out * 2))
    return _var_rule(of_variance, out, x, dim, correction, keepdim)


def _scratch(node: Node) -> float:
    """The squares, in the dtype they are added up in."""
    (x,) = node.inputs
    exact = accumulator(x.dtype, x.shape, node.parameters.get("dim"))
    return exact.itemsize / x.dtype.itemsize


def _forms(name: str) -> tuple[str, ...]:
    return (
        f"{name}(input, dim: Dims | None = None, *, correction: Number | None = 1, "
        "keepdim: bool = False)",
        f"{name}(input, dim: Dims | None, unbiased: bool, keepdim: bool = False)",
        f"{name}(input, unbiased: bool)",
    )


def _deviation_checks(name: str) -> tuple[Check, ...]:
    return (
        Check(f"{name}(x)", {"x": (5,)}),
        Check(f"{name}(x, correction=0)", {"x": (2, 3)}),
        Check(f"{name}(x, 0)", {"x": (3, 2)}),
        Check(f"{name}(x, (0, 2), keepdim=True)", {"x": (2, 2, 3)}),
        Check(f"{name}(x, 1, unbiased=False)", {"x": (2, 3)}),
    )


var = Operation(
    _forms("var"),
    _var,
    _deviating("var"),
    (_var_rule,),
    scratch=_scratch,
    batch=batch.reduction,
    axes=axes.whole_reduction,
    parts=_var_parts,
    meaning="Variance of all elements, or over dim, divided by n - correction.",
    example="var([1., 2., 4.])",
    checks=_deviation_checks("var"),
)

std = Operation(
    _forms("std"),
    _std,
    _deviating("std"),
    (_std_rule,),
    scratch=_scratch,
    axes=axes.whole_reduction,
    parts=_std_parts,
    batch=batch.reduction,
    meaning="Standard deviation of all elements, or over dim: the root of the variance.",
    example="std([1., 2., 4.])",
    checks=_deviation_checks("std"),
)


# ----- Together with the mean -----


def _pair_type(name: str) -> Any:
    deviating = _deviating(name)

    def infer(input: Node, *, is_mean: bool, **form: Any) -> Type:
        shape, dtype, _, parameters = deviating(input, **form)
        return Type(shape, dtype, None, {**parameters, "is_mean": is_mean})

    return infer


def _with_mean(name: str, kernel: Any, rule: Any, parts: Any) -> tuple[Operation, Composite]:
    """`var_mean` or `std_mean`, and the operation that makes both of its results."""

    def either(x: Array, *, is_mean: bool, **form: Any) -> Any:
        return _mean(x, **form) if is_mean else kernel(x, **form)

    def either_rule(g: Node, out: Node, x: Node, is_mean: bool, **form: Any) -> Node:
        if not is_mean:
            result: Node = rule(g, out, x, **form)
            return result
        dim, keepdim = form["dim"], form["keepdim"]
        return kept(g, x, dim, keepdim) / terms(x.shape, dim)

    def either_parts(x: Node, is_mean: bool, **form: Any) -> Node:
        if not is_mean:
            result: Node = parts(x, **form)
            return result
        x = _in_single(x)
        mean: Node = (
            ops.mean(x)
            if form["dim"] is None
            else ops.mean(x, dim=form["dim"], keepdim=form["keepdim"])
        )
        return mean

    one = Operation(
        (f"{name}(input)",),
        either,
        _pair_type(name),
        (either_rule,),
        scratch=lambda node: 0 if node.parameters["is_mean"] else _scratch(node),
        batch=batch.reduction,
        axes=axes.whole_reduction,
        parts=either_parts,
        joint=True,
        meaning="",
        example="",
    )

    def compose(input: Node, **form: Any) -> tuple[Node, Node]:
        return one(input, is_mean=False, **form), one(input, is_mean=True, **form)

    word = name.removesuffix("_mean")
    both = Composite(
        _forms(name),
        compose,
        meaning=f"What {word} gives and the mean, of all elements or over dim.",
        example=f"{name}([1., 2., 4.])",
        checks=(
            Check(f"{name}(x)[0] * {name}(x)[1]", {"x": (2, 3)}),
            Check(f"{name}(x, (0, 2), correction=0, keepdim=True)[0] ^ 2", {"x": (2, 3, 2)}),
            Check(f"{name}(x, 1, False)[1] ^ 2", {"x": (2, 3)}),
        ),
    )
    return one, both


def _mean(x: Array, *, dim: Dims, correction: Number, keepdim: bool) -> Any:
    exact = accumulator(x.dtype, x.shape, dim)
    total = np.sum(x, axis=dim, keepdims=keepdim, dtype=exact)
    return np.true_divide(total, terms(x.shape, dim), dtype=exact)


_var_mean, var_mean = _with_mean("var_mean", _var, _var_rule, _var_parts)
_std_mean, std_mean = _with_mean("std_mean", _std, _std_rule, _std_parts)
