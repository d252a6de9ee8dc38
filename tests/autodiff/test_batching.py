"""A batch through a graph gives, row by row, what the graph gives for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from difftool.autodiff.batching import batched
from difftool.autodiff.reverse import gradients_of
from difftool.execute.eager import run
from difftool.execute.plan import plan
from difftool.graph.node import Node
from difftool.operations import registry
from difftool.operations.registry import Check, constant, leaf
from tests.gradient_checks import drawn
from tests.operations.derivatives import evaluation

Array = np.ndarray[Any, Any]
SIZE = 3

CHECKS = [
    pytest.param(check, id=f"{check.expression} {dict(check.shapes)}")
    for function in registry.functions()
    for check in function.checks
]


def computed(targets: Sequence[Node], known: Mapping[Node, Array]) -> list[Array]:
    values = dict(known)
    run(plan(targets, values), values)
    return [values[target] for target in targets]


def assert_rows(
    targets: Sequence[Node], points: Mapping[Node, Array], moved: Sequence[Node]
) -> None:
    """Assert that the targets over a batch of values for `moved` are the stacks of single ones.

    `points` holds SIZE values for each leaf, of which those not moved keep the first.
    """
    seeds = {node: leaf("batch", (SIZE, *node.shape), node.dtype) for node in moved}
    together = batched(targets, seeds)
    for node, target in zip(together, targets, strict=True):
        assert node.shape == (SIZE, *target.shape) and node.dtype == target.dtype
    fixed = {node: rows[0] for node, rows in points.items()}
    found = computed(together, {**fixed, **{seed: points[node] for node, seed in seeds.items()}})
    for row in range(SIZE):
        single = computed(targets, {**fixed, **{node: points[node][row] for node in moved}})
        for whole, wanted, target in zip(found, single, targets, strict=True):
            np.testing.assert_allclose(whole[row], wanted, 1e-9, 1e-11, err_msg=repr(target))


@pytest.mark.parametrize("check", CHECKS)
def test_a_batch_is_the_stack_of_its_rows(check: Check) -> None:
    draws = [drawn(check, seed) for seed in range(SIZE)]
    graph = evaluation(check.expression, **draws[0])
    points = {
        node: np.stack([draw[name] for draw in draws]) for name, node in graph.leaves.items()
    }
    leaves = list(points)
    outputs = graph.result if isinstance(graph.result, tuple) else (graph.result,)
    source = np.random.default_rng(7)
    for output in outputs:
        seed = leaf("seed", output.shape, output.dtype)
        points[seed] = source.standard_normal((SIZE, *output.shape))
        first = known_gradients(output, leaves, seed)
        targets = [output, *first]
        for gradient in first:
            if gradient.requires_grad:
                weight = constant(source.standard_normal(gradient.shape))
                targets.extend(known_gradients(gradient, [*leaves, seed], weight))
        for moved in [[seed], *map(list, chosen(leaves)), [*leaves, seed]]:
            assert_rows(targets, points, moved)


def chosen(leaves: Sequence[Node]) -> list[tuple[Node, ...]]:
    return [some for count in range(1, len(leaves) + 1) for some in combinations(leaves, count)]


def known_gradients(output: Node, leaves: Sequence[Node], seed: Node) -> list[Node]:
    if not output.requires_grad:
        return []
    return [found for found in gradients_of(output, leaves, seed).values() if found is not None]
