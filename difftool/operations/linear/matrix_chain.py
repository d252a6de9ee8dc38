"""Products of many matrices: in the cheapest order, and powers of one."""

from __future__ import annotations

from collections.abc import Sequence

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import overwriting
from difftool.operations.linear.product_shapes import cannot_multiply
from difftool.operations.registry import Check, composite, ops

# ----- The cheapest order -----


@composite(
    "multi_dot(tensors: Tensors)",
    example="linalg.multi_dot([ones(2, 3), ones(3, 4), ones(4)])",
    checks=(
        Check("multi_dot([x, y])", {"x": (2, 3), "y": (3,)}),
        Check("multi_dot([x, y, z])", {"x": (3,), "y": (3, 2), "z": (2, 2)}),
        Check("multi_dot([x, y, x, y])", {"x": (2, 3), "y": (3, 2)}),
    ),
)
def multi_dot(tensors: Sequence[Node]) -> Node:
    """Product of several matrices in the order of least work; vectors may stand at the ends."""
    if len(tensors) < 2:
        raise DifftoolError(
            f"multi_dot takes at least two matrices, not {len(tensors)}",
            kind="argument",
            hint="give a list, as in multi_dot([x, y, z])",
        )
    first, *between, last = tensors
    if {first.ndim, last.ndim} - {1, 2} or {node.ndim for node in between} - {2}:
        raise DifftoolError(
            f"multi_dot takes matrices, not shapes {[node.shape for node in tensors]}",
            kind="shape",
            hint="only the first and the last may be vectors",
        )
    shape = first.shape[:-1] + last.shape[1:]
    if first.ndim == 1:
        first = ops.unsqueeze(first, dim=0)
    if last.ndim == 1:
        last = ops.unsqueeze(last, dim=-1)
    return ops.view(_chained([first, *between, last]), shape)


@composite(
    "chain_matmul(*matrices: Tensor)",
    example="chain_matmul(ones(2, 3), ones(3, 4), ones(4, 1))",
    checks=(Check("chain_matmul(x, y, x)", {"x": (2, 3), "y": (3, 2)}),),
)
def chain_matmul(matrices: Sequence[Node]) -> Node:
    """Product of several matrices in the order of least work, as multi_dot."""
    if not matrices or {node.ndim for node in matrices} - {2}:
        raise DifftoolError(
            f"chain_matmul takes matrices, not shapes {[node.shape for node in matrices]}",
            kind="shape",
            hint="multi_dot takes vectors at its ends",
        )
    return ops.clone(matrices[0]) if len(matrices) == 1 else multi_dot(matrices)


def _chained(matrices: Sequence[Node]) -> Node:
    """The product, made from the innermost parentheses outwards."""
    for left, right in zip(matrices, matrices[1:], strict=False):
        if left.shape[1] != right.shape[0]:
            raise cannot_multiply(left.shape, right.shape, left.shape[1], right.shape[0])
    sizes = [matrices[0].shape[0], *[node.shape[1] for node in matrices]]
    splits = _splits(sizes)
    wanted = [(0, len(matrices) - 1)]
    for start, stop in wanted:  # grows while it is read
        if start < stop:
            middle = splits[start, stop]
            wanted += [(start, middle), (middle + 1, stop)]
    products: dict[tuple[int, int], Node] = {}
    for start, stop in reversed(wanted):
        if start == stop:
            products[start, stop] = matrices[start]
        else:
            middle = splits[start, stop]
            products[start, stop] = ops.mm(
                products[start, middle], products[middle + 1, stop]
            )
    return products[0, len(matrices) - 1]


def _splits(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where the product of each run of matrices is best split, with sizes[i] rows of the i-th.

    By dynamic programming over the runs' lengths (T. Cormen et al., "Introduction to Algorithms",
    3rd ed., section 15.2). Of equal costs the first split is taken, for three matrices the last.
    """
    count = len(sizes) - 1
    cost = {(place, place): 0 for place in range(count)}
    splits: dict[tuple[int, int], int] = {}
    for length in range(1, count):
        for start in range(count - length):
            stop = start + length
            costs = [
                cost[start, middle]
                + cost[middle + 1, stop]
                + sizes[start] * sizes[middle + 1] * sizes[stop + 1]
                for middle in range(start, stop)
            ]
            if count == 3:
                costs.reverse()
            best = costs.index(min(costs))
            cost[start, stop] = costs[best]
            splits[start, stop] = stop - 1 - best if count == 3 else start + best
    return splits


# ----- Powers -----


@composite(
    "matrix_power(input, n: int)",
    example="matrix_power([[1, 1], [0, 1]], 5)",
    checks=(
        Check("matrix_power(x, 5)", {"x": (2, 2)}),
        Check("matrix_power(x, 3)", {"x": (2, 2, 2)}),
        Check("matrix_power(x + 3 * eye(2), -2)", {"x": (2, 2)}),
    ),
)
def matrix_power(input: Node, n: int) -> Node:
    """Product of n times the same square matrix; of its inverse for a negative n."""
    matrix = input
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2]:
        raise DifftoolError(
            f"matrix_power takes square matrices, not a tensor of shape {matrix.shape}",
            kind="shape",
            hint="the last two dimensions must be equal",
        )
    if n == 0:
        identity = ops.eye(matrix.shape[-1], dtype=matrix.dtype)
        return overwriting.copied(ops.clone(matrix), identity)
    if n == 1:
        return ops.clone(matrix)
    if n < 0:
        matrix = ops.inv(matrix)
        n = -n
    if n == 1:
        return matrix
    if n == 3:
        return ops.matmul(ops.matmul(matrix, matrix), matrix)
    return _power(matrix, n)


def _power(matrix: Node, n: int) -> Node:
    """By squaring: the product of the matrix' powers of 2, 4, 8, ... that n is made of."""
    square = matrix
    result: Node | None = None
    while n:
        if n & 1:
            result = square if result is None else ops.matmul(result, square)
        n >>= 1
        if n:
            square = ops.matmul(square, square)
    assert result is not None
    return result
