"""The directions to differentiate along: tangents as they were given, checked against the sources.

`derivatives` asks for them, for products in forward mode and with the Hessian.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from difftool.errors import DifftoolError, Span
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.registry import constant
from difftool.problem import Problem


def directions_of(
    problem: Problem, tangents: Mapping[str, Any]
) -> tuple[dict[str, Node], tuple[str, ...]]:
    """A node for each tangent, and the names of the sources that have none.

    Raises:
        DifftoolError: where there is no tangent at all, one of another shape than its source, or
            one for something that is no source.
    """
    sources = problem.sources
    if not tangents:
        name = next(iter(sources))
        raise DifftoolError(
            "there is no direction to differentiate along",
            kind="value",
            hint=f"give an input a tangent of its shape, as in --tangent {name}=TENSOR",
        )
    found = {}
    for name, given in tangents.items():
        if name not in sources:
            raise _no_source(name, problem)
        node = sources[name]
        array = np.asarray(given)
        if array.shape != node.shape:
            raise _fault(
                f"the tangent of {name} has shape {array.shape}, {name} has shape {node.shape}",
                "shape",
                "they must be the same",
                name,
            )
        if array.dtype.kind not in "fiub":
            raise _fault(f"the tangent of {name} holds no real numbers", "dtype", None, name)
        found[name] = constant(np.array(array, node.dtype))
    return found, tuple([name for name in sources if name not in found])


def _no_source(name: str, problem: Problem) -> DifftoolError:
    """The error for the tangent of something that is no source."""
    leaf = problem.evaluation.leaves.get(name)
    if leaf is None:
        names = ", ".join(problem.sources)
        return _fault(
            f"there is no input `{name}` to differentiate by", "name", f"the inputs: {names}", name
        )
    if not is_float(leaf.dtype):
        return _fault(
            f"only floating-point tensors can move along a tangent; {name} is {leaf.dtype.name}",
            "dtype",
            "write its numbers with a point (1.0)",
            name,
        )
    return _fault(
        f"`{name}` has a tangent, but it is a constant: --wrt names others",
        "name",
        f"add --wrt {name}, or leave its tangent out",
        name,
    )


def _fault(message: str, kind: str, hint: str | None, name: str) -> DifftoolError:
    span = Span(0, len(name))
    return DifftoolError(message, kind=kind, hint=hint, span=span, source=name, place="--tangent")
