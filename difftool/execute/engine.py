"""Which engine computes what: node by node, or in blocks where tensors are too large for that.

Small values are computed one whole node after the other (`eager`). Where a tensor outgrows the
processor's caches, the graph is lowered and cut into passes over blocks (`blocked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute import blocked, eager
from difftool.execute.lower import lowered
from difftool.execute.memory import check_memory
from difftool.execute.passes import Passes, passes
from difftool.execute.plan import Plan, plan
from difftool.execute.straight import Line
from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"

ENGINES = ("auto", "eager", "blocked")

# Elements of a tensor from which on it is computed in blocks.
IN_BLOCKS = 2**18

NOWHERE: Mapping[Node, blocked.Memory] = {}


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
        places: Mapping[Node, blocked.Memory] = NOWHERE,
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
        if self.name != "eager" and (self.name == "blocked" or _is_large(steps)):
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
        places: Mapping[Node, blocked.Memory],
    ) -> None:
        threads = self.threads or blocked.default_threads()
        at = None if found.largest is None else found.largest.span
        check_memory(found.peak_bytes(threads, places), self.max_memory, at)
        blocked.run(found, values, threads, places)


    def prepare(self, targets: Sequence[Node], inputs: Sequence[Node]) -> Prepared:
        """Plan the computation of `targets`, for values of `inputs` that come later.

        Raises:
            DifftoolError: kind "limit" if it needs too much memory.
        """
        return Prepared(self, targets, inputs)


class Prepared:
    """A computation that is planned and can be run often, from several threads at once."""

    def __init__(self, engine: Engine, targets: Sequence[Node], inputs: Sequence[Node]) -> None:
        new = lowered(targets, set(inputs))
        self._targets = [new.get(node, node) for node in targets]
        self._inputs = inputs
        self._threads = engine.threads or blocked.default_threads()
        self._passes: Passes | None = None
        steps = plan(self._targets, set(inputs))
        if engine.name != "eager" and (engine.name == "blocked" or _is_large(steps)):
            self._passes = passes(self._targets, set(inputs))
        if self._passes is None:
            at = None if steps.largest is None else steps.largest.span
            check_memory(steps.peak_bytes, engine.max_memory, at)
        else:
            at = None if self._passes.largest is None else self._passes.largest.span
            check_memory(self._passes.peak_bytes(self._threads), engine.max_memory, at)
        # Lines that are not running: each runs one computation at a time.
        self._idle: list[Line] = []

    def run(self, arrays: Sequence[Array]) -> list[Array]:
        """The values of the targets, in new arrays.

        Args:
            arrays: a value for each input, of its shape and dtype.
        """
        if self._passes is not None:
            return self._in_blocks(self._passes, arrays)
        with np.errstate(all="ignore"):
            try:
                line = self._idle.pop()
            except IndexError:
                line = Line(self._targets, self._inputs)
            results = line.run(arrays)
        self._idle.append(line)
        return results

    def _in_blocks(self, steps: Passes, arrays: Sequence[Array]) -> list[Array]:
        values = dict(zip(self._inputs, arrays, strict=True))
        blocked.run(steps, values, self._threads)
        results: list[Array] = []
        for node in self._targets:
            value = values[node]
            taken = (*arrays, *results)
            if not value.flags.writeable or any([np.may_share_memory(value, x) for x in taken]):
                value = value.copy()
            results.append(value)
        return results


def _is_large(steps: Plan) -> bool:
    """Whether a node or an input of one has so many elements that it is computed in blocks."""
    shapes = {node.shape for node in steps.order}
    shapes.update([source.shape for node in steps.order for source in node.inputs])
    return any([prod(shape) >= IN_BLOCKS for shape in shapes])
