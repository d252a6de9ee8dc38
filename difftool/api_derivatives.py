"""The Python functions of products with derivatives and of whole derivatives.

They stand beside `api`, whose conventions they keep: everything here raises
`difftool.DifftoolError` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.arguments import arrays_of, names_of, refusals, session_of, tangents_of, text_of
from difftool.evaluation import input_array

Array: TypeAlias = "np.ndarray[Any, Any]"


def jvp(
    expression: str,
    inputs: Mapping[str, Any],
    tangents: Mapping[str, Any],
    *,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> tuple[Array, Array]:
    """The value of a tensor expression and its derivative along a direction, by forward mode.

    Args:
        expression, inputs, dtype, seed, max_memory: as for `evaluate`.
        tangents: for each input that moves its direction, of the input's shape.

    Returns:
        The value and the tangent, the Jacobian times the direction; both of the output's shape.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        text, arrays = text_of(expression, "expression"), arrays_of(inputs)
        record = session.jvp(text, arrays, tangents_of(tangents))
    return record.output.data, record.tangent


def vjp(
    expression: str,
    inputs: Mapping[str, Any],
    grad_output: Any = None,
    *,
    wrt: Sequence[str] | None = None,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> tuple[Array, dict[str, Array]]:
    """The value of a tensor expression and the product of a vector with its Jacobian.

    Args:
        expression, inputs, wrt, dtype, seed, max_memory: as for `grad`.
        grad_output: the vector, of the output's shape; None: 1, for an output that is a scalar.

    Returns:
        The value, and for each input the product, of the input's shape.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        text, arrays = text_of(expression, "expression"), arrays_of(inputs)
        vector = None if grad_output is None else input_array("grad_output", grad_output, None)
        record = session.vjp(text, arrays, vector, None if wrt is None else names_of(wrt))
    return record.output.data, {name: found.array for name, found in record.gradients.items()}


def hvp(
    expression: str,
    inputs: Mapping[str, Any],
    tangents: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> dict[str, Array]:
    """The product of the Hessian of a scalar expression with a direction.

    Args:
        expression, inputs, wrt, dtype, seed, max_memory: as for `grad`.
        tangents: for each input that moves its direction, of the input's shape.

    Returns:
        For each input its part of the product, of the input's shape.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        text, arrays = text_of(expression, "expression"), arrays_of(inputs)
        names = None if wrt is None else names_of(wrt)
        record = session.hvp(text, arrays, tangents_of(tangents), names)
    return dict(record.products)


def jacobian(
    expression: str,
    inputs: Mapping[str, Any] | None = None,
    wrt: Sequence[str] | None = None,
    *,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> dict[str, Array]:
    """The derivatives of all elements of a tensor expression by all elements of its inputs.

    Args:
        expression, inputs, wrt, dtype, seed, max_memory: as for `grad`.

    Returns:
        For each input an array of the output's shape, then the input's; zeros if it is not used.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        text, arrays = text_of(expression, "expression"), arrays_of(inputs)
        record = session.jacobian(text, arrays, None if wrt is None else names_of(wrt))
    return dict(record.jacobians)


def hessian(
    expression: str,
    inputs: Mapping[str, Any] | None = None,
    wrt: Sequence[str] | None = None,
    *,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> dict[tuple[str, str], Array]:
    """The second derivatives of a scalar expression by all pairs of elements of its inputs.

    Args:
        expression, inputs, wrt, dtype, seed, max_memory: as for `grad`.

    Returns:
        For each pair of inputs an array of the shape of the first, then that of the second.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated, or is no scalar.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        text, arrays = text_of(expression, "expression"), arrays_of(inputs)
        record = session.hessian(text, arrays, None if wrt is None else names_of(wrt))
    return {
        (first, second): block
        for first, row in record.hessians.items()
        for second, block in row.items()
    }
