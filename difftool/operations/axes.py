"""Axes: which dimensions of an operation's result and inputs are the same one.

A rule is `node -> Axes`. It gives every dimension a label; dimensions with one label are cut
together, so that a block of the result is what the operation gives for the same blocks of its
inputs. A label that only inputs have is summed away: each block then gives a share, and the
operation's `Accumulation` puts the shares together. `None` is a dimension that has to be whole.
The families attach these rules to their operations; execute.cut reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod
from typing import NamedTuple, TypeAlias

from difftool.graph.node import Node, Shape

Labels: TypeAlias = tuple[int | None, ...]

# A flattening is cut only where that leaves blocks of no more elements than this.
MOST_ELEMENTS = 2**18


class Axes(NamedTuple):
    """The labels of the dimensions.

    Attributes:
        result: of the result's dimensions.
        inputs: of each input's.
        sized: the parameter that repeats the result's shape, and is another for a block of it.
    """

    result: Labels
    inputs: tuple[Labels, ...]
    sized: str | None = None


def elementwise(node: Node) -> Axes:
    """Operands that broadcast against each other from the right."""
    return Axes(tuple(range(node.ndim)), _aligned(node))


def expanded(node: Node) -> Axes:
    """A broadcast to the shape that is a parameter."""
    return Axes(tuple(range(node.ndim)), _aligned(node), "shape")


def filled(node: Node) -> Axes:
    """A tensor of one number, whose size is a parameter."""
    return Axes(tuple(range(node.ndim)), (), "size")


def _aligned(node: Node) -> tuple[Labels, ...]:
    shape = node.shape
    labels = []
    for source in node.inputs:
        missing = len(shape) - source.ndim
        labels.append(
            tuple(
                [
                    axis + missing if length == shape[axis + missing] else None
                    for axis, length in enumerate(source.shape)
                ]
            )
        )
    return tuple(labels)


def reduction(node: Node) -> Axes:
    """A reduction over `dim`, a tuple of dimensions or None for all, with or without `keepdim`.

    Several inputs have the same shape.
    """
    x = node.inputs[0]
    dims = node.parameters.get("dim")
    reduced = range(x.ndim) if dims is None else (dims,) if isinstance(dims, int) else dims
    if node.ndim == x.ndim and x.ndim:
        result: Labels = tuple([None if axis in reduced else axis for axis in range(x.ndim)])
    else:
        result = tuple([axis for axis in range(x.ndim) if axis not in reduced])
    return Axes(result, (tuple(range(x.ndim)),) * len(node.inputs))


def whole_reduction(node: Node) -> Axes:
    """A reduction of an input by a kernel that has to see all that it reduces."""
    result, (labels,), _ = reduction(node)
    return Axes(result, (tuple([label if label in result else None for label in labels]),))


def along(node: Node) -> Axes:
    """What works along one dimension `dim`; None: along all of them."""
    dim = node.parameters["dim"]
    return opaque(node) if dim is None else _besides((dim,), node)


def along_dims(node: Node) -> Axes:
    """What works along several dimensions `dims`."""
    return _besides(node.parameters["dims"], node)


def _besides(dims: Sequence[int], node: Node) -> Axes:
    """All dimensions but `dims` are the same in the result and the operands.

    Who has fewer dimensions than others has none of `dims`; a number has no dimension at all.
    Dimensions along which the lengths differ are whole, and so is an empty vector, which can be
    joined to tensors of any shape.
    """
    ndim = max([tensor.ndim for tensor in (node, *node.inputs)])
    others = [axis for axis in range(ndim) if axis not in dims]
    lengths: list[set[int]] = [set() for _ in others]
    for tensor in (node, *node.inputs):
        if tensor.shape not in ((), (0,)):
            shape = tensor.shape
            own = shape if tensor.ndim < ndim else [shape[axis] for axis in others]
            for found, length in zip(lengths, own, strict=True):
                found.add(length)
    same = [axis for axis, found in zip(others, lengths, strict=True) if len(found) == 1]

    def labels(tensor: Node) -> Labels:
        if tensor.shape in ((), (0,)):
            return (None,) * tensor.ndim
        own = others if tensor.ndim < ndim else range(ndim)
        return tuple([axis if axis in same else None for axis in own])

    return Axes(labels(node), tuple([labels(source) for source in node.inputs]))


def opaque(node: Node) -> Axes:
    """What has to see all of its operands at once."""
    return Axes((None,) * node.ndim, tuple([(None,) * source.ndim for source in node.inputs]))


def permuted(node: Node) -> Axes:
    """All dimensions in the order `dims`."""
    dims = node.parameters["dims"]
    return Axes(tuple(dims), (tuple(range(node.ndim)),))


def transposed(node: Node) -> Axes:
    """Dimensions `dim0` and `dim1` exchanged."""
    order = list(range(node.ndim))
    if order:
        first, second = node.parameters["dim0"], node.parameters["dim1"]
        order[first], order[second] = order[second], order[first]
    return Axes(tuple(order), (tuple(range(node.ndim)),))


def reversed_dims(node: Node) -> Axes:
    """All dimensions in reverse order."""
    return Axes(tuple(reversed(range(node.ndim))), (tuple(range(node.ndim)),))


def reshaped(node: Node) -> Axes:
    """The same elements in the same order in another shape, which is a parameter or follows."""
    sized = "shape" if "shape" in node.parameters else None
    (x,) = node.inputs
    result: list[int | None] = [None] * node.ndim
    own: list[int | None] = [None] * x.ndim
    for label, (source, target) in enumerate(_runs(x.shape, node.shape)):
        before, after = x.shape[source], node.shape[target]
        if node.size // max(gcd(before, after), 1) <= MOST_ELEMENTS:
            own[source] = result[target] = label
    return Axes(tuple(result), (tuple(own),), sized)


def _runs(shape: Shape, target: Shape) -> list[tuple[int, int]]:
    """The first dimensions of the runs of dimensions that hold the same elements in both shapes."""
    if prod(shape) == 0:
        return []
    found: list[tuple[int, int]] = []
    source = place = 0
    while True:
        while source < len(shape) and shape[source] == 1:
            source += 1
        while place < len(target) and target[place] == 1:
            place += 1
        if source == len(shape) or place == len(target):
            return found
        start = (source, place)
        before, after = shape[source], target[place]
        while before != after:
            if before < after:
                source += 1
                before *= shape[source]
            else:
                place += 1
                after *= target[place]
        found.append(start)
        source += 1
        place += 1


def repeated(node: Node) -> Axes:
    """So many copies side by side along each dimension, `repeats`; one leaves it as it is."""
    (x,) = node.inputs
    missing = node.ndim - x.ndim
    counts = node.parameters["repeats"]
    labels = [
        axis if axis >= missing and count == 1 else None for axis, count in enumerate(counts)
    ]
    return Axes(tuple(labels), (tuple(labels[missing:]),))


# ----- Matrices -----


def matrices(node: Node) -> Axes:
    """Batches of whole matrices, all of one shape, or a number for each."""
    batch = tuple(range(node.inputs[0].ndim - 2))

    def labels(tensor: Node) -> Labels:
        return (*batch, *(None,) * (tensor.ndim - len(batch)))

    return Axes(labels(node), tuple([labels(source) for source in node.inputs]))


def pairs_of_matrices(node: Node) -> Axes:
    """Whole matrices, whose batches broadcast."""
    result, inputs, _ = elementwise(node)

    def labels(own: Labels) -> Labels:
        return (*own[:-2], None, None)

    return Axes(labels(result), tuple([labels(own) for own in inputs]))


def diagonals(node: Node) -> Axes:
    """Matrices along `dim1` and `dim2`, and their diagonals as a last dimension."""
    place = (node.parameters["dim1"], node.parameters["dim2"])
    ndim = max(node.ndim, node.inputs[0].ndim)
    matrix = tuple([None if axis in place else axis for axis in range(ndim)])
    diagonal = (*[label for label in matrix if label is not None], None)

    def labels(tensor: Node) -> Labels:
        return matrix if tensor.ndim == ndim else diagonal

    return Axes(labels(node), tuple([labels(source) for source in node.inputs]))


# ----- Products -----


def mm(node: Node) -> Axes:
    """Rows times columns."""
    return Axes((0, 2), ((0, 1), (1, 2)))


def mv(node: Node) -> Axes:
    """Rows times a vector."""
    return Axes((0,), ((0, 1), (1,)))


def dot(node: Node) -> Axes:
    """Two vectors."""
    return Axes((), ((0,), (0,)))


def bmm(node: Node) -> Axes:
    """Pairs of matrices."""
    return Axes((0, 1, 3), ((0, 1, 2), (0, 2, 3)))
