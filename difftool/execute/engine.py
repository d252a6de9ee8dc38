"""Which engine computes what: node by node, or in blocks where tensors are too large for that.

Small values are computed one whole node after the other (`eager`). Where a tensor outgrows the
processor's caches, the graph is lowered and cut into passes over blocks (`blocked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute import eager
from difftool.execute.memory import check_memory
from difftool.execute.plan import Plan, plan
from difftool.graph.node import Node

# What cuts graphs into blocks is imported when there is something to cut: most requests are small.
if TYPE_CHECKING:
    from difftool.execute.blocked import Memory
    from difftool.execute.passes import Passes

Array: TypeAlias = "np.ndarray[Any, Any]"

ENGINES = ("auto", "eager", "blocked")

# Bytes of a tensor from which on it is computed in blocks. Below, making the passes costs more.
IN_BLOCKS = 2**22

NOWHERE: Mapping[Node, Memory] = {}


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

    def called(self, name: str, threads: int | None) -> Engine:
        """The same with another name and number of threads.

        Raises:
            DifftoolError: kind "argument" for a name that no engine has.
        """
        if name not in ENGINES:
            raise DifftoolError(
                f"there is no engine {name!r}",
                kind="argument",
                hint=f"choose {', '.join(ENGINES[:-1])} or {ENGINES[-1]}",
            )
        return self._replace(name=name, threads=threads)

    def compute(
        self,
        targets: Iterable[Node],
        values: MutableMapping[Node, Array],
        places: Mapping[Node, Memory] = NOWHERE,
    ) -> None:
        """Compute `targets` into `values`, which holds what is known.

        Args:
            places: for a target the function that gives the memory to write it to, such as a file
                mapped into memory; it is used where the target is computed in blocks.

        Raises:
            DifftoolError: kind "limit" before anything is allocated, if it needs too much memory.
        """
        wanted = list(targets)
        steps = plan(wanted, values)
        if self.name != "eager" and (self.name == "blocked" or is_large(steps)):
            from difftool.execute.lower import lowered
            from difftool.execute.schedule import passes

            new = lowered(wanted, values)
            found = passes([new.get(node, node) for node in wanted], values)
            if found is not None:
                self._in_blocks(found, values, {new.get(x, x): give for x, give in places.items()})
                for node, computed in [(node, new[node]) for node in wanted if node in new]:
                    values[node] = values[computed]
                return
        at = None if steps.largest is None else steps.largest.span
        check_memory(steps.peak_bytes, self.max_memory, at)
        eager.run(steps, values)

    def _in_blocks(
        self,
        found: Passes,
        values: MutableMapping[Node, Array],
        places: Mapping[Node, Memory],
    ) -> None:
        from difftool.execute import blocked

        threads = self.threads or blocked.default_threads()
        at = None if found.largest is None else found.largest.span
        check_memory(found.peak_bytes(threads, places), self.max_memory, at)
        blocked.run(found, values, threads, places)


def is_large(steps: Plan) -> bool:
    """Whether a node or an input of one is so large that it is computed in blocks."""
    forms = {(node.shape, node.dtype) for node in steps.order}
    forms.update([(source.shape, source.dtype) for node in steps.order for source in node.inputs])
    return any([prod(shape) * dtype.itemsize >= IN_BLOCKS for shape, dtype in forms])
