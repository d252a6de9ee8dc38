"""Which engine computes what: node by node, or in blocks where tensors are too large for that.

Small values are computed one whole node after the other (`eager`). Where a tensor outgrows the
processor's caches, the graph is lowered and cut into passes over blocks (`blocked`).
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.execute import blocked, eager
from difftool.execute.lower import lowered
from difftool.execute.memory import check_memory
from difftool.execute.passes import Passes, passes
from difftool.execute.plan import Plan, plan
from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"

ENGINES = ("auto", "eager", "blocked")

# Elements of a tensor from which on it is computed in blocks.
IN_BLOCKS = 2**18


class Engine(NamedTuple):
    """How values are computed.

    Attributes:
        name: "eager", "blocked", or "auto" for what suits the sizes.
        threads: how many compute blocks at once; None: one for each core of the processor.
        max_memory: bytes that values may fill; None: any number.
    """

    name: str = "auto"
    threads: int | None = None
    max_memory: int | None = None

    def compute(
        self,
        targets: Iterable[Node],
        values: MutableMapping[Node, Array],
        allocate: blocked.Allocate = blocked.new_array,
    ) -> None:
        """Compute `targets` into `values`, which holds what is known.

        Args:
            allocate: gives the memory for a large target that is computed in blocks.

        Raises:
            DifftoolError: kind "limit" before anything is allocated, if it needs too much memory.
        """
        wanted = list(targets)
        steps = plan(wanted, values)
        if self.name != "eager" and (self.name == "blocked" or _is_large(steps)):
            new = lowered(wanted, values)
            found = passes([new.get(node, node) for node in wanted], values)
            if found is not None:
                self._in_blocks(found, values, allocate)
                for node, computed in [(node, new[node]) for node in wanted if node in new]:
                    values[node] = values[computed]
                return
        at = None if steps.largest is None else steps.largest.span
        check_memory(steps.peak_bytes, self.max_memory, at)
        eager.run(steps, values)

    def _in_blocks(
        self, found: Passes, values: MutableMapping[Node, Array], allocate: blocked.Allocate
    ) -> None:
        threads = self.threads or blocked.default_threads()
        largest = max(found.nodes, key=lambda node: node.nbytes)
        check_memory(found.peak_bytes(threads), self.max_memory, largest.span)
        blocked.run(found, values, threads, allocate)


def _is_large(steps: Plan) -> bool:
    """Whether a node or an input of one has so many elements that it is computed in blocks."""
    shapes = {node.shape for node in steps.order}
    shapes.update([source.shape for node in steps.order for source in node.inputs])
    return any([prod(shape) >= IN_BLOCKS for shape in shapes])
