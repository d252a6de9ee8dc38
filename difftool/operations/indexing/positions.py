"""Positions as whole numbers: where elements are not zero, which class they are, in a shape.

Nothing is differentiated here. How many places there are depends on values, which are asked for
when a node is made; `nonzero_static` is told.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int64
from difftool.graph.node import Node, Operand
from difftool.operations import axes, batch
from difftool.operations.axes import Axes
from difftool.operations.indexing.index_range import require_whole
from difftool.operations.registry import (
    Array,
    Operation,
    Type,
    composite,
    is_weak,
    ops,
)
from difftool.operations.shapes import dtype_name, possible_shape, refuse_booleans, result_dtype
from difftool.operations.values import value_of

# ----- Where elements are not zero -----


class _Nonzero(Operation):
    """With `as_tuple` a tensor of places for each dimension, of which a 0-d tensor has one."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Any:
        (input,) = operands
        assert isinstance(input, Node)
        if not parameters.pop("as_tuple", False):
            count = int(np.count_nonzero(value_of(input)))
            return super().__call__(input, count=count)
        places = self(input if input.ndim else ops.unsqueeze(input, dim=0))
        return tuple([ops.select(places, dim=1, index=dim) for dim in range(places.shape[1])])


def _argwhere(x: Array, **parameters: int) -> Array:
    if x.ndim == 0:
        return np.zeros((np.count_nonzero(x), 0), np.int64)
    return np.argwhere(x)


def _nonzero_type(input: Node, *, count: int) -> Type:
    return Type((count, input.ndim), int64, None, {"count": count})


nonzero = _Nonzero(
    ("nonzero(input, *, as_tuple: bool = False)",),
    _argwhere,
    _nonzero_type,
    batch=batch.by_rows,
    axes=axes.opaque,
    meaning="The places of elements that are not zero, one a row; or a tensor for each dimension.",
    example="nonzero([[1, 0], [0, 2]])",
)


@composite("argwhere(input)", example="argwhere([[1, 0], [0, 2]])")
def argwhere(input: Node) -> Node:
    """The places of elements that are not zero, one a row."""
    places: Node = ops.nonzero(input)
    return places


def _nonzero_static_type(input: Node, *, size: int, fill_value: int = -1) -> Type:
    if size < 0:
        raise DifftoolError(
            f"nonzero_static can't have {size} rows", kind="shape", hint="size is not negative"
        )
    shape = possible_shape((size, input.ndim))
    return Type(shape, int64, None, {"size": size, "fill_value": fill_value})


def _nonzero_static(x: Array, *, size: int, fill_value: int) -> Array:
    places = _argwhere(x)[:size]
    result = np.full((size, x.ndim), fill_value, np.int64)
    result[: len(places)] = places
    return result


nonzero_static = Operation(
    ("nonzero_static(input, *, size: int, fill_value: int = -1)",),
    _nonzero_static,
    _nonzero_static_type,
    batch=batch.by_rows,
    axes=axes.opaque,
    meaning="The first places of elements that are not zero, filled up to size rows.",
    example="nonzero_static([1, 0, 2], size=3)",
)

# ----- Which elements are among others -----


def _isin(
    elements: Array, test_elements: Array, *, assume_unique: bool, invert: bool
) -> Array:
    ordered = np.sort(test_elements, axis=None)
    if not ordered.size:
        return np.full(elements.shape, invert)
    places = np.asarray(np.searchsorted(ordered, elements))
    np.minimum(places, ordered.size - 1, out=places)
    return np.asarray(np.not_equal(ordered[places] == elements, invert))


def _isin_type(
    elements: Node, test_elements: Node, *, assume_unique: bool = False, invert: bool = False
) -> Type:
    if is_weak(elements) and is_weak(test_elements):
        raise DifftoolError(
            "isin takes a tensor as elements or as test_elements, not two numbers",
            kind="argument",
            hint="write == to compare numbers",
        )
    refuse_booleans("isin", elements, test_elements)
    parameters = {"assume_unique": assume_unique, "invert": invert}
    dtype = result_dtype((elements, test_elements))
    return Type(elements.shape, boolean, dtype, parameters)


def _isin_scratch(node: Node) -> float:
    """The places of the elements in int64, what stands there, and the others sorted."""
    elements, others = [max(source.size, 1) for source in node.inputs]
    itemsize = 8 if node.operand_dtype is None else node.operand_dtype.itemsize
    return ((1 + 8 / itemsize) * elements + others) / max(elements, others)


def _isin_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    if batch.is_batched(node, inputs, 1):
        return batch.by_rows(node, inputs, size)
    return batch.again(node, inputs, (size, *node.shape))


_ISIN = "*, assume_unique: bool = False, invert: bool = False"

isin = Operation(
    (
        f"isin(elements, test_elements, {_ISIN})",
        f"isin(elements, test_element, {_ISIN})",
        f"isin(element, test_elements, {_ISIN})",
    ),
    _isin,
    _isin_type,
    batch=_isin_batch,
    axes=axes.opaque,  # the others are sorted, once
    scratch=_isin_scratch,
    meaning="Whether each element is one of test_elements; the opposite with invert.",
    example="isin([1, 2, 3], [2, 5])",
)

# ----- Classes -----


def _one_hot(x: Array, *, num_classes: int) -> Array:
    _require_classes(x, num_classes)
    return np.equal(x[..., None], np.arange(num_classes)).astype(np.int64)


def _require_classes(classes: Array, num_classes: int) -> None:
    if classes.size and np.min(classes) < 0:
        raise DifftoolError(
            f"one_hot has a class {np.min(classes)}",
            kind="index",
            hint="classes are counted from 0",
        )
    if classes.size and np.max(classes) >= num_classes:
        raise DifftoolError(
            f"one_hot has a class {np.max(classes)}, and num_classes is {num_classes}",
            kind="index",
            hint="num_classes is one more than the largest class; -1 finds it out",
        )


def _one_hot_type(input: Node, *, num_classes: int = -1) -> Type:
    require_whole("one_hot", input)
    if num_classes < -1 or (num_classes == 0 and input.size):
        raise DifftoolError(
            f"one_hot can't tell {num_classes} classes apart",
            kind="argument",
            hint="num_classes is positive; -1 stands for one more than the largest class",
        )
    if num_classes == -1:
        if not input.size:
            raise DifftoolError(
                "one_hot can't find out how many classes there are in an empty tensor",
                kind="value",
                hint="give num_classes",
            )
        classes = value_of(input)
        num_classes = int(np.max(classes)) + 1
        _require_classes(classes, num_classes)
    shape = possible_shape((*input.shape, num_classes))
    return Type(shape, int64, None, {"num_classes": num_classes})


one_hot = Operation(
    ("one_hot(input: IndexTensor, num_classes: int = -1)",),
    _one_hot,
    _one_hot_type,
    batch=lambda node, inputs, size: batch.again(node, inputs, (size, *node.shape)),
    axes=lambda node: Axes(
        (*range(node.ndim - 1), None), (tuple(range(node.ndim - 1)),)
    ),
    meaning="For each class a row of zeros with a one at the class.",
    example="one_hot([0, 2, 1], 3)",
)

# ----- Places in a shape -----


@composite(
    "unravel_index(indices: IndexTensor, shape: Size)",
    example="unravel_index(tensor([3, 5]), (2, 3))",
)
def unravel_index(indices: Node, shape: tuple[int, ...]) -> tuple[Node, ...]:
    """For places in the order of the rows of a shape, a tensor of places for each dimension."""
    if indices.dtype.kind not in "iu":
        raise DifftoolError(
            f"unravel_index takes whole numbers as indices, not {dtype_name(indices.dtype)}",
            kind="dtype",
            hint="convert them with .long()",
        )
    if any([size <= 0 for size in shape]):
        raise DifftoolError(
            f"a tensor of shape {shape} has no places",
            kind="shape",
            hint="the sizes of the shape are positive",
        )
    places: list[Node] = []
    rest = ops.to(indices, dtype=int64)
    for size in reversed(shape):
        places.append(ops.remainder(rest, size))
        rest = ops.floor_divide(rest, size)
    return tuple(reversed(places))
