"""How PyTorch would lay each node's value out in memory: its strides, counted in elements.

No value is computed for this and NumPy's own layout plays no part. The strides decide what
`reshape` and `view` do (a view, a view by other strides, or a copy), and so the grad_fn chain.
Inputs are contiguous; views move strides about; elementwise operations follow their operands
as ATen's TensorIterator does; whatever says nothing else is contiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from difftool.graph.node import Node, Shape

Strides: TypeAlias = tuple[int, ...]

# Strides found already, by the nodes' numbers: asking again in a long chain must not walk it again.
_known: dict[int, Strides] = {}
_KNOWN_AT_MOST = 10_000


def strides(node: Node) -> Strides:
    """The strides PyTorch's tensor would have, in elements, one for each dimension."""
    found: dict[Node, Strides] = {}
    stack = [node]
    while stack:
        current = stack[-1]
        if current in found:
            stack.pop()
            continue
        known = _known.get(current.number)
        if known is not None:
            found[current] = known
        elif current.operation.layout is None and not current.operation.narrow:
            found[current] = contiguous(current.shape)
        else:
            waiting = [source for source in current.inputs if source not in found]
            if waiting:
                stack.extend(waiting)
                continue
            of_inputs = [found[source] for source in current.inputs]
            layout = current.operation.layout or elementwise
            found[current] = layout(current, *of_inputs)
        stack.pop()
    if len(_known) > _KNOWN_AT_MOST:
        _known.clear()
    _known[node.number] = found[node]
    return found[node]


def contiguous(shape: Shape) -> Strides:
    """Strides of a tensor that stands row by row; a dimension of size 0 counts as 1."""
    result = []
    step = 1
    for length in reversed(shape):
        result.append(step)
        step *= max(length, 1)
    return tuple(reversed(result))


def is_contiguous(node: Node) -> bool:
    """PyTorch's `is_contiguous()`."""
    return stands_row_by_row(node.shape, strides(node))


def stands_row_by_row(shape: Shape, steps: Strides) -> bool:
    """Whether strides are those of a contiguous tensor wherever they matter."""
    if 0 in shape:
        return True
    expected = 1
    for length, step in zip(reversed(shape), reversed(steps), strict=True):
        if length != 1:
            if step != expected:
                return False
            expected *= length
    return True


def dense(shape: Shape, steps: Strides) -> bool:
    """Whether the elements fill their memory without gap or overlap, in any order."""
    if 0 in shape:
        return True
    expected = 1
    for step, length in sorted(zip(steps, shape, strict=True)):
        if length != 1:
            if step != expected:
                return False
            expected *= length
    return True


def viewed(shape: Shape, steps: Strides, target: Shape) -> Strides | None:
    """The strides with which the same memory has shape `target`; None: it can't.

    The rule is ATen's computeStride: dimensions that lie in one contiguous run of memory are
    merged, and each run must be filled by whole dimensions of the target.
    """
    if 0 in shape:
        return steps if shape == target else contiguous(target)
    if not shape:
        return contiguous(target)
    result = [0] * len(target)
    place = len(target) - 1
    run = 1
    base = steps[-1]
    for axis in reversed(range(len(shape))):
        run *= shape[axis]
        goes_on = axis > 0 and (shape[axis - 1] == 1 or steps[axis - 1] == run * base)
        if goes_on:
            continue
        filled = 1
        while place >= 0 and (filled < run or target[place] == 1):
            result[place] = filled * base
            filled *= target[place]
            place -= 1
        if filled != run:
            return None
        if axis > 0:
            base = steps[axis - 1]
            run = 1
    return tuple(result)


def elementwise(node: Node, *operands: Strides) -> Strides:
    """The strides of an elementwise result, by the rule of ATen's TensorIterator."""
    shapes = [source.shape for source in node.inputs]
    return iterated(node.shape, shapes, operands)


def iterated(shape: Shape, shapes: Sequence[Shape], operands: Sequence[Strides]) -> Strides:
    """The strides of a result of `shape` over operands of the given shapes and strides."""
    # 0-d tensors and numbers have no say.
    voting = [(own, steps) for own, steps in zip(shapes, operands, strict=True) if own]
    if all(own == shape for own, _ in voting):
        if all(stands_row_by_row(own, steps) for own, steps in voting):
            return contiguous(shape)
        first = voting[0][1]
        if dense(shape, first) and all(steps == first for _, steps in voting):
            return first
    return ordered(shape, [broadcast(shape, own, steps) for own, steps in voting])


def broadcast(shape: Shape, own: Shape, steps: Strides) -> Strides:
    """An operand's strides over all dimensions of `shape`, 0 where it is broadcast."""
    missing = len(shape) - len(own)
    kept = [
        0 if length == 1 and full != 1 else step
        for length, full, step in zip(own, shape[missing:], steps, strict=True)
    ]
    return (0,) * missing + tuple(kept)


def ordered(shape: Shape, operands: Sequence[Strides]) -> Strides:
    """Dense strides for `shape` in the order of memory that the operands' strides vote for.

    An insertion sort, as ATen does it, since the comparison is not transitive; the innermost
    dimension comes first.
    """

    def compare(first: int, second: int) -> int:
        for steps in operands:
            inner, outer = steps[first], steps[second]
            if inner == 0 or outer == 0:
                continue
            if inner != outer:
                return -1 if inner < outer else 1
            if shape[first] > shape[second]:
                return 1
        return 0

    order = list(reversed(range(len(shape))))
    for start in range(1, len(order)):
        moving = start
        for place in reversed(range(start)):
            verdict = compare(order[place], order[moving])
            if verdict > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif verdict < 0:
                break
    return packed(shape, order)


def packed(shape: Shape, order: Sequence[int]) -> Strides:
    """Dense strides with the dimensions of `order` from the innermost outwards."""
    result = [0] * len(shape)
    step = 1
    for axis in order:
        result[axis] = step
        step *= max(shape[axis], 1)
    return tuple(result)


def channels_last(shape: Shape, steps: Strides) -> bool:
    """Whether dimension 1 of a batch of images or volumes stands innermost, as ATen sees it.

    The rule is that of is_channels_last_strides, which decides the ambiguous cases.
    """
    if len(shape) not in (4, 5) or steps[1] == 0:
        return False
    least = 0
    for axis in _channels_last_order(len(shape)):
        if shape[axis] == 0 or steps[axis] < least or (axis == 0 and least == steps[1]):
            return False
        least = steps[axis] * shape[axis]
    return True


def _channels_last_order(ndim: int) -> tuple[int, ...]:
    return (1, *range(ndim - 1, 1, -1), 0)


def joined(node: Node, *operands: Strides) -> Strides:
    """The strides of a concatenation: channels last if all operands are, else row by row."""
    shapes = [source.shape for source in node.inputs]
    if all([channels_last(own, steps) for own, steps in zip(shapes, operands, strict=True)]):
        return packed(node.shape, _channels_last_order(node.ndim))
    return contiguous(node.shape)


def suggested(node: Node, *operands: Strides) -> Strides:
    """The strides of a new tensor in its first input's format: channels last, or row by row."""
    if channels_last(node.inputs[0].shape, operands[0]):
        return packed(node.shape, _channels_last_order(node.ndim))
    return contiguous(node.shape)


def preserved(node: Node, *operands: Strides) -> Strides:
    """The strides of a copy that keeps its first input's format (clone, flip, conversions)."""
    source = node.inputs[0]
    if dense(source.shape, operands[0]):
        return operands[0]
    return ordered(node.shape, operands[:1])


def memory_kept(node: Node, *operands: Strides) -> Strides:
    """The strides of a copy of the first input's memory, gaps and all; ATen's scatters write there.

    Where an element stands for several there is a clone instead.
    """
    repeated = [
        step == 0 and length > 1
        for step, length in zip(operands[0], node.inputs[0].shape, strict=True)
    ]
    return preserved(node, *operands) if any(repeated) else operands[0]


def unchanged(node: Node, *operands: Strides) -> Strides:
    """The strides of the first input itself, for what shares all of its memory."""
    return operands[0]
