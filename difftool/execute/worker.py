"""A worker: one thread's registers and buffers for a loop, and the kernel calls of a block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute.eager import placed
from difftool.execute.kernels import converting, writing
from difftool.execute.passes import Loop, Passes, Step
from difftool.graph.node import Node, Shape

Array: TypeAlias = "np.ndarray[Any, Any]"
Values: TypeAlias = list[Any]


class Total(Protocol):
    """What takes the shares of blocks."""

    def add(self, number: int, share: Any) -> None:
        """Take the share of block `number`."""


class Spare:
    """Buffers that wait for their next use, for computations that are run often."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[Array]] = {}

    def take(self, size: int) -> Array:
        """A buffer of `size` bytes."""
        try:
            return self._waiting[size].pop()
        except (KeyError, IndexError):
            return np.empty(size, np.uint8)

    def give(self, buffers: Sequence[Array]) -> None:
        """Take buffers back."""
        for buffer in buffers:
            self._waiting.setdefault(buffer.size, []).append(buffer)


class Worker:
    """One thread's registers and buffers for a loop.

    What stays the same from block to block (buffers, whole values, views of them) is entered in
    the calls' arguments once; what changes is written there before each block.
    """

    def __init__(self, loop: Loop, passes: Passes, whole: Values, spare: Spare) -> None:
        self._loop = loop
        self._passes = passes
        self._whole = whole
        self.buffers = [spare.take(size) for size in loop.slots]
        self._length = 0
        self._registers: Values = []
        self._readers: list[list[tuple[Values, int]]] = []
        self._calls: list[tuple[Callable[..., Any], Values]] = []
        self._shares: list[tuple[Callable[..., Any], Values]] = []
        self._slices: list[_Moving] = []
        # The place of each call's and each share's node, for errors.
        self._places: list[int] = []

    def block(self, number: int, sums: Sequence[Total]) -> None:
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
            give = converting(node, partial(accumulation.share, **node.parameters))
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
            make = converting(node, partial(kernel, **parameters))
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
            out = _shaped(self.buffers[step.slot], tuple(shape), node)
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
        # Nobody needs the last block's array any more while the next one is made.
        for read, position in self._readers:
            read[position] = None
        value = np.asarray(self._make(*operands))
        if value.dtype != self._dtype:
            value = value.astype(self._dtype)
        for read, position in self._readers:
            read[position] = value


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
