"""Axes of what looks elements up: which dimensions the tensor, the indices and the result share.

Indices may be cut where the result has their dimensions; they then point into the whole tensor.
"""

from __future__ import annotations

from collections.abc import Sequence

from difftool.graph.node import Node, Shape
from difftool.operations.axes import Axes, Labels, opaque


def place_of_indices(dims: Sequence[int]) -> int:
    """Where the indices' dimensions stand in the result.

    It is where the indexed dimensions were if those are neighbours, else in front, as in NumPy
    and PyTorch.
    """
    neighbours = dims[-1] - dims[0] == len(dims) - 1
    return dims[0] if neighbours else 0


def index(node: Node) -> Axes:
    """The elements at `dims` of a tensor, one index for each; the indices broadcast."""
    x, *indices = node.inputs
    own, others, first = _split(node)
    end = first + node.ndim - len(others)
    labels = tuple(range(x.ndim, x.ndim + end - first))
    common = node.shape[first:end]
    result = (*others[:first], *labels, *others[first:])
    return Axes(result, (own, *[_fitting(source.shape, common, labels) for source in indices]))


def index_put(node: Node) -> Axes:
    """A copy of a tensor with such elements replaced by values, or added to."""
    x, *indices, values = node.inputs
    own, others, first = _split(node)
    count = max([source.ndim for source in indices])
    labels = (*others[:first], *(None,) * count, *others[first:])
    part = tuple([0 if label is None else x.shape[label] for label in labels])
    whole = [(None,) * source.ndim for source in indices]
    return Axes(own, (own, *whole, _fitting(values.shape, part, labels)))


def gather(node: Node) -> Axes:
    """For each element of an index, the element of a tensor at that place along `dim`."""
    x, _ = node.inputs
    dim = node.parameters["dim"]
    if x.ndim != node.ndim:
        return opaque(node)
    # A dimension that is longer in the tensor is read from its start on, not in blocks.
    result = tuple(
        [
            axis if axis == dim or length == x.shape[axis] else None
            for axis, length in enumerate(node.shape)
        ]
    )
    return Axes(result, (tuple([None if axis == dim else axis for axis in result]), result))


def _split(node: Node) -> tuple[Labels, tuple[int, ...], int]:
    """The labels of an indexed tensor, those among them that are dimensions, and where the
    indices' dimensions stand between these in what they take."""
    dims = node.parameters["dims"]
    own = tuple([None if axis in dims else axis for axis in range(node.inputs[0].ndim)])
    return own, tuple([axis for axis in own if axis is not None]), place_of_indices(dims)


def _fitting(shape: Shape, full: Shape, labels: Labels) -> Labels:
    """The labels of a tensor that broadcasts to the shape `full`, whose labels are given."""
    missing = len(full) - len(shape)
    return tuple(
        [
            labels[axis + missing] if length == full[axis + missing] else None
            for axis, length in enumerate(shape)
        ]
    )


# ----- One index for each slice, and places counted through a tensor -----


def index_select(node: Node) -> Axes:
    """The slices of a tensor along `dim` that an index names."""
    x, index = node.inputs
    if not x.ndim:
        return opaque(node)
    dim = node.parameters["dim"]
    result = tuple([axis if index.ndim or axis != dim else None for axis in range(x.ndim)])
    own = tuple([None if axis == dim else axis for axis in range(x.ndim)])
    return Axes(result, (own, (dim,) * index.ndim))


def along_index(node: Node) -> Axes:
    """A copy of a tensor with slices along `dim` changed where an index says, the second input."""
    dim = node.parameters["dim"]
    own = tuple([None if axis == dim else axis for axis in range(node.ndim)])

    def labels(source: Node) -> Labels:
        return own if source.ndim == node.ndim else (None,) * source.ndim

    x, index, *rest = node.inputs
    return Axes(own, (own, (None,) * index.ndim, *[labels(source) for source in rest]))


def take(node: Node) -> Axes:
    """The elements of a tensor at places in the order of its rows."""
    x, _ = node.inputs
    labels = tuple(range(node.ndim))
    return Axes(labels, ((None,) * x.ndim, labels))
