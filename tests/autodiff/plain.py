"""Jacobians and Hessians the plain way: one pass for each row, nothing clever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from difftool.autodiff.matrix import Values
from difftool.autodiff.reverse import gradients_of
from difftool.execute.eager import run
from difftool.execute.plan import plan
from difftool.graph.node import Node
from difftool.operations.registry import constant, ops

Array = np.ndarray[Any, Any]


def values_at(point: Mapping[Node, Array]) -> Values:
    """Computes nodes, given values of the leaves."""

    def values(targets: Sequence[Node]) -> list[Array]:
        known = dict(point)
        run(plan(targets, known), known)
        return [known[target] for target in targets]

    return values


def plain_jacobian(output: Node, sources: Sequence[Node], values: Values) -> list[Array]:
    """The derivative of each element of `output`, one vector-Jacobian product after the other."""
    results = [np.zeros((output.size, source.size), source.dtype) for source in sources]
    for row in range(output.size) if output.requires_grad else ():
        seed = np.zeros(output.size, output.dtype)
        seed[row] = 1
        found = gradients_of(output, sources, constant(seed.reshape(output.shape)))
        for result, source in zip(results, sources, strict=True):
            gradient = found[source]
            if gradient is not None:
                result[row] = values([gradient])[0].reshape(-1)
    return [
        result.reshape(output.shape + source.shape)
        for result, source in zip(results, sources, strict=True)
    ]


def plain_hessian(
    output: Node, sources: Sequence[Node], values: Values
) -> dict[tuple[int, int], Array]:
    """The Jacobians of the gradients."""
    blocks = {}
    found = gradients_of(output, sources) if output.requires_grad else {}
    for i, source in enumerate(sources):
        gradient = found.get(source)
        for j, other in enumerate(sources):
            blocks[i, j] = np.zeros(source.shape + other.shape, source.dtype)
            if gradient is not None:
                blocks[i, j] = plain_jacobian(gradient, [other], values)[0]
    return blocks


def weighted_sum(output: Node, source: np.random.Generator) -> Node:
    """One number that all elements of `output` go into, with second derivatives."""
    weights = constant(source.standard_normal(output.shape))
    total: Node = ops.sum(output * output * weights + output * weights)
    return total
