"""Whole derivatives: Jacobians, Hessians and Hessian-vector products.

A Jacobian is a linear graph (reverse mode's in the vector it starts from, forward mode's in its
direction) taken for every element of its seed: `linear` collects the graph's factors, `matrix`
takes the seeds through it. A Hessian is the Jacobian of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from difftool.autodiff.linear import collected
from difftool.autodiff.matrix import Values, dense, sparse
from difftool.autodiff.reverse import gradients_of
from difftool.autodiff.simplify import simplify
from difftool.errors import DifftoolError
from difftool.execute.memory import check_memory
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.operations.registry import Array, leaf, ops

Sparse: TypeAlias = Callable[[Node, Node, Values, "int | None"], "Array | None"]

# From this many rows and columns on, the other mode is asked for structure if one sees none.
_ONE_SIDED = 32


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
        found = _by_rows(output, wanted, values, room, _sparse_by_columns)
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
    products = [np.zeros(source.shape, _dtype_of(source, output)) for source in sources]
    nodes = hvp_nodes(output, sources, directions)
    for place, array in zip(nodes, values(list(nodes.values())), strict=True):
        products[place] = np.array(array)
    return products


def hvp_nodes(
    output: Node, sources: Sequence[Node], directions: Sequence[Node]
) -> dict[int, Node]:
    """The nodes of the same product, by the place of the source; none where it is zero.

    Args:
        output: of shape ().
        sources: leaves of any shapes.
        directions: for each source a node of its shape.
    """
    _require_number(output)
    by_source = _gradients(output, sources)
    with building_with(rewrite=simplify):
        along = None
        for place, gradient in by_source.items():
            if gradient.requires_grad:
                part = ops.sum(gradient * directions[place])
                along = part if along is None else along + part
    if along is None:
        return {}
    found = gradients_of(along, [sources[place] for place in by_source])
    by_place = {place: found[sources[place]] for place in by_source}
    return {place: node for place, node in by_place.items() if node is not None}


def is_quadratic(output: Node, sources: Sequence[Node]) -> bool:
    """Whether the graph shows that the Hessian is the same everywhere: `x @ Q @ x`, a linear loss.

    Args:
        output: of shape ().
        sources: leaves of any shapes.
    """
    _require_number(output)
    for gradient in _gradients(output, sources).values():
        if gradient.requires_grad:
            linear = _linear(_backward(gradient, sources))
            if not set(sources).isdisjoint(ancestors(linear.values())):
                return False
    return True


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


def _dtype_of(source: Node, output: Node) -> DType:
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


class _Graph(NamedTuple):
    """Targets that are linear in a seed; None where a target does not depend on it."""

    seed: Node
    targets: list[Node | None]


def _backward(output: Node, sources: Sequence[Node]) -> _Graph:
    """The gradients for the sources, linear in the vector they start from."""
    seed = leaf("seed", output.shape, output.dtype)
    found = gradients_of(output, sources, seed)
    return _Graph(seed, [found[source] for source in sources])


def _forward(output: Node, sources: Sequence[Node]) -> list[_Graph]:
    """For each source the derivative of `output` along a direction of it.

    The gradient is linear in its vector, so its gradient by the vector is that derivative.
    """
    vector, adjoints = _backward(output, sources)
    graphs = []
    for source, adjoint in zip(sources, adjoints, strict=True):
        direction = leaf("direction", source.shape, source.dtype)
        tangent = None
        if adjoint is not None and adjoint.requires_grad:
            tangent = gradients_of(adjoint, [vector], direction)[vector]
        graphs.append(_Graph(direction, [tangent]))
    return graphs


def _by_rows(
    output: Node,
    sources: Sequence[Node],
    values: Values,
    room: int | None,
    otherwise: Sparse | None = None,
) -> list[Array | None]:
    """For each source a matrix (output.size, source.size), or None for zeros: reverse mode.

    Args:
        otherwise: finds the matrix of one source where reverse mode sees no structure.
    """
    graph = _backward(output, sources)
    linear = _linear(graph)
    matrices: list[Array | None] = [None] * len(sources)
    found = sparse(linear, graph.seed, values, room)
    for place in linear:
        if place not in found and otherwise is not None:
            matrix = otherwise(output, sources[place], values, room)
            if matrix is not None:
                found[place] = matrix
    found.update(dense(linear, found, graph.seed, values, room))
    for place, matrix in found.items():
        matrices[place] = matrix
    return matrices


def _by_columns(
    output: Node, sources: Sequence[Node], values: Values, room: int | None
) -> list[Array | None]:
    """The same matrices in forward mode."""
    matrices: list[Array | None] = []
    for source, graph in zip(sources, _forward(output, sources), strict=True):
        linear = _linear(graph)
        found = sparse(linear, graph.seed, values, room)
        if linear and not found:
            matrix = _sparse_by_rows(output, source, values, room)
            if matrix is not None:
                matrices.append(matrix)
                continue
        found.update(dense(linear, found, graph.seed, values, room))
        matrices.append(np.ascontiguousarray(found[0].T) if found else None)
    return matrices


def _sparse_by_columns(
    output: Node, source: Node, values: Values, room: int | None
) -> Array | None:
    """One source's matrix if forward mode finds structure in it: few entries in each column."""
    if min(output.size, source.size) < _ONE_SIDED:
        return None
    (graph,) = _forward(output, [source])
    found = sparse(_linear(graph), graph.seed, values, room)
    return np.ascontiguousarray(found[0].T) if found else None


def _sparse_by_rows(
    output: Node, source: Node, values: Values, room: int | None
) -> Array | None:
    """One source's matrix if reverse mode finds structure in it: few entries in each row."""
    if min(output.size, source.size) < _ONE_SIDED:
        return None
    graph = _backward(output, [source])
    return sparse(_linear(graph), graph.seed, values, room).get(0)


def _linear(graph: _Graph) -> dict[int, Node]:
    """The targets that have elements, by place, with their factors collected."""
    kept = {
        place: node
        for place, node in enumerate(graph.targets)
        if node is not None and node.size and graph.seed.size
    }
    return dict(zip(kept, collected(list(kept.values()), graph.seed), strict=True))
