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
from functools import partial
from itertools import count
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute.eager import computed, placed
from difftool.execute.passes import Loop, Passes, Step
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


def new_array(node: Node) -> Array:
    """Memory for the whole value of a node."""
    try:
        return np.empty(node.shape, node.dtype)
    except MemoryError:
        raise DifftoolError(
            f"no memory for {node.operation.name} of shape {node.shape}",
            kind="limit",
            span=node.span,
            hint="use smaller tensors",
        ) from None


def run(
    passes: Passes,
    values: MutableMapping[Node, Array],
    threads: int | None = None,
    places: Mapping[Node, Memory] | None = None,
) -> None:
    """Compute the nodes that `passes` were made for into `values`, which holds the known ones.

    Args:
        threads: how many run blocks at once; None: one for each core.
        places: for a node that is asked for the function that gives the memory for its value,
            from a shape and a dtype.

    Raises:
        DifftoolError: what a kernel refuses, with the node's span; kind "limit" when no memory is
            left after all.
    """
    whole: Values = [None] * len(passes.nodes)
    for place in passes.known:
        whole[place] = values[passes.nodes[place]]
    run_whole(passes, whole, threads or default_threads(), places or {})
    for place in passes.wanted:
        values[passes.nodes[place]] = whole[place]


def run_whole(
    passes: Passes, whole: Values, threads: int, places: Mapping[Node, Memory]
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
                whole[place] = give(node.shape, node.dtype) if give else new_array(node)
                if place in kept:
                    whole[kept[place]] = whole[place]
            for loop in phase.loops:
                _run(loop, passes, whole, threads)
            for place in phase.released:
                whole[place] = None


def _run(loop: Loop, passes: Passes, whole: Values, threads: int) -> None:
    """One loop over all its blocks."""
    sums = [_Sum(passes.nodes[share.place], loop.blocks) for share in loop.shares]
    numbers = count()
    failures: list[tuple[int, BaseException]] = []

    def work() -> None:
        number = -1
        try:
            with np.errstate(all="ignore"):
                worker = _Worker(loop, passes, whole)
                for number in numbers:
                    if number >= loop.blocks or failures:
                        return
                    worker.block(number, sums)
        except BaseException as failure:
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


class _Worker:
    """One thread's registers and buffers for a loop.

    What stays the same from block to block (buffers, whole values, views of them) is entered in
    the calls' arguments once; what changes is written there before each block.
    """

    def __init__(self, loop: Loop, passes: Passes, whole: Values) -> None:
        self._loop = loop
        self._passes = passes
        self._whole = whole
        self._buffers = [np.empty(size, np.uint8) for size in loop.slots]
        self._length = 0
        self._registers: Values = []
        self._readers: list[list[tuple[Values, int]]] = []
        self._calls: list[tuple[Callable[..., Any], Values]] = []
        self._shares: list[tuple[Callable[..., Any], Values]] = []
        self._slices: list[_Moving] = []
        # The place of each call's and each share's node, for errors.
        self._places: list[int] = []

    def block(self, number: int, sums: list[_Sum]) -> None:
        """Compute one block, and add its shares to the sums."""
        loop = self._loop
        start = number * loop.block
        stop = min(start + loop.block, loop.length)
        if stop - start != self._length:
            self._bind(stop - start)
        for array, before, unit, arguments in self._slices:
            part = array[(*before, slice(start * unit, stop * unit))]
            for read, position in arguments:
                read[position] = part
        done = 0
        try:
            for kernel, read in self._calls:
                kernel(*read)
                done += 1
            for (share, read), total in zip(self._shares, sums, strict=True):
                total.add(number, share(*read))
                done += 1
        except (DifftoolError, OverflowError, MemoryError) as error:
            raise placed(error, self._passes.nodes[self._places[done]]) from None
        for entry in loop.written:
            span = slice(start * entry.unit, stop * entry.unit)
            value = self._registers[entry.register]
            self._whole[entry.place][(*(slice(None),) * entry.dim, span)] = value

    # ----- What is the same for all blocks of one length -----

    def _bind(self, length: int) -> None:
        loop, whole = self._loop, self._whole
        self._length = length
        # A register's array, where it is the same for every block, and who reads it.
        self._registers = [None] * loop.registers
        self._readers = [[] for _ in range(loop.registers)]
        self._calls, self._shares, self._slices, self._places = [], [], [], []
        for source in loop.sources:
            if source.dim is None:
                self._registers[source.register] = whole[source.place]
        for step in loop.steps:
            self._bind_step(step)
        for share in loop.shares:
            node = self._passes.nodes[share.place]
            accumulation = node.operation.accumulation
            assert accumulation is not None
            give = _converting(node, partial(accumulation.share, **node.parameters))
            self._shares.append((give, self._arguments(share.inputs)))
            self._places.append(share.place)
        for source in loop.sources:
            if source.dim is not None:
                before = (slice(None),) * source.dim
                readers = self._readers[source.register]
                self._slices.append(_Moving(whole[source.place], before, source.unit, readers))
        for entry in loop.written:
            # What is copied at the end is read from its register.
            self._readers[entry.register].append((self._registers, entry.register))

    def _arguments(self, inputs: tuple[int, ...]) -> Values:
        """A step's arguments: those that change are filled in before each block."""
        arguments = [self._registers[register] for register in inputs]
        for position, register in enumerate(inputs):
            if arguments[position] is None:
                self._readers[register].append((arguments, position))
        return arguments

    def _bind_step(self, step: Step) -> None:
        node = self._passes.nodes[step.place]
        shape = list(node.shape)
        shape[step.dim] = self._length * step.unit
        parameters = _for_block(node, tuple(shape))
        arguments = self._arguments(step.inputs)
        kernel = node.operation.kernel
        fixed = not any([argument is None for argument in arguments])
        if node.operation.view and fixed and node.operand_dtype is None:
            value = kernel(*arguments, **parameters)
            if any([np.may_share_memory(value, argument) for argument in arguments]):
                self._registers[step.register] = value
                return
        self._places.append(step.place)
        if step.slot is None and not step.direct:
            readers = self._readers[step.register]
            make = _converting(node, partial(kernel, **parameters))
            self._calls.append((_Handing(node, make, readers), arguments))
            return
        out = None
        if step.direct:
            before = (slice(None),) * step.dim
            readers = self._readers[step.register]
            readers.append((arguments, len(arguments)))
            self._slices.append(_Moving(self._whole[step.place], before, step.unit, readers))
        else:
            assert step.slot is not None
            out = _shaped(self._buffers[step.slot], tuple(shape), node)
            self._registers[step.register] = out
        arguments.append(out)
        self._calls.append((writing(node, kernel, parameters), arguments))


class _Moving(NamedTuple):
    """An array of which each block reads or writes the next part, and who is given the part."""

    array: Array
    before: tuple[slice, ...]
    unit: int
    readers: list[tuple[Values, int]]


class _Handing:
    """A kernel that makes an array, which is handed to those that read it."""

    __slots__ = ("_dtype", "_make", "_readers")

    def __init__(
        self, node: Node, make: Callable[..., Any], readers: list[tuple[Values, int]]
    ) -> None:
        self._dtype = node.dtype
        self._make = make
        self._readers = readers

    def __call__(self, *operands: Array) -> None:
        value = np.asarray(self._make(*operands))
        if value.dtype != self._dtype:
            value = value.astype(self._dtype)
        for read, position in self._readers:
            read[position] = value


def _converting(node: Node, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel with its operands brought to the dtype it computes in, if they are not."""
    dtype = node.operand_dtype
    if dtype is None or all([source.dtype == dtype for source in node.inputs]):
        return kernel
    return lambda *operands: kernel(*[x.astype(dtype, copy=False) for x in operands])


def writing(node: Node, kernel: Callable[..., Any], parameters: Any) -> Callable[..., Any]:
    """The kernel as a function of its operands and, in the last place, where it writes to."""
    converting = _converting(node, kernel) is not kernel
    if isinstance(kernel, np.ufunc) and kernel not in _WITHOUT_PLACE and not converting:
        return kernel

    def write(*operands: Array) -> None:
        *read, out = operands
        if converting:
            read = [x.astype(node.operand_dtype, copy=False) for x in read]
        value = kernel(*read, out=out, **parameters)
        if value is not out:
            out[...] = value

    return write


# Ufuncs whose third place is deprecated for an output.
_WITHOUT_PLACE = (np.maximum, np.minimum)


def _for_block(node: Node, shape: Shape) -> Any:
    """The parameters for a block: where one repeats the result's shape, it is the block's."""
    rule = node.operation.axes
    assert rule is not None
    sized = rule(node).sized
    return node.parameters if sized is None else {**node.parameters, sized: shape}


def _shaped(buffer: Array, shape: Shape, node: Node) -> Array:
    """The front of a buffer as an array."""
    size = int(np.prod(shape)) * node.dtype.itemsize
    return buffer[:size].view(node.dtype).reshape(shape)
