"""The parts that views of derivatives are put together from: the head, and tensors of any size.

`view` draws gradient records with them, `derivatives` products and whole derivatives.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from difftool.render import tensor_text
from difftool.render.characters import fold
from difftool.render.screen import Screen
from difftool.report.record import GradientRecord, GradRecord, OutputRecord

if TYPE_CHECKING:
    from difftool.report.derivatives import DerivativeRecord
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


def head(record: GradRecord | DerivativeRecord, screen: Screen, precision: int) -> str:
    """What was asked and what came out, side by side with their names, a line each or more."""
    expression = " ".join(record.expression.split("\n"))
    facts = {
        "expression": "\n".join(
            folded(screen.shorten(screen.shown(expression), LONGEST_EXPRESSION), screen, LABEL)
        ),
        "output": tensor(record.output.data, screen, precision, LABEL, record.output.grad_fn),
    }
    if record.seed is not None:
        facts["seed"] = f"{record.seed} (--seed {record.seed} draws the same numbers)"
    lines = []
    for name, fact in facts.items():
        first, *others = fact.split("\n")
        lines.append(screen.paint(name.ljust(LABEL), "dim") + first)
        lines += [(" " * LABEL + line).rstrip() for line in others]
    return "\n".join(lines) + "\n"


def folded(text: str, screen: Screen, indent: int) -> list[str]:
    """`text` in lines that fit the screen, `indent` columns in."""
    return fold(text, (screen.width or NO_EDGE) - indent)


def tensor(
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


def gradient_part(
    name: str, gradient: GradientRecord, output: OutputRecord, screen: Screen, precision: int
) -> list[str]:
    """The gradient for one input: a line that says what it is, and its numbers."""
    shown = screen.shown(name)
    variable = f"d{shown}" if len(shown) == 1 else f"d({shown})"
    numerator = "d(v*output)" if output.shape else "d(output)"
    array = gradient.array
    first = f"{INDENT}{numerator}/{screen.paint(variable, 'name')}, shape {array.shape}"
    if not gradient.used:
        first += ", unused: zeros"
    margin = INDENT * 2
    body = tensor(array, screen, precision, len(margin))
    return [first, *((margin + line).rstrip() for line in body.split("\n"))]
