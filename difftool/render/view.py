"""A record as people read it: picks the view, and puts the parts of a gradient record together.

The last room but the command line, which writes the text to the stream that `screen` describes.
rich is imported where a table is drawn and nowhere else: a value is plain text.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from difftool.render import tensor_text
from difftool.render.characters import fold
from difftool.render.screen import Screen
from difftool.report.record import (
    EvalRecord,
    GradientRecord,
    GradRecord,
    Output,
    OutputRecord,
    Record,
    RunRecord,
    TextRecord,
)

if TYPE_CHECKING:
    from difftool.report.record import Array

# An expression longer than these many columns loses its middle where it stands for itself.
LONGEST_EXPRESSION = 240

# A tensor of a gradient record that is shortened shows this many rows if it can.
MOST_ROWS = 40

# A width that nothing reaches.
NO_EDGE = 10**9

INDENT = "  "

# Columns of the names that stand before the facts at the head of a gradient record.
LABEL = 12


def text(record: Record, screen: Screen, *, precision: int = tensor_text.PRECISION) -> str:
    """The record as lines of text, the last newline included.

    Args:
        record: what to show.
        screen: what it is shown on.
        precision: digits after the point of numbers that are not whole.
    """
    if isinstance(record, EvalRecord):
        return value_text(record.output, screen, precision=precision) + "\n"
    if isinstance(record, GradRecord):
        return _grad(record, screen, precision)
    if isinstance(record, RunRecord):
        return record.output
    from difftool.render.functions import function_text

    return function_text(record.functions, screen)


def value_text(
    output: Output,
    screen: Screen,
    *,
    precision: int = tensor_text.PRECISION,
    line_width: int = tensor_text.LINE_WIDTH,
) -> str:
    """A value as PyTorch's `repr` prints it, on one line or several; rows wrap at `line_width`."""
    if isinstance(output, OutputRecord):
        return tensor_text.tensor(
            output.data, precision=precision, grad_fn=output.grad_fn, line_width=line_width
        )
    if isinstance(output, TextRecord):
        return screen.shown(output.text)
    items = [
        value_text(item, screen, precision=precision, line_width=line_width)
        for item in output.items
    ]
    if output.type_name is None:
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    named = zip(output.fields, items, strict=True)
    return f"{output.type_name}(\n" + ",\n".join(f"{name}={item}" for name, item in named) + ")"


def _grad(record: GradRecord, screen: Screen, precision: int) -> str:
    from difftool.render.nodes import node_table, not_kept
    from difftool.render.tree import tree

    parts = [_head(record, screen, precision)]
    if record.nodes:
        parts.append(node_table(record.nodes, screen, precision))
    if not_kept(record.nodes):
        note = "not kept: all values together have too many elements; --keep N moves the limit"
        parts[-1] += "".join(screen.paint(line, "dim") + "\n" for line in _folded(note, screen, 0))
    chain = tree(record.chain, screen, indent=INDENT)
    if chain:
        parts.append("\n".join([screen.paint("grad_fn chain", "heading"), *chain]) + "\n")
    lines = [screen.paint("gradients", "heading")]
    if record.output.shape:
        lines.append(f"{INDENT}of sum(v * output), where v is the --grad-output")
    for name, gradient in record.gradients.items():
        lines += _gradient(name, gradient, record.output, screen, precision)
    return "\n".join([*parts, "\n".join(lines) + "\n"])


def _head(record: GradRecord, screen: Screen, precision: int) -> str:
    """What was asked and what came out, side by side with their names."""
    expression = " ".join(record.expression.split("\n"))
    facts = {
        "expression": "\n".join(
            _folded(screen.shorten(screen.shown(expression), LONGEST_EXPRESSION), screen, LABEL)
        ),
        "output": _tensor(record.output.data, screen, precision, LABEL, record.output.grad_fn),
    }
    if record.seed is not None:
        facts["seed"] = f"{record.seed} (--seed {record.seed} draws the same numbers)"
    lines = []
    for name, fact in facts.items():
        first, *others = fact.split("\n")
        lines.append(screen.paint(name.ljust(LABEL), "dim") + first)
        lines += [(" " * LABEL + line).rstrip() for line in others]
    return "\n".join(lines) + "\n"


def _folded(text: str, screen: Screen, indent: int) -> list[str]:
    return fold(text, (screen.width or NO_EDGE) - indent)


def _tensor(
    array: Array, screen: Screen, precision: int, indent: int, grad_fn: str | None = None
) -> str:
    """A tensor as a part of a longer text, `indent` columns in.

    It is printed as PyTorch prints it, but with fewer elements where that would fill the screen.
    """
    edge_items = tensor_text.EDGE_ITEMS
    if array.size > tensor_text.THRESHOLD:
        while edge_items > 1 and _rows(array, edge_items) > MOST_ROWS:
            edge_items -= 1
    return tensor_text.tensor(
        array,
        precision=precision,
        grad_fn=grad_fn,
        edge_items=edge_items,
        line_width=min(tensor_text.LINE_WIDTH, (screen.width or NO_EDGE) - indent),
    )


def _rows(array: Array, edge_items: int) -> int:
    return prod(min(length, 2 * edge_items) for length in array.shape[:-1])


def _gradient(
    name: str, gradient: GradientRecord, output: OutputRecord, screen: Screen, precision: int
) -> list[str]:
    shown = screen.shown(name)
    variable = f"d{shown}" if len(shown) == 1 else f"d({shown})"
    numerator = "d(v*output)" if output.shape else "d(output)"
    array = gradient.array
    head = f"{INDENT}{numerator}/{screen.paint(variable, 'name')}, shape {array.shape}"
    if not gradient.used:
        head += ", unused: zeros"
    margin = INDENT * 2
    body = _tensor(array, screen, precision, len(margin))
    return [head, *((margin + line).rstrip() for line in body.split("\n"))]
