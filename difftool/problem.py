"""A problem: an expression run to its graph, with the inputs it is to be differentiated by.

A session makes it, for its own gradients and for `derivatives`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.autodiff.reverse import checked_seed, checked_shape, gradients
from difftool.errors import DifftoolError, Span
from difftool.evaluation import Evaluation
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.registry import constant

Array: TypeAlias = "np.ndarray[Any, Any]"


class Problem(NamedTuple):
    """What to differentiate.

    Attributes:
        expression: the text.
        evaluation: the program, run; it computes nodes.
        output: the result.
        nodes: everything the output is computed from, inputs before users.
        sources: what to differentiate by: inputs by name, then leaves that the text makes.
        seed: the seed that random numbers were drawn with, or None.
        max_memory: bytes that values may fill; None: any number.
    """

    expression: str
    evaluation: Evaluation
    output: Node
    nodes: list[Node]
    sources: dict[str, Node]
    seed: int | None
    max_memory: int | None

    def is_constant(self) -> bool:
        """Whether the output uses no source at all, so that every derivative is zero.

        Raises:
            DifftoolError: if it uses one, but no gradient passes on the way (detach, argmax).
        """
        if self.output.requires_grad:
            return False
        if set(self.nodes).intersection(self.sources.values()):
            checked_seed(self.output, constant(np.broadcast_to(1.0, self.output.shape)))
        return True

    def adjoints(self, grad_output: Any) -> dict[Node, Node]:
        """The gradient of each node; none at all where the output uses no source.

        Args:
            grad_output: the gradient of the output, an array of its shape; None: 1.
        """
        seed = None
        if grad_output is not None:
            with np.errstate(over="ignore"):  # too large for a narrow dtype is infinite in it
                seed = constant(np.asarray(grad_output).astype(self.output.dtype))
        checked_shape(self.output, seed)
        return {} if self.is_constant() else gradients(self.output, seed)

    def values(self, nodes: Sequence[Node]) -> list[Array]:
        """The values of nodes. Those of the expression itself are kept, all others are not."""
        known = {*self.nodes, *self.evaluation.values}
        self.evaluation.compute(nodes)
        found = [self.evaluation.values[node] for node in nodes]
        for node in nodes:
            if node not in known:
                self.evaluation.values.pop(node, None)
        return found


def chosen(wrt: Sequence[str] | None, inputs: Mapping[str, Array]) -> frozenset[str]:
    """The names of the inputs that gradients are asked for."""
    if wrt is None:
        return frozenset(inputs)
    for name in wrt:
        if name not in inputs:
            hint = f"the inputs are: {', '.join(inputs) or 'none'}"
            if set(map(str.strip, name.split(","))) <= set(inputs):
                hint = "give each name its own --wrt"
            raise DifftoolError(
                f"there is no input `{name}` to differentiate by",
                kind="name",
                hint=hint,
                span=Span(0, len(name)),
                source=name,
                place="--wrt",
            )
        if not is_float(inputs[name].dtype):
            raise DifftoolError(
                f"only floating-point tensors have gradients; {name} is {inputs[name].dtype.name}",
                kind="dtype",
                hint="write its numbers with a point (1.0), or leave it out of --wrt",
                span=Span(0, len(name)),
                source=name,
                place="--wrt",
            )
    return frozenset(wrt)


def sources_of(evaluation: Evaluation, nodes: Sequence[Node]) -> dict[str, Node]:
    """The leaves that gradients are reported for: inputs in their order, then the text's own."""
    inputs = {name: node for name, node in evaluation.leaves.items() if node.requires_grad}
    for node in nodes:
        if node.requires_grad and not node.inputs and node not in inputs.values():
            name = evaluation.names.get(node, node.operation.name)
            if node not in evaluation.names or name in inputs:
                name = f"{name}#{len(inputs)}"
            inputs[name] = node
    return inputs


def nothing_to_differentiate(leaves: Mapping[str, Node]) -> DifftoolError:
    integers = [name for name, node in leaves.items() if not is_float(node.dtype)]
    if integers:
        name = integers[0]
        return DifftoolError(
            f"only floating-point tensors have gradients; {name} is {leaves[name].dtype.name}",
            kind="dtype",
            hint="write its numbers with a point (1.0)",
        )
    return DifftoolError(
        "the expression has no input to differentiate by",
        kind="value",
        hint='use a name and give it a value, as in: difftool grad "x^2" --x 3',
    )
