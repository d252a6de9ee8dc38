"""Sorting: all elements along a dimension in order, or the largest of them, with their places.

The order is the stable one, in which NaN is the largest. `picking` says how values and places
belong together, `partition` which of equal elements `topk` takes.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import int64
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.reductions import partition, picking
from difftool.operations.registry import Array, Check, Operation, Type, composite
from difftool.operations.shapes import normal_dim, refuse_booleans

# ----- All of them -----


class sort_result(picking.Picked):
    """The pair that `sort` gives."""


def _order_type(
    input: Node, *, dim: int = -1, descending: bool = False, stable: bool = False
) -> Type:
    parameters = {"dim": normal_dim(dim, input.ndim), "descending": descending}
    return Type(input.shape, int64, None, parameters)


def _order_scratch(node: Node) -> float:
    """Places from the end, before they are turned round."""
    return 8 / max(node.inputs[0].dtype.itemsize, 8) if node.parameters["descending"] else 0


argsort = Operation(
    (
        "argsort(input, dim: int = -1, descending: bool = False)",
        "argsort(input, *, stable: bool, dim: int = -1, descending: bool = False)",
    ),
    lambda x, *, dim, descending: partition.sorted_places(x, dim, descending),
    _order_type,
    layout=layout.preserved,
    batch=batch.along,
    axes=axes.along,
    scratch=_order_scratch,
    meaning="The places of the elements along dim in ascending order; NaN is the largest.",
    example="argsort([3., 1., 2.])",
)

_sorted = picking.picked("sort_values", "SortBackward0")
_stably_sorted = picking.picked("stable_sort_values", "SortBackward1")


@composite(
    "sort(input, dim: int = -1, descending: bool = False)",
    "sort(input, *, stable: bool | None, dim: int = -1, descending: bool = False)",
    example="sort([3., 1., 2.]).values",
    checks=(
        Check("sort(x).values ^ 2", {"x": (2, 3)}),
        Check("sort(x, 0, True)[0] ^ 2", {"x": (3, 2)}),
        Check("sort(x, stable=True)[0] * x", {"x": (3,)}),
        Check("sort(x, 0)[0]", {"x": ()}),
    ),
)
def sort(
    input: Node, dim: int = -1, descending: bool = False, **stable: bool | None
) -> sort_result:
    """The elements along dim in ascending order, and where each was; NaN is the largest."""
    index = argsort(input, dim=dim, descending=descending)
    # The form with `stable` has another backward function in PyTorch, whether it is True or not.
    values = _stably_sorted if stable else _sorted
    return sort_result(values(input, index, dim=index.parameters["dim"], keepdim=True), index)


@composite(
    "msort(input)",
    example="msort([3., 1., 2.])",
    checks=(Check("msort(x) ^ 2", {"x": (3, 2)}),),
)
def msort(input: Node) -> Node:
    """The elements along the first dimension in ascending order."""
    result: sort_result = sort(input, dim=0)
    return result.values


# ----- The largest -----


class topk_result(picking.Picked):
    """The pair that `topk` gives."""


def _leading_type(input: Node, *, k: int, dim: int, largest: bool, sorted: bool) -> Type:
    dim = normal_dim(dim, input.ndim)
    refuse_booleans("topk", input)
    if not 0 <= k <= picking.length(input, dim):
        raise DifftoolError(
            f"topk can't take {k} of {picking.length(input, dim)} elements",
            kind="argument",
            hint="k goes from 0 to the length of dim",
        )
    shape = (*input.shape[:dim], k, *input.shape[dim + 1 :]) if input.ndim else ()
    parameters = {"k": k, "dim": dim, "largest": largest, "sorted": sorted}
    return Type(shape, int64, None, parameters)


def _leading(x: Array, *, k: int, dim: int, largest: bool, sorted: bool) -> Array:
    """As PyTorch's: a heap (here a sort) if k is below a 64th of the length, else a partition."""

    def places(rows: Array) -> Array:
        order = partition.sorted_places(rows, 1, largest)
        length = rows.shape[1]
        if length < 64 * k and length <= partition.LONGEST_ROW:
            if not sorted or partition.have_ties(np.take_along_axis(rows, order, 1)):
                return partition.leading(partition.ranks(rows, order), k, sorted)
        return order[:, :k]

    return partition.by_rows(x, dim, k, places)


_topk_places = Operation(
    ("topk_places(input, k: int, dim: int, largest: bool, sorted: bool)",),
    _leading,
    _leading_type,
    axes=axes.along,
    scratch=partition.scratch(1),
    meaning="",
    example="",
)

_leading_values = picking.picked("topk_values", "TopkBackward0")


@composite(
    "topk(input, k: int, dim: int = -1, largest: bool = True, sorted: bool = True)",
    example="topk([3., 1., 2.], 2).values",
    checks=(
        Check("topk(x, 2)[0] ^ 2", {"x": (2, 3)}),
        Check("topk(x, 2, 0, False).values ^ 2", {"x": (3, 2)}),
    ),
)
def topk(
    input: Node, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> topk_result:
    """The k largest (or smallest) elements along dim, and where they are."""
    index = _topk_places(input, k=k, dim=dim, largest=largest, sorted=sorted)
    values = _leading_values(input, index, dim=index.parameters["dim"], keepdim=True)
    return topk_result(values, index)
