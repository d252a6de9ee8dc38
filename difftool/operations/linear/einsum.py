"""Einstein summation, contracted from left to right with the nodes that PyTorch makes (ATen's
Linear.cpp): each operand is brought to one common order of labels, then pairs are multiplied,
by a batched matrix product where labels are summed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Any, NamedTuple

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Check, composite, number_of, ops

ELLIPSIS = "..."


class _Equation(NamedTuple):
    """An equation over operands of known ranks.

    Attributes:
        operands: for each operand its labels, one for each dimension; dimensions under an
            ellipsis are labelled "...0", "...1", counted so that the last ones line up.
        output: the labels of the result.
        order: every label: those of the output first, then those summed out.
    """

    operands: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]
    order: tuple[str, ...]


@composite(
    "einsum(equation: str, *operands: Tensor)",
    # An operand, the list of its labels, and so on; the labels of the result may come last.
    "einsum(*arguments: Any)",
    example="einsum('ij,jk->ik', [[1, 2], [3, 4]], eye(2))",
    checks=(
        Check("einsum('ij,jk->ik', x, y)", {"x": (2, 3), "y": (3, 2)}),
        Check("einsum('i,j->ij', x, y)", {"x": (2,), "y": (3,)}),
        Check("einsum('ii->i', x)", {"x": (3, 3)}),
        Check("einsum('ii', x) ^ 2", {"x": (3, 3)}),
        Check("einsum('...ij,...jk->...ik', x, y)", {"x": (2, 2, 3), "y": (3, 2)}),
        Check("einsum('bij,bjk->ik', x, y)", {"x": (2, 2, 3), "y": (2, 3, 2)}),
        Check("einsum('i,ij,j', x, y, z)", {"x": (2,), "y": (2, 3), "z": (3,)}),
        Check("einsum('ij->j', x) ^ 2", {"x": (2, 3)}),
        Check("einsum('ij,k->k', x, y)", {"x": (2, 3), "y": (2,)}),
    ),
)
def einsum(
    equation: str = "", operands: Sequence[Node] = (), arguments: Sequence[Any] = ()
) -> Node:
    """Sum of products over the labels that the result does not have."""
    if arguments:
        equation, operands = _from_lists(arguments)
    if len(operands) == 0:
        raise _wrong(equation, "it has no operands", "give one tensor for each part")
    parsed = _parsed(equation, operands)
    sizes = _sizes(equation, parsed, operands)
    aligned = [
        _aligned(node, labels, parsed.order)
        for node, labels in zip(operands, parsed.operands, strict=True)
    ]
    kept = len(parsed.output)
    result = aligned[0]
    for place, other in enumerate(aligned[1:], start=1):
        result = _contracted(result, other, aligned[place + 1 :], kept)
    if len(parsed.order) > kept:
        summed = tuple(range(kept, len(parsed.order)))
        if len(operands) == 1:
            result = ops.sum(result, dim=summed)
        else:
            result = ops.view(result, tuple([sizes[label] for label in parsed.output]))
    return result


def _wrong(equation: str, what: str, hint: str) -> DifftoolError:
    return DifftoolError(f"einsum equation '{equation}': {what}", kind="argument", hint=hint)


# ----- Reading the equation -----


def _from_lists(arguments: Sequence[Any]) -> tuple[str, Sequence[Node]]:
    """The equation and the operands of a call with a list of numbers behind each operand."""
    lists = list(arguments[1::2])
    operands = arguments[: len(lists) * 2 : 2]
    if not lists or not all([isinstance(node, Node) for node in operands]):
        raise DifftoolError(
            "einsum takes an equation and tensors, or each tensor with a list of its labels",
            kind="argument",
            hint="as in einsum('ij,jk->ik', x, y) or einsum(x, [0, 1], y, [1, 2], [0, 2])",
        )
    equation = ",".join([_letters(labels) for labels in lists])
    if len(arguments) % 2:
        equation += "->" + _letters(arguments[-1])
    return equation, operands


def _letters(labels: Any) -> str:
    """Numbers as letters, A for 0 and a for 26, so that they keep their order."""
    if not isinstance(labels, list | tuple):
        raise DifftoolError(
            "einsum takes a list of labels behind each tensor",
            kind="argument",
            hint="as in einsum(x, [0, 1], y, [1, 2], [0, 2])",
        )
    text = ""
    for label in labels:
        number = number_of(label) if isinstance(label, Node) else label
        if label is Ellipsis:
            text += ELLIPSIS
        elif isinstance(number, int) and 0 <= number < len(ascii_letters):
            text += (ascii_uppercase + ascii_lowercase)[number]
        else:
            raise DifftoolError(
                f"{number!r} is no label of einsum",
                kind="argument",
                hint=f"labels are whole numbers from 0 to {len(ascii_letters) - 1}",
            )
    return text


def _parsed(equation: str, operands: Sequence[Node]) -> _Equation:
    left, arrow, right = equation.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(parts) != len(operands):
        raise _wrong(
            equation,
            f"it has {len(parts)} operands, {len(operands)} were given",
            "separate the operands' labels by commas",
        )
    spread = [
        _labels(equation, part, node.ndim) for part, node in zip(parts, operands, strict=True)
    ]
    counts: dict[str, int] = {}
    for labels in spread:
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
    dots = tuple(sorted({label for label in counts if label[0] == "."}, key=_dot_place))
    if arrow:
        output = _output(equation, right, dots, counts)
    else:
        once = [label for label, count in counts.items() if count == 1 and label[0] != "."]
        output = dots + tuple(sorted(once))
    rest = [label for label in dots if label not in output]
    rest += sorted(label for label in counts if label not in output and label[0] != ".")
    return _Equation(tuple(spread), output, output + tuple(rest))


def _dot_place(label: str) -> int:
    return -int(label.removeprefix(ELLIPSIS))


def _labels(equation: str, part: str, ndim: int) -> tuple[str, ...]:
    """The label of each dimension of one operand."""
    before, dots, after = part.partition(ELLIPSIS)
    for character in before + after:
        if not (character.isascii() and character.isalpha()):
            raise _wrong(equation, f"`{character}` is no label", "labels are letters")
    named = len(before) + len(after)
    if named > ndim or (not dots and named != ndim):
        raise DifftoolError(
            f"einsum equation '{equation}': '{part}' has {named} labels "
            f"for a tensor of {ndim} dimensions",
            kind="shape",
            hint="give a label for each dimension, or ... for several",
        )
    # Counted from the right, so that ellipses of different lengths broadcast.
    hidden = [f"{ELLIPSIS}{place}" for place in reversed(range(ndim - named))]
    return (*before, *hidden, *after) if dots else tuple(before)


def _output(
    equation: str, text: str, dots: tuple[str, ...], counts: dict[str, int]
) -> tuple[str, ...]:
    before, ellipsis, after = text.partition(ELLIPSIS)
    labels = (*before, *(dots if ellipsis else ()), *after)
    for label in labels:
        if label not in counts:
            raise _wrong(
                equation, f"`{label}` of the result is in no operand", "name a label of an operand"
            )
    if len(set(labels)) != len(labels):
        raise _wrong(equation, "a label of the result stands twice", "name each label once")
    return labels


def _sizes(equation: str, parsed: _Equation, operands: Sequence[Node]) -> dict[str, int]:
    """The length of each label; 1 broadcasts."""
    sizes: dict[str, int] = {}
    for node, labels in zip(operands, parsed.operands, strict=True):
        own: dict[str, int] = {}
        for label, length in zip(labels, node.shape, strict=True):
            if own.setdefault(label, length) != length:
                raise _unequal(equation, label, own[label], length)
        for label, length in own.items():
            known = sizes.setdefault(label, length)
            if known != length and 1 not in (known, length):
                raise _unequal(equation, label, known, length)
            sizes[label] = length if known == 1 else known
    return sizes


def _unequal(equation: str, label: str, first: int, second: int) -> DifftoolError:
    return DifftoolError(
        f"einsum equation '{equation}': `{label[:3]}` is {first} here and {second} there",
        kind="shape",
        hint="dimensions under one label must be equal",
    )


# ----- Contracting -----


def _aligned(node: Node, labels: Sequence[str], order: Sequence[str]) -> Node:
    """An operand with one dimension for each label of `order`, of size 1 where it has none."""
    present: list[str] = []
    for label in labels:
        if label in present:
            first = present.index(label)
            node = ops.diagonal(node, dim1=first, dim2=len(present))
            node = ops.movedim(node, source=-1, destination=first)
        else:
            present.append(label)
    for label in order:
        if label not in present:
            node = ops.unsqueeze(node, dim=node.ndim)
            present.append(label)
    return ops.permute(node, dims=tuple([present.index(label) for label in order]))


def _contracted(x: Node, y: Node, later: Sequence[Node], kept: int) -> Node:
    """The product of two aligned operands, without the labels that nobody needs any more."""
    summed = []
    only_x, only_y = [], []
    for dim in range(kept, x.ndim):
        if any([node.shape[dim] != 1 for node in later]):
            continue
        long_x, long_y = x.shape[dim] != 1, y.shape[dim] != 1
        if long_x and long_y:
            summed.append(dim)
        elif long_x:
            only_x.append(dim)
        elif long_y:
            only_y.append(dim)
    if only_x:
        x = ops.sum(x, dim=tuple(only_x), keepdim=True)
    if only_y:
        y = ops.sum(y, dim=tuple(only_y), keepdim=True)
    return _pair_product(x, y, summed) if summed else x * y


def _pair_product(x: Node, y: Node, summed: Sequence[int]) -> Node:
    """Sum of products over `summed`, kept as 1, as one batched matrix product."""
    both, left_only, rest = [], [], []
    for dim in range(x.ndim):
        if dim in summed:
            continue
        if x.shape[dim] != 1 and y.shape[dim] != 1:
            both.append(dim)
        elif x.shape[dim] != 1:
            left_only.append(dim)
        else:
            rest.append(dim)
    if left_only and rest and rest[-1] < left_only[0]:
        # The other way round the product stands in the order of the result.
        x, y, left_only, rest = y, x, rest, left_only
    batch = _lengths(x, both)
    rows, inner, columns = _lengths(x, left_only), _lengths(x, summed), _lengths(y, rest)
    left = ops.permute(x, dims=(*both, *left_only, *summed, *rest))
    left = ops.reshape(left, (prod(batch), prod(rows), prod(inner)))
    right = ops.permute(y, dims=(*both, *summed, *rest, *left_only))
    right = ops.reshape(right, (prod(batch), prod(inner), prod(columns)))
    product = ops.bmm(left, right)
    ones = (1,) * len(summed)
    product = ops.reshape(product, (*batch, *rows, *ones, *columns))
    order = [*both, *left_only, *summed, *rest]
    return ops.permute(product, dims=tuple([order.index(dim) for dim in range(x.ndim)]))


def _lengths(node: Node, dims: Sequence[int]) -> Shape:
    return tuple([node.shape[dim] for dim in dims])
