"""Vandermonde matrices: rows of powers, made by cumulative products as PyTorch makes them."""

from __future__ import annotations

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, float16, int64, promote
from difftool.graph.node import Node
from difftool.operations.indexing import assigning
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import dtype_name


@composite(
    "vander(x, N: int | None = None, increasing: bool = False)",
    example="vander([1, 2, 3])",
)
def vander(x: Node, N: int | None = None, increasing: bool = False) -> Node:
    """For each element a row of its N powers, the 0-th last or first; PyTorch has no gradient."""
    count = (x.shape or (0,))[0] if N is None else N
    if x.ndim != 1 or count < 0:
        raise DifftoolError(
            f"vander takes a vector and a number of powers, not shape {x.shape} and N={count}",
            kind="shape" if x.ndim != 1 else "value",
            hint="linalg.vander takes batches of vectors",
        )
    powers: Node = ops.ones((x.size, count), dtype=promote(x.dtype, int64))
    if count > 1:
        # In place, as ATen does it: the element in every column, and those multiplied up.
        behind = ((0, x.size), (1, count))
        column = ops.unsqueeze(x, dim=1)
        powers = assigning.assign(powers, column, ranges=behind)
        product = ops.cumprod(ops.slice(powers, dim=1, start=1), dim=1)
        powers = assigning.assign_over_what_is_needed(powers, product, ranges=behind)
    return powers if increasing else ops.flip(powers, dims=(1,))


@composite(
    "linalg.vander(x, *, N: int | None = None)",
    example="linalg.vander([1, 2, 3])",
    checks=(Check("linalg.vander(x, N=3) ^ 2", {"x": (2, 2)}),),
)
def linalg_vander(x: Node, N: int | None = None) -> Node:
    """For each element a row of its N powers, the 0-th first; x is a batch of vectors."""
    if x.dtype in (boolean, float16):
        raise DifftoolError(
            f"linalg.vander takes numbers, and no half precision, not {dtype_name(x.dtype)}",
            kind="dtype",
            hint="convert them with .double()",
        )
    if x.ndim == 0:
        x = ops.unsqueeze(x, dim=-1)
    count = x.shape[-1] if N is None else N
    if count < 2:
        raise DifftoolError(
            f"linalg.vander makes rows of at least 2 powers, not {count}",
            kind="value",
            hint="give a larger N",
        )
    wide = ops.expand(ops.unsqueeze(x, dim=-1), (*x.shape, count - 1))
    powers = ops.cumprod(wide, dim=-1)
    ones = ops.ones((*x.shape, 1), dtype=powers.dtype)
    joined: Node = ops.cat(ones, powers, dim=-1)
    return joined
