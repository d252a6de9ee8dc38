"""Linear graphs to matrices: what a graph makes of every element of its seed.

Not one element after the other: `structure` finds how few seeds tell all there is to know, and
`batching` takes them through the graph together, in as many batches as memory asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from math import prod
from typing import TypeAlias

import numpy as np

from difftool.autodiff.batching import batched, dependents
from difftool.autodiff.simplify import IDENTITY, simplify
from difftool.autodiff.structure import coloured, patterns
from difftool.execute.eager import run
from difftool.execute.memory import check_memory
from difftool.execute.plan import plan
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.operations.registry import LEAF, Array, constant, leaf, ops

Values: TypeAlias = Callable[[Sequence[Node]], list[Array]]

# Below this many elements of the seed, looking for structure takes longer than it saves.
_SMALL = 8
# The share of the seeds that structure must leave to be of use.
_SPARSE = 0.25


def sparse(
    linear: Mapping[int, Node], seed: Node, values: Values, room: int | None
) -> dict[int, Array]:
    """The matrices (seed.size, target.size) that a few seeds tell all about, by place."""
    if seed.size < _SMALL or not linear:
        return {}
    most = int(seed.size * _SPARSE)
    found = patterns(list(linear.values()), seed, most, lambda node: values([node])[0])
    known = {place: found[node] for place, node in linear.items()}
    chosen = {place: pattern for place, pattern in known.items() if pattern is not None}
    if not chosen:
        return {}
    colouring = coloured(list(chosen.values()), seed.size)
    if colouring.needed > most:
        return {}
    seeds = np.zeros((colouring.needed, seed.size), seed.dtype)
    seeds[colouring.colours, np.arange(seed.size)] = 1
    rows = constant(seeds.reshape((colouring.needed, *seed.shape)))
    with building_with(grad_enabled=False):
        nodes = batched([linear[place] for place in chosen], {seed: rows})
    if room is not None and _peak(nodes) > room:
        return {}
    compressed = [array.reshape((colouring.needed, -1)) for array in values(nodes)]
    matrices = {}
    start = 0
    for place, array in zip(chosen, compressed, strict=True):
        end = start + array.shape[1]
        own = (start <= colouring.places) & (colouring.places < end)
        elements, columns = colouring.elements[own], colouring.places[own] - start
        matrix = np.zeros((seed.size, array.shape[1]), array.dtype)
        matrix[elements, columns] = array[colouring.colours[elements], columns]
        matrices[place] = matrix
        start = end
    return matrices


def dense(
    linear: Mapping[int, Node],
    done: Container[int],
    seed: Node,
    values: Values,
    room: int | None,
) -> dict[int, Array]:
    """The matrices that are not done, from all seeds: at once, or in batches that fit."""
    targets = {place: node for place, node in linear.items() if place not in done}
    if not targets:
        return {}
    size, wanted = seed.size, list(targets.values())
    with building_with(rewrite=simplify, grad_enabled=False):
        identity = IDENTITY(size=(size, size), dtype=seed.dtype)
        nodes = batched(wanted, {seed: ops.reshape(identity, (size, *seed.shape))})
        if room is not None and _peak(nodes) > room:
            matrices = _in_batches(wanted, seed, values, room)
        else:
            matrices = [
                _owned(array, node).reshape((size, -1))
                for array, node in zip(values(nodes), nodes, strict=True)
            ]
    return dict(zip(targets, matrices, strict=True))


def _peak(nodes: Sequence[Node]) -> int:
    given = {node for node in ancestors(nodes) if node.operation is LEAF}
    return plan(nodes, given).peak_bytes


def _owned(array: Array, node: Node) -> Array:
    """A result nobody else has: a view, or a value that stands in the graph, is copied."""
    computed = node.inputs and not node.operation.view and array.flags.owndata
    return array if computed and array.flags.c_contiguous else np.array(array, order="C")


def _in_batches(
    targets: Sequence[Node], seed: Node, values: Values, room: int
) -> list[Array]:
    size, count = seed.size, seed.size
    while True:
        count = max(1, count // 2)
        rows = leaf("rows", (count, *seed.shape), seed.dtype)
        nodes = batched(targets, {seed: rows})
        moving = set(dependents(nodes, [rows]))
        read = {source for node in moving for source in node.inputs if source not in moving}
        shared = [node for node in ancestors(nodes) if node in read]
        steps = plan(nodes, {rows, *shared})
        computed = [node.nbytes for node in shared if node.inputs]
        needed = steps.peak_bytes + rows.nbytes + sum(computed)
        if needed <= room:
            break
        if count == 1:
            check_memory(needed, room)
    known = dict(zip(shared, values(shared), strict=True))
    matrices = [np.zeros((size, prod(target.shape)), target.dtype) for target in targets]
    for start in range(0, size, count):
        end = min(start + count, size)
        block = np.zeros((count, size), seed.dtype)
        block[np.arange(end - start), np.arange(start, end)] = 1
        batch = {**known, rows: block.reshape(rows.shape)}
        run(steps, batch)
        for matrix, node in zip(matrices, nodes, strict=True):
            matrix[start:end] = batch[node].reshape((count, -1))[: end - start]
    return matrices
