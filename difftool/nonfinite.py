"""Where NaN and infinity in a result come from: the warnings of a request, in its own words.

A session and `derivatives` ask for them when a result isn't finite; `report.build` says what the
node is that made it so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.autodiff.reverse import contributions, gradients
from difftool.errors import DifftoolError
from difftool.evaluation import Evaluation
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
    finite = evaluation.finite([*forward, *adjoints.values()])
    texts = texts_of(evaluation).of(forward)
    for node in forward:
        if not finite[node] and all([finite[source] for source in node.inputs]):
            return (forward_warning(node, texts, _value(evaluation, node)),)

    def part(user: Node, source: Node) -> Array | None:
        """What a node by itself adds to an input's gradient, if that isn't finite."""
        found = contributions(user, adjoints[user]).get(source)
        if found is None or evaluation.finite([found])[found]:
            return None
        return _value(evaluation, found)

    return backward_warning(
        forward,
        texts,
        {node: finite[adjoint] for node, adjoint in adjoints.items()},
        lambda node: _value(evaluation, adjoints[node]),
        part,
    )


def _value(evaluation: Evaluation, node: Node) -> Array:
    """The value of a node that isn't finite; where there is no room for it, NaN."""
    try:
        evaluation.compute([node])
    except DifftoolError as error:
        if error.kind != "limit":
            raise
        return np.array(np.nan)
    return evaluation.values[node]


def first_made_by_derivative(output: Node, evaluation: Evaluation) -> tuple[str, ...]:
    """The same for a derivative that has no gradient of its own for each node.

    The walk back from the sum of the output meets the function whose derivative isn't finite.
    """
    adjoints: dict[Node, Node] = {}
    if output.requires_grad:
        one = ops.expand(constant(1.0, output.dtype), output.shape)
        adjoints = gradients(output, one)
    return first_made([output], evaluation, adjoints)
