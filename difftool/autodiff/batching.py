"""Batching: a graph over single values to the graph over a batch of them.

The part of a graph that depends on some leaves is built once more, where each of these leaves is a
node with a leading dimension. One pass through it then computes for all rows of the batch what
the graph computes for one: a Jacobian's rows, a Hessian's columns, an expression at many points.
What does not depend on the leaves is shared, not repeated. The rules stand with the operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from difftool.autodiff.simplify import simplify
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.operations import batch as rules


def dependents(targets: Iterable[Node], leaves: Iterable[Node]) -> list[Node]:
    """The nodes on the way from `leaves` to `targets`, leaves included, inputs before users."""
    found = set(leaves)
    order = []
    for node in ancestors(targets):
        if node in found:
            order.append(node)
        elif not found.isdisjoint(node.inputs):
            found.add(node)
            order.append(node)
    return order


def batched(targets: Sequence[Node], batch: Mapping[Node, Node]) -> list[Node]:
    """The targets over a batch of values for some leaves.

    Args:
        targets: nodes of any shapes.
        batch: for each leaf a node of its dtype, with one leading dimension more; that dimension
            has the same size in all of them.

    Returns:
        For each target a node with the leading dimension, also for one that depends on none of the
        leaves. Operations without a batching rule are repeated for each row.
    """
    size = next(iter(batch.values())).shape[0]
    made = dict(batch)
    with building_with(rewrite=simplify, span=None):
        for node in dependents(targets, batch):
            if node in made:
                continue
            inputs = tuple([made.get(source, source) for source in node.inputs])
            if inputs != node.inputs:
                rule = node.operation.batch or rules.by_rows
                made[node] = rule(node, inputs, size)
        return [
            made[target] if target in made else rules.repeated(target, size)
            for target in targets
        ]
