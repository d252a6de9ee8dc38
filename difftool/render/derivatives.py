"""The views of products with derivatives, of Jacobians and of Hessians.

`view` calls `derivative_text`; `parts` has what gradient records are drawn with too, and `matrix`
the labelled matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from difftool.render.matrix import matrix_text
from difftool.render.parts import INDENT, gradient_part, head, tensor
from difftool.render.screen import Screen
from difftool.report.derivatives import (
    DerivativeRecord,
    HessianRecord,
    HvpRecord,
    JacobianRecord,
    JvpRecord,
    VjpRecord,
)

if TYPE_CHECKING:
    from difftool.report.record import Array


def derivative_text(record: DerivativeRecord, screen: Screen, precision: int) -> str:
    """The record as lines of text, the last newline included."""
    if isinstance(record, JvpRecord):
        lines = _jvp(record, screen, precision)
    elif isinstance(record, VjpRecord):
        lines = _vjp(record, screen, precision)
    elif isinstance(record, HvpRecord):
        lines = _hvp(record, screen, precision)
    elif isinstance(record, JacobianRecord):
        lines = _jacobian(record, screen, precision)
    else:
        lines = _hessian(record, screen, precision)
    return "\n".join([head(record, screen, precision), *lines]) + "\n"


def _jvp(record: JvpRecord, screen: Screen, precision: int) -> list[str]:
    return [
        screen.paint("tangent", "heading"),
        f"{INDENT}of the output, along the tangents of the inputs, shape {record.tangent.shape}",
        *_body(record.tangent, screen, precision),
    ]


def _vjp(record: VjpRecord, screen: Screen, precision: int) -> list[str]:
    lines = [screen.paint("gradients", "heading")]
    if record.output.shape:
        lines.append(f"{INDENT}of sum(v * output), where v is the --grad-output")
    for name, gradient in record.gradients.items():
        lines += gradient_part(name, gradient, record.output, screen, precision)
    return lines


def _hvp(record: HvpRecord, screen: Screen, precision: int) -> list[str]:
    lines = [
        screen.paint("products", "heading"),
        f"{INDENT}of the Hessian with the tangents of the inputs",
    ]
    for name, array in record.products.items():
        shown = screen.paint(screen.shown(name), "name")
        lines.append(f"{INDENT}for {shown}, shape {array.shape}")
        lines += _body(array, screen, precision)
    return lines


def _jacobian(record: JacobianRecord, screen: Screen, precision: int) -> list[str]:
    lines = [screen.paint("Jacobians" if len(record.jacobians) > 1 else "Jacobian", "heading")]
    if record.matrix is not None:
        lines += _unused(record, screen)
        return lines + matrix_text(record.matrix, screen, precision, INDENT)
    for name, array in record.jacobians.items():
        # In two parts where both have dimensions: which are whose can't be seen otherwise.
        ndim = len(record.output.shape)
        shape = f"shape {array.shape}"
        if ndim and array.ndim > ndim:
            shape += (
                f": output {array.shape[:ndim]}, then {screen.shown(name)} {array.shape[ndim:]}"
            )
        unused = ", unused: zeros" if name in record.unused else ""
        lines.append(f"{INDENT}d(output)/{_by(name, screen)}, {shape}{unused}")
        lines += _body(array, screen, precision)
    return lines


def _hessian(record: HessianRecord, screen: Screen, precision: int) -> list[str]:
    lines = [screen.paint("Hessian", "heading")]
    if record.matrix is not None:
        lines += _unused(record, screen)
        return lines + matrix_text(record.matrix, screen, precision, INDENT)
    for first, row in record.hessians.items():
        for second, block in row.items():
            by = f"({_by(first, screen)} {_by(second, screen)})"
            is_unused = first in record.unused or second in record.unused
            unused = ", unused: zeros" if is_unused else ""
            lines.append(f"{INDENT}d2(output)/{by}, shape {block.shape}{unused}")
            lines += _body(block, screen, precision)
    return lines


def _unused(record: JacobianRecord | HessianRecord, screen: Screen) -> list[str]:
    """Whose zeros in a matrix are no result."""
    names = ", ".join(map(screen.shown, record.unused))
    return [f"{INDENT}unused, so zeros: {names}"] if names else []


def _by(name: str, screen: Screen) -> str:
    """A variable below a fraction: "dx", "d(bias)"."""
    shown = screen.shown(name)
    return screen.paint(f"d{shown}" if len(shown) == 1 else f"d({shown})", "name")


def _body(array: Array, screen: Screen, precision: int) -> list[str]:
    margin = INDENT * 2
    text = tensor(array, screen, precision, len(margin))
    return [(margin + line).rstrip() for line in text.split("\n")]
