"""The sum, mean or largest of those rows of a table whose indices are in a bag: `embedding_bag`."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int64, is_float
from difftool.graph.node import Node
from difftool.operations.network.table_rows import (
    added_up,
    padding_row,
    refuse_sparse,
    require_table,
    rows_at,
)
from difftool.operations.registry import (
    Array,
    Check,
    Operation,
    Type,
    composite,
    constant,
    find,
    ops,
)


def _bags(offsets: Array, *, count: int) -> Array:
    """The bag of each of `count` indices, of which `offsets` are the bags' first ones."""
    if len(offsets) and (offsets[0] != 0 or offsets[-1] > count):
        raise DifftoolError(
            f"offsets go from {offsets[0]} to {offsets[-1]} for {count} indices",
            kind="index",
            hint="the first is 0, the last is not beyond the indices",
        )
    return np.searchsorted(offsets, np.arange(count), side="right") - 1


_bags_of = Operation(
    ("embedding_bag(offsets, count: int)",),
    _bags,
    lambda offsets, count: Type((count,), int64),
    meaning="",
    example="",
)


def _bag_type(weight: Node, *rest: Node, count: int, **parameters: Any) -> Type:
    return Type((count, weight.shape[1]), weight.dtype)


def _in_bags(
    weight: Array,
    indices: Array,
    bags: Array,
    *factors: Array,
    count: int,
    mode: str,
    padding: int,
    max_norm: float | None,
    norm_type: float,
    **rest: Any,
) -> Any:
    rows = rows_at(weight, indices, max_norm, norm_type)
    used = indices != padding
    rows, bags = rows[used], bags[used]
    shape = (count, weight.shape[1])
    sizes = np.bincount(bags, minlength=count)[:, None]
    if mode == "max":
        largest = np.full(shape, -np.inf, rows.dtype)
        np.maximum.at(largest, bags, rows)
        return np.where(sizes == 0, 0, largest)
    if factors:
        rows = rows * factors[0][used][:, None]
    total = np.zeros(shape, rows.dtype)
    np.add.at(total, bags, rows)
    return total / np.maximum(sizes, 1).astype(rows.dtype) if mode == "mean" else total


def _largest(
    weight: Array,
    indices: Array,
    bags: Array,
    largest: Array,
    *,
    padding: int,
    max_norm: float | None,
    norm_type: float,
) -> Array:
    """For each index whether its row is the first to have a bag's largest element, by column."""
    places = np.arange(len(indices))[:, None]
    rows = rows_at(weight, indices, max_norm, norm_type)
    known = (indices != padding)[:, None] & (rows == largest[bags])
    first = np.full(largest.shape, len(indices))
    np.minimum.at(first, bags, np.where(known, places, len(indices)))
    chosen: Array = known & (places == first[bags])
    return chosen


_largest_of = Operation(
    ("embedding_bag(weight, indices, bags, largest)",),
    _largest,
    lambda weight, indices, *rest, **parameters: Type(
        (indices.shape[0], weight.shape[1]), boolean
    ),
    scratch=2,
    meaning="",
    example="",
)


def _bag_table_rule(
    g: Node,
    out: Node,
    weight: Node,
    indices: Node,
    bags: Node,
    *factors: Node,
    count: int,
    mode: str,
    padding: int,
    by_frequency: bool,
    max_norm: float | None,
    norm_type: float,
) -> Node:
    used = ops.ne(indices, padding)
    if mode == "mean":
        sizes = ops.index_put(
            ops.zeros((count,), dtype=g.dtype),
            bags,
            ops.to(used, dtype=g.dtype),
            dims=(0,),
            accumulate=True,
        )
        g = g / ops.unsqueeze(ops.clamp_min(sizes, 1), dim=-1)
    spread = ops.index(g, bags, dims=(0,))
    if mode == "max":
        chosen = _largest_of(
            weight,
            indices,
            bags,
            out,
            padding=padding,
            max_norm=max_norm,
            norm_type=norm_type,
        )
        spread = spread * chosen
    if factors:
        spread = spread * ops.unsqueeze(factors[0], dim=-1)
    return added_up(spread, indices, used, by_frequency, weight.shape[0])


def _bag_factor_rule(
    g: Node,
    out: Node,
    weight: Node,
    indices: Node,
    bags: Node,
    factor: Node,
    padding: int,
    max_norm: float | None,
    norm_type: float,
    **rest: Any,
) -> Node:
    lookup = find("functional.embedding")
    assert lookup is not None
    rows = lookup(indices, weight, max_norm=max_norm, norm_type=norm_type)
    products = ops.sum(rows * ops.index(g, bags, dims=(0,)), dim=-1)
    return products * ops.ne(indices, padding)


_embedding_bag = Operation(
    ("embedding_bag(weight, indices, bags)",),
    _in_bags,
    _bag_type,
    (_bag_table_rule, None, None, _bag_factor_rule),
    scratch=2,
    meaning="",
    example="",
)


def _bag_form(
    input: Node, offsets: Node | None, include_last_offset: bool
) -> tuple[Node, Node, int]:
    """The indices in a row, the bag of each of them, and the number of bags."""
    if input.ndim == 2 and offsets is None:
        rows, length = input.shape
        bags = constant(np.repeat(np.arange(rows), length))
        return ops.reshape(input, (-1,) if input.size else (0,)), bags, rows
    if input.ndim != 1 or offsets is None or offsets.ndim != 1:
        raise DifftoolError(
            f"embedding_bag has indices of shape {input.shape} and "
            + ("no offsets" if offsets is None else f"offsets of shape {offsets.shape}"),
            kind="shape",
            hint="a bag is a row of a matrix of indices, or starts at one of the offsets",
        )
    count = offsets.shape[0] - include_last_offset
    starts = ops.slice(offsets, dim=0, start=0, end=count) if include_last_offset else offsets
    return input, _bags_of(starts, count=input.shape[0]), count


@composite(
    "embedding_bag(input, weight, offsets: Tensor | None = None, max_norm: float | None = None, "
    "norm_type: float = 2.0, scale_grad_by_freq: bool = False, mode: str = 'mean', "
    "sparse: bool = False, per_sample_weights: Tensor | None = None, "
    "include_last_offset: bool = False, padding_idx: int | None = None)",
    example="embedding_bag(tensor([[0, 1], [1, 1]]), [[1., 2.], [3., 4.]])",
    checks=(
        Check("embedding_bag(tensor([[0, 1], [1, 1]]), x) ^ 2", {"x": (3, 2)}),
        Check(
            "embedding_bag(tensor([0, 1, 1]), x, tensor([0, 2]), mode='sum', "
            "per_sample_weights=y) ^ 2",
            {"x": (3, 2), "y": (3,)},
        ),
        Check("embedding_bag(tensor([[0, 1], [1, 2]]), x, mode='max') ^ 2", {"x": (3, 2)}),
    ),
)
def embedding_bag(
    input: Node,
    weight: Node,
    offsets: Node | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Node | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Node:
    """The sum, mean or largest of the rows of a table whose indices are in a bag."""
    if is_float(input.dtype) and weight.dtype == int64:
        # The order they once had, which PyTorch still takes.
        input, weight = weight, input
    require_table("embedding_bag", weight, input)
    refuse_sparse(sparse)
    if mode not in ("sum", "mean", "max"):
        raise DifftoolError(
            f"embedding_bag has no mode {mode!r}",
            kind="argument",
            hint="it is 'sum', 'mean' or 'max'",
        )
    if scale_grad_by_freq and mode == "max":
        raise DifftoolError(
            "embedding_bag has no scale_grad_by_freq with mode='max'",
            kind="argument",
            hint="leave one of them out",
        )
    factors = []
    if per_sample_weights is not None:
        if mode != "sum" or per_sample_weights.shape != input.shape:
            raise DifftoolError(
                f"embedding_bag has per_sample_weights of shape {per_sample_weights.shape} for "
                f"indices of shape {input.shape} with mode={mode!r}",
                kind="argument",
                hint="they go with mode='sum', one for each index",
            )
        flat = per_sample_weights.ndim == 1
        factors = [per_sample_weights if flat else ops.reshape(per_sample_weights, (-1,))]
    indices, bags, count = _bag_form(input, offsets, include_last_offset)
    return _embedding_bag(
        weight,
        indices,
        bags,
        *factors,
        count=count,
        mode=mode,
        padding=padding_row(padding_idx, weight.shape[0]),
        by_frequency=scale_grad_by_freq,
        max_norm=max_norm,
        norm_type=norm_type,
    )
