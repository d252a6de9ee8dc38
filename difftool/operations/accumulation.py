"""Accumulations: a result over all of a tensor, put together from what its blocks give.

Shares are combined pair by pair in a fixed order, so a sum of many blocks loses no more digits than
NumPy's pairwise sums, whoever computes the blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from difftool.graph.node import Node


class Accumulation(NamedTuple):
    """How an operation's result comes from blocks of its inputs.

    Attributes:
        share: what one block gives: `(*blocks, **parameters)`.
        combine: what two neighbouring blocks give together.
        finish: the result of what all blocks give: `(node, total)`.
    """

    share: Callable[..., Any]
    combine: Callable[[Any, Any], Any] = np.add
    finish: Callable[[Node, Any], Any] = lambda node, total: total
