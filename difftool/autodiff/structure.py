"""Structure: which elements of a derivative depend on which elements of its seed.

A *pattern* says for each element of a node which elements of the seed it can depend on. It never
leaves one out, and may name some too many. From the pattern of a linear graph follows how
few seeds suffice: two elements of the seed that no result depends on together can be set at once
(A. R. Curtis, M. J. D. Powell and J. K. Reid, "On the Estimation of Sparse Jacobian Matrices",
1974), which is a colouring of the seed's elements. A diagonal needs one seed, a band of three
diagonals three.

What moves elements about is found out by moving numbers of elements: the operation's own kernel
is applied to them. Sums join, and a product with a whole matrix ends the search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.autodiff.batching import dependents
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Array

Patterns: TypeAlias = "dict[Node, Array | None]"
ValueOf: TypeAlias = Callable[[Node], Array]

# The most entries a pattern may have, as a bound for the time and memory the search takes.
_MOST_ENTRIES = 4_000_000


class Colouring(NamedTuple):
    """Which elements of a seed can be set together.

    Attributes:
        needed: the number of colours.
        colours: for each element of the seed its colour, counted from 0.
        elements, places: the entries that may not be zero: which element of the seed goes into
            which element of the targets, all targets in one row.
    """

    needed: int
    colours: Array
    elements: Array
    places: Array


def patterns(targets: Sequence[Node], seed: Node, most: int, value_of: ValueOf) -> Patterns:
    """For each target the pattern of its dependence on `seed`, None for one that is too full.

    A pattern is an array of shape (layers, *target.shape): the numbers, counted from 1, of the
    elements of the seed that an element depends on; 0 is none.

    Args:
        most: how many elements of the seed an element of a target may depend on.
        value_of: gives the values of index tensors.
    """
    numbers = np.arange(1, seed.size + 1, dtype=np.int32).reshape((1, *seed.shape))
    found: Patterns = {seed: numbers}
    for node in dependents(targets, [seed]):
        if node is seed:
            continue
        pattern = None
        known = [source for source in node.inputs if source in found]
        if all([found[source] is not None for source in known]):
            search = _Search(node, found, value_of, min(most, _MOST_ENTRIES // max(node.size, 1)))
            pattern = search.pattern()
        found[node] = pattern
    return {target: found.get(target) for target in targets}


def coloured(targets: Sequence[Array], size: int) -> Colouring:
    """A colouring of the `size` elements of a seed, for the patterns of all targets.

    The elements are coloured one after the other, each with the first colour that is free.
    """
    entries = []
    before = 0
    for pattern in targets:
        flat = pattern.reshape((pattern.shape[0], -1))
        places = np.broadcast_to(np.arange(before, before + flat.shape[1]), flat.shape)
        present = flat > 0
        entries.append((flat[present] - 1, places[present]))
        before += flat.shape[1]
    elements = np.concatenate([element for element, _ in entries])
    places = np.concatenate([place for _, place in entries])
    if all([len(pattern) == 1 for pattern in targets]):
        return Colouring(1, np.zeros(size, np.int64), elements, places)
    order = np.argsort(elements, kind="stable")
    ends = np.searchsorted(elements[order], np.arange(1, size + 1)).tolist()
    users = places[order].tolist()
    # For each place the colours it sees already, as bits.
    seen = [0] * before
    colours = []
    start = 0
    for end in ends:
        taken = 0
        for place in users[start:end]:
            taken |= seen[place]
        free = ~taken & (taken + 1)
        for place in users[start:end]:
            seen[place] |= free
        colours.append(free.bit_length() - 1)
        start = end
    return Colouring(max(colours, default=0) + 1, np.array(colours, np.int64), elements, places)


class _Search:
    """The pattern of one node, from those of its inputs.

    Attributes:
        node: the node.
        found: the patterns of its inputs that depend on the seed.
        value_of: gives the values of index tensors.
        most: how many layers the pattern may have.
    """

    def __init__(self, node: Node, found: Patterns, value_of: ValueOf, most: int) -> None:
        self.node = node
        self.found = found
        self.value_of = value_of
        self.most = most

    def pattern(self) -> Array | None:
        operation = self.node.operation
        name = operation.name
        if operation.narrow:
            return self.joined([self.spread(source) for source in self.dependent_inputs()])
        if name in _MOVES:
            return self.moved(range(len(self.node.inputs)))
        if name in _LOOKUPS:
            return self.looked_up()
        if name in _REDUCTIONS:
            return self.reduced()
        rule = _RULES.get(name)
        return None if rule is None else rule(self)

    def dependent_inputs(self) -> list[Node]:
        return [source for source in self.node.inputs if source in self.found]

    def of(self, source: Node) -> Array:
        pattern = self.found[source]
        assert pattern is not None
        return pattern

    def spread(self, source: Node) -> Array:
        """An operand's pattern, broadcast to the result's shape."""
        pattern = self.of(source)
        missing = self.node.ndim - source.ndim
        layers = pattern.reshape((len(pattern), *(1,) * missing, *source.shape))
        return np.broadcast_to(layers, (len(pattern), *self.node.shape))

    def joined(self, parts: Sequence[Array]) -> Array | None:
        """All layers of some patterns of one shape, each element named once."""
        if sum([len(part) for part in parts]) > 4 * self.most:
            return None
        layers = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return self.distinct(layers) if len(parts) > 1 else layers

    def distinct(self, layers: Array) -> Array | None:
        """The layers without what is named twice, and without those that are empty."""
        if len(layers) > 1 and layers.size:
            layers = -np.sort(-layers, axis=0)
            layers[1:][layers[1:] == layers[:-1]] = 0
            layers = -np.sort(-layers, axis=0)
            used = layers.reshape((len(layers), -1)).any(axis=1)
            layers = layers[: max(int(used.sum()), 1)]
        return layers if len(layers) <= self.most else None

    # ----- Moving elements -----

    def moved(self, positions: Sequence[int], **changed: Any) -> Array | None:
        """The kernel applied to the layers of the inputs at `positions`; others are values.

        Each element of the result comes from at most one element of one input.
        """
        inputs = self.node.inputs
        moving = [source for source in self.dependent_inputs()]
        count = max([len(self.of(source)) for source in moving])
        fixed = {
            place: self.value_of(source)
            for place, source in enumerate(inputs)
            if place not in positions
        }
        parameters = {**self.node.parameters, **changed}
        layers = []
        for layer in range(count):
            operands = [
                fixed[place] if place in fixed else self.layer(source, layer)
                for place, source in enumerate(inputs)
            ]
            layers.append(self.node.operation.kernel(*operands, **parameters))
        return np.stack(layers)

    def layer(self, source: Node, layer: int) -> Array:
        pattern = self.found.get(source)
        if pattern is None or layer >= len(pattern):
            return np.broadcast_to(np.zeros((), np.int32), source.shape)
        found: Array = pattern[layer]
        return found

    def looked_up(self) -> Array | None:
        """`index`, `gather` and their like: an index moves elements of the first input only."""
        if any([source in self.found for source in self.node.inputs[1:]]):
            return None
        return self.moved((0,))

    # ----- Sums -----

    def reduced(self) -> Array | None:
        source = self.node.inputs[0]
        dim = self.node.parameters["dim"]
        dims = tuple(range(source.ndim)) if dim is None else dim
        return self.summed(self.of(source), source.shape, dims)

    def summed(self, pattern: Array, shape: Shape, dims: Sequence[int]) -> Array | None:
        """All that a sum over `dims` of a tensor of `shape` depends on."""
        count = len(pattern) * prod([shape[axis] for axis in dims])
        if count > 4 * self.most:
            return None
        kept = [axis for axis in range(len(shape)) if axis not in dims]
        order = (0, *[axis + 1 for axis in dims], *[axis + 1 for axis in kept])
        layers = np.transpose(pattern, order).reshape((count, *[shape[axis] for axis in kept]))
        if not count:
            layers = np.zeros((1, *layers.shape[1:]), np.int32)
        distinct = self.distinct(layers)
        return None if distinct is None else distinct.reshape((len(distinct), *self.node.shape))

    def product(self) -> Array | None:
        """A product of matrices or vectors, one of which depends on the seed."""
        x, y = self.node.inputs
        if x in self.found and y in self.found:
            return None
        inner_of_y = max(y.ndim - 2, 0)
        if x in self.found:
            return self._repeated(x, x.ndim - 1, y.ndim - inner_of_y - 1, behind=True)
        return self._repeated(y, inner_of_y, x.ndim - inner_of_y - 1, behind=False)

    def _repeated(self, source: Node, inner: int, others: int, behind: bool) -> Array | None:
        """Summed over `inner`, the same for each row or column of the other operand."""
        pattern = self.of(source)
        count = len(pattern) * source.shape[inner]
        if count > 4 * self.most:
            return None
        layers = np.moveaxis(pattern, inner + 1, 1).reshape(
            (count, *source.shape[:inner], *source.shape[inner + 1 :])
        )
        if not count:
            layers = np.zeros((1, *layers.shape[1:]), np.int32)
        distinct = self.distinct(layers)
        if distinct is None:
            return None
        if others:
            distinct = np.expand_dims(distinct, distinct.ndim if behind else inner + 1)
        return np.broadcast_to(distinct, (len(distinct), *self.node.shape))

    # ----- Adding in place -----

    def put(self) -> Array | None:
        """`index_put` with and without accumulation."""
        *indices, values = self.node.inputs[1:]
        if any([index in self.found for index in indices]):
            return None
        places = self._places([self.value_of(index) for index in indices])
        x = self.node.inputs[0]
        if not self.node.parameters["accumulate"] and np.unique(places).size < places.size:
            # Which of the values stays is nobody's promise.
            return None
        parts: list[Array | None] = []
        if x in self.found:
            own = self.of(x)
            if not self.node.parameters["accumulate"]:
                own = own.reshape((len(own), x.size)).copy()
                own[:, places.reshape(-1)] = 0
            parts.append(own.reshape((len(own), *x.shape)))
        if values in self.found:
            pattern = self.of(values)
            missing = places.ndim - values.ndim
            layers = pattern.reshape((len(pattern), *(1,) * missing, *values.shape))
            spread = np.broadcast_to(layers, (len(pattern), *places.shape))
            parts.append(self._added(spread, places))
        return self._joined_if_known(parts)

    def _joined_if_known(self, parts: Sequence[Array | None]) -> Array | None:
        known = [part for part in parts if part is not None]
        return self.joined(known) if len(known) == len(parts) else None

    def _places(self, indices: Sequence[Array]) -> Array:
        numbers = np.arange(self.node.size).reshape(self.node.shape)
        index: list[Any] = [slice(None)] * self.node.ndim
        for dim, values in zip(self.node.parameters["dims"], indices, strict=True):
            index[dim] = values
        places: Array = numbers[tuple(index)]
        return places

    def added(self) -> Array | None:
        """`scatter_add`."""
        x, index, src = self.node.inputs
        if index in self.found:
            return None
        dim = self.node.parameters["dim"]
        parts: list[Array | None] = [self.of(x)] if x in self.found else []
        if src in self.found:
            where = np.atleast_1d(self.value_of(index))
            shape = self.node.shape or (1,)
            numbers = np.arange(self.node.size).reshape(shape)
            grid: list[Any] = list(np.ogrid[tuple([slice(length) for length in where.shape])])
            grid[dim] = where
            pattern = self.of(src).reshape((-1, *(src.shape or (1,))))
            used = pattern[(slice(None), *[slice(length) for length in where.shape])]
            parts.append(self._added(used, numbers[tuple(grid)]))
        return self._joined_if_known(parts)

    def _added(self, layers: Array, places: Array) -> Array | None:
        """The layers of a sum to which `layers` are added at `places`."""
        keys = places.reshape(-1)
        flat = layers.reshape((len(layers), -1))
        if not keys.size:
            return np.zeros((1, *self.node.shape), np.int32)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.searchsorted(ordered, ordered)
        turn = np.arange(keys.size) - starts  # how many came to the same place before
        turns = int(turn.max()) + 1
        if turns * len(layers) > 4 * self.most:
            return None
        result = np.zeros((turns, len(layers), self.node.size), np.int32)
        result[turn, :, ordered] = flat[:, order].T
        return self.distinct(result.reshape((-1, *self.node.shape)))


# Operations whose result consists of elements of their inputs and of zeros.
_MOVES = frozenset(
    "reshape view unsafe_view unsqueeze squeeze permute transpose t flip roll repeat select slice "
    "diagonal diagonal_copy diag_embed tril triu select_scatter slice_scatter diagonal_scatter "
    "cat stack".split()
)
_LOOKUPS = frozenset(("index", "gather", "index_select", "take"))
_REDUCTIONS = frozenset(("sum", "mean"))
_RULES: dict[str, Callable[[_Search], Array | None]] = {
    "mm": _Search.product,
    "mv": _Search.product,
    "dot": _Search.product,
    "bmm": _Search.product,
    "index_put": _Search.put,
    "scatter_add": _Search.added,
}
