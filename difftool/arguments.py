"""The arguments of the Python functions, checked: what is of a wrong type is a DifftoolError.

`api` and `api_derivatives` take theirs through here, so that nothing else is ever raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import index
from typing import Any, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.evaluation import input_array
from difftool.session import Session

Array: TypeAlias = "np.ndarray[Any, Any]"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn memory that the machine refuses, though the plan allowed it, into a DifftoolError."""
    try:
        yield
    except MemoryError:
        raise DifftoolError(
            "the machine has not enough free memory for this",
            kind="limit",
            hint='use smaller tensors, or dtype="float32", which halves them',
        ) from None


def session_of(dtype: object, seed: object, max_memory: object) -> Session:
    """A session with these settings."""
    return Session(
        None if dtype is None else text_of(dtype, "dtype"),
        None if seed is None else whole_number(seed, "seed", None),
        None if max_memory is None else whole_number(max_memory, "max_memory", 1),
    )


def text_of(value: object, what: str) -> str:
    """A text; `what` is what the argument is called, here and below."""
    if not isinstance(value, str):
        raise unfit(what, "a text", value)
    return value


def whole_number(value: object, what: str, least: int | None) -> int:
    """A whole number, of any type that stands for one."""
    if not isinstance(value, bool | np.bool) and hasattr(value, "__index__"):
        with suppress(TypeError):
            number = index(value)
            if least is None or number >= least:
                return number
    wanted = "a whole number" if least is None else f"a whole number from {least} on"
    raise unfit(what, wanted, value)


def names_of(value: object) -> list[str]:
    """The names in `wrt`."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise unfit("wrt", 'a list of names, as in wrt=["x"]', value)
    return [text_of(name, "a name in wrt") for name in value]


def arrays_of(inputs: object) -> dict[str, Any]:
    """The inputs by name; None: there are none."""
    if inputs is None:
        return {}
    if not isinstance(inputs, Mapping):
        raise unfit("inputs", 'arrays by name, as in {"x": array}', inputs)
    return {text_of(name, "the name of an input"): value for name, value in inputs.items()}


def tangents_of(tangents: object) -> dict[str, Array]:
    """The tangents by name, as arrays."""
    if not isinstance(tangents, Mapping):
        raise unfit("tangents", 'arrays by name, as in {"x": array}', tangents)
    return {
        text_of(name, "the name of a tangent"): input_array(f"tangent of {name}", value, None)
        for name, value in tangents.items()
    }


def unfit(what: str, wanted: str, value: object) -> DifftoolError:
    """The error for an argument of a wrong type."""
    given = repr(value) if isinstance(value, int | float) else type(value).__name__
    return DifftoolError(f"{what} must be {wanted}, not {given}", kind="argument")
