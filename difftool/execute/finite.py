"""Where NaN and infinity come from: the first node that made one of finite operands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"


def is_finite(value: Array) -> bool:
    """Whether every element is a finite number; integers and booleans always are."""
    return value.dtype.kind != "f" or bool(np.isfinite(value).all())


def first_nonfinite(nodes: Iterable[Node], values: Mapping[Node, Array]) -> Node | None:
    """The first of `nodes`, in their order, whose value isn't finite though its operands are.

    Nodes whose value was not kept are passed over.
    """
    for node in nodes:
        if node not in values or is_finite(values[node]):
            continue
        if all([source not in values or is_finite(values[source]) for source in node.inputs]):
            return node
    return None
