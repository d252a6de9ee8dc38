"""Random graphs: the blocked engine gives what the eager one gives, to rounding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.execute.blocks import (
    Array,
    assert_close,
    assert_same,
    bits,
    found,
    second_order,
    tiny_blocks,
    values,
)
from tests.execute.expressions import Shape, programs


@pytest.fixture(autouse=True, scope="module")
def in_tiny_blocks() -> Iterator[None]:
    with tiny_blocks():
        yield


def bounded(examples: int) -> settings:
    """The same examples in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


def drawn(shapes: dict[str, Shape], dtype: str = "float64") -> dict[str, Array]:
    source = np.random.default_rng(7)
    return {name: source.normal(0, 1, shape).astype(dtype) for name, shape in shapes.items()}


@bounded(250)
@given(programs())
def test_values_and_gradients_are_those_of_the_eager_engine(
    program: tuple[str, dict[str, Shape]],
) -> None:
    text, shapes = program
    assert_same(text, drawn(shapes), 1e-8)


@bounded(60)
@given(programs(4))
def test_so_they_are_in_single_precision(program: tuple[str, dict[str, Shape]]) -> None:
    text, shapes = program
    assert_same(text, drawn(shapes, "float32"), 1e-3)


@bounded(60)
@given(programs(4, scalar=True))
def test_second_derivatives_are_those_of_the_eager_engine(
    program: tuple[str, dict[str, Shape]],
) -> None:
    text, shapes = program
    inputs = drawn(shapes)
    expected = found(second_order, "eager", text, inputs)
    assert_close(found(second_order, "blocked", text, inputs), expected, 1e-7)


@bounded(40)
@given(programs(5), st.sampled_from((80, 160, 1000)))
def test_the_bits_do_not_depend_on_the_threads(
    program: tuple[str, dict[str, Shape]], block_bytes: int
) -> None:
    text, shapes = program
    inputs = drawn(shapes)
    with tiny_blocks(block_bytes=block_bytes):
        results = [values("blocked", text, inputs, threads) for threads in (1, 2, 3)]
    assert bits(results[0]) == bits(results[1]) == bits(results[2])
