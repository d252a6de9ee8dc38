"""The eager engine: node by node, each value whole."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute.plan import Plan
from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"


def run(plan: Plan, values: MutableMapping[Node, Array]) -> None:
    """Compute the plan's nodes into `values`, which holds those the plan took for known.

    Values that nobody needs any more are removed from `values` on the way.

    Raises:
        DifftoolError: what a kernel refuses (a singular matrix, a number that its integers can't
            hold), with the node's span; kind "limit" when no memory is left after all.
    """
    with np.errstate(all="ignore"):
        for node, released in zip(plan.order, plan.released, strict=True):
            values[node] = computed(node, [values[source] for source in node.inputs])
            for done in released:
                del values[done]


def computed(node: Node, inputs: list[Array]) -> Array:
    """The value of one node; what its kernel refuses is placed where the node stands."""
    try:
        return compute(node, inputs)
    except (DifftoolError, OverflowError, MemoryError) as error:
        raise placed(error, node) from None


def placed(error: DifftoolError | OverflowError | MemoryError, node: Node) -> DifftoolError:
    """The error that a node's kernel raised, in our words and with the node's span."""
    if isinstance(error, DifftoolError):
        return error.at(node.span, None)
    if isinstance(error, OverflowError):
        return DifftoolError(
            f"a number in {node.operation.name} is too large for {node.dtype.name}",
            kind="value",
            span=node.span,
            hint="use a smaller one, or convert the tensor with .double()",
        )
    return DifftoolError(
        f"no memory for {node.operation.name} of shape {node.shape}",
        kind="limit",
        span=node.span,
        hint="use smaller tensors",
    )


def compute(node: Node, inputs: list[Array]) -> Array:
    """The value of one node, given its inputs' values, in the dtype the node promises."""
    wanted = node.operand_dtype
    if wanted is not None:
        inputs = [x if x.dtype == wanted else x.astype(wanted) for x in inputs]
    value = np.asarray(node.operation.kernel(*inputs, **node.parameters))
    return value if value.dtype == node.dtype else value.astype(node.dtype)
