"""Jacobians and Hessians agree with the plain way, whichever way they are taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from difftool.autodiff import matrix
from difftool.autodiff.higher import hessian, hvp, is_quadratic, jacobian
from difftool.autodiff.matrix import Values
from difftool.errors import DifftoolError
from difftool.operations import registry
from difftool.operations.registry import Check, constant
from tests.autodiff.plain import plain_hessian, plain_jacobian, values_at, weighted_sum
from tests.gradient_checks import drawn
from tests.operations.derivatives import evaluation
from tests.strategies import INPUTS, smooth

Array = np.ndarray[Any, Any]

CHECKS = [
    pytest.param(check, id=f"{check.expression} {dict(check.shapes)}")
    for function in registry.functions()
    for check in function.checks
]


@pytest.fixture(params=["usual", "structure", "batches"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The usual way, structure wherever there is any, or batches of a few seeds."""
    name: str = request.param
    if name == "structure":
        monkeypatch.setattr(matrix, "_SMALL", 0)
        monkeypatch.setattr(matrix, "_SPARSE", 1.0)
    if name == "batches":
        monkeypatch.setattr(matrix, "_SMALL", 1_000_000)
        monkeypatch.setattr(matrix, "_peak", lambda nodes: 1_000_000_000)
    return name


def room(way: str) -> int | None:
    return 500_000_000 if way == "batches" else None


@pytest.mark.parametrize("check", CHECKS)
def test_derivatives_are_those_of_the_plain_way(check: Check, way: str) -> None:
    graph = evaluation(check.expression, **drawn(check))
    sources = list(graph.leaves.values())
    values = values_at(graph.values)
    outputs = graph.result if isinstance(graph.result, tuple) else (graph.result,)
    for output in outputs:
        found = jacobian(output, sources, values, room(way))
        wanted = plain_jacobian(output, sources, values)
        for one, other in zip(found, wanted, strict=True):
            assert one.shape == other.shape and one.dtype == other.dtype
            np.testing.assert_allclose(one, other, 1e-9, 1e-11)
        if not output.requires_grad:
            continue
        number = weighted_sum(output, np.random.default_rng(3))
        blocks = hessian(number, sources, values, room(way))
        for place, block in plain_hessian(number, sources, values).items():
            np.testing.assert_allclose(blocks[place], block, 1e-8, 1e-9, err_msg=str(place))


def sources_and_values(expression: str, **inputs: Any) -> tuple[Any, list[Any], Values]:
    graph = evaluation(expression, **inputs)
    return graph.result, list(graph.leaves.values()), values_at(graph.values)


def random(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape)


X = {"x": random(12), "y": random(12, seed=1), "A": random(9, 12), "B": random(12, 4)}
LARGER = [
    "sin(x) * x",
    "x[1:] - x[:-1] ^ 2",
    "x[0] * x",
    "cumsum(x, 0) * y",
    "A @ x + exp(y[:9])",
    "softmax(x * y, 0)",
    "where(x > 0, x ^ 3, y) * 2",
    "x.reshape(3, 4) @ B[:4]",
    "B.T @ x",
    "A @ B",
    "(x.reshape(3, 4).T + y[3:6]).flip(0)[1:, ::2]",
    "x[[0, 0, 3, 11]] * y[tensor([[1], [2]])]",
    "gather(x.reshape(3, 4), 1, [[0, 0], [1, 3], [2, 2]])",
    "cat([x[2:], y * x]) ^ 2",
    "stack([x, y], 1).sum(1)",
    "x.reshape(2, 6).mean(0) * x[:6] + x[6:]",
    "outer(x, y)",
    "x.tril() if x.ndim > 1 else diag(x) * y",
    "maximum(x, y) - relu(x) / (1 + y ^ 2)",
    "roll(x, 2) * x - x.flip(0)",
    "x.var() + y",
    "linalg.solve(A[:, :9] + 5 * eye(9), x[:9])",
    "log_softmax(A @ x, 0)[tensor([1, 3])]",
    "einsum('ij,jk->ik', A, B) * 2",
    "x.expand(2, 12)[:, 3:] * y[None, 3:]",
    "scatter_add(x, 0, [0, 0, 5, 5], y[:4] ^ 2)",
    "index_put(x, [tensor([1, 2, 1])], y[:3] * x[:3], True)",
    "x * detach(y) + y.sum() * 0",
    "x.double().repeat(2) * y[0]",
]


@pytest.mark.parametrize("expression", LARGER)
def test_larger_derivatives_are_those_of_the_plain_way(expression: str, way: str) -> None:
    output, sources, values = sources_and_values(expression, **X)
    found = jacobian(output, sources, values, room(way))
    for one, other in zip(found, plain_jacobian(output, sources, values), strict=True):
        np.testing.assert_allclose(one, other, 1e-9, 1e-11)
    number = weighted_sum(output, np.random.default_rng(3))
    blocks = hessian(number, sources, values, room(way))
    for place, block in plain_hessian(number, sources, values).items():
        np.testing.assert_allclose(blocks[place], block, 1e-8, 1e-9, err_msg=str(place))


@settings(max_examples=120, derandomize=True, deadline=None)
@given(smooth)
def test_random_graphs_have_the_derivatives_of_the_plain_way(text: str) -> None:
    try:
        graph = evaluation(text, **INPUTS)
    except DifftoolError:
        return
    sources = [graph.leaves[name] for name in ("x", "v", "s", "A")]
    values = values_at(graph.values)
    found = hessian(graph.result, sources, values, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix, "_SMALL", 0)
        patch.setattr(matrix, "_SPARSE", 1.0)
        sparse = hessian(graph.result, sources, values, None)
    for place, block in plain_hessian(graph.result, sources, values).items():
        # Zero times NaN is NaN in the plain way; structure knows that nothing depends on it.
        kept = np.isfinite(block)
        for blocks in (found, sparse):
            np.testing.assert_allclose(
                blocks[place][kept], block[kept], 1e-6, 1e-9, err_msg=str(place)
            )


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("x * 2", {"x": random(2, 0)}),
        ("sum(x * y)", {"x": random(0), "y": random(0)}),
        ("x[:0]", {"x": random(3)}),
        ("sin(x)", {"x": np.array(0.5)}),
        ("x * k", {"x": random(3), "k": np.array([1, 2, 3])}),
        ("k + 1", {"k": np.array([1, 2, 3])}),
        ("x.detach() * 2", {"x": random(3)}),
        ("x.long()", {"x": random(3)}),
        ("x + 0 * y", {"x": random(2, 1), "y": random(3)}),
        ("exp(x) * y", {"x": random(3).astype(np.float32), "y": np.float32(2)}),
        ("x @ y.float()", {"x": random(2, 3).astype(np.float32), "y": random(3)}),
        ("x.double() * y", {"x": random(3).astype(np.float32), "y": random(3)}),
        ("x.half().sum() * y", {"x": random(3), "y": random(10)}),
    ],
)
def test_any_shape_and_dtype(expression: str, inputs: dict[str, Array], way: str) -> None:
    output, sources, values = sources_and_values(expression, **inputs)
    found = jacobian(output, sources, values, room(way))
    for one, other, source in zip(
        found, plain_jacobian(output, sources, values), sources, strict=True
    ):
        assert one.shape == output.shape + source.shape
        assert one.dtype == (source.dtype if source.dtype.kind == "f" else one.dtype)
        np.testing.assert_allclose(one, other, 1e-6, 1e-6)
    if output.dtype.kind != "f":
        return
    number = weighted_sum(output, np.random.default_rng(3))
    blocks = hessian(number, sources, values, room(way))
    wanted = plain_hessian(number, sources, values)
    for (i, j), block in blocks.items():
        assert block.shape == sources[i].shape + sources[j].shape
        np.testing.assert_allclose(block, wanted[i, j], 1e-2, 1e-3)


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("A @ x", {"A": random(20, 30), "x": random(30)}),
        ("x @ Q @ x", {"x": random(30), "Q": random(30, 30)}),
        ("x[1:] * 2", {"x": random(30)}),
    ],
)
def test_results_are_the_callers_own(expression: str, inputs: dict[str, Array]) -> None:
    graph = evaluation(expression, **inputs)
    sources, values = [graph.leaves["x"]], values_at(graph.values)
    (result,) = jacobian(graph.result, sources, values, None)
    assert result.flags.writeable
    assert not any([np.shares_memory(result, array) for array in graph.values.values()])


def test_a_hessian_is_of_one_number() -> None:
    output, sources, values = sources_and_values("x ^ 2", x=random(3))
    for call in (
        lambda: hessian(output, sources, values, None),
        lambda: hvp(output, sources, [constant(random(3))], values),
    ):
        with pytest.raises(DifftoolError) as caught:
            call()
        assert caught.value.kind == "shape" and "sum" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("expression", "needed", "enough"),
    [("sum(exp(A @ x) ^ 2)", 30**2 * 8, 60_000), ("sum(sin(x * A @ x))", 30**2 * 8, 200_000)],
)
def test_memory_is_kept_within_its_limit(expression: str, needed: int, enough: int) -> None:
    graph = evaluation(expression, A=random(100, 30) / 20, x=random(30))
    sources, values = [graph.leaves["x"]], values_at(graph.values)
    whole = hessian(graph.result, sources, values, None)[0, 0]
    np.testing.assert_allclose(
        hessian(graph.result, sources, values, enough)[0, 0], whole, 1e-9, 1e-12
    )
    for limit in (needed - 1, needed + 1000):
        with pytest.raises(DifftoolError) as caught:
            hessian(graph.result, sources, values, limit)
        assert caught.value.kind == "limit"


@pytest.mark.parametrize(
    "expression", ["sum(exp(x * y) * x)", "sum(x) ^ 3", "sum(y)", "sum(x * 2)"]
)
def test_a_hessian_vector_product_is_one_of_the_hessian(expression: str) -> None:
    output, sources, values = sources_and_values(expression, x=random(3), y=random(2, 3))
    directions = [random(*source.shape, seed=5) for source in sources]
    found = hvp(output, sources, [constant(direction) for direction in directions], values)
    blocks = hessian(output, sources, values, None)
    for i, product in enumerate(found):
        wanted = sum(
            [
                np.tensordot(blocks[i, j], direction, direction.ndim)
                for j, direction in enumerate(directions)
            ]
        )
        assert product.shape == sources[i].shape
        np.testing.assert_allclose(product, wanted, 1e-10, 1e-12)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x @ Q @ x", True),
        ("sum((Q @ x - 1) ^ 2)", True),
        ("sum(x)", True),
        ("sum(Q)", True),
        ("sum(x ^ 3)", False),
        ("sum(exp(Q @ x))", False),
    ],
)
def test_a_constant_hessian_is_recognised(expression: str, expected: bool) -> None:
    graph = evaluation(expression, x=random(4), Q=random(4, 4))
    assert is_quadratic(graph.result, [graph.leaves["x"]]) is expected
