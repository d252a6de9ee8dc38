"""Quantiles, with or without NaN: of sorted rows, interpolated between neighbours.

They are made of the operations that PyTorch makes them of, in the same order.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float16, int64, is_float
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations import axes, batch, batch_places, with_number
from difftool.operations.reductions import sorting
from difftool.operations.registry import Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import dtype_name, normal_dim, reduced_shape

_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")

# ----- Views that PyTorch makes in place, which have names of their own -----

_squeeze = Operation(
    ("squeeze(input)",),
    lambda x: np.squeeze(x, -1),
    lambda x: Type(x.shape[:-1], x.dtype),
    (lambda g, out, x: ops.unsqueeze(g, dim=-1),),
    grad_fn="SqueezeBackward4",
    view=True,
    rearranges=True,
    layout=lambda node, strides: strides[:-1],
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="",
    example="",
)


def _unsqueeze_layout(node: Node, strides: Strides) -> Strides:
    return (node.shape[1] * strides[0] if strides else 1, *strides)


_unsqueeze = Operation(
    ("unsqueeze(input)",),
    lambda x: np.expand_dims(x, 0),
    lambda x: Type((1, *x.shape), x.dtype),
    (lambda g, out, x: ops.squeeze(g, dim=0),),
    grad_fn="UnsqueezeBackward1",
    view=True,
    rearranges=True,
    layout=_unsqueeze_layout,
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="",
    example="",
)

_transpose = Operation(
    ("transpose(input, dim0: int, dim1: int)",),
    lambda x, *, dim0, dim1: np.swapaxes(x, dim0, dim1),
    lambda x, *, dim0, dim1: Type(
        (*x.shape[dim1:], *x.shape[1:dim1], x.shape[0]),
        x.dtype,
        None,
        {"dim0": dim0, "dim1": dim1},
    ),
    (lambda g, out, x, dim0, dim1: ops.transpose(g, dim0=dim0, dim1=dim1),),
    grad_fn="TransposeBackward1",
    view=True,
    rearranges=True,
    layout=lambda node, strides: (strides[-1], *strides[1:-1], strides[0]),
    batch=batch_places.transpose,
    axes=axes.transposed,
    meaning="",
    example="",
)

# ----- Quantiles -----


def _require_quantile(function: str, input: Node, q: Node, interpolation: str) -> None:
    if not is_float(input.dtype) or input.dtype == float16:
        raise DifftoolError(
            f"{function} needs a tensor of float32 or float64, not {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert it with .double()",
        )
    if q.dtype != input.dtype:
        raise DifftoolError(
            f"{function} of a {dtype_name(input.dtype)} tensor takes a q of the same dtype, "
            f"not {dtype_name(q.dtype)}",
            kind="dtype",
            hint="convert it with .to(...)",
        )
    if q.ndim > 1 or not input.size:
        what = f"a q of shape {q.shape}" if q.ndim > 1 else "a tensor without elements"
        raise DifftoolError(
            f"{function} does not take {what}",
            kind="shape",
            hint="q is a number or a vector" if q.ndim > 1 else "there is nothing to rank",
        )
    if interpolation not in _INTERPOLATIONS:
        raise DifftoolError(
            f"{function} has no interpolation {interpolation!r}",
            kind="argument",
            hint=f"it is one of {', '.join(_INTERPOLATIONS)}",
        )
    value = q.parameters.get("value")
    if isinstance(value, np.ndarray) and not np.all((value >= 0) & (value <= 1)):
        raise DifftoolError(
            f"{function} takes a q between 0 and 1", kind="value", hint="0.5 is the median"
        )


def _quantile(
    function: str,
    input: Node,
    q: float | Node,
    dim: int | None,
    keepdim: bool,
    interpolation: str,
) -> Node:
    if not isinstance(q, Node):
        q = constant(np.array(q, input.dtype if is_float(input.dtype) else None))
    _require_quantile(function, input, q, interpolation)
    last = None if dim is None else normal_dim(dim, input.ndim)
    if last is None:
        rows = ops.flatten(input)
        shape = (1,) * input.ndim if keepdim else ()
    else:
        rows = input
        if last != input.ndim - 1:
            rows = ops.transpose(ops.unsqueeze(input, dim=-1), dim0=last, dim1=-1)
        shape = reduced_shape(input.shape, (last,), keepdim)
    ordered: Node = sorting.sort(rows).values
    ordered = ops.view(ordered, shape=(*shape, ordered.shape[-1]))
    rank = _ranks(ordered, q, function == "nanquantile")
    if interpolation in ("lower", "higher", "nearest"):
        rounded = {"lower": ops.floor, "higher": ops.ceil, "nearest": ops.round}
        rank = rounded[interpolation](rank)
    below = ops.to(rank, dtype=int64)
    values = ops.gather(ordered, below, dim=-1)
    if interpolation in ("linear", "midpoint"):
        if interpolation == "linear":
            weight = rank - below
        else:
            weight = ops.full(rank.shape, 0.5, dtype=rank.dtype)
        above = ops.gather(ordered, ops.to(ops.ceil(rank), dtype=int64), dim=-1)
        values = ops.lerp(values, above, weight)
    if q.ndim:
        values = _unsqueeze(values)
        values = _transpose(values, dim0=0, dim1=values.ndim - 1)
    return _squeeze(values)


def _ranks(ordered: Node, q: Node, skip_nan: bool) -> Node:
    """Where the quantiles stand in the sorted rows; NaN, which sorts last, draws them there."""
    is_nan = ops.isnan(ordered)
    if skip_nan:
        count = ops.sum(ops.logical_not(is_nan), dim=-1, keepdim=True)
        rank = q * (count - 1)
        filled: Node = ops.masked_fill(rank, ops.lt(rank, 0), 0)
        return filled
    last = ordered.shape[-1] - 1
    has_nan = ops.any(is_nan, dim=-1, keepdim=True)
    shape = (*has_nan.shape[:-1], q.shape[0] if q.ndim else 1)
    rank = with_number.times(q, last)
    if rank.shape != shape:
        rank = ops.expand(rank, shape)
    filled = ops.masked_fill(rank, ops.expand(has_nan, shape), last)
    return filled


@composite(
    "quantile(input, q: float, dim: int | None = None, keepdim: bool = False, *, "
    "interpolation: str = 'linear')",
    "quantile(input, q, dim: int | None = None, keepdim: bool = False, *, "
    "interpolation: str = 'linear')",
    example="quantile([1., 2., 4.], 0.25)",
    checks=(
        Check("quantile(x, 0.3) ^ 2", {"x": (2, 3)}),
        Check("quantile(x, [0.25, 0.6], 0) ^ 2", {"x": (4, 2)}),
        Check("quantile(x, y, 1, interpolation='midpoint')", {"x": (2, 3), "y": ()}, (0.1, 0.9)),
        Check("quantile(x, y) ^ 2", {"x": (3,), "y": (2,)}, (0.1, 0.4)),
    ),
)
def quantile(
    input: Node,
    q: float | Node,
    dim: int | None = None,
    keepdim: bool = False,
    interpolation: str = "linear",
) -> Node:
    """The q-th quantiles of all elements, or along dim; several q make a first dimension."""
    return _quantile("quantile", input, q, dim, keepdim, interpolation)


@composite(
    "nanquantile(input, q: float, dim: int | None = None, keepdim: bool = False, *, "
    "interpolation: str = 'linear')",
    "nanquantile(input, q, dim: int | None = None, keepdim: bool = False, *, "
    "interpolation: str = 'linear')",
    example="nanquantile([1., nan, 4.], 0.25)",
    checks=(Check("nanquantile(x, 0.3, 1) ^ 2", {"x": (2, 3)}),),
)
def nanquantile(
    input: Node,
    q: float | Node,
    dim: int | None = None,
    keepdim: bool = False,
    interpolation: str = "linear",
) -> Node:
    """The q-th quantiles of the elements that are not NaN, or along dim."""
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation)
