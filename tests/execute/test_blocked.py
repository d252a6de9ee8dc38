"""The blocked engine against the eager one: every check of every function, cut into tiny blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf, nan

import numpy as np
import pytest

from difftool.operations.registry import Function, functions
from tests.execute.blocks import (
    Array,
    assert_close,
    assert_same,
    bits,
    found,
    second_order,
    session,
    tiny_blocks,
    values,
)

Shape = tuple[int, ...]


@pytest.fixture(autouse=True, scope="module")
def in_tiny_blocks() -> Iterator[None]:
    with tiny_blocks():
        yield


def as_it_is(shape: Shape) -> Shape:
    return shape


def enlarged(shape: Shape) -> Shape:
    return tuple([{2: 6, 3: 7}.get(length, length) for length in shape])


def drawn(
    shapes: Mapping[str, Shape], domain: tuple[float, float] = (-2.0, 2.0), dtype: str = "float64"
) -> dict[str, Array]:
    source = np.random.default_rng(5)
    return {name: source.uniform(*domain, shape).astype(dtype) for name, shape in shapes.items()}


# ----- Every check -----

CHECKED = [function for function in functions() if function.checks]


@pytest.mark.parametrize("function", CHECKED, ids=lambda function: function.name)
@pytest.mark.parametrize("resize", [as_it_is, enlarged])
def test_checks_of_every_function_give_the_same(
    function: Function, resize: Callable[[Shape], Shape]
) -> None:
    for check in function.checks:
        shapes = {name: resize(shape) for name, shape in check.shapes.items()}
        assert_same(check.expression, drawn(shapes, check.domain))


@pytest.mark.parametrize("function", CHECKED, ids=lambda function: function.name)
def test_so_they_do_in_narrower_floats(function: Function) -> None:
    check = max(function.checks, key=lambda check: len(check.shapes.get("x", ())))
    shapes = {name: enlarged(shape) for name, shape in check.shapes.items()}
    for dtype in ("float32", "float16"):
        assert_same(check.expression, drawn(shapes, check.domain, dtype))


@pytest.mark.parametrize("function", ["sigmoid", "silu", "softplus", "elu", "gelu", "softmax"])
def test_the_steps_of_a_kernel_in_half_precision_are_rounded_once(function: str) -> None:
    # exp(12) has no room in half precision, sigmoid(-12) has.
    inputs = {"x": np.linspace(-14, 14, 60).astype(np.float16).reshape(6, 10)}
    expression = f"{function}(x{', 1' if function == 'softmax' else ''})"
    once, blocked = [values(engine, expression, inputs)[0] for engine in ("eager", "blocked")]
    compiled = session("eager").compile(expression, inputs).value(inputs)
    assert bits([blocked, compiled]) == bits([once, once])


# ----- What blocks could get wrong -----

LOSSES = (
    "mean(3*(x+2)^3)",
    "mean((softmax(x, 1)-y)^2)",
    "mean((softmax(x, 0)-y)^2)",
    "sum(log_softmax(x, 0) * y)",
    "logsumexp(x, 0).sum() * logsumexp(x, (0, 1))",
    "sum(relu(x @ y.T + 1)^2)",
    "mean((x-x.mean(0))^2/(x.var(0)+1e-5))",
    "sum((x-x.mean(1, keepdim=True))/sqrt(x.var(1, correction=0, keepdim=True)+1e-5) * y)",
    "sum(x[1:] * x[:-1]) + sum(100*(x[1:]-x[:-1]^2)^2 + (1-x[:-1])^2)",
    "norm(x - y) + norm(x, 1) + norm(x, inf) + norm(x, 3) + norm(x, dim=0).sum()",
    "cross_entropy(x, tensor([0, 2, 1, 0, -100, 1, 2, 1, 0, 0]))",
    "cross_entropy(x, tensor([0, 2, 1, 0, 2, 1, 2, 1, 0, 0]), [1, 2, 3], label_smoothing=0.1)",
    "cross_entropy(x, softmax(y, 1), reduction='sum')",
    "prod(x) + prod(x, 0).sum()",
    "max(x) + amin(x) + amax(x, 1).sum() + x.max(0).values.sum() + sum(all(x > 0, 1) * x[:, 0])",
    "var(x) + std(x, 1).sum() + mse_loss(x, y) + mse_loss(x, [2.], reduction='sum')",
    "sum(x * sum(x * sum(x * sum(y))))",
    "exp(x).T.reshape(-1).sum() * exp(x)[0].sum() + sum(exp(x)[3] * exp(x) * mean(exp(x)))",
    "sum(tanh(x).T @ tanh(x)) + sum(floor((9 * x).long() + 1) * x)",
)
SHAPES = {"x": (10, 3), "y": (10, 3)}


def drawn_for(expression: str) -> dict[str, Array]:
    return {name: value for name, value in drawn(SHAPES).items() if name in expression}


@pytest.mark.parametrize("expression", LOSSES)
def test_losses_have_the_same_derivatives_of_first_and_second_order(expression: str) -> None:
    inputs = drawn_for(expression)
    assert_same(expression, inputs)
    expected = found(second_order, "eager", expression, inputs)
    assert_close(found(second_order, "blocked", expression, inputs), expected)


@pytest.mark.parametrize("expression", LOSSES)
def test_the_bits_depend_on_the_blocks_alone(expression: str) -> None:
    inputs = drawn_for(expression)
    once = values("blocked", expression, inputs, 1)
    for threads in (2, 3, 7):
        assert bits(values("blocked", expression, inputs, threads)) == bits(once)


@pytest.mark.parametrize("block_bytes", [1, 100, 1000, 10**6])
@pytest.mark.parametrize("most_elements", [1, 20, 2**18])
def test_any_size_of_blocks_gives_the_same(block_bytes: int, most_elements: int) -> None:
    for expression in LOSSES:
        for kept_bytes in (0, 10**6):
            with tiny_blocks(8, block_bytes, 2 * block_bytes, kept_bytes, most_elements):
                assert_same(expression, drawn_for(expression))


SPECIAL = (
    "sum(x * 2 + 1)",
    "max(x) * amin(x)",
    "x.max(0).values + x.argmin(0)",
    "sum(relu(x) + clamp(x, -1, 1) + sign(x))",
    "softmax(x, 0) + softmax(x, 1) + log_softmax(x, 0)",
    "logsumexp(x, 0)",
    "logsumexp(x, (0, 1))",
    "norm(x) + norm(x, 1) + norm(x, inf) + norm(x, -inf) + norm(x, 0) + norm(x, 0.5) + norm(x, -1)",
    "norm(x, 2, 0) + norm(x, 0, 0) + norm(x, -1, 0)",
    "var(x) + std(x)",
    "prod(x) + prod(x, 0)",
    "cumsum(x, 1) + cumprod(x, 0)",
    "where(x > 0, x, 1 / x)",
    "cross_entropy(x, tensor([0, 1, 1, 0, 1]))",
    "any(x > 0, 0) * 1.0 + all(x == x, 0)",
)


@pytest.mark.parametrize("special", [nan, inf, -inf, 0.0])
@pytest.mark.parametrize("expression", SPECIAL)
def test_nan_infinity_and_zero_come_out_the_same(expression: str, special: float) -> None:
    x = drawn({"x": (5, 4)})["x"]
    x[3, 1] = special
    assert_same(expression, {"x": x})
    x[:, 2] = special
    assert_same(expression, {"x": x})
    assert_same(expression, {"x": np.full((5, 4), special)})


@pytest.mark.parametrize(
    ("expression", "shapes"),
    [
        ("sum(x) + sum(y)", {"x": (0,), "y": (20,)}),
        ("x * y", {"x": (0, 5), "y": (1, 5)}),
        ("cat([x, y], 1)", {"x": (10, 0), "y": (10, 2)}),
        ("cat([x, y, zeros(0)])", {"x": (10,), "y": (10,)}),
        ("x[tensor(zeros(0).long())] * y", {"x": (10, 5), "y": (5,)}),
        ("sum(x[10:]) + sum(y)", {"x": (10, 5), "y": (2,)}),
        ("x * y", {"x": (), "y": (20,)}),
        ("mean(x * y) * x", {"x": (), "y": (20,)}),
        ("x.expand(20) * x", {"x": ()}),
        ("y.sum() * x.reshape(1, 1)", {"x": (), "y": (4, 5)}),
        ("x", {"x": (20,)}),
        ("x.T", {"x": (4, 5)}),
        ("x + 0 * sum(x)", {"x": (1, 20, 1)}),
    ],
)
def test_empty_and_single_tensors_come_out_the_same(
    expression: str, shapes: dict[str, Shape]
) -> None:
    assert_same(expression, drawn(shapes))


@pytest.mark.parametrize(
    "expression",
    [
        "nll_loss(x, tensor([0, 1, 2, 7, 0, 1, 2, 9, 0, 1]))",
        "gather(x, 0, (99 * x).long())",
        "sum(x * ((9 * x).long() // (0 * x).long()))",
        "inv(x[:, :, None] * x[:, None])",
        "cholesky(-x[:, :, None] * x[:, None])",
        "x[(9 + abs(x[:, 0])).long()]",
    ],
)
def test_what_a_kernel_refuses_is_refused_in_the_same_words(expression: str) -> None:
    inputs = drawn({"x": (10, 3)})
    expected = found(values, "eager", expression, inputs)
    assert isinstance(expected, tuple)
    assert found(values, "blocked", expression, inputs) == expected
