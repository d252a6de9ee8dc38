"""The plan: in which order nodes are computed, when their memory is free again, and how much it is.

A plan is made before anything is allocated; `Plan.peak_bytes` is what `--max-memory` limits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from difftool.graph import layout
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
    # A view lives in the memory of the value it shows: `owner` is the node that allocates it,
    # or a known one, which is there already.
    owner: dict[Node, Node] = {}
    for node in order:
        if shows_input(node):
            shown = node.inputs[0]
            owner[node] = owner.get(shown, shown)
    # From the end, the first use that is met is the last one.
    needed = set(wanted)
    occupied = {owner.get(node, node) for node in wanted}
    released: list[list[Node]] = [[] for _ in order]
    freed = [0] * len(order)
    for index in reversed(range(len(order))):
        node = order[index]
        for source in (node, *node.inputs):
            if source in needed or source in known:
                continue
            needed.add(source)
            released[index].append(source)
            memory = owner.get(source, source)
            if memory not in occupied:
                occupied.add(memory)
                freed[index] += 0 if memory in known else value_bytes(memory)
    return Plan(order, released, *_peak(order, owner, freed))


def scratch_bytes(node: Node) -> int:
    """The memory that a node's kernel fills besides its result while it runs.

    To it belong operands brought to the dtype it computes in, and its result before it is rounded.
    """
    scratch = node.operation.scratch
    wide = node.operand_dtype
    if not scratch and (wide is None or all([source.dtype == wide for source in node.inputs])):
        return 0
    if callable(scratch):
        scratch = scratch(node)
    operands = [source.size * (wide or source.dtype).itemsize for source in node.inputs]
    converted = sum(
        [
            size
            for size, source in zip(operands, node.inputs, strict=True)
            if wide is not None and source.dtype != wide
        ]
    )
    result = node.nbytes
    if wide is not None and wide.kind == node.dtype.kind == "f":
        result = node.size * wide.itemsize
    unrounded = result if result != node.nbytes else 0
    filled = int(scratch * max([result, *operands])) + max(result - node.nbytes, 0)
    return converted + max(filled, unrounded)


def value_bytes(node: Node) -> int:
    """The memory that a node's value fills when it is computed: a view and a constant fill none."""
    if shows_input(node) or (not node.inputs and "value" in node.parameters):
        return 0
    return node.nbytes


def shows_input(node: Node) -> bool:
    """Whether a node's value lies in its input's memory: a reshape may have to copy it."""
    if not node.operation.view or not node.inputs:
        return False
    (source, *_) = node.inputs
    if "shape" not in node.parameters or node.size != source.size:
        return True
    return layout.viewed(source.shape, layout.strides(source), node.shape) is not None


def _peak(
    order: list[Node], owner: Container[Node], freed: list[int]
) -> tuple[int, Node | None]:
    """The most bytes that are filled at a time, and the node that fills the most.

    Args:
        owner: the views, which fill none.
        freed: how many bytes are free again after each node.
    """
    live = peak = most = 0
    largest = None
    for node, free in zip(order, freed, strict=True):
        if node not in owner:
            size = value_bytes(node)
            live += size
            used = live + scratch_bytes(node)
            if used > peak:
                peak = used
            if largest is None or size > most:
                largest, most = node, size
        live -= free
    return peak, largest
