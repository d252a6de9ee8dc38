"""Walks over the graph: order, uses, and the grad_fn chain. All are loops."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable
from itertools import chain
from operator import attrgetter

from difftool.graph.node import Node

_by_number = attrgetter("number")


def ancestors(targets: Iterable[Node], known: Container[Node] = ()) -> list[Node]:
    """The nodes that must be computed for the targets, targets included, inputs before users.

    The walk stops at `known` nodes, which are left out.
    """
    seen = {node for node in targets if node not in known}
    stack = list(seen)
    while stack:
        for node in stack.pop().inputs:
            if node not in seen and node not in known:
                seen.add(node)
                stack.append(node)
    # A node's inputs exist before it does: the order of creation is a topological order.
    return sorted(seen, key=_by_number)


def differentiable_ancestors(target: Node) -> list[Node]:
    """The nodes that gradients of `target` reach: those that require one and lead to it."""
    if not target.requires_grad:
        return []
    seen = {target}
    stack = [target]
    while stack:
        node = stack.pop()
        takes_gradient = node.operation.rule
        for position, source in enumerate(node.inputs):
            if source.requires_grad and source not in seen:
                if takes_gradient(position) is not None:
                    seen.add(source)
                    stack.append(source)
    return sorted(seen, key=_by_number)


def next_nodes(node: Node) -> list[Node]:
    """The nodes `node` passes gradients to, one for each differentiable use of an input."""
    takes_gradient = node.operation.rule
    return [
        source
        for position, source in enumerate(node.inputs)
        if source.requires_grad and takes_gradient(position) is not None
    ]


def shown_inputs(node: Node) -> tuple[Node, ...]:
    """What `node` is computed from, with what hidden nodes hold traced to where it comes from."""
    for source in node.inputs:
        if source.operation.hidden:
            break
    else:
        return node.inputs
    groups = [each.inputs if each.operation.hidden else (each,) for each in node.inputs]
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


def call_of(node: Node) -> Hashable:
    """What tells the call that made a node of a joint operation from others."""
    return node.operation, node.inputs, node.span


def grad_fn(node: Node) -> str | None:
    """PyTorch's name for the function that made `node`; None for leaves and constants."""
    if not node.requires_grad or not node.inputs:
        return None
    return node.operation.grad_fn_of(node)


def next_functions(node: Node) -> list[str]:
    """Names of the functions `grad_fn` hands gradients to; leaves are "AccumulateGrad"."""
    if not node.requires_grad:
        return []
    return [grad_fn(source) or "AccumulateGrad" for source in next_nodes(node)]
