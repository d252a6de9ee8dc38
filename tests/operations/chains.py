"""The grad_fn chain of a node as a line of text: "AddBackward0(x, ViewBackward0(y))"."""

from __future__ import annotations

from difftool.graph.node import Node
from difftool.graph.walk import grad_fn, next_nodes


def chain(node: Node) -> str:
    """Names of backward functions with what they pass gradients to; leaves by their names."""
    if not node.requires_grad:
        return "-"
    name = grad_fn(node)
    if name is None:
        return str(node.parameters["name"])
    return f"{name}({', '.join([chain(source) for source in next_nodes(node)])})"
