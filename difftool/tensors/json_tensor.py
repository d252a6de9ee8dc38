"""A value of parsed JSON to an array, checked element by element.

`json_text` hands over the value and, as `document`, what tells a fault's place in the text. Plain
lists are float64, as list literals of the language are; an object {"shape", "dtype", "data"} says
its own dtype. Nothing is guessed: null, text, ragged lists and numbers that a dtype can't hold
raise DifftoolError with the index of the element.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.tensors.dtypes import KNOWN, WIDENED, settled
from difftool.tensors.json_numbers import NON_FINITE
from difftool.tensors.source import Array
from difftool.tensors.text import quoted

if TYPE_CHECKING:
    from difftool.tensors.json_text import Document, Path

MOST_DIMENSIONS = 64
KINDS = {dict: "an object", str: "text", type(None): "null", bool: "a boolean"}


def to_array(value: Any, path: Path, document: Document) -> Array:
    """The array of a number, a boolean, nested lists of them, or a tensor object.

    Args:
        value: what the json module made of it.
        path: where it stands in the document.
        document: the text, for error messages.
    """
    if not isinstance(value, dict):
        leaves, shape = _flattened(value, path, document)
        if bool in (kinds := set(map(type, leaves))) and len(kinds) > 1:
            truth = type(leaves[0]) is bool
            odd = next(i for i, leaf in enumerate(leaves) if (type(leaf) is bool) != truth)
            raise document.fault(
                path + _index(odd, shape),
                f"is {_kind(leaves[odd])}, but {_brackets(_index(0, shape))} is {_kind(leaves[0])}",
            )
        kind = KNOWN["bool"] if leaves and type(leaves[0]) is bool else KNOWN["float64"]
        return _converted(leaves, shape, kind, path, document).reshape(shape)
    if "data" not in value or not isinstance(value.get("dtype"), str):
        raise document.fault(
            path,
            "is an object, not a tensor",
            'a tensor is {"shape": [1], "dtype": "float64", "data": [0.5]}',
        )
    name = value["dtype"]
    dtype = KNOWN.get(name) or (np.dtype(name) if name in WIDENED else None)
    if dtype is None:
        raise document.fault(
            (*path, "dtype"), f"is {quoted(name)}, which is no dtype here",
            f"it is one of {', '.join(KNOWN)}",
        )  # fmt: skip
    inner = (*path, "data")
    leaves, shape = _flattened(value["data"], inner, document)
    array = _converted(leaves, shape, dtype, inner, document)
    declared = _declared(value.get("shape", list(shape)), (*path, "shape"), document)
    if declared != shape and not _both_empty(declared, shape):
        raise document.fault(
            (*path, "shape"), f"is {list(declared)}, but the data has {list(shape)}"
        )
    return settled(array, document.source, document.source.name).reshape(declared)


def outline(value: Any) -> str:
    """The shape that a value seems to have, for lists of names; nothing is checked."""
    dtype, sizes = "", []
    if isinstance(value, dict):
        dtype, value = f" {value.get('dtype')}", value.get("data")
    while isinstance(value, list):
        sizes.append(len(value))
        value = value[0] if value else None
    return f"{tuple(sizes)}{dtype}"


def _flattened(value: Any, path: Path, document: Document) -> tuple[list[Any], tuple[int, ...]]:
    """The innermost elements, and the shape of the lists around them; level by level."""
    shape: tuple[int, ...] = ()
    level = [value]
    while list in (kinds := set(map(type, level))):
        first = level[0]
        if len(kinds) > 1:
            mixed = (type(first) is list) ^ 1
            odd = next(i for i, item in enumerate(level) if (type(item) is list) == mixed)
            raise document.fault(
                path + _index(odd, shape),
                f"is {_kind(level[odd])}, but {_brackets(_index(0, shape))} is {_kind(first)}",
                "all lists at one depth have the same length",
            )
        length = len(first)
        if set(map(len, level)) != {length}:
            odd = next(i for i, item in enumerate(level) if len(item) != length)
            raise document.fault(
                path + _index(odd, shape),
                f"has {_items(len(level[odd]))}, but {_brackets(_index(0, shape))} has {length}",
                "all lists at one depth have the same length",
            )
        shape += (length,)
        if len(shape) > MOST_DIMENSIONS:
            raise document.fault(path, f"is nested more than {MOST_DIMENSIONS} lists deep")
        level = list(chain.from_iterable(level))
    return level, shape


def _converted(
    leaves: list[Any], shape: tuple[int, ...], dtype: np.dtype[Any], path: Path, document: Document
) -> Array:
    """The elements as a flat array of `dtype`."""

    def fault(element: int, message: str, hint: str | None = None) -> DifftoolError:
        return document.fault(path + _index(element, shape), message, hint)

    kinds = set(map(type, leaves))
    for position, leaf in enumerate(leaves) if kinds - {int, float, bool} else ():
        if leaf is None:
            raise fault(position, "is null, which is no number", 'a missing number is "NaN"')
        if type(leaf) is str and leaf not in NON_FINITE:
            raise fault(position, f"is {quoted(leaf)}, which is no number")
        if type(leaf) is str and dtype.kind != "f":
            raise fault(position, f"is {quoted(leaf)}, but the dtype is {dtype.name}")
        if type(leaf) is dict:
            raise fault(position, "is an object, not a number")
    truth = dtype.kind == "b"
    if bool in kinds or truth:
        for position, leaf in enumerate(leaves):
            if (type(leaf) is bool) != truth:
                raise fault(position, f"is {_kind(leaf)}, but the dtype is {dtype.name}")
        return np.array(leaves, dtype)
    if dtype.kind == "f":
        return _floating(leaves, kinds, dtype, fault)
    if float in kinds:
        for position, leaf in enumerate(leaves):
            if type(leaf) is float and not leaf.is_integer():
                raise fault(position, f"is {leaf}, but the dtype is {dtype.name}")
        leaves = list(map(int, leaves))
    least, most = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    if leaves and not (least <= min(leaves) and max(leaves) <= most):
        odd = next(i for i, leaf in enumerate(leaves) if not least <= leaf <= most)
        raise fault(odd, f"does not fit into {dtype.name}", f"it holds {least} to {most}")
    return np.array(leaves, dtype)


def _floating(
    leaves: list[Any],
    kinds: set[type],
    dtype: np.dtype[Any],
    fault: Callable[[int, str], DifftoolError],
) -> Array:
    numbers = leaves
    if str in kinds:
        numbers = [NON_FINITE[leaf] if type(leaf) is str else leaf for leaf in leaves]
    try:
        wide = np.array(numbers, np.float64)
        # What was written as a number is finite; the json module makes 1e999 infinite.
        infinite = np.flatnonzero(np.isinf(wide)).tolist()
        odd = next((i for i in infinite if type(leaves[i]) is not str), None)
    except OverflowError:
        wide = np.empty(0)
        odd = next(i for i, leaf in enumerate(leaves) if type(leaf) is int and _overflows(leaf))
    if odd is not None:
        raise fault(odd, "is too large for float64")
    with np.errstate(all="ignore"):
        array = wide.astype(dtype)
    lost = np.isinf(array) & np.isfinite(wide)
    if lost.any():
        raise fault(int(lost.argmax()), f"is too large for {dtype.name}")
    return array


def _overflows(number: int) -> bool:
    try:
        float(number)
    except OverflowError:
        return True
    return False


def _declared(value: Any, path: Path, document: Document) -> tuple[int, ...]:
    """The shape that a tensor object states."""
    if not isinstance(value, list):
        raise document.fault(path, f"is {_kind(value)}, not a list of sizes")
    for position, size in enumerate(value):
        if type(size) is not int or not 0 <= size < 2**63:
            raise document.fault((*path, position), "is not the size of a dimension")
    return tuple(value)


def _both_empty(declared: tuple[int, ...], found: tuple[int, ...]) -> bool:
    """Whether the data can be an empty tensor's: its lists end where the first size is 0."""
    return found[-1:] == (0,) and declared[: len(found)] == found


def _index(element: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of a flat position, one number for each dimension."""
    index: list[int] = []
    for size in reversed(shape):
        element, rest = divmod(element, size)
        index.append(rest)
    return tuple(reversed(index))


def _brackets(index: tuple[int, ...]) -> str:
    return "".join(f"[{step}]" for step in index)


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {_items(len(value))}"
    return KINDS.get(type(value), "a number")


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
