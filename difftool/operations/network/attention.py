"""Scaled dot product attention: softmax(scale * query @ key.T + mask) @ value.

PyTorch has a fused kernel for (batch, heads, length, size) tensors on the CPU, one node, and
composes all other forms of products and a softmax.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean, float16, float32
from difftool.graph.node import Node
from difftool.operations import axes, batch, with_number
from difftool.operations.axes import Axes
from difftool.operations.linear.matrices import matrix_transpose
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import dtype_name, require_float


def _shares(scores: Array) -> Array:
    """The softmax of rows, in place; a row of -inf alone has no shares."""
    largest = np.max(scores, axis=-1, keepdims=True, initial=-np.inf)
    largest = np.where(largest == -np.inf, 0, largest)
    np.exp(np.subtract(scores, largest, out=scores), out=scores)
    total = np.sum(scores, axis=-1, keepdims=True)
    return np.divide(scores, np.where(total == 0, 1, total), out=scores)


_safe_softmax = Operation(
    ("scaled_dot_product_attention(input)",),
    lambda x, dim: _shares(np.array(x)),
    lambda x, dim: Type(x.shape, x.dtype, None, {"dim": dim}),
    (lambda g, out, x, dim: out * (g - ops.sum(g * out, dim=dim, keepdim=True)),),
    grad_fn="SafeSoftmaxBackward0",
    batch=batch.along,
    axes=axes.along,
    meaning="",
    example="",
)


def _repeated_heads(x: Node, count: int) -> Node:
    """Keys or values whose heads serve `count` heads of the query each."""
    if count == 1:
        return x
    shape = (*x.shape[:-2], count, *x.shape[-2:])
    spread = ops.expand(ops.unsqueeze(x, dim=x.ndim - 2), shape)
    merged = (*x.shape[:-3], x.shape[-3] * count, *x.shape[-2:])
    heads: Node = ops.view(ops.clone(spread), merged)
    return heads


def _causal_mask(query: Node, key: Node) -> Node:
    """The first queries see the first keys alone."""
    square: Node = ops.ones((query.shape[-2], key.shape[-2]), dtype=boolean)
    return ops.tril(square)


# ----- The fused kernel -----


def _heads(x: Array, count: int) -> Array:
    return x if x.shape[1] == count else np.repeat(x, count // x.shape[1], 1)


def _attended(
    query: Array, key: Array, value: Array, *mask: Array, scale: float, causal: bool
) -> Any:
    heads = query.shape[1]
    scores = np.matmul(query, _heads(key, heads).swapaxes(-1, -2))
    np.multiply(scores, scale, out=scores)
    if causal:
        beyond = np.triu(np.ones(scores.shape[-2:], boolean), 1)
        np.copyto(scores, -np.inf, where=beyond)
    for one in mask:
        if one.dtype == boolean:
            np.copyto(scores, -np.inf, where=~one)
        else:
            np.add(scores, one, out=scores)
    return np.matmul(_shares(scores), _heads(value, heads))


def _attended_type(query: Node, key: Node, value: Node, *mask: Node, **parameters: Any) -> Type:
    operand_dtype = float32 if query.dtype == float16 and not mask else None
    return Type(query.shape, query.dtype, operand_dtype, parameters)


class _Shared:
    """What the gradients of the fused kernel have in common."""

    def __init__(
        self, query: Node, key: Node, value: Node, mask: tuple[Node, ...], form: dict[str, Any]
    ) -> None:
        self.count = query.shape[1] // max(key.shape[1], 1)
        self.key, self.value = _repeated_heads(key, self.count), _repeated_heads(value, self.count)
        scores = ops.matmul(query, matrix_transpose(self.key)) * form["scale"]
        masks = (_causal_mask(query, key),) if form["causal"] else mask
        for one in masks:
            if one.dtype == boolean:
                scores = ops.where(one, scores, -np.inf)
            else:
                scores = scores + one
        self.shares: Node = _safe_softmax(scores, dim=scores.ndim - 1)

    def of_scores(self, g: Node) -> Node:
        """The gradient of the products of queries and keys."""
        passed = ops.matmul(g, matrix_transpose(self.value))
        row = ops.sum(passed * self.shares, dim=-1, keepdim=True)
        gradient: Node = self.shares * (passed - row)
        return gradient

    def summed(self, g: Node) -> Node:
        """A gradient for each head of the query, summed for those that share a key."""
        if self.count == 1:
            return g
        rows, heads, length, size = g.shape
        grouped = ops.reshape(g, (rows, heads // self.count, self.count, length, size))
        return ops.sum(grouped, dim=2)


def _of_query(g: Node, out: Node, q: Node, k: Node, v: Node, *mask: Node, **form: Any) -> Node:
    shared = _Shared(q, k, v, mask, form)
    gradient: Node = ops.matmul(shared.of_scores(g), shared.key) * form["scale"]
    return gradient


def _of_key(g: Node, out: Node, q: Node, k: Node, v: Node, *mask: Node, **form: Any) -> Node:
    shared = _Shared(q, k, v, mask, form)
    products = ops.matmul(matrix_transpose(shared.of_scores(g)), q)
    gradient: Node = shared.summed(products) * form["scale"]
    return gradient


def _of_value(g: Node, out: Node, q: Node, k: Node, v: Node, *mask: Node, **form: Any) -> Node:
    shared = _Shared(q, k, v, mask, form)
    return shared.summed(ops.matmul(matrix_transpose(shared.shares), g))


def _attended_axes(node: Node) -> Axes:
    """The samples of a batch."""
    inputs = [
        (0 if x.ndim == 4 and x.shape[0] == node.shape[0] else None, *(None,) * (x.ndim - 1))
        for x in node.inputs
    ]
    return Axes((0, None, None, None), tuple(inputs))


def _scores_scratch(node: Node) -> float:
    query, key = node.inputs[:2]
    scores = query.size // max(query.shape[-1], 1) * key.shape[-2]
    return scores / max([query.size, *[x.size for x in node.inputs], 1])


_fused = Operation(
    ("scaled_dot_product_attention(query, key, value)",),
    _attended,
    _attended_type,
    (_of_query, _of_key, _of_value),
    grad_fn="ScaledDotProductFlashAttentionForCpuBackward0",
    layout=layout.preserved,
    axes=_attended_axes,
    scratch=_scores_scratch,
    meaning="",
    example="",
)


def _is_fused(query: Node, key: Node, value: Node, mask: Node | None, grouped: bool) -> bool:
    """Whether PyTorch has its kernel for these (ATen's sdp_utils_cpp.cpp)."""
    tensors = [query, key, value, *([] if mask is None else [mask])]
    if [x.ndim for x in (query, key, value)] != [4, 4, 4]:
        return False
    return (
        query.shape[0] == key.shape[0] == value.shape[0]
        and key.shape[1] == value.shape[1]
        and (key.shape[1] == query.shape[1] or grouped)
        and query.shape[3] == key.shape[3] == value.shape[3]
        and 0 not in (query.shape[2], key.shape[2])
        and all([x.ndim == 0 or layout.strides(x)[-1] == 1 or x.shape[-1] == 1 for x in tensors])
        and (mask is None or (mask.ndim in (2, 4) and not mask.requires_grad))
    )


# ----- The function -----


def _require_attention(query: Node, key: Node, value: Node, mask: Node | None) -> None:
    tensors = (query, key, value)
    for x in tensors:
        require_float(x, "scaled_dot_product_attention")
    if min([x.ndim for x in tensors]) < 2 or (mask is not None and mask.ndim < 2):
        raise DifftoolError(
            "scaled_dot_product_attention takes matrices or batches of them, "
            f"not shapes {', '.join([str(x.shape) for x in tensors])}",
            kind="shape",
            hint="query is (..., L, E), key (..., S, E), value (..., S, V), a mask (..., L, S)",
        )
    others = [x.dtype for x in tensors[1:] if x.dtype != query.dtype]
    if mask is not None and mask.dtype not in (boolean, float32, query.dtype):
        others.append(mask.dtype)
    if others:
        raise DifftoolError(
            f"scaled_dot_product_attention takes tensors of one dtype, "
            f"not {dtype_name(query.dtype)} and {dtype_name(others[0])}",
            kind="dtype",
            hint="convert one with .double(), .float() or .to(dtype); a mask may be boolean",
        )


@composite(
    "scaled_dot_product_attention(query, key, value, attn_mask: Tensor | None = None, "
    "dropout_p: float = 0.0, is_causal: bool = False, scale: float | None = None, "
    "enable_gqa: bool = False)",
    example="scaled_dot_product_attention([[1., 0.]], [[1., 0.], [0., 1.]], [[5.], [7.]])",
    checks=(
        Check(
            "scaled_dot_product_attention(x, y, y, is_causal=True)", {"x": (2, 3), "y": (3, 3)}
        ),
        Check(
            "scaled_dot_product_attention(x, y, y, [[1., 2., 3.]], scale=0.3, enable_gqa=True)",
            {"x": (1, 2, 2, 2), "y": (1, 1, 3, 2)},
        ),
    ),
)
def scaled_dot_product_attention(
    query: Node,
    key: Node,
    value: Node,
    attn_mask: Node | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Node:
    """softmax(scale * query @ key.T + mask) @ value; scale is 1 / sqrt(size) unless given."""
    _require_attention(query, key, value, attn_mask)
    if dropout_p != 0:
        raise DifftoolError(
            "scaled_dot_product_attention with dropout draws at random",
            kind="unsupported",
            hint="leave dropout_p out",
        )
    if is_causal and attn_mask is not None:
        raise DifftoolError(
            "scaled_dot_product_attention has a mask and is_causal=True",
            kind="argument",
            hint="give one of them",
        )
    factor = 1 / sqrt(max(query.shape[-1], 1)) if scale is None else scale
    if _is_fused(query, key, value, attn_mask, enable_gqa):
        masks = () if attn_mask is None else (attn_mask,)
        return _fused(query, key, value, *masks, scale=factor, causal=is_causal)
    if is_causal:
        attn_mask = _causal_mask(query, key)
    return _composed(query, key, value, attn_mask, factor, enable_gqa)


def _composed(
    query: Node, key: Node, value: Node, mask: Node | None, scale: float, grouped: bool
) -> Node:
    half = query.dtype == float16
    if half:
        query, key, value = [ops.to(x, dtype=float32) for x in (query, key, value)]
    root = sqrt(abs(scale))
    queries = with_number.times(query, -root if scale < 0 else root)
    if grouped:
        heads = query.shape[-3]
        key, value = [_repeated_heads(x, heads // x.shape[-3]) for x in (key, value)]
    scores = ops.matmul(queries, with_number.times(matrix_transpose(key), root))
    if mask is not None:
        if mask.dtype == boolean:
            zero = ops.zeros((), dtype=scores.dtype)
            mask = ops.where(mask, zero, ops.full((), -np.inf, dtype=scores.dtype))
        scores = scores + mask
    result = ops.matmul(_safe_softmax(scores, dim=scores.ndim - 1), value)
    return ops.to(result, dtype=float16) if half else result
