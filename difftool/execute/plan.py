"""The plan: in which order nodes are computed, when their memory is free again, and how much it is.

A plan is made before anything is allocated; `Plan.peak_bytes` is what `--max-memory` limits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from difftool.graph.node import Node
from difftool.graph.walk import ancestors


class Plan(NamedTuple):
    """What to compute.

    Attributes:
        order: the nodes to compute, inputs before users.
        released: for each of them, the nodes whose values nobody needs afterwards.
        peak_bytes: the most memory the values fill together at any time.
        largest: the first node whose value fills the most; None where nothing is allocated.
    """

    order: list[Node]
    released: list[list[Node]]
    peak_bytes: int
    largest: Node | None


def plan(targets: Iterable[Node], known: Container[Node] = ()) -> Plan:
    """Plan the computation of `targets`, whose values are kept; `known` values exist already."""
    wanted = list(targets)
    order = ancestors(wanted, known)
    place = {node: index for index, node in enumerate(order)}
    # A view lives in the memory of the value it shows: `owner` is the node that allocates it,
    # or a known one, which is there already.
    owner: dict[Node, Node] = {}
    last_use: dict[Node, int] = {}
    owner_last_use: dict[Node, int] = {}
    for index, node in enumerate(order):
        shown = node.inputs[0] if node.operation.view and node.inputs else node
        owner[node] = owner.get(shown, shown)
        for source in (node, *node.inputs):
            if source in place:
                last_use[source] = index
                owner_last_use[owner[source]] = index
    for node in wanted:
        if node in place:
            last_use[node] = owner_last_use[owner[node]] = len(order)
    released: list[list[Node]] = [[] for _ in order]
    for node, index in last_use.items():
        if index < len(order):
            released[index].append(node)
    return Plan(order, released, *_peak(order, owner, owner_last_use))


def scratch_bytes(node: Node) -> int:
    """The memory that a node's kernel fills besides its result while it runs."""
    scratch = node.operation.scratch
    if not scratch:
        return 0
    return int(scratch * max([node.nbytes, *[source.nbytes for source in node.inputs]]))


def _peak(
    order: list[Node], owner: dict[Node, Node], last_use: dict[Node, int]
) -> tuple[int, Node | None]:
    freed: dict[int, int] = {}
    for node, index in last_use.items():
        if node in owner:
            freed[index] = freed.get(index, 0) + node.nbytes
    live = peak = 0
    largest = None
    for index, node in enumerate(order):
        if owner[node] is node:
            live += node.nbytes
            peak = max(peak, live + scratch_bytes(node))
            if largest is None or node.nbytes > largest.nbytes:
                largest = node
        live -= freed.get(index, 0)
    return peak, largest
