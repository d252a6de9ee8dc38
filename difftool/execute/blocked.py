"""The blocked engine: runs passes on threads, a block at a time.

Each thread has registers and buffers of its own and takes the next block that nobody has taken.
NumPy lets other threads run while it computes, so they share the processor's cores. Shares of a
sum are combined in a tree over the numbers of the blocks, so that the result does not depend on
the threads.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, MutableMapping
from itertools import count
from typing import Any, TypeAlias

import numpy as np

from difftool.execute.eager import computed, placed
from difftool.execute.passes import Loop, Passes
from difftool.execute.worker import Spare, Worker
from difftool.graph.dtype import DType
from difftool.graph.node import Node, Shape

Array: TypeAlias = "np.ndarray[Any, Any]"
Memory: TypeAlias = Callable[[Shape, DType], Array]

Values: TypeAlias = list[Any]


def default_threads() -> int:
    """As many threads as there are processor cores for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    passes: Passes,
    values: MutableMapping[Node, Array],
    threads: int | None = None,
    places: Mapping[Node, Memory] | None = None,
    spare: Spare | None = None,
) -> None:
    """Compute the nodes that `passes` were made for into `values`, which holds the known ones.

    Args:
        threads: how many run blocks at once; None: one for each core.
        places: for a node that is asked for the function that gives the memory for its value,
            from a shape and a dtype.
        spare: holds buffers from one run to the next; None: this run's own are let go.

    Raises:
        DifftoolError: what a kernel refuses, with the node's span; kind "limit" when no memory is
            left after all.
    """
    whole: Values = [None] * len(passes.nodes)
    for place in passes.known:
        whole[place] = values[passes.nodes[place]]
    _run_passes(passes, whole, threads or default_threads(), places or {}, spare or Spare())
    for place in passes.wanted:
        values[passes.nodes[place]] = whole[place]


def _run_passes(
    passes: Passes,
    whole: Values,
    threads: int,
    places: Mapping[Node, Memory],
    spare: Spare,
) -> None:
    """The same on a list of values by place."""
    kept = {result: place for place, result in passes.lent.items()}
    with np.errstate(all="ignore"):
        for phase in passes.phases:
            for place in phase.whole:
                node = passes.nodes[place]
                whole[place] = computed(node, [whole[x] for x in passes.inputs[place]])
            for place in phase.allocated:
                node = passes.nodes[place]
                give = places.get(node)
                try:
                    whole[place] = (give or np.empty)(node.shape, node.dtype)
                except MemoryError as error:
                    raise placed(error, node) from None
                if place in kept:
                    whole[kept[place]] = whole[place]
            for loop in phase.loops:
                _run_loop(loop, passes, whole, threads, spare)
            for place in phase.released:
                whole[place] = None


def _run_loop(
    loop: Loop, passes: Passes, whole: Values, threads: int, spare: Spare
) -> None:
    """One loop over all its blocks."""
    sums = [_Sum(passes.nodes[share.place], loop.blocks) for share in loop.shares]
    numbers = count()
    failures: list[tuple[int, BaseException]] = []

    def work() -> None:
        number = -1
        try:
            with np.errstate(all="ignore"):
                worker = Worker(loop, passes, whole, spare)
                for number in numbers:
                    if number >= loop.blocks or failures:
                        break
                    worker.block(number, sums)
                spare.give(worker.buffers)
        except BaseException as failure:
            # An interrupt too has to end the other threads before it is raised.
            failures.append((number, failure))

    others = [
        threading.Thread(target=work, daemon=True)
        for _ in range((1 if loop.serial else min(threads, loop.blocks)) - 1)
    ]
    for other in others:
        other.start()
    work()
    for other in others:
        other.join()
    if failures:
        raise min(failures, key=lambda failure: failure[0])[1]
    for share, total in zip(loop.shares, sums, strict=True):
        whole[share.place] = total.finished()


class _Sum:
    """An accumulated value: combines the shares of neighbouring blocks as they come in."""

    def __init__(self, node: Node, blocks: int) -> None:
        accumulation = node.operation.accumulation
        assert accumulation is not None
        self._node = node
        self._combine = accumulation.combine
        self._finish = accumulation.finish
        self._blocks = blocks
        self._waiting: dict[tuple[int, int], Any] = {}
        self._lock = threading.Lock()

    def add(self, number: int, share: Any) -> None:
        """Take the share of block `number`, and combine it with what waits for it.

        At each level of the tree a share stands for twice as many blocks; one without a
        neighbour goes up a level as it is.
        """
        level, blocks = 0, self._blocks
        while blocks > 1:
            neighbour = number ^ 1
            if neighbour < blocks:
                with self._lock:
                    other = self._waiting.pop((level, neighbour), None)
                    if other is None:
                        self._waiting[level, number] = share
                        return
                pair = (other, share) if neighbour < number else (share, other)
                share = self._combine(*pair)
            level, number, blocks = level + 1, number >> 1, (blocks + 1) >> 1
        self._waiting[level, 0] = share

    def finished(self) -> Array:
        """The value of all blocks, in the dtype that the node promises."""
        ((_, share),) = self._waiting.items()
        value = np.asarray(self._finish(self._node, share))
        value = value if value.dtype == self._node.dtype else value.astype(self._node.dtype)
        return value.reshape(self._node.shape)
