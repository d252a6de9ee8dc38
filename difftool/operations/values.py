"""Values asked for while the graph is built, by functions whose result's shape depends on them.

`masked_select`, `nonzero`, `unique` and the like, and masks between brackets, call `value_of`. Who
runs an expression or a program sets `building.value`, which computes the node, or refuses where
the graph has to be the same for all inputs.
"""

from __future__ import annotations

from difftool.errors import DifftoolError
from difftool.graph.node import Node, building
from difftool.operations.registry import CONSTANT, Array


def value_of(node: Node) -> Array:
    """The value of `node`, now; not to be written to.

    Derivative rules don't ask: what they need to know is a parameter of the node.

    Raises:
        DifftoolError: kind "value" where a graph is built that no value may decide on.
    """
    if node.operation is CONSTANT:
        value: Array = node.parameters["value"]
        return value
    if building.value is None:
        raise DifftoolError(
            "the shape of what is computed here depends on values, which are not known yet",
            kind="value",
            hint="use where(...) to choose element by element",
        )
    return building.value(node)
