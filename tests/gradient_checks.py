"""Numeric checks of gradients: what the operations' declarations are tested by.

A check compares the graphs that differentiation builds with central differences of fourth order
along random directions: the gradient (reverse mode), the derivative along a direction (forward
mode) and the gradient of the gradient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from difftool.autodiff.forward import tangent
from difftool.autodiff.reverse import gradients_of
from difftool.evaluation import Evaluation
from difftool.execute.eager import run
from difftool.execute.engine import Engine
from difftool.execute.plan import plan
from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.language.parser import parse
from difftool.operations.registry import Check, constant

Array = np.ndarray[Any, Any]

STEP = 1e-3
TOLERANCE = 1e-7


def drawn(check: Check, seed: int = 0) -> dict[str, Array]:
    """Inputs for a check: from its domain, kept off its kinks."""
    source = np.random.default_rng(seed)
    low, high = check.domain
    inputs = {}
    for name, shape in check.shapes.items():
        values = source.uniform(low, high, shape)
        for kink in check.kinks:
            near = np.abs(values - kink) < 0.05
            values = np.where(near, kink + 0.1, values)
        inputs[name] = np.asarray(values)
    return inputs


def assert_gradients(expression: str, inputs: Mapping[str, Array], order: int = 2) -> None:
    """Assert that derivatives of `expression` agree with differences of its values."""
    graph = Evaluation(
        expression,
        parse(expression),
        inputs,
        differentiable=frozenset(inputs),
        dtype=float64,
        generator=lambda: None,
        engine=Engine(),
    )
    outputs = graph.result if isinstance(graph.result, tuple) else (graph.result,)
    leaves = list(graph.leaves.values())
    point = [graph.values[leaf] for leaf in leaves]
    for output in outputs:
        if output.requires_grad:
            _assert_derivatives(output, leaves, point, order, np.random.default_rng(1))


def _assert_derivatives(
    output: Node,
    leaves: Sequence[Node],
    point: Sequence[Array],
    order: int,
    source: np.random.Generator,
) -> None:
    weights = source.standard_normal(output.shape)
    directions = [source.standard_normal(leaf.shape) for leaf in leaves]
    found = gradients_of(output, leaves, constant(weights))
    gradients = [found[leaf] for leaf in leaves]

    along = _difference([output], leaves, point, directions)[0]
    forward = tangent(
        output, {leaf: constant(d) for leaf, d in zip(leaves, directions, strict=True)}
    )
    (forward_value,) = _values([forward], leaves, point)
    np.testing.assert_allclose(
        np.broadcast_to(forward_value, output.shape),
        along,
        TOLERANCE,
        TOLERANCE,
        err_msg="forward mode",
    )

    known = [gradient for gradient in gradients if gradient is not None]
    products = [
        float(np.sum(value * direction))
        for value, direction, gradient in zip(
            _filled(gradients, _values(known, leaves, point)), directions, gradients, strict=True
        )
        if gradient is not None
    ]
    np.testing.assert_allclose(
        sum(products), np.sum(weights * along), TOLERANCE, TOLERANCE, err_msg="reverse mode"
    )
    if order > 1:
        for gradient in known:
            if gradient.requires_grad:
                _assert_derivatives(gradient, leaves, point, order - 1, source)


def _filled(nodes: Sequence[Node | None], values: Sequence[Array]) -> list[Array]:
    waiting = iter(values)
    return [np.zeros(()) if node is None else next(waiting) for node in nodes]


def _values(
    targets: Sequence[Node], leaves: Sequence[Node], point: Sequence[Array]
) -> list[Array]:
    values = dict(zip(leaves, point, strict=True))
    run(plan(targets, values), values)
    return [values[target] for target in targets]


def _difference(
    targets: Sequence[Node],
    leaves: Sequence[Node],
    point: Sequence[Array],
    directions: Sequence[Array],
) -> list[Array]:
    """The derivative along `directions` by central differences of fourth order."""
    far: list[Array] = []
    near: list[Array] = []
    for step, into in ((2 * STEP, far), (STEP, near)):
        sides = [
            _values(
                targets,
                leaves,
                [x + sign * step * d for x, d in zip(point, directions, strict=True)],
            )
            for sign in (1, -1)
        ]
        into.extend([(plus - minus) / (2 * step) for plus, minus in zip(*sides, strict=True)])
    return [(4 * n - f) / 3 for n, f in zip(near, far, strict=True)]
