"""Forward mode: the derivative of a value along a direction of its inputs.

No operation has a second rule for it. A vector-Jacobian product is linear in its vector, so
differentiating it once more by that vector gives the Jacobian-vector product (J. Townsend, "A new
trick for calculating Jacobian vector products", 2017).
"""

from __future__ import annotations

from collections.abc import Mapping

from difftool.autodiff.reverse import at_full_size, gradients
from difftool.autodiff.simplify import simplify
from difftool.graph.node import Node, building_with
from difftool.operations.registry import constant, leaf, ops


def tangent(output: Node, tangents: Mapping[Node, Node]) -> Node:
    """The derivative of `output` as its sources move along `tangents`.

    Args:
        output: any shape.
        tangents: for each source a direction of its shape.

    Returns:
        A node of the output's shape, zeros where it does not depend on the sources.
    """
    if not output.requires_grad:
        return constant(0.0, output.dtype)
    # The derivative doesn't depend on the vector's value, so the vector never gets one.
    vector = leaf("vector", output.shape, output.dtype)
    adjoints = gradients(output, vector)
    with building_with(rewrite=simplify):
        total = None
        for source, direction in tangents.items():
            if source in adjoints:
                adjoint = at_full_size(adjoints[source], source.shape)
                part = ops.sum(adjoint * direction)
                total = part if total is None else total + part
    if total is None or not total.requires_grad:
        return constant(0.0, output.dtype)
    by_vector = gradients(total).get(vector)
    with building_with(rewrite=simplify):
        if by_vector is None:
            return at_full_size(constant(0.0, output.dtype), output.shape)
        return at_full_size(by_vector, output.shape)
