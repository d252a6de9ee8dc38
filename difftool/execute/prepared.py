"""Prepared computations: planned once, run often.

Small tensors run as a straight line of kernel calls (`straight`), large ones in blocks (`blocked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from threading import Lock
from typing import Any, TypeAlias
from weakref import ref

import numpy as np

from difftool.execute import blocked
from difftool.execute.engine import Engine, is_large
from difftool.execute.lower import lowered
from difftool.execute.memory import check_memory
from difftool.execute.passes import Passes
from difftool.execute.plan import plan
from difftool.execute.schedule import passes
from difftool.execute.straight import Line
from difftool.execute.worker import Spare
from difftool.graph.dtype import DType
from difftool.graph.node import Node, Shape

Array: TypeAlias = "np.ndarray[Any, Any]"


class _Memory(np.ndarray[Any, Any]):
    """Bytes that results lie in.

    Its type is not that of a result: so NumPy lets a part of a result hold the result itself, and
    not these bytes, and a result that is gone has no parts left.
    """


class Results:
    """The memory of large results: what nobody holds any more is used again.

    Memory that is new has to be cleared by the system, page by page, when it is first written,
    which costs as much as several kernels.

    Args:
        most: how many arrays are remembered; the memory of others is let go with them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lent: list[tuple[_Memory, ref[Array]]] = []
        self._lock = Lock()

    def array(self, shape: Shape, dtype: DType) -> Array:
        """An array whose memory no other array that is held has."""
        size = prod(shape) * dtype.itemsize
        with self._lock:
            for place, (memory, result) in enumerate(self._lent):
                if memory.size == size and result() is None:
                    del self._lent[place]
                    break
            else:
                memory = _Memory(size, np.uint8)
            array: Array = np.ndarray(shape, dtype, memory)
            if len(self._lent) < self._most:
                self._lent.append((memory, ref(array)))
            return array


class Prepared:
    """A computation that is planned and can be run often, from several threads at once.

    Args:
        engine: says how values are computed, and how much memory they may fill.
        targets: what to compute.
        inputs: the leaves whose values come with each run.

    Raises:
        DifftoolError: kind "limit" if it needs too much memory.
    """

    def __init__(self, engine: Engine, targets: Sequence[Node], inputs: Sequence[Node]) -> None:
        new = lowered(targets, set(inputs))
        self._targets = [new.get(node, node) for node in targets]
        self._inputs = inputs
        self._threads = engine.threads or blocked.default_threads()
        self._passes: Passes | None = None
        steps = plan(self._targets, set(inputs))
        if engine.name != "eager" and (engine.name == "blocked" or is_large(steps)):
            self._passes = passes(self._targets, set(inputs))
        if self._passes is None:
            at = None if steps.largest is None else steps.largest.span
            check_memory(steps.peak_bytes, engine.max_memory, at)
        else:
            at = None if self._passes.largest is None else self._passes.largest.span
            check_memory(self._passes.peak_bytes(self._threads), engine.max_memory, at)
        self._spare = Spare()
        # The results of one call are often held while the next one computes its own.
        memory = Results(2 * len(self._targets))
        self._places = {node: memory.array for node in self._targets}
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
        blocked.run(steps, values, self._threads, self._places, self._spare)
        results: list[Array] = []
        for node in self._targets:
            value = values[node]
            taken = (*arrays, *results)
            if not value.flags.writeable or any([np.may_share_memory(value, x) for x in taken]):
                value = value.copy()
            results.append(value)
        return results
