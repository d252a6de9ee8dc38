"""A batch through a graph gives, row by row, what the graph gives for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
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
from difftool.operations.registry import Check, Operation, constant, leaf
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


def operations() -> list[Operation]:
    """Every operation that has inputs, those that only composites use included."""
    found = {}
    for family in registry.FAMILIES:
        for value in vars(import_module(f"difftool.operations.{family}")).values():
            if isinstance(value, Operation) and "()" not in value.signatures[0]:
                found[id(value)] = value
    return list(found.values())


# What has no rule and is computed for each row by itself: PyTorch's layers with weights, for which
# rows are rows already, and what searches or counts and passes no gradient.
REPEATED = """
batch_norm bilinear embedding embedding_bag group_norm layer_norm conv_tbc grid_sample
scaled_dot_product_attention pdist dist renorm topk_places multi_margin_loss multilabel_margin_loss
ctc_loss ctc_slopes linalg.lu_solve ldl_solve solve_ex
bincount histc histogram histogram_edges histogramdd histogramdd_edges searchsorted unique
"""


def test_which_operations_are_repeated_for_each_row() -> None:
    found = {operation.name for operation in operations() if operation.batch is None}
    assert found == set(REPEATED.split())


SINGLE: dict[str, Array] = {
    "x": np.linspace(-1, 1, 12).reshape(SIZE, 2, 2),
    "v": np.linspace(0.5, 2, 2 * SIZE).reshape(SIZE, 2),
    "s": np.linspace(-1, 1, SIZE),
    "f": np.linspace(-1, 1, 2 * SIZE, dtype=np.float32).reshape(SIZE, 2),
    "w": np.linspace(1, 2, 2 * SIZE).reshape(SIZE, 2),
}


@pytest.mark.parametrize("moved", ["x", "v", "s", "f", "w", "xv", "vs", "xvsfw"])
@pytest.mark.parametrize(
    "expression",
    [
        "f * s",
        "where(x > 0, f, s)",
        "x[argmax(v)]",
        "x[:, argmax(x, 1)]",
        "x[argmax(x, 0), argmax(x, 1)]",
        "x.unsqueeze(1)[argmax(x, 0), :, argmax(x, 1)]",
        "gather(x, 1, argmax(x, 1, True))",
        "gather(s, 0, argmax(s * v.sum()))",
        "scatter_add(s, 0, argmax(s * v.sum()), v.sum())",
        "scatter_add(v, 0, argmax(x, 1), v)",
        "index_put(v, [argmax(x, 1)], s, True)",
        "index_put(x, [argmax(x, 1)], v, True)",
        "index_put(x.unsqueeze(1), [argmax(x, 1), 0 * argmax(x, 0)], v, True)",
        "x.unsqueeze(2)[tensor([0, 1, 1]), :, tensor([0, 0, 0])] * v[0]",
        "index_put(x.unsqueeze(0), [tensor([0, 0]), tensor([1, 0])], v)",
        "index_put(x[None, :, None], [tensor([0, 0]), tensor([0, 0])], v[:1], dims=(0, 2))",
        "index_put(x[None, :, None], [argmax(v) * 0, argmax(v) * 0], v, dims=(0, 2))",
        "argmax(x)",
        "argmax(s, 0, True)",
        "argmin(x, 1, True) + s",
        "max(x) + min(s)",
        "any(x > s)",
        "cat([v, zeros(0), f])",
        "cat([zeros(0), s.reshape(1) * v[:0]])",
        "stack([s, v[0], tensor(2.)])",
        "nll_loss(x, argmax(x, 1), w.detach())",
        "nll_loss(x, tensor([0, -100]), w.detach(), reduction='sum')",
        "nll_loss(v, argmax(v), reduction='mean')",
        "cross_entropy(x, tensor([0, 1]), ignore_index=1)",
        "mse_loss(x, v, reduction='mean') + mse_loss(s, s * 2)",
        "solve(x @ x.T + eye(2), v)",
        "solve(x @ x.T + eye(2), x)",
        "solve(stack([x @ x.T, x @ x.T]) + eye(2), v)",
        "solve(x @ x.T + eye(2), stack([x, x * 2]), left=False)",
        "clamp(x, v, v + 1)",
        "masked_fill(x, x > 0.1, s)",
        "softmax(s, 0) + log_softmax(s, -1) + cumsum(s, 0) + cumprod(s, 0)",
        "prod(x) + prod(x, 0) + prod(s) + prod(x, 1, True)",
        "trace(x) + x.t().sum() + v.t() + flip(s, 0) + transpose(s, 0, 0)",
        "roll(x, 1) + repeat(v, 2, 1) + x.expand(2, 2, 2)",
        "var(x) + std(x, 0) + norm(x, 3) + logsumexp(x, (0, 1))",
        "clone(x).contiguous()[...].detach()",
        "tril(x) + diag(v) + diagonal(x, 1).sum()",
        "x.float() * s + f.half().double()",
        "all(x > s, dim=0)",
        "det(x + 2 * eye(2)) * inv(x + 2 * eye(2))",
    ],
)
def test_indices_dtypes_and_numbers_may_be_batches_too(expression: str, moved: str) -> None:
    graph = evaluation(expression, **{name: rows[0] for name, rows in SINGLE.items()})
    points = {node: SINGLE[name] for name, node in graph.leaves.items()}
    outputs = graph.result if isinstance(graph.result, tuple) else (graph.result,)
    assert_rows(outputs, points, [graph.leaves[name] for name in moved])
