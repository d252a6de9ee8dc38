"""Patterns leave out no element that matters, and few seeds tell all about a sparse derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.autodiff import matrix
from difftool.autodiff.higher import hessian, jacobian
from difftool.autodiff.linear import collected
from difftool.autodiff.reverse import gradients_of
from difftool.autodiff.structure import coloured, patterns
from difftool.graph.node import Node
from difftool.graph.walk import ancestors
from difftool.operations import registry
from difftool.operations.registry import Check, leaf
from tests.autodiff.plain import plain_jacobian, values_at
from tests.gradient_checks import drawn
from tests.operations.derivatives import evaluation

Array = np.ndarray[Any, Any]

CHECKS = [
    pytest.param(check, id=f"{check.expression} {dict(check.shapes)}")
    for function in registry.functions()
    for check in function.checks
]


@pytest.mark.parametrize("check", CHECKS)
def test_a_pattern_holds_every_entry_that_is_not_zero(check: Check) -> None:
    graph = evaluation(check.expression, **drawn(check))
    values = values_at(graph.values)
    outputs = graph.result if isinstance(graph.result, tuple) else (graph.result,)
    for output in outputs:
        for source in graph.leaves.values():
            # The graph itself, linear or not, and that of its gradient in the seed.
            _assert_superset(output, source, plain_jacobian(output, [source], values)[0], values)
            if not output.requires_grad:
                continue
            seed = leaf("seed", output.shape, output.dtype)
            gradient = gradients_of(output, [source], seed)[source]
            if gradient is not None:
                transposed = plain_jacobian(output, [source], values)[0]
                wanted = transposed.reshape(output.size, source.size).T
                _assert_superset(gradient, seed, wanted, values)


def _assert_superset(target: Node, seed: Node, wanted: Array, values: matrix.Values) -> None:
    pattern = patterns([target], seed, seed.size, lambda node: values([node])[0])[target]
    if pattern is None:
        return
    assert pattern.shape[1:] == target.shape
    seen = np.zeros((target.size, seed.size + 1), bool)
    for layer in pattern.reshape((len(pattern), -1)):
        seen[np.arange(target.size), layer] = True
    assert not np.any(wanted.reshape(target.size, seed.size)[~seen[:, 1:]])


def seeds_needed(expression: str, second: bool, **inputs: Array) -> int | None:
    """How many seeds the derivative by x takes, None for all of them."""
    graph = evaluation(expression, **inputs)
    values = values_at(graph.values)
    x = graph.leaves["x"]
    output = graph.result
    if second:
        found = gradients_of(output, [x])[x]
        assert found is not None
        output = found
    seed = leaf("seed", output.shape, output.dtype)
    gradient = gradients_of(output, [x], seed)[x]
    assert gradient is not None
    (target,) = collected([gradient], seed)
    pattern = patterns([target], seed, seed.size // 2, lambda node: values([node])[0])[target]
    if pattern is None:
        return None
    colouring = coloured([pattern], seed.size)
    # No two elements of one colour go into the same place.
    pairs = np.stack([colouring.colours[colouring.elements], colouring.places])
    entries = np.unique(np.stack([colouring.elements, colouring.places]), axis=1)
    assert np.unique(pairs, axis=1).shape == entries.shape
    return colouring.needed


@pytest.mark.parametrize(
    ("expression", "second", "expected"),
    [
        ("sin(x) * x", False, 1),
        ("sum(x ^ 4)", True, 1),
        ("x[1:] * x[:-1]", False, 2),
        ("sum(100 * (x[1:] - x[:-1] ^ 2) ^ 2 + (1 - x[:-1]) ^ 2)", True, 3),
        ("sum((x[2:] - 2 * x[1:-1] + x[:-2]) ^ 2)", True, 5),
        ("x.reshape(8, 5) @ B", False, 3),
        ("x.reshape(8, 5).sum(1)", False, 1),
        ("x.reshape(8, 5).T.flip(0).exp()", False, 1),
        ("roll(x, 3) * x", False, 3),
        ("x[tensor([3, 3, 5])]", False, None),
        ("A @ x", False, None),
        ("sum(log1p(exp(A @ x)))", True, None),
    ],
)
def test_seeds_needed(expression: str, second: bool, expected: int | None) -> None:
    source = np.random.default_rng(0)
    inputs = {
        "x": source.standard_normal(40),
        "A": source.standard_normal((30, 40)),
        "B": source.standard_normal((5, 3)),
    }
    assert seeds_needed(expression, second, **inputs) == expected


def nodes_computed(expression: str, second: bool, **inputs: Array) -> list[Node]:
    """All nodes that a derivative by x was computed from."""
    graph = evaluation(expression, **inputs)
    plain = values_at(graph.values)
    targets: list[Node] = []

    def values(nodes: Any) -> list[Array]:
        targets.extend(nodes)
        return plain(nodes)

    if second:
        hessian(graph.result, [graph.leaves["x"]], values, None)
    else:
        jacobian(graph.result, [graph.leaves["x"]], values, None)
    return ancestors(targets)


@pytest.mark.parametrize(
    ("expression", "second"),
    [("x @ Q @ x", True), ("sum((Q + Q.T) * outer(x, x))", True), ("Q @ (2 * x)", False)],
)
def test_closed_forms_take_no_product_of_matrices(expression: str, second: bool) -> None:
    source = np.random.default_rng(0)
    inputs = {"x": source.standard_normal(40), "Q": source.standard_normal((40, 40))}
    products = [
        node
        for node in nodes_computed(expression, second, **inputs)
        if node.operation.name in ("mm", "bmm") and 1 not in node.shape
    ]
    assert not products


def test_factors_are_collected_before_the_batch() -> None:
    x = np.linspace(0.1, 1, 50)
    computed = nodes_computed("exp(sin(x) ^ 2) * x / (1 + x)", False, x=x)
    assert max([node.size for node in computed]) == x.size
