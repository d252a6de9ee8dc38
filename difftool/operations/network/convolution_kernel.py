"""Kernels of convolutions: products of matrices whose columns are windows, a block at a time.

The elements under one place of the kernel, over all windows, are a strided slice of the padded
input. Slices for as many places and as many rows of the batch as a block holds stand below each
other in one matrix, and one product deals with them: no matrix of all windows is ever made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.graph.node import Node, Shape
from difftool.operations.network.windows import Place, inside, padded, padded_size, places_under
from difftool.operations.registry import Array

# Elements of a block of columns: at most so many, and no more than a part of the tensors' own, but
# not so few that the blocks become too many.
BLOCK = 2**18
LEAST = 2**12
PART = 1 / 4


def _block(count: int, places: int, column: int, size: int) -> tuple[int, int]:
    """The rows of the batch and the places of the kernel that a block has.

    `column` is the number of elements under one place for one row, `size` those of the largest
    tensor.
    """
    most = min(BLOCK, max(LEAST, int(size * PART)))
    some = max(1, min(places, most // max(column, 1)))
    return max(1, min(count, most // max(column * some, 1))), some


def _blocks(
    count: int, places: Sequence[Place], column: int, size: int
) -> Iterator[tuple[slice, Sequence[Place], slice]]:
    """Rows of the batch, places of the kernel and where these stand among all, for each block."""
    rows, some = _block(count, len(places), column, size)
    for first in range(0, count, rows):
        for start in range(0, len(places), some):
            end = min(start + some, len(places))
            yield slice(first, min(first + rows, count)), places[start:end], slice(start, end)


def _columns(x: Array, places: Sequence[Place], groups: int, windows: Shape) -> Array:
    """A matrix for each group: (channel, place) in rows, (row of the batch, window) in columns."""
    count, channels = x.shape[:2]
    inner = channels // groups
    columns = np.empty((groups, inner, len(places), count, *windows), x.dtype)
    apart = x.reshape(count, groups, inner, *x.shape[2:])
    for position, place in enumerate(places):
        columns[:, :, position] = np.moveaxis(apart[place], 0, 2)
    return columns.reshape(groups, inner * len(places), count * prod(windows))


def _grouped(weight: Array, groups: int, some: slice) -> Array:
    """A matrix for each group: channels that are made in rows, (channel, place) in columns."""
    made, inner = weight.shape[:2]
    flat = weight.reshape(groups, made // groups, inner, -1)[..., some]
    return flat.reshape(groups, made // groups, -1)


def _rows_of(y: Array, groups: int) -> Array:
    """A matrix for each group: channels in rows, (row of the batch, window) in columns."""
    count, channels = y.shape[:2]
    windows = prod(y.shape[2:])
    apart = y.reshape(count, groups, channels // groups, windows)
    return np.moveaxis(apart, 0, 2).reshape(groups, channels // groups, count * windows)


def convolved(
    x: Array,
    weight: Array,
    size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
) -> Array:
    """output[n, o, p] = sum over i and k of input[n, i, p * stride + k * dilation - padding]
    weight[o, i, k]."""
    count, made = len(x), len(weight)
    result = np.zeros((count, made, *size), x.dtype)
    apart = result.reshape(count, groups, made // groups, prod(size))
    places = places_under(weight.shape[2:], size, stride, dilation)
    for rows, under, some in _blocks(
        count, places, x.shape[1] * prod(size), max(x.size, result.size)
    ):
        part = padded(x[rows], padding)
        columns = _columns(part, under, groups, size)
        product = _grouped(weight, groups, some) @ columns
        del columns  # before the next block's are made
        apart[rows] += np.moveaxis(product.reshape(*product.shape[:2], len(part), -1), 2, 0)
    return result


def spread(
    y: Array,
    weight: Array,
    size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
) -> Array:
    """input[n, i, p * stride + k * dilation - padding] += output[n, o, p] weight[o, i, k]."""
    count, windows = len(y), y.shape[2:]
    inner = weight.shape[1]
    longer = padded_size(size, padding)
    whole = np.zeros((count, groups, inner, *longer), y.dtype)
    places = places_under(weight.shape[2:], windows, stride, dilation)
    for rows, under, some in _blocks(
        count, places, groups * inner * prod(windows), max(y.size, whole.size)
    ):
        part = y[rows]
        turned = np.swapaxes(_grouped(weight, groups, some), 1, 2)
        columns = (turned @ _rows_of(part, groups)).reshape(
            groups, inner, len(under), len(part), *windows
        )
        for position, place in enumerate(under):
            whole[rows][place] += np.moveaxis(columns[:, :, position], 2, 0)
        del columns
    result = whole.reshape(count, groups * inner, *longer)
    return result[inside(padding, size)] if any(padding) else result


def weighed(
    x: Array,
    y: Array,
    *,
    size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
) -> Array:
    """weight[o, i, k] = sum over n and p of input[n, i, p * stride + k * dilation - padding]
    output[n, o, p]."""
    made, inner, windows = y.shape[1], x.shape[1] // groups, y.shape[2:]
    result = np.zeros((groups, made // groups, inner, prod(size)), x.dtype)
    places = places_under(size, windows, stride, dilation)
    for rows, under, some in _blocks(
        len(x), places, x.shape[1] * prod(windows), max(x.size, y.size)
    ):
        columns = _columns(padded(x[rows], padding), under, groups, windows)
        product = _rows_of(y[rows], groups) @ np.swapaxes(columns, 1, 2)
        del columns
        result[..., some] += product.reshape(*product.shape[:2], inner, -1)
    return result.reshape(made, inner, *size)


def scratch(node: Node) -> float:
    """A block of columns, what is multiplied with them and what that makes."""
    x, other = node.inputs[:2]
    form: Any = node.parameters
    spreads = form.get("transposed", False)
    image, outcome = (node, x) if spreads else (x, other if "size" in form else node)
    kernel = form.get("size", other.shape[2:])
    column = image.shape[1] * prod(outcome.shape[2:])
    images = max(image.size, outcome.size)
    rows, some = _block(x.shape[0], prod(kernel), column, images)
    around = 0 if spreads or not any(form["padding"]) else rows * prod(image.shape[1:])
    block = rows * (column * some + prod(outcome.shape[1:]))
    largest = max([node.size, *[each.size for each in node.inputs]])
    filled: float = (block + around) / max(largest, 1)
    return filled

