"""Lowering: the graph as blocks are best cut from it.

What is computed twice is computed once, and an operation whose kernel would have to see a large
tensor whole becomes its parts (`Operation.parts`), which blocks can be cut from. The values are the
same to rounding.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import numpy as np

from difftool.execute.cut import LARGE, is_large
from difftool.execute.rewrite import rewritten
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.operations.axes import MOST_ELEMENTS
from difftool.operations.registry import ops


def lowered(targets: Iterable[Node], known: Container[Node]) -> dict[Node, Node]:
    """For each node that `targets` need, the one to compute in its place; `known` ones stay."""
    new: dict[Node, Node] = {}
    with building_with(grad_enabled=False, rewrite=None):
        _lower(ancestors(targets, known), new, {})
    return new


def _lower(order: Iterable[Node], new: dict[Node, Node], made: dict[Any, Node]) -> None:
    """Enter the nodes of `order` in `new`; `made` holds what there is by what it computes."""
    for node in order:
        inputs = tuple([new.get(source, source) for source in node.inputs])
        other = _parts(node, inputs) if _is_too_large(node) else None
        if other is None and is_large(node):
            with building_with(span=node.span):
                other = rewritten(node, inputs)
        if other is None:
            new[node] = _once(node, inputs, made)
        else:
            # What it is made of may have parts in turn, but no deeper than operations are declared.
            _lower(ancestors([other], set(inputs)), new, made)
            new[node] = new.get(other, other)


def _is_too_large(node: Node) -> bool:
    """Whether a kernel would see all of a large operand, or rows of it that are large."""
    operation = node.operation
    if operation.parts is None or operation.axes is None or node.inputs[0].size < LARGE:
        return False
    rule = operation.axes(node)
    outer = [dim for dim, length in enumerate(node.inputs[0].shape) if length > 1][0]
    label = rule.inputs[0][outer]
    if label is None or label not in rule.result:
        return True
    return node.inputs[0].size // node.inputs[0].shape[outer] > MOST_ELEMENTS


def _parts(node: Node, inputs: tuple[Node, ...]) -> Node:
    """A node's value in simpler operations."""
    assert node.operation.parts is not None
    if node.operand_dtype is not None:
        inputs = tuple([ops.to(source, dtype=node.operand_dtype) for source in inputs])
    with building_with(span=node.span):
        parts: Node = node.operation.parts(*inputs, **node.parameters)
        return parts if parts.dtype == node.dtype else ops.to(parts, dtype=node.dtype)


def _once(node: Node, inputs: tuple[Node, ...], made: dict[Any, Node]) -> Node:
    """The node over other inputs, or the one that computes the same already."""
    key = _identity(node, inputs)
    if key is not None and key in made:
        return made[key]
    if inputs != node.inputs:
        span = node.span
        node = node.operation.made(
            inputs, node.parameters, node.shape, node.dtype, node.operand_dtype
        )
        node.span = span
    if key is not None:
        made[key] = node
    return node


def _identity(node: Node, inputs: tuple[Node, ...]) -> Any:
    """What two nodes have in common that compute the same; None for what can't be compared."""
    parameters = node.parameters
    if "number" in parameters:
        parameters = {"number": parameters["number"]}
    if not inputs and not parameters:
        return None
    facts = []
    for name, value in parameters.items():
        if not _is_simple(value):
            return None
        facts.append((name, repr(value)))
    return (node.operation, inputs, tuple(facts), node.shape, node.dtype, node.operand_dtype)


def _is_simple(value: Any) -> bool:
    """Whether `repr` tells a parameter from every other."""
    if isinstance(value, tuple):
        return all(map(_is_simple, value))
    return isinstance(value, int | float | str | np.dtype | None)
