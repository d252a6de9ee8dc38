"""A record as people read it: picks the view, and puts the parts of a gradient record together.

The last room but the command line, which writes the text to the stream that `screen` describes.
rich is imported where a table is drawn and nowhere else: a value is plain text.
"""

from __future__ import annotations

from difftool.render import tensor_text
from difftool.render.parts import INDENT, folded, gradient_part, head
from difftool.render.screen import Screen
from difftool.report.record import (
    EvalRecord,
    FunctionsRecord,
    GradRecord,
    Output,
    OutputRecord,
    Record,
    RunRecord,
    TextRecord,
)


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
    if isinstance(record, FunctionsRecord):
        from difftool.render.functions import function_text

        return function_text(record.functions, screen)
    from difftool.render.derivatives import derivative_text

    return derivative_text(record, screen, precision)


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

    parts = [head(record, screen, precision)]
    if record.nodes:
        parts.append(node_table(record.nodes, screen, precision))
    if not_kept(record.nodes):
        note = "not kept: all values together have too many elements; --keep N moves the limit"
        parts[-1] += "".join(screen.paint(line, "dim") + "\n" for line in folded(note, screen, 0))
    chain = tree(record.chain, screen, indent=INDENT)
    if chain:
        parts.append("\n".join([screen.paint("grad_fn chain", "heading"), *chain]) + "\n")
    lines = [screen.paint("gradients", "heading")]
    if record.output.shape:
        lines.append(f"{INDENT}of sum(v * output), where v is the --grad-output")
    for name, gradient in record.gradients.items():
        lines += gradient_part(name, gradient, record.output, screen, precision)
    return "\n".join([*parts, "\n".join(lines) + "\n"])
