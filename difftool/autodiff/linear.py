"""Linear graphs: what a derivative graph is in its seed, the direction or vector it starts from.

Before a batch of seeds goes through one, its elementwise factors are collected: in
seed -> (seed * a) / b + seed * c the factor a / b + c is computed once, not for each seed. What
is left of an elementwise function is one product with the seed, whose Jacobian is a diagonal;
and a factor in front of a matrix product becomes part of the matrix, so that a product with the
identity is no product any more (compare Laue, Mitterreiter and Giesen, "Computing Higher Order
Derivatives of Matrix and Tensor Expressions", NeurIPS 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import NamedTuple, TypeAlias

from difftool.autodiff.batching import dependents
from difftool.autodiff.simplify import simplify
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Shape, building_with
from difftool.operations.batch import again
from difftool.operations.registry import constant, number_of, ops


class Term(NamedTuple):
    """A node of a linear graph as `base * factor`; both only broadcast to the node's shape.

    The base depends on the seed, the factor does not; None is the factor 1.
    """

    base: Node
    factor: Node | None


Terms: TypeAlias = Mapping[Node, Term]
Collect: TypeAlias = Callable[[Node, Terms], "Term | None"]


def collected(targets: Sequence[Node], seed: Node) -> list[Node]:
    """The targets, linear in `seed`, with their elementwise factors collected.

    Rounding may differ in the last digit: products are taken in another order.
    """
    terms: dict[Node, Term] = {seed: Term(seed, None)}
    with building_with(rewrite=simplify, grad_enabled=False, span=None):
        for node in dependents(targets, [seed]):
            if node is seed:
                continue
            rule = _RULES.get(node.operation.name)
            term = rule(node, terms) if rule is not None else None
            terms[node] = Term(_rebuilt(node, terms), None) if term is None else term
        return [_whole(target, terms) if target in terms else target for target in targets]


def _rebuilt(node: Node, terms: Terms) -> Node:
    inputs = tuple([_whole(source, terms) if source in terms else source for source in node.inputs])
    return node if inputs == node.inputs else again(node, inputs, node.shape)


def _whole(node: Node, terms: Terms) -> Node:
    """The value of a term, in the shape and dtype of the node it stands for."""
    base, factor = terms[node]
    value = base if factor is None else base * factor
    if value.dtype != node.dtype:
        value = ops.to(value, dtype=node.dtype)
    return value if value.shape == node.shape else ops.expand(value, node.shape)


def _one(node: Node) -> Node:
    return constant(1.0, node.dtype)


def _as_factor(other: Node, node: Node) -> Node:
    """An operand that doesn't depend on the seed, in the dtype of the product `node`."""
    number = number_of(other)
    if number is not None:
        return constant(number, node.dtype)
    return other if is_float(other.dtype) else ops.to(other, dtype=node.dtype)


# ----- Elementwise operations -----


def _neg(node: Node, terms: Terms) -> Term | None:
    base, factor = terms[node.inputs[0]]
    return Term(base, constant(-1.0, node.dtype) if factor is None else -factor)


def _mul(node: Node, terms: Terms) -> Term | None:
    x, y = node.inputs
    if x not in terms:
        x, y = y, x
    if y in terms:
        return None
    base, factor = terms[x]
    other = _as_factor(y, node)
    return Term(base, other if factor is None else factor * other)


def _div(node: Node, terms: Terms) -> Term | None:
    x, y = node.inputs
    if y in terms or node.parameters:
        return None
    base, factor = terms[x]
    return Term(base, (_one(node) if factor is None else factor) / _as_factor(y, node))


def _sum_of_two(combine: Callable[[Node, Node], Node]) -> Collect:
    """Terms with one base are one term."""

    def collect(node: Node, terms: Terms) -> Term | None:
        x, y = node.inputs
        if x not in terms or y not in terms or node.parameters:
            return None
        (base, first), (other, second) = terms[x], terms[y]
        if base is not other:
            return None
        return Term(base, combine(first or _one(node), second or _one(node)))

    return collect


def _where(node: Node, terms: Terms) -> Term | None:
    condition, x, y = node.inputs
    if condition in terms or (x in terms and y in terms):
        return None
    chosen, other = (x, y) if x in terms else (y, x)
    if number_of(other) != 0:
        return None
    base, factor = terms[chosen]
    kept = factor or _one(node)
    if chosen is x:
        return Term(base, ops.where(condition, kept, 0))
    return Term(base, ops.where(condition, 0, kept))


def _masked_fill(node: Node, terms: Terms) -> Term | None:
    x, mask, value = node.inputs
    if x not in terms or mask in terms or number_of(value) != 0:
        return None
    base, factor = terms[x]
    return Term(base, ops.where(mask, 0, factor or _one(node)))


def _unchanged(node: Node, terms: Terms) -> Term | None:
    return terms[node.inputs[0]]


# ----- Rearrangements and sums -----


def _rearranged(node: Node, terms: Terms) -> Term | None:
    """Both parts rearranged, so that factors further on still meet those before."""
    source = node.inputs[0]
    base, factor = terms[source]
    if factor is None or base.shape != source.shape:
        return None
    if factor.shape:
        factor = again(node, (_full(factor, source.shape),), node.shape)
    return Term(again(node, (base,), node.shape), factor)


def _full(x: Node, shape: Shape) -> Node:
    return x if x.shape == shape else ops.expand(x, shape)


def _sum(node: Node, terms: Terms) -> Term | None:
    source = node.inputs[0]
    base, factor = terms[source]
    if factor is None or node.dtype != factor.dtype or base.dtype != factor.dtype:
        return None
    shape, dim = source.shape, node.parameters["dim"]
    dims = range(source.ndim) if dim is None else dim
    padded = (1,) * (source.ndim - base.ndim) + base.shape
    if all([padded[axis] == 1 for axis in dims]):
        return _sum_of_factors(node, base, factor, dims)
    if len(dims) == source.ndim and base.shape == shape:
        # The sum of seed * a is a product of two vectors.
        count = prod(shape)
        flat = ops.reshape(base, (count,))
        product = ops.dot(flat, ops.reshape(_full(factor, shape), (count,)))
        return Term(ops.reshape(product, node.shape), None)
    return None


def _sum_of_factors(node: Node, base: Node, factor: Node, dims: Sequence[int]) -> Term:
    """A sum over dimensions along which only the factor changes."""
    shape = node.inputs[0].shape
    own = (1,) * (len(shape) - factor.ndim) + factor.shape
    factor = ops.reshape(factor, own)
    summed = tuple([axis for axis in dims if own[axis] == shape[axis]])
    repeats = prod([shape[axis] for axis in dims if own[axis] != shape[axis]])
    if summed:
        factor = ops.sum(factor, dim=summed, keepdim=True)
    if repeats != 1:
        factor = factor * repeats
    padded = (1,) * (len(shape) - base.ndim) + base.shape
    if not node.parameters["keepdim"]:
        kept = [axis for axis in range(len(shape)) if axis not in dims]
        padded = tuple([padded[axis] for axis in kept])
        factor = ops.reshape(factor, tuple([factor.shape[axis] for axis in kept]))
    return Term(ops.reshape(base, padded), factor)


# ----- Products of matrices -----


def _mv(node: Node, terms: Terms) -> Term | None:
    matrix, vector = node.inputs
    if matrix in terms:
        return None
    base, factor = terms[vector]
    if factor is None or base.shape != vector.shape or not _is_seed(base):
        return None
    return Term(ops.mv(matrix * factor, base), None)


def _mm(node: Node, terms: Terms) -> Term | None:
    """The product of a row and a matrix, or of a matrix and a column."""
    x, y = node.inputs
    if x in terms and y not in terms and x.shape[0] == 1:
        base, factor = terms[x]
        if factor is not None and base.shape == x.shape and _is_seed(base):
            return Term(ops.mm(base, _turned(factor) * y), None)
    if y in terms and x not in terms and y.shape[1] == 1:
        base, factor = terms[y]
        if factor is not None and base.shape == y.shape and _is_seed(base):
            return Term(ops.mm(x * _turned(factor), base), None)
    return None


def _turned(factor: Node) -> Node:
    if factor.ndim < 2:
        factor = ops.reshape(factor, (1, factor.size))
    return ops.transpose(factor, dim0=0, dim1=1)


def _is_seed(node: Node) -> bool:
    """Whether a node holds the elements of the seed itself, in their order."""
    while node.operation.name in _SAME_ORDER:
        node = node.inputs[0]
    return not node.inputs


_SAME_ORDER = ("reshape", "view", "unsafe_view", "unsqueeze", "squeeze")

_RULES: dict[str, Collect] = {
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "add": _sum_of_two(lambda x, y: x + y),
    "sub": _sum_of_two(lambda x, y: x - y),
    "rsub": _sum_of_two(lambda x, y: y - x),
    "where": _where,
    "masked_fill": _masked_fill,
    "expand": _unchanged,
    "alias": _unchanged,
    "clone": _unchanged,
    "contiguous": _unchanged,
    **dict.fromkeys((*_SAME_ORDER, "transpose", "permute", "t", "flip"), _rearranged),
    "sum": _sum,
    "mv": _mv,
    "mm": _mm,
}
