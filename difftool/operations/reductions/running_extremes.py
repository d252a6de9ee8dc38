"""Running extremes and running logarithms of sums of exponentials, along a dimension.

Sums and products are in `running_sums`. Of equal elements a running extreme takes the last.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.graph.dtype import float64, int64
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.reductions import picking
from difftool.operations.registry import Array, Check, Composite, Operation, Type, ops
from difftool.operations.shapes import normal_dim, require_float

# ----- Extremes -----


class cummax_result(picking.Picked):
    """The pair that `cummax` gives."""


class cummin_result(picking.Picked):
    """The pair that `cummin` gives."""


def _along_type(input: Node, *, dim: int) -> Type:
    return Type(input.shape, int64, None, {"dim": normal_dim(dim, input.ndim)})


def _running_extreme(
    name: str, extreme: Any, result: type[picking.Picked], word: str
) -> tuple[Operation, Operation, Composite]:
    """`cummax` or `cummin`, and the places and values that it makes."""

    def places(x: Array, *, dim: int) -> Array:
        """Where each running extreme stood last: there the element is the extreme itself."""
        if not x.ndim:
            return np.zeros((), np.int64)
        running = extreme.accumulate(x, dim)
        is_it = (x == running) | (x != x)
        shape = [1] * x.ndim
        shape[dim] = x.shape[dim]
        place = np.where(is_it, np.arange(x.shape[dim]).reshape(shape), 0)
        return np.maximum.accumulate(place, dim, out=place)

    place = Operation(
        (f"{name}_place(input, dim: int)",),
        places,
        _along_type,
        batch=batch.along,
        axes=axes.along,
        scratch=lambda node: (node.inputs[0].dtype.itemsize + 2) / 8,
        meaning="",
        example="",
    )
    values = picking.picked(f"{name}_values", f"{name.capitalize()}Backward0")

    def compose(input: Node, dim: int) -> picking.Picked:
        index = place(input, dim=dim)
        return result(values(input, index, dim=index.parameters["dim"], keepdim=True), index)

    both = Composite(
        (f"{name}(input, dim: int)",),
        compose,
        meaning=f"The {word} element so far along dim, and where it is (the last of equals).",
        example=f"{name}([1., 3., 2.], 0).values",
        checks=(
            Check(f"{name}(x, 0)[0] ^ 2", {"x": (3, 2)}),
            Check(f"{name}(x, -1).values * x", {"x": (2, 3)}),
            Check(f"{name}(x, 0)[0]", {"x": ()}),
        ),
    )
    return place, values, both


_cummax_place, _cummax_values, cummax = _running_extreme(
    "cummax", np.maximum, cummax_result, "largest"
)
_cummin_place, _cummin_values, cummin = _running_extreme(
    "cummin", np.minimum, cummin_result, "smallest"
)


# ----- The logarithm of a sum of exponentials -----


def _logcumsumexp_type(input: Node, *, dim: int) -> Type:
    require_float(input, "logcumsumexp")
    return Type(input.shape, input.dtype, None, {"dim": normal_dim(dim, input.ndim)})


def _logcumsumexp(x: Array, *, dim: int) -> Any:
    return np.logaddexp.accumulate(x, dim, dtype=float64) if x.ndim else x


def _logcumsumexp_rule(g: Node, out: Node, x: Node, dim: int) -> Node:
    """The sum of g[j] exp(x[k] - out[j]) over j >= k, without overflow.

    It is exp(x[k] - out[k]) s[k], where s[k] = g[k] + exp(out[k] - out[k+1]) s[k+1]: a running
    logarithm does not fall, so that no factor is above 1.
    """
    if x.ndim == 0 or x.shape[dim] < 2:
        return g
    shape = [1] * x.ndim
    shape[dim] = x.shape[dim]
    place = ops.reshape(ops.arange(x.shape[dim]), tuple(shape))
    mirrored = ops.flip(out, dims=(dim,))
    step = mirrored - ops.roll(mirrored, shifts=(1,), dims=(dim,))
    # Nothing comes before the first; and infinities that follow each other don't differ.
    alone = ops.logical_or(ops.eq(place, 0), ops.isinf(mirrored))
    weight = ops.exp(ops.where(alone, 0, step))
    after = ops.linear_recurrence(ops.flip(g, dims=(dim,)), weight, dim=dim)
    gradient: Node = ops.exp(x - out) * ops.flip(after, dims=(dim,))
    return gradient


logcumsumexp = Operation(
    ("logcumsumexp(input, dim: int)",),
    _logcumsumexp,
    _logcumsumexp_type,
    (_logcumsumexp_rule,),
    batch=batch.along,
    axes=axes.along,
    scratch=lambda node: 0 if node.dtype == float64 else 16 / node.dtype.itemsize - 1,
    meaning="The logarithm of the running sum of exponentials along dim, without overflow.",
    example="logcumsumexp([1000., 1000.], 0)",
    checks=(
        Check("logcumsumexp(x, 0)", {"x": ()}),
        Check("logcumsumexp(x, 0)", {"x": (4,)}),
        Check("logcumsumexp(x, 1) * x", {"x": (2, 3)}),
        Check("logcumsumexp(300 * x, 0)[-1]", {"x": (2,)}, domain=(0.5, 2.0)),
    ),
)
