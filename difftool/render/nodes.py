"""The nodes of a gradient record as a table: what stands in each cell, and how it fits the screen.

    id  expression  shape   value       gradient              grad_fn

A screen too narrow for all columns gets rows that wrap, tensors with more left out, the grad_fn
below the expression, the shape there too, and in the end a block for each node: the first of
`LAYOUTS` that fits. A stream without an edge gets the first. `table` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from difftool.render import tensor_text
from difftool.render.characters import fold, width
from difftool.render.screen import Screen
from difftool.render.table import GAP, Cell, Column, Line, cell, cell_width, draw
from difftool.report.record import NodeRecord

if TYPE_CHECKING:
    from difftool.report.record import Array

# More nodes than this are not read; the first and the last of them stay.
MOST_NODES = 60
FIRST_NODES = 24
LAST_NODES = 24

# An expression longer than this loses its middle.
LONGEST_EXPRESSION = 72

# The dtype that needs no mention.
USUAL_DTYPE = "float64"

# Rows of a tensor that a cell shows whole, and elements that it shows at all: a tensor that keeps
# more even when shortened is shown by its extremes and its mean.
MOST_ROWS = 8
MOST_ELEMENTS = 64


# A line width that nothing reaches.
NO_EDGE = 10**9


class Layout(NamedTuple):
    """One way to lay out the table.

    Attributes:
        aside: whether grad_fn has a column of its own; below the expression otherwise.
        shape_aside: the same for shape and dtype.
        edge_items: elements shown at each end of each axis of a matrix that is shortened.
        whole: elements up to which a tensor is not shortened.
        value_width: columns at which a vector wraps; a matrix that needs more is shortened.
        expression_width: columns the expression needs at least, if it is as long.
    """

    aside: bool
    shape_aside: bool
    edge_items: int
    whole: int
    value_width: int
    expression_width: int


LAYOUTS = (
    Layout(True, True, 3, 36, 64, LONGEST_EXPRESSION),
    Layout(True, True, 3, 36, 64, 36),
    Layout(True, True, 3, 24, 42, 24),
    Layout(True, True, 2, 16, 42, 24),
    Layout(True, True, 2, 12, 27, 16),
    Layout(False, True, 2, 16, 42, 20),
    Layout(False, True, 2, 12, 27, 16),
    Layout(False, False, 2, 12, 27, 16),
    Layout(False, False, 1, 9, 27, 14),
)


def node_table(nodes: Sequence[NodeRecord], screen: Screen, precision: int) -> str:
    """The nodes as lines of text, the last newline included."""
    left_out = len(nodes) - FIRST_NODES - LAST_NODES if len(nodes) > MOST_NODES else 0
    drawn = [*nodes[:FIRST_NODES], *nodes[-LAST_NODES:]] if left_out else nodes
    # A number's own dtype says nothing: numbers don't widen the tensors they meet.
    with_dtype = any(
        node.dtype != USUAL_DTYPE and (node.shape or node.requires_grad or node.inputs)
        for node in drawn
    )
    tensors = _Tensors(precision)
    for layout in LAYOUTS:
        grid = _Grid(drawn, layout, screen, tensors, with_dtype)
        if grid.fits():
            return grid.text(left_out)
    return _blocks(drawn, screen, tensors, left_out)


def not_kept(nodes: Sequence[NodeRecord]) -> bool:
    """Whether the value of some node was too large to keep."""
    return any(node.data is None for node in nodes)


class _Grid:
    """The cells of every node in one layout; the expressions still unfolded."""

    def __init__(
        self,
        nodes: Sequence[NodeRecord],
        layout: Layout,
        screen: Screen,
        tensors: _Tensors,
        with_dtype: bool,
    ) -> None:
        self.screen = screen
        self.layout = layout
        self.expressions = [_expression(node, screen) for node in nodes]
        self.below: list[list[Line]] = [[] for _ in nodes]
        if not layout.aside:
            for below, node in zip(self.below, nodes, strict=True):
                below += _grad_fn(node)
        if not layout.shape_aside:
            for below, node in zip(self.below, nodes, strict=True):
                below.append(Line(_shape_and_dtype(node), "dim"))
        left: list[tuple[Column, list[Cell]]] = [
            (Column("id", True), [cell(str(node.id), "dim") for node in nodes])
        ]
        right: list[tuple[Column, list[Cell]]] = []
        if layout.shape_aside:
            right.append((Column("shape"), [cell(str(node.shape)) for node in nodes]))
            if with_dtype:
                right.append((Column("dtype"), [cell(node.dtype) for node in nodes]))
        right.append((Column("value"), [tensors.value(node, layout) for node in nodes]))
        right.append((Column("gradient"), [tensors.gradient(node, layout) for node in nodes]))
        if layout.aside:
            right.append((Column("grad_fn"), [_grad_fn(node) for node in nodes]))
        self.left, self.right = left, right

    def fits(self) -> bool:
        """Whether the screen is wide enough, with the expressions folded as far as they may."""
        room = self._expression_room()
        longest = max(cell_width([text]) for text in self.expressions)
        heading = cell_width([Line("expression")])
        return room >= max(
            [min(self.layout.expression_width, longest), heading, *map(cell_width, self.below)]
        )

    def text(self, left_out: int) -> str:
        """The table; where nodes were left out, a row in its middle says how many."""
        room = self._expression_room()
        expressions = [
            [*(Line(line, text.style) for line in fold(text.text, room)), *_joined(below, room)]
            for text, below in zip(self.expressions, self.below, strict=True)
        ]
        columns = [*self.left, (Column("expression"), expressions), *self.right]
        rows = [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]
        if left_out:
            note = fold(_left_out(left_out), room)
            gap = [cell(self.screen.symbol("…"), "dim"), [Line(line, "dim") for line in note]]
            rows.insert(FIRST_NODES, gap + [cell("")] * len(self.right))
        return draw([column for column, _ in columns], rows, self.screen)

    def _expression_room(self) -> int:
        if self.screen.width is None:
            return LONGEST_EXPRESSION
        taken = 0
        for column, cells in (*self.left, *self.right):
            taken += max([len(column.heading), *map(cell_width, cells)]) + GAP
        return min(self.screen.width - taken, LONGEST_EXPRESSION)


def _blocks(nodes: Sequence[NodeRecord], screen: Screen, tensors: _Tensors, left_out: int) -> str:
    """A block of lines for each node, for screens on which no table fits."""
    edge = screen.width or tensor_text.LINE_WIDTH
    lines = []
    for position, node in enumerate(nodes):
        if left_out and position == FIRST_NODES:
            lines += [screen.paint(line, "dim") for line in fold(_left_out(left_out), edge)]
        number = f"#{node.id} "
        margin = " " * len(number)
        layout = Layout(False, False, 1, 9, max(edge - len(margin), 1), 0)
        expression = _expression(node, screen)
        block = [Line(line, expression.style) for line in fold(expression.text, layout.value_width)]
        block.append(Line(f"{_grad_fn(node)[0].text}, {_shape_and_dtype(node)}", "dim"))
        block += [Line("value", "dim"), *tensors.value(node, layout)]
        if node.grad is not None:
            block += [Line("gradient", "dim"), *tensors.gradient(node, layout)]
        for at, line in enumerate(block):
            start = margin if at else screen.paint(number, "dim")
            lines.append(start + (screen.paint(line.text, line.style) if line.style else line.text))
    return "\n".join(lines) + "\n"


def _expression(node: NodeRecord, screen: Screen) -> Line:
    text = screen.shorten(screen.shown(node.expression), LONGEST_EXPRESSION)
    return Line(text, "name" if node.op == "leaf" and node.requires_grad else None)


def _grad_fn(node: NodeRecord) -> list[Line]:
    if node.grad_fn is not None:
        return [Line(node.grad_fn)]
    return [Line("leaf" if node.requires_grad else "constant", "dim")]


def _joined(lines: list[Line], room: int) -> list[Line]:
    """The lines as one, if there is room for it."""
    text = ", ".join(line.text for line in lines)
    return [Line(text, "dim")] if len(lines) > 1 and width(text) <= room else lines


def _shape_and_dtype(node: NodeRecord) -> str:
    return str(node.shape) if node.dtype == USUAL_DTYPE else f"{node.shape} {node.dtype}"


def _left_out(count: int) -> str:
    return f"{count:,} nodes left out; --json has every node"


class _Tensors:
    """Tensors as cells show them; what several layouts have in common is written once.

    Args:
        precision: digits after the point of numbers that are not whole.
    """

    def __init__(self, precision: int) -> None:
        self.precision = precision
        self.written: dict[tuple[int, bool, int, int], Cell] = {}

    def value(self, node: NodeRecord, layout: Layout) -> Cell:
        """The cell of a node's value."""
        return cell("not kept", "dim") if node.data is None else self.cell(node.data, layout)

    def gradient(self, node: NodeRecord, layout: Layout) -> Cell:
        """The cell of a node's gradient."""
        if node.grad is not None:
            return self.cell(node.grad, layout)
        if not node.requires_grad:
            return cell("-", "dim")
        return cell("not kept" if node.data is None else "none", "dim")

    def cell(self, array: Array, layout: Layout) -> Cell:
        """The elements of a tensor, as many as the layout allows, or what sums them up."""
        is_matrix = array.ndim > 1
        # A vector wraps, so it needn't be cut down to one element at each end.
        edge_items = layout.edge_items if is_matrix else max(layout.edge_items, 2)
        line_width = NO_EDGE if is_matrix else layout.value_width
        whole = layout.whole if prod(array.shape[:-1]) <= MOST_ROWS else 0
        if array.size <= whole:
            content = self._elements(array, False, edge_items, line_width)
            # A matrix whose rows don't fit is shortened: wrapped rows no longer look like rows.
            if not is_matrix or cell_width(content) <= layout.value_width:
                return content
        if prod(min(length, 2 * edge_items) for length in array.shape) > MOST_ELEMENTS:
            return _summary(array, self.precision)
        return self._elements(array, True, edge_items, line_width)

    def _elements(self, array: Array, shortened: bool, edge_items: int, line_width: int) -> Cell:
        key = (id(array), shortened, edge_items if shortened else 0, line_width)
        content = self.written.get(key)
        if content is None:
            content = self.written[key] = cell(
                tensor_text.brackets(
                    array,
                    precision=self.precision,
                    threshold=0 if shortened else array.size,
                    edge_items=edge_items,
                    line_width=line_width,
                )
            )
        return content


def _summary(array: Array, precision: int) -> Cell:
    """What a large tensor of many dimensions comes to: its extremes and its mean."""
    if array.dtype.kind == "b":
        return cell(f"{np.count_nonzero(array):,} of {array.size:,} True")
    finite = array[np.isfinite(array)]
    lines = []
    if finite.size:
        numbers = {
            "min": finite.min(),
            "max": finite.max(),
            "mean": finite.mean(dtype=np.float64),
        }
        for name, number in numbers.items():
            text = tensor_text.brackets(np.asarray(number), precision=precision)
            lines.append(Line(f"{name:4} {text}"))
    if finite.size < array.size:
        lines.append(Line(f"{array.size - finite.size:,} nan or inf"))
    return lines
