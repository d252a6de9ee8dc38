"""The Python function that makes an expression ready to be computed often.

It stands beside `api`, whose conventions it keeps: it raises `difftool.DifftoolError` and nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from difftool.arguments import names_of, refusals, session_of, text_of, whole_number
from difftool.compiled import Compiled
from difftool.errors import DifftoolError
from difftool.graph.dtype import float64
from difftool.operations.shapes import possible_shape


def compile(
    expression: str,
    shapes: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    dtype: str | None = None,
    seed: int | None = None,
    engine: str = "auto",
    threads: int | None = None,
    max_memory: int | None = None,
) -> Compiled:
    """Parse, differentiate and plan a tensor expression once, to compute it often.

    Args:
        expression: text of difftool's language. Its graph must be the same for all values of the
            inputs: it can't branch on them, nor index by a mask of them.
        shapes: for each free name a shape, such as (2, 2), or an array like those to come, whose
            dtype holds too.
        wrt: names of the inputs to differentiate by; None: all that are floating-point.
        dtype: "float64" or "float32", for inputs given by their shapes and for tensors in the
            text; None: float64.
        seed: for randn and the like, which are drawn here and stay; None: a fresh one.
        engine: "auto", "eager" or "blocked"; auto computes large tensors in blocks.
        threads: how many compute blocks at once; None: one for each core of the processor.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.

    Returns:
        An object with `value(inputs)`, `grad(inputs)`, `value_and_grad(inputs)` and
        `hvp(inputs, tangents)`.

    Raises:
        DifftoolError: if the expression has an error, or can't be compiled.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        count = None if threads is None else whole_number(threads, "threads", 1)
        session.engine = session.engine.called(text_of(engine, "engine"), count)
        arrays = {
            name: _stand_in(name, given, session.dtype or float64) for name, given in shapes.items()
        }
        names = None if wrt is None else names_of(wrt)
        return session.compile(text_of(expression, "expression"), arrays, names)


def _stand_in(name: str, given: Any, dtype: Any) -> Any:
    """An array of the shape and dtype to come, which takes no memory."""
    if isinstance(given, np.ndarray):
        return np.broadcast_to(np.zeros((), given.dtype), given.shape)
    sizes = given if isinstance(given, tuple | list) else None
    if sizes is None or not all([isinstance(size, int | np.integer) for size in sizes]):
        raise DifftoolError(
            f"the shape of {name} is no tuple of whole numbers",
            kind="argument",
            hint=f'give one like {{"{name}": (2, 3)}}, or an array; () is a number',
        )
    shape = tuple([int(size) for size in sizes])
    if any([size < 0 for size in shape]):
        raise DifftoolError(
            f"the shape of {name} has a negative size", kind="argument", hint="sizes count from 0"
        )
    return np.broadcast_to(np.zeros((), dtype), possible_shape(shape))
