"""The cut: along which axis the large tensors of a graph are cut into blocks, and each node's role.

Along its axis a node is *mapped* (each block of it comes from the same blocks of its inputs),
*accumulated* (each block gives a share of it) or, without an axis, *whole*. The dimensions that
operations tie together (operations.axes) form classes, which are the graph's axes. The axis that
most work has comes first, and every node takes the first of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from math import gcd
from typing import NamedTuple

import numpy as np

from difftool.execute.kernels import multiplies
from difftool.graph.node import Node
from difftool.operations.axes import MOST_ELEMENTS, Axes, Labels

# A node is worth a cut if it or an input has this many elements.
LARGE = 2**16

# What one element costs: adding two numbers, and what a power series or a table gives.
CHEAP = frozenset(
    [
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.negative,
        np.maximum,
        np.minimum,
        np.square,
        np.absolute,
        np.sqrt,
        np.reciprocal,
    ]
)
SERIES = 16

# Multiplications of a product of two matrices up to which OpenBLAS computes it on one thread.
THREADED = 2**18


class Role(NamedTuple):
    """What a node does along its axis.

    Attributes:
        axis: the axis it is cut along; None: it is computed whole.
        dim: the dimension of its result that is the axis; None: shares of it are accumulated.
        inputs: the dimension of each input that is the axis; None: it takes this input whole.
    """

    axis: int | None
    dim: int | None
    inputs: tuple[int | None, ...]


# The role of a value that exists already.
GIVEN = Role(None, None, ())


class Cut(NamedTuple):
    """The roles of nodes.

    Attributes:
        roles: one for each node.
        lengths: into how many units each axis can be cut. A dimension of the axis has that many
            units, each of one or more places.
    """

    roles: list[Role]
    lengths: dict[int, int]


def cost(node: Node) -> float:
    """About what one element of a node's result costs, in additions of two numbers."""
    kernel = node.operation.kernel
    if is_product(node):
        # A multiplication and an addition for each place of the inner dimension, eight at a time.
        return max(1.0, node.inputs[0].shape[-1] / 4)
    if isinstance(kernel, np.ufunc) and kernel not in CHEAP and node.dtype.kind == "f":
        return SERIES
    return SERIES if node.operation.family in ("activation", "special") else 1.0


def is_product(node: Node) -> bool:
    """Whether a node is a product of matrices."""
    return node.operation.kernel in (np.matmul, np.dot)


def has_threads(node: Node) -> bool:
    """Whether the library that computes a product may do so on threads of its own."""
    if multiplies(node.operation.kernel):
        return True
    if not is_product(node):
        return False
    if node.ndim < 3:
        return True
    x, y = node.inputs
    return x.shape[-2] * x.shape[-1] * y.shape[-1] > THREADED


def cut(nodes: Sequence[Node], known: Container[Node]) -> Cut:
    """The roles of `nodes`, which stand inputs before users; `known` values exist already."""
    found = _Axes(nodes, known)
    return Cut([found.role(place) for place in range(len(nodes))], found.lengths())


def is_large(node: Node) -> bool:
    """Whether a node or an input of it is worth to be cut."""
    return node.size >= LARGE or any([source.size >= LARGE for source in node.inputs])


class _Axes:
    """The classes of dimensions that are cut together."""

    def __init__(self, nodes: Sequence[Node], known: Container[Node]) -> None:
        self._nodes = nodes
        self._rules: list[Axes | None] = []
        self._first: list[int] = []
        self._parents: list[int] = []
        # Where the dimensions of a tensor have labels: at its own node, or where it is first used.
        labelled: dict[Node, tuple[int, Labels]] = {}
        shown: set[Node] = set()
        for place, node in enumerate(nodes):
            rule = None
            if node.operation.view and _is_there(node.inputs[0], known, shown):
                shown.add(node)  # costs nothing whole
            elif node.operation.axes is not None and is_large(node):
                rule = node.operation.axes(node)
            self._rules.append(rule)
            self._first.append(len(self._parents))
            if rule is None:
                continue
            count = 1 + max(_given([-1, *rule.result, *itertools.chain(*rule.inputs)]))
            self._parents.extend(range(len(self._parents), len(self._parents) + count))
            for source, labels in zip(node.inputs, rule.inputs, strict=True):
                if source in labelled:
                    self._join(place, labels, *labelled[source])
                elif source.size >= LARGE:
                    labelled[source] = (place, labels)
            labelled[node] = (place, rule.result)
        self._measure()

    def _join(self, place: int, labels: Labels, above: int, known: Labels) -> None:
        """A dimension of an input is the one that another node knows by another label."""
        for own, theirs in zip(labels, known, strict=True):
            if own is not None and theirs is not None:
                first, second = self.axis(place, own), self.axis(above, theirs)
                self._parents[max(first, second)] = min(first, second)

    def axis(self, place: int, label: int) -> int:
        """The class of a node's label."""
        found = self._first[place] + label
        while self._parents[found] != found:
            self._parents[found] = self._parents[self._parents[found]]
            found = self._parents[found]
        return found

    def _measure(self) -> None:
        """How long each axis is, how much a unit of it holds, and how much work it cuts."""
        self._units: dict[int, int] = {}
        largest: dict[int, int] = {}
        work: dict[int, float] = {}
        for place, (node, rule) in enumerate(zip(self._nodes, self._rules, strict=True)):
            if rule is None:
                continue
            of_inputs = zip(node.inputs, rule.inputs, strict=True)
            weight = cost(node)
            for tensor, labels in ((node, rule.result), *of_inputs):
                for dim, label in enumerate(labels):
                    if label is None:
                        continue
                    axis = self.axis(place, label)
                    self._units[axis] = gcd(self._units.get(axis, 0), tensor.shape[dim])
                    largest[axis] = max(largest.get(axis, 0), tensor.size)
                    # Blocks of an inner dimension lie scattered in memory.
                    inner = any([length > 1 for length in tensor.shape[:dim]])
                    done = weight * tensor.size / (2 if inner else 1)
                    work[axis] = work.get(axis, 0.0) + done
        usable = [
            axis
            for axis, length in self._units.items()
            if length > 1 and largest[axis] // length <= MOST_ELEMENTS
        ]
        usable.sort(key=lambda axis: -work[axis])
        self._rank = {axis: rank for rank, axis in enumerate(usable)}

    def lengths(self) -> dict[int, int]:
        """The units of each axis that can be cut."""
        return {axis: self._units[axis] for axis in self._rank}

    def role(self, place: int) -> Role:
        """The role of a node along the first of its axes."""
        node, rule = self._nodes[place], self._rules[place]
        whole = Role(None, None, (None,) * len(node.inputs))
        if rule is None:
            return whole
        best: tuple[int, Role] | None = None
        for label in dict.fromkeys(_given([*rule.result, *itertools.chain(*rule.inputs)])):
            axis = self.axis(place, label)
            rank = self._rank.get(axis)
            if rank is None or (best is not None and rank >= best[0]):
                continue
            dim = _place_of(label, rule.result)
            if dim is None and not _accumulates(node):
                continue
            inputs = tuple([_place_of(label, group) for group in rule.inputs])
            best = rank, Role(axis, dim, inputs)
        return whole if best is None else best[1]


def _is_there(node: Node, known: Container[Node], shown: Container[Node]) -> bool:
    """Whether a view of `node` shows what is in memory anyway, or next to nothing."""
    return node.size < LARGE or node in known or node in shown


def _given(labels: Sequence[int | None]) -> list[int]:
    return [label for label in labels if label is not None]


def _place_of(label: int, labels: Sequence[int | None]) -> int | None:
    return labels.index(label) if label in labels else None


def _accumulates(node: Node) -> bool:
    """Whether blocks can give shares of a result, one that is small beside its inputs."""
    if node.operation.accumulation is None:
        return False
    largest = max([source.size for source in node.inputs])
    return node.size <= MOST_ELEMENTS and node.size * 16 <= largest
