"""Whole derivatives: Jacobians, Hessians and Hessian-vector products.

A Jacobian is a linear graph (reverse mode's in the vector it starts from, forward mode's in its
direction) taken for every element of its seed. Not one after the other: `linear` collects factors,
`structure` finds how few seeds tell all there is to know, `batching` takes them through the graph
together, in as many batches as memory asks for. A Hessian is the Jacobian of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TypeAlias

import numpy as np

from difftool.autodiff.batching import batched, dependents
from difftool.autodiff.linear import collected
from difftool.autodiff.reverse import at_full_size, gradients, gradients_of
from difftool.autodiff.simplify import IDENTITY, simplify
from difftool.autodiff.structure import coloured, patterns
from difftool.errors import DifftoolError
from difftool.execute.eager import run
from difftool.execute.memory import check_memory
from difftool.execute.plan import plan
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.operations.registry import LEAF, Array, constant, leaf, ops

Values: TypeAlias = Callable[[Sequence[Node]], list[Array]]

# Below this many elements of the seed, looking for structure takes longer than it saves.
_SMALL = 8
# The share of the seeds that structure must leave to be of use.
_SPARSE = 0.25


def jacobian(
    output: Node, sources: Sequence[Node], values: Values, max_bytes: int | None
) -> list[Array]:
    """The derivative of every element of `output` by every element of each source.

    It is taken in reverse mode unless the output has more elements than the sources.

    Args:
        output: any shape.
        sources: leaves of any shapes.
        values: computes nodes.
        max_bytes: what results and intermediate values may fill; None: any number.

    Returns:
        For each source an array of shape output.shape + source.shape in the source's dtype;
        zeros where the output does not depend on it differentiably.

    Raises:
        DifftoolError: kind "limit" if even one direction at a time needs too much memory.
    """
    results = [_zeros(output, source) for source in sources]
    room = _room(results, max_bytes)
    used = [place for place, source in enumerate(sources) if source.requires_grad]
    if not output.requires_grad or not output.size or not used:
        return results
    wanted = [sources[place] for place in used]
    if output.size <= sum([source.size for source in wanted]):
        found = _by_rows(output, wanted, values, room)
    else:
        found = _by_columns(output, wanted, values, room)
    for place, array in zip(used, found, strict=True):
        if array is not None:
            source = sources[place]
            results[place] = _shaped(array, output, source)
    return results


def hessian(
    output: Node, sources: Sequence[Node], values: Values, max_bytes: int | None
) -> dict[tuple[int, int], Array]:
    """The second derivatives of one number by every pair of elements of the sources.

    Args:
        output: of shape ().
        sources: leaves of any shapes.
        values: computes nodes.
        max_bytes: what results and intermediate values may fill; None: any number.

    Returns:
        For each pair (i, j) an array of shape sources[i].shape + sources[j].shape in the dtype of
        sources[i]. Of two blocks (i, j) and (j, i) one is the other's transpose.

    Raises:
        DifftoolError: kind "shape" for an output of another shape, kind "limit" if even one
            direction at a time needs too much memory.
    """
    _require_number(output)
    places = range(len(sources))
    blocks = {(i, j): _zeros(sources[i], sources[j]) for i in places for j in places}
    room = _room(list(blocks.values()), max_bytes)
    by_source = _gradients(output, sources)
    # A block is taken from the side with fewer elements; the transposed one is the same numbers.
    order = sorted(by_source, key=lambda place: sources[place].size)
    for step, i in enumerate(order):
        gradient, others = by_source[i], order[step:]
        if not gradient.requires_grad or not gradient.size:
            continue
        wanted = [sources[j] for j in others]
        for j, block in zip(others, _by_rows(gradient, wanted, values, room), strict=True):
            if block is not None:
                blocks[i, j] = _shaped(block, sources[i], sources[j], sources[i])
                if i != j:
                    blocks[j, i] = _shaped(block.T, sources[j], sources[i], sources[j])
    return blocks


def hvp(
    output: Node, sources: Sequence[Node], directions: Sequence[Node], values: Values
) -> list[Array]:
    """The product of the Hessian of one number with a direction of its sources.

    Args:
        output: of shape ().
        sources: leaves of any shapes.
        directions: for each source a node of its shape.
        values: computes nodes.

    Returns:
        For each source an array of its shape and dtype, zeros where nothing depends on it.
    """
    _require_number(output)
    products = [np.zeros(source.shape, _dtype_of(source, output)) for source in sources]
    by_source = _gradients(output, sources)
    with building_with(rewrite=simplify):
        along = None
        for place, gradient in by_source.items():
            if gradient.requires_grad:
                part = ops.sum(gradient * directions[place])
                along = part if along is None else along + part
    if along is None:
        return products
    wanted = [sources[place] for place in by_source]
    found = gradients_of(along, wanted)
    known = [place for place in by_source if found[sources[place]] is not None]
    nodes = [node for node in (found[sources[place]] for place in known) if node is not None]
    for place, array in zip(known, values(nodes), strict=True):
        products[place] = np.array(array)
    return products


def _require_number(output: Node) -> None:
    if output.shape != ():
        raise DifftoolError(
            f"a Hessian is of one number; this output has shape {output.shape}",
            kind="shape",
            span=output.span,
            hint="reduce it with sum(...); jacobian gives the first derivatives of all of it",
        )


def _gradients(output: Node, sources: Sequence[Node]) -> dict[int, Node]:
    """The gradient of one number for each of the sources, by place, that it depends on."""
    if not output.requires_grad:
        return {}
    found = gradients_of(output, sources)
    by_place = [(place, found[source]) for place, source in enumerate(sources)]
    return {place: gradient for place, gradient in by_place if gradient is not None}


# ----- Results -----


def _dtype_of(source: Node, output: Node) -> np.dtype[np.generic]:
    return source.dtype if is_float(source.dtype) or not is_float(output.dtype) else output.dtype


def _zeros(first: Node, second: Node) -> Array:
    return np.zeros(first.shape + second.shape, _dtype_of(second, first))


def _room(results: Sequence[Array], max_bytes: int | None) -> int | None:
    """The bytes that are left for values beside the results."""
    needed = sum([array.nbytes for array in results])
    check_memory(needed, max_bytes)
    return None if max_bytes is None else max_bytes - needed


def _shaped(matrix: Array, rows: Node, columns: Node, like: Node | None = None) -> Array:
    array = matrix.reshape(rows.shape + columns.shape)
    return array.astype((like or columns).dtype, copy=False)


# ----- Reverse and forward mode -----


def _by_rows(
    output: Node, sources: Sequence[Node], values: Values, room: int | None
) -> list[Array | None]:
    """For each source a matrix (output.size, source.size), or None: reverse mode."""
    seed = leaf("seed", output.shape, output.dtype)
    found = gradients_of(output, sources, seed)
    targets = [found[source] for source in sources]
    return _matrices(targets, seed, values, room)


def _by_columns(
    output: Node, sources: Sequence[Node], values: Values, room: int | None
) -> list[Array | None]:
    """The same in forward mode: reverse mode's graph is linear in its vector, so the gradient by
    the vector, along a direction of the source, is the derivative along that direction.
    """
    vector = leaf("vector", output.shape, output.dtype)
    adjoints = gradients(output, vector, sources=sources)
    matrices: list[Array | None] = []
    for source in sources:
        adjoint = adjoints.get(source)
        if adjoint is None or not adjoint.requires_grad or not source.size:
            matrices.append(None)
            continue
        direction = leaf("direction", source.shape, source.dtype)
        with building_with(rewrite=simplify):
            whole = at_full_size(adjoint, source.shape)
        tangent = gradients_of(whole, [vector], direction)[vector]
        (matrix,) = _matrices([tangent], direction, values, room)
        matrices.append(None if matrix is None else np.ascontiguousarray(matrix.T))
    return matrices


# ----- Linear graphs to matrices -----


def _matrices(
    targets: Sequence[Node | None], seed: Node, values: Values, room: int | None
) -> list[Array | None]:
    """For each target, linear in `seed`, the matrix (seed.size, target.size) of its derivatives."""
    matrices: list[Array | None] = [None] * len(targets)
    nodes = {place: node for place, node in enumerate(targets) if node is not None and node.size}
    linear = dict(zip(nodes, collected(list(nodes.values()), seed), strict=True))
    sparse = _sparse(linear, seed, values)
    for place, matrix in sparse.items():
        matrices[place] = matrix
    dense = [place for place in linear if place not in sparse]
    if dense:
        found = _dense([linear[place] for place in dense], seed, values, room)
        for place, matrix in zip(dense, found, strict=True):
            matrices[place] = matrix
    return matrices


def _sparse(linear: Mapping[int, Node], seed: Node, values: Values) -> dict[int, Array]:
    """The matrices that a few seeds tell all about, by place."""
    if seed.size < _SMALL:
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


def _dense(
    targets: Sequence[Node], seed: Node, values: Values, room: int | None
) -> list[Array]:
    """The matrices from all seeds, the rows of the identity: at once, or in batches that fit."""
    size = seed.size
    with building_with(rewrite=simplify, grad_enabled=False):
        identity = ops.reshape(IDENTITY(size=(size, size), dtype=seed.dtype), (size, *seed.shape))
        nodes = batched(targets, {seed: identity})
        if room is None or _peak(nodes) <= room:
            return [
                _owned(array, node).reshape((size, -1))
                for array, node in zip(values(nodes), nodes, strict=True)
            ]
        return _in_batches(targets, seed, values, room)


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
