"""Arrays as text, character for character as PyTorch 2.13 prints tensors.

`tensor` gives what `repr(tensor)` gives there, `brackets` the nested lists without the name, for
cells of tables and for `print`. All elements of an array share one format and one width:

- whole numbers print as `3.`, others with `precision` digits after the point;
- scientific notation when, among the finite elements that are not zero, the largest magnitude is
  more than 1000 times the smallest or above 1e8, or the smallest is below 1e-4;
- an array of more than `threshold` elements shows `edge_items` at each end of each axis;
- rows wrap at `line_width` columns.

Machine output never comes from here: `report.json_lines` writes exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from difftool.report.record import Array

PRECISION = 4
THRESHOLD = 1000
EDGE_ITEMS = 3
LINE_WIDTH = 80


def tensor(
    array: Array,
    *,
    precision: int = PRECISION,
    grad_fn: str | None = None,
    requires_grad: bool = False,
    default_dtype: str = "float64",
    threshold: int = THRESHOLD,
    edge_items: int = EDGE_ITEMS,
    line_width: int = LINE_WIDTH,
) -> str:
    """`array` as PyTorch's `repr` prints a tensor: "tensor([1., 2.], requires_grad=True)".

    `grad_fn` is the name of the function that made it; a leaf has none and may say
    `requires_grad`. The dtype stands there when it is neither `default_dtype`, int64 nor bool.
    """
    prefix = "tensor("
    dtype = array.dtype.name
    suffixes = []
    # An empty tensor shows no element to tell its dtype by, and a shape only if it isn't (0,).
    if array.size == 0:
        if array.ndim != 1:
            suffixes.append(f"size={array.shape}")
        if dtype != default_dtype:
            suffixes.append(f"dtype=torch.{dtype}")
    elif dtype not in (default_dtype, "int64", "bool"):
        suffixes.append(f"dtype=torch.{dtype}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    text = prefix + brackets(
        array,
        precision=precision,
        threshold=threshold,
        edge_items=edge_items,
        line_width=line_width,
        indent=len(prefix),
    )
    return _with_suffixes(text, suffixes, len(prefix), line_width)


def brackets(
    array: Array,
    *,
    precision: int = PRECISION,
    threshold: int = THRESHOLD,
    edge_items: int = EDGE_ITEMS,
    line_width: int = LINE_WIDTH,
    indent: int = 0,
) -> str:
    """The elements of `array` in nested brackets, lines after the first indented by `indent`."""
    if array.size == 0:
        return "[]"
    shortened = array.size > threshold
    cut = [shortened and length > 2 * edge_items for length in array.shape]
    if any(cut):
        ends = [*range(edge_items), *range(-edge_items, 0)]
        # One gather over all axes, so that a large array is never copied along any of them.
        kept = zip(cut, array.shape, strict=True)
        array = array[np.ix_(*(ends if is_cut else range(length) for is_cut, length in kept))]
    form = _Format(array, precision)
    texts = [form.write(value).rjust(form.width) for value in array.reshape(-1).tolist()]
    if array.ndim == 0:
        return texts[0]
    return _nest(texts, array.shape, cut, edge_items, form.width, line_width, indent)


def elements(array: Array, *, precision: int = PRECISION) -> list[str]:
    """The elements of `array` in their order, in the format they share, not yet padded."""
    if array.size == 0:
        return []
    return list(map(_Format(array, precision).write, array.reshape(-1).tolist()))


class _Format:
    """The format that all elements of an array share.

    Attributes:
        write: from an element (a Python number) to its text, not yet padded.
        width: the width elements are padded to.
    """

    __slots__ = ("width", "write")

    write: Callable[[float], str]
    width: int

    def __init__(self, array: Array, precision: int) -> None:
        values = array.reshape(-1).tolist()
        if array.dtype.kind != "f":
            self.write = str
            self.width = max(len(str(value)) for value in values)
            return
        measured = [value for value in values if value != 0 and isfinite(value)]
        magnitudes = [abs(value) for value in measured] or [1.0]
        smallest, largest = min(magnitudes), max(magnitudes)
        if largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4:
            self.write = f"{{:.{precision}e}}".format
        elif all(value == ceil(value) for value in measured):
            self.write = _whole
        else:
            self.write = f"{{:.{precision}f}}".format
        # Zeros, nan and inf don't count: PyTorch lets them stand out of line when they are wider.
        self.width = max((len(self.write(value)) for value in measured), default=1)


def _whole(value: float) -> str:
    return f"{value:.0f}." if isfinite(value) else f"{value:.0f}"


def _nest(
    texts: Sequence[str],
    shape: tuple[int, ...],
    cut: Sequence[bool],
    edge_items: int,
    width: int,
    line_width: int,
    indent: int,
) -> str:
    """Join elements to rows, rows to matrices and so on, from the last axis to the first."""
    last = len(shape) - 1
    row_indent = indent + last
    in_a_line = max(1, (line_width - row_indent) // (width + 2))
    line_break = ",\n" + " " * (row_indent + 1)
    parts = []
    for start in range(0, len(texts), shape[last]):
        row = list(texts[start : start + shape[last]])
        if cut[last]:
            row.insert(edge_items, " ...")
        lines = [", ".join(row[at : at + in_a_line]) for at in range(0, len(row), in_a_line)]
        parts.append(f"[{line_break.join(lines)}]")
    for axis in range(last - 1, -1, -1):
        # Matrices are set apart by one blank line, blocks of matrices by two, and so on.
        between = "," + "\n" * (last - axis) + " " * (indent + axis + 1)
        joined = []
        for start in range(0, len(parts), shape[axis]):
            group = parts[start : start + shape[axis]]
            if cut[axis]:
                group.insert(edge_items, "...")
            joined.append(f"[{between.join(group)}]")
        parts = joined
    return parts[0]


def _with_suffixes(text: str, suffixes: Sequence[str], indent: int, line_width: int) -> str:
    """Close the parenthesis after the suffixes; one that doesn't fit the line starts a new one."""
    pieces = [text]
    # PyTorch counts the last line two longer than it is, and so must this.
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > line_width:
            pieces.append(",\n" + " " * indent + suffix)
            column = indent + len(suffix)
        else:
            pieces.append(", " + suffix)
            column += len(suffix) + 2
    return "".join(pieces) + ")"
