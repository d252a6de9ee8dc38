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
            try:
                values[node] = compute(node, [values[source] for source in node.inputs])
            except DifftoolError as error:
                raise error.at(node.span, None) from None
            except OverflowError:
                raise DifftoolError(
                    f"a number in {node.operation.name} is too large for {node.dtype.name}",
                    kind="value",
                    span=node.span,
                    hint="use a smaller one, or convert the tensor with .double()",
                ) from None
            except MemoryError:
                raise DifftoolError(
                    f"no memory for {node.operation.name} of shape {node.shape}",
                    kind="limit",
                    span=node.span,
                    hint="use smaller tensors",
                ) from None
            for done in released:
                del values[done]


def compute(node: Node, inputs: list[Array]) -> Array:
    """The value of one node, given its inputs' values, in the dtype the node promises."""
    wanted = node.operand_dtype
    if wanted is not None:
        inputs = [x if x.dtype == wanted else x.astype(wanted) for x in inputs]
    value = np.asarray(node.operation.kernel(*inputs, **node.parameters))
    return value if value.dtype == node.dtype else value.astype(node.dtype)
