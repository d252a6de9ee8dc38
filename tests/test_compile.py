"""difftool.compile: the same numbers as one request at a time, for fixed shapes, in any thread."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError

Array = np.ndarray[Any, Any]

SOURCE = np.random.default_rng(7)
X, Y = SOURCE.standard_normal((3, 4)), SOURCE.standard_normal((4, 3))
LARGE = SOURCE.standard_normal((600, 1000))

EXPRESSIONS = [
    "mean(3*(x+2)^3)",
    "sum(sin(x) * y.T + tanh(x @ y) @ x)",
    "logsumexp(x.flatten(), 0) + var(y)",
    "sum(where(x > 0, x, exp(x)) / (1 + y.T ^ 2))",
    "cross_entropy(x, softmax(y.T, 1))",
    "sum(cumsum(x, 1)[:, 1:3]) + sum(maximum(x.T, y))",
    "x[0] @ y[:, 1] + prod(x) + norm(y)",
    "sum(x * x) * 2",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_value_and_gradients_are_those_of_one_request(expression: str) -> None:
    inputs = {"x": X, "y": Y} if "y" in expression else {"x": X}
    compiled = difftool.compile(expression, {name: array.shape for name, array in inputs.items()})
    once = difftool.grad(expression, inputs)
    # The second run uses the first one's arrays again.
    for _ in range(3):
        value, gradients = compiled.value_and_grad(inputs)
        np.testing.assert_allclose(value, once.value, rtol=1e-13)
        assert list(gradients) == list(once.gradients)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(gradient, once.gradients[name], rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(compiled.value(inputs), value)
    for name, gradient in compiled.grad(inputs).items():
        np.testing.assert_array_equal(gradient, gradients[name])


@pytest.mark.parametrize("expression", ["sum(x^3 * y.T)", "logsumexp((x @ y).flatten(), 0)"])
def test_products_with_the_hessian_are_those_of_one_request(expression: str) -> None:
    inputs, tangents = {"x": X, "y": Y}, {"x": np.cos(X), "y": np.sin(Y)}
    compiled = difftool.compile(expression, {"x": X.shape, "y": Y.shape})
    for given in (tangents, {"x": tangents["x"]}):
        expected = difftool.hvp(expression, inputs, given)
        for name, product in compiled.hvp(inputs, given).items():
            np.testing.assert_allclose(product, expected[name], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("engine", ["auto", "eager", "blocked"])
@pytest.mark.parametrize(
    "expression", ["mean(3*(x+2)^3)", "mean((softmax(x, 1) - 0.5)^2)", "sum(x.T @ x)", "sum(x)"]
)
def test_large_tensors_give_the_same(expression: str, engine: str) -> None:
    compiled = difftool.compile(expression, {"x": LARGE.shape}, engine=engine, threads=2)
    once = difftool.grad(expression, {"x": LARGE})
    for _ in range(2):
        value, gradients = compiled.value_and_grad({"x": LARGE})
        np.testing.assert_allclose(value, once.value, rtol=1e-12)
        np.testing.assert_allclose(gradients["x"], once.gradients["x"], rtol=1e-10, atol=1e-18)


@pytest.mark.parametrize("shape", [(3, 4), (600, 1000)])
@pytest.mark.parametrize("expression", ["x", "x.T", "sum(x)", "sum(x * x.detach())", "x[0, 0]"])
def test_results_are_new_arrays(expression: str, shape: tuple[int, int]) -> None:
    given = np.ones(shape)
    compiled = difftool.compile(expression, {"x": shape})
    results = [compiled.value({"x": given}), compiled.value({"x": given})]
    if compiled.shape == ():
        results += compiled.grad({"x": given}).values()
        results += compiled.grad({"x": given}).values()
    for place, result in enumerate(results):
        assert result.flags.writeable
        for other in (given, *results[:place]):
            assert not np.may_share_memory(result, other)


def test_a_compiled_expression_tells_what_it_takes() -> None:
    compiled = difftool.compile("x @ y", {"x": (3, 4), "y": (4, 3)}, dtype="float32")
    assert compiled.shapes == {"x": (3, 4), "y": (4, 3)}
    assert (compiled.shape, compiled.dtype) == ((3, 3), "float32")
    assert repr(compiled) == "<compiled 'x @ y' for x: (3, 4), y: (4, 3)>"
    assert compiled.value({"x": X, "y": Y}).dtype == np.float32


def test_an_array_gives_its_shape_and_dtype() -> None:
    compiled = difftool.compile("sum(x * k)", {"x": X.astype("float32"), "k": np.arange(4)})
    value, gradients = compiled.value_and_grad({"x": X.astype("float32"), "k": np.arange(4)})
    assert value.dtype == np.float32 and list(gradients) == ["x"]
    assert compiled.value({"x": X.tolist(), "k": [0, 1, 2, 3]}).dtype == np.float32


def test_wrt_picks_and_unused_inputs_have_zeros() -> None:
    compiled = difftool.compile("sum(x)", {"x": (2,), "y": (3,)})
    gradients = compiled.grad({"x": np.ones(2), "y": np.ones(3)})
    np.testing.assert_array_equal(gradients["y"], np.zeros(3))
    picked = difftool.compile("sum(x * y)", {"x": (2,), "y": (2,)}, wrt=["y"])
    assert list(picked.grad({"x": np.ones(2), "y": np.ones(2)})) == ["y"]


def test_random_numbers_stay_as_they_were_drawn() -> None:
    compiled = difftool.compile("x + randn(3)", {"x": (3,)}, seed=5)
    given = {"x": np.zeros(3)}
    np.testing.assert_array_equal(compiled.value(given), compiled.value(given))
    np.testing.assert_array_equal(
        compiled.value(given), difftool.evaluate("x + randn(3)", given, seed=5)
    )


def test_threads_may_call_at_once() -> None:
    compiled = difftool.compile("sum(sin(x) * exp(-x^2))", {"x": (50,)})
    points = [np.full(50, number / 7) for number in range(8)]
    expected = [compiled.value_and_grad({"x": point}) for point in points]
    found: list[Any] = [None] * len(points)

    def work(place: int) -> None:
        for _ in range(200):
            found[place] = compiled.value_and_grad({"x": points[place]})

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(points))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(found, expected, strict=True):
        assert one[0] == other[0]
        np.testing.assert_array_equal(one[1]["x"], other[1]["x"])


def refused(expression: str, inputs: dict[str, Any], **shapes: Any) -> DifftoolError:
    with pytest.raises(DifftoolError) as caught:
        difftool.compile(expression, shapes or {"x": (2, 2)}).value_and_grad(inputs)
    return caught.value


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"x": np.ones(3)}, "shape", "x has shape (3,); the expression was compiled for (2, 2)"),
        ({}, "name", "input x is missing"),
        ({"x": X, "z": X}, "name", "no input `z`"),
        ({"x": np.ones((2, 2), complex)}, "dtype", "x has dtype complex128"),
        ({"x": [[1, 2], [3]]}, "shape", "x is no tensor"),
    ],
)
def test_other_inputs_are_refused(given: dict[str, Any], kind: str, message: str) -> None:
    error = refused("sum(x)", given)
    assert error.kind == kind and message in error.message and error.hint


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("sum(x[x > 0])", "x[x > 0]"),
        ("sum(x) if sum(x) > 0 else mean(x)", "sum(x) > 0"),
        ("sum(x) * x[0, 0].item()", "x[0, 0].item()"),
    ],
)
def test_a_graph_that_depends_on_values_is_refused(expression: str, place: str) -> None:
    error = refused(expression, {"x": X})
    assert error.kind == "value" and "depends on the values" in error.message
    assert error.span is not None
    start, end = error.span
    assert place in expression[start:end] or expression[start:end] in place


@pytest.mark.parametrize(
    ("expression", "shapes", "kind"),
    [
        ("sum(x @ y)", {"x": (2, 3), "y": (2, 3)}, "shape"),
        ("sum(x", {"x": (2,)}, "syntax"),
        ("sum(z)", {"x": (2,)}, "name"),
        ("sum(x)", {"x": "2"}, "argument"),
        ("sum(x)", {"x": (-1,)}, "argument"),
        ("sum(x)", {"x": (2.5,)}, "argument"),
    ],
)
def test_what_can_not_be_compiled_is_refused(
    expression: str, shapes: dict[str, Any], kind: str
) -> None:
    with pytest.raises(DifftoolError) as caught:
        difftool.compile(expression, shapes)
    assert caught.value.kind == kind


def test_a_gradient_of_several_numbers_is_refused_when_it_is_asked_for() -> None:
    compiled = difftool.compile("x * 2", {"x": (2,)})
    np.testing.assert_array_equal(compiled.value({"x": [1, 2]}), [2, 4])
    with pytest.raises(DifftoolError, match="scalar outputs"):
        compiled.grad({"x": [1, 2]})


def test_an_engine_that_is_none_is_refused() -> None:
    with pytest.raises(DifftoolError, match="there is no engine 'dask'"):
        difftool.compile("x", {"x": ()}, engine="dask")


def test_more_memory_than_there_may_be_is_refused_before_it_is_used() -> None:
    compiled = difftool.compile("exp(x)", {"x": (10**6,)})
    assert compiled.shape == (10**6,)
    small = difftool.compile("exp(x)", {"x": (10**6,)}, max_memory=10**6)
    with pytest.raises(DifftoolError, match="of memory"):
        small.value({"x": np.ones(10**6)})


@pytest.mark.parametrize("expression", ["sigmoid(x) * 2", "softmax(x, 1)", "sum(gelu(x))"])
def test_half_precision_is_rounded_once(expression: str) -> None:
    given = {"x": X.astype(np.float16)}
    value = difftool.compile(expression, given).value(given)
    np.testing.assert_array_equal(value, difftool.evaluate(expression, given))
    assert value.dtype == np.float16


def test_the_memory_of_results_that_were_let_go_is_used_again() -> None:
    compiled = difftool.compile("sum(x * x)", {"x": LARGE.shape})
    first = compiled.grad({"x": LARGE})["x"]
    place = first.ctypes.data
    row = first[0]
    del first
    # A part of it is still held, so the next one lies elsewhere.
    second = compiled.grad({"x": LARGE * 2})["x"]
    assert second.ctypes.data != place
    np.testing.assert_array_equal(row, 2 * LARGE[0])
    del row
    third = compiled.grad({"x": LARGE * 3})["x"]
    assert third.ctypes.data == place
    np.testing.assert_array_equal(second, 4 * LARGE)
    np.testing.assert_array_equal(third, 6 * LARGE)


def test_results_that_are_all_held_lie_apart() -> None:
    compiled = difftool.compile("sum(x * x)", {"x": LARGE.shape})
    held = [compiled.grad({"x": LARGE * factor})["x"] for factor in range(5)]
    for factor, gradient in enumerate(held):
        np.testing.assert_array_equal(gradient, 2 * factor * LARGE)
