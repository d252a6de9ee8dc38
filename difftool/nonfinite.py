"""Where NaN and infinity in a result come from: the warnings of a request, in its own words.

A session and `derivatives` ask for them when a result isn't finite; `execute.finite` finds the
node, `report.build` says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.autodiff.reverse import contributions, gradients
from difftool.evaluation import Evaluation
from difftool.execute.finite import first_nonfinite
from difftool.graph.node import Node
from difftool.graph.walk import ancestors
from difftool.operations.registry import constant, ops
from difftool.report.build import Texts, backward_warning, forward_warning

Array: TypeAlias = "np.ndarray[Any, Any]"


def texts_of(evaluation: Evaluation) -> Texts:
    """The text of each node of an evaluation."""
    return Texts(evaluation.program, evaluation.names)


def first_made(
    outputs: Sequence[Node], evaluation: Evaluation, adjoints: Mapping[Node, Node]
) -> tuple[str, ...]:
    """Say which node made the first NaN or infinity: forward first, then backward.

    Args:
        outputs: what was asked for.
        evaluation: the program they are of.
        adjoints: the gradient of each node that has one.

    Returns:
        One warning, or none where every value and every gradient is finite.
    """
    forward = ancestors(outputs)
    evaluation.compute([*forward, *adjoints.values()])
    texts = texts_of(evaluation).of(forward)
    culprit = first_nonfinite(forward, evaluation.values)
    if culprit is not None:
        return (forward_warning(culprit, texts, evaluation.values),)
    values = {node: evaluation.values[adjoint] for node, adjoint in adjoints.items()}

    def parts(node: Node) -> dict[Node, Array]:
        found = contributions(node, adjoints[node])
        evaluation.compute(list(found.values()))
        return {source: evaluation.values[part] for source, part in found.items()}

    return backward_warning(forward, texts, values, parts)


def first_made_by_derivative(output: Node, evaluation: Evaluation) -> tuple[str, ...]:
    """The same for a derivative that has no gradient of its own for each node.

    The walk back from the sum of the output meets the function whose derivative isn't finite.
    """
    adjoints: dict[Node, Node] = {}
    if output.requires_grad:
        one = ops.expand(constant(1.0, output.dtype), output.shape)
        adjoints = gradients(output, one)
    return first_made([output], evaluation, adjoints)
