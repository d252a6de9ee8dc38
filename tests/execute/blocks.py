"""Computing in tiny blocks, and comparing with what the eager engine gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.execute import body, cut, engine, lower, schedule
from difftool.operations import axes
from difftool.session import Session

Array: TypeAlias = "np.ndarray[Any, Any]"
Inputs: TypeAlias = Mapping[str, Array]

TOLERANCE = {"float64": 1e-10, "float32": 2e-5, "float16": 6e-3}


@contextmanager
def tiny_blocks(
    large: int = 8,
    block_bytes: int = 160,
    product_bytes: int = 320,
    kept_bytes: int = 400,
    most_elements: int = 2**18,
) -> Iterator[None]:
    """Sizes so small that nearly everything is cut, into several blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut, "LARGE", large)
        patch.setattr(lower, "LARGE", large)
        patch.setattr(engine, "IN_BLOCKS", large)
        patch.setattr(body, "BLOCK_BYTES", block_bytes)
        patch.setattr(body, "PRODUCT_BYTES", product_bytes)
        patch.setattr(schedule, "KEPT_BYTES", kept_bytes)
        for module in (axes, cut, lower):
            patch.setattr(module, "MOST_ELEMENTS", most_elements)
        yield


def session(engine: str, threads: int = 2) -> Session:
    return Session(seed=0, engine=engine, threads=threads)


def values(engine: str, expression: str, inputs: Inputs, threads: int = 2) -> list[Array]:
    """The value and all gradients, for a gradient of the output that is random but fixed."""
    problem = session(engine).problem(expression, inputs, None)
    seed = np.random.default_rng(1).standard_normal(problem.output.shape)
    record = session(engine, threads).grad(expression, inputs, None, seed, keep=0)
    return [record.output.data, *[gradient.array for gradient in record.gradients.values()]]


def second_order(engine: str, expression: str, inputs: Inputs, threads: int = 2) -> list[Array]:
    """The product of the Hessian of a scalar expression with all inputs."""
    record = session(engine, threads).hvp(expression, inputs, inputs)
    return [record.output.data, *record.products.values()]


def found(compute: Any, *arguments: Any) -> Any:
    """The values, or the error."""
    try:
        return compute(*arguments)
    except DifftoolError as error:
        return (error.kind, error.message, error.span)


def assert_same(expression: str, inputs: Inputs, tolerance: float | None = None) -> None:
    """Both engines give the same values, or the same error."""
    expected = found(values, "eager", expression, inputs)
    assert_close(found(values, "blocked", expression, inputs), expected, tolerance)


def assert_close(blocked: Any, expected: Any, tolerance: float | None = None) -> None:
    """The same dtypes, shapes and numbers: to rounding, beside the largest of all of them."""
    if isinstance(expected, tuple):
        assert blocked == expected
        return
    assert not isinstance(blocked, tuple), blocked
    # What cancels leaves errors of the size of what it came from.
    sizes = [float(np.max(np.abs(x), initial=0, where=np.isfinite(x))) for x in expected]
    largest = max(*sizes, 1e-4)
    for own, other in zip(blocked, expected, strict=True):
        assert (own.dtype, own.shape) == (other.dtype, other.shape)
        allowed = tolerance or TOLERANCE.get(other.dtype.name, 0.0)
        np.testing.assert_allclose(own, other, allowed, allowed * largest)


def bits(arrays: Sequence[Array]) -> list[bytes]:
    return [array.tobytes() for array in arrays]
