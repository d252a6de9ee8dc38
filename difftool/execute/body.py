"""The body of a loop: its steps in order, the registers they use and the buffers they share.

`schedule` says what a loop has to write and to accumulate; here it is worked out which nodes that
takes, how large a block is, and which step writes to which memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from difftool.execute.cut import has_threads
from difftool.execute.kernels import is_elementwise, writes_to_out
from difftool.execute.passes import Loop, Share, Source, Step, Written
from difftool.execute.plan import scratch_bytes, shows_input
from difftool.graph.node import Node, Shape

if TYPE_CHECKING:
    from difftool.execute.schedule import Schedule

# Bytes of a block of one tensor. The blocks of a loop should fit into the processor's caches, but
# in smaller ones the threads wait for each other between kernels, for the interpreter's lock.
BLOCK_BYTES = 2**20

# Products are computed by a library that has threads of its own and wants more rows at a time.
PRODUCT_BYTES = 2**24


class Body:
    """Works out one loop: its steps in order, its registers and its buffers."""

    def __init__(self, graph: Schedule, time: int, length: int, sinks: Sequence[int]) -> None:
        self.graph = graph
        self.time = time
        self.length = length
        self.sinks = sinks
        self.registers = 0
        self.sources: dict[tuple[int, int | None], Source] = {}
        self.steps = self._needed()
        self.own = {place: self._register() for place in self.steps}

    def _register(self) -> int:
        self.registers += 1
        return self.registers - 1

    def _needed(self) -> list[int]:
        """The mapped nodes that the sinks need and that no earlier loop has stored."""
        seen = {sink for sink in self.sinks if self.graph.is_mapped(sink)}
        stack = list(self.sinks)
        while stack:
            for source in self.graph.direct_inputs(stack.pop()):
                if source in seen or self._is_there(source):
                    continue
                seen.add(source)
                stack.append(source)
        return sorted(seen)

    def _is_there(self, place: int) -> bool:
        return place in self.graph.stored and self.graph.time[place] < self.time

    def _inputs(self, place: int) -> tuple[int, ...]:
        """The registers of a node's inputs, with sources made for those that are there."""
        graph = self.graph
        dims = graph.roles[place].inputs
        registers = []
        for position, source in enumerate(graph.inputs[place]):
            if graph.is_direct(place, position) and source in self.own:
                registers.append(self.own[source])
                continue
            key = (source, dims[position])
            if key not in self.sources:
                unit = 1 if key[1] is None else self._unit(graph.nodes[source].shape, key[1])
                self.sources[key] = Source(self._register(), *key, unit)
            registers.append(self.sources[key].register)
        return tuple(registers)

    def _unit(self, shape: Shape, dim: int) -> int:
        return shape[dim] // self.length

    def loop(self) -> Loop:
        graph = self.graph
        inputs = {place: self._inputs(place) for place in (*self.steps, *self.sinks)}
        places = [place for place in (*self.steps, *self.sinks)]
        serial = any([has_threads(graph.nodes[place]) for place in places])
        largest = max(
            [
                graph.nodes[key[0]].nbytes
                for key in self.sources
                if key[1] is not None
            ]
            + [graph.nodes[place].nbytes for place in self.steps]
        )
        wanted = PRODUCT_BYTES if serial else BLOCK_BYTES
        block = max(1, min(self.length, wanted * self.length // max(largest, 1)))
        buffers = _Buffers(graph, self, inputs, block)
        steps, slots, written, transient = buffers.assigned()
        return Loop(
            self.length,
            block,
            self.registers,
            tuple(self.sources.values()),
            steps,
            tuple(
                [
                    Share(sink, inputs[sink])
                    for sink in self.sinks
                    if not graph.is_mapped(sink)
                ]
            ),
            written,
            slots,
            transient,
            serial,
        )


class _Buffers:
    """Gives each step a buffer that nobody needs any more, or a new one."""

    def __init__(
        self, graph: Schedule, body: Body, inputs: dict[int, tuple[int, ...]], block: int
    ) -> None:
        self.graph = graph
        self.body = body
        self.inputs = inputs
        self.block = block
        self.slots: list[int] = []
        self.free: dict[int, list[int]] = {}
        # The register whose memory a register shows: a view's is its input's.
        self.owner = {register: register for register in range(body.registers)}
        self.last: dict[int, int] = {}
        self._uses()

    def _uses(self) -> None:
        """The last step that reads each register's memory; sums and copies come after all."""
        body = self.body
        for index, place in enumerate(body.steps):
            node = self.graph.nodes[place]
            if node.operation.view:
                self.owner[body.own[place]] = self.owner[self.inputs[place][0]]
            for register in self.inputs[place]:
                self.last[self.owner[register]] = index
        end = len(body.steps)
        for sink in body.sinks:
            registers = [body.own[sink]] if sink in body.own else self.inputs[sink]
            for register in registers:
                self.last[self.owner[register]] = end
        self.end = end

    def assigned(self) -> tuple[tuple[Step, ...], tuple[int, ...], tuple[Written, ...], int]:
        steps = []
        written = []
        transient = scratch = 0
        slot_of: dict[int, int] = {}
        for index, place in enumerate(self.body.steps):
            graph, node = self.graph, self.graph.nodes[place]
            dim = graph.roles[place].dim
            assert dim is not None
            register, registers = self.body.own[place], self.inputs[place]
            unit = node.shape[dim] // self.body.length
            size = node.nbytes // self.body.length * self.block
            scratch = max(scratch, scratch_bytes(node) // self.body.length * self.block)
            sink = place in self.body.sinks
            writes = writes_to_out(node)
            direct = sink and writes and not self._read_later(place, index)
            slot = None
            dying = [
                owner
                for owner in dict.fromkeys([self.owner[read] for read in registers])
                if self.last.get(owner) == index and owner in slot_of
            ]
            if not direct and not shows_input(node):
                if writes:
                    slot = self._in_place(node, dying, slot_of, size)
                    if slot is None:
                        slot = self._taken(size)
                    slot_of[register] = slot
                else:
                    transient += size
            for owner in dying:
                if slot_of[owner] != slot:
                    self.free.setdefault(self.slots[slot_of[owner]], []).append(slot_of[owner])
            if sink and not direct:
                written.append(Written(place, register, dim, unit))
            steps.append(Step(place, registers, register, dim, unit, slot, direct))
        for place in self.body.sinks:
            if not self.graph.is_mapped(place):
                own = scratch_bytes(self.graph.nodes[place])
                scratch = max(scratch, own // self.body.length * self.block)
        return tuple(steps), tuple(self.slots), tuple(written), transient + scratch

    def _in_place(
        self, node: Node, dying: Sequence[int], slot_of: dict[int, int], size: int
    ) -> int | None:
        """The buffer of an operand that ends here, for a ufunc, which may overwrite it."""
        if not is_elementwise(node.operation.kernel):
            return None
        for owner in dying:
            shape = self._shape_of(owner)
            if shape == node.shape and self.slots[slot_of[owner]] == size:
                return slot_of[owner]
        return None

    def _shape_of(self, register: int) -> Shape | None:
        for place, own in self.body.own.items():
            if own == register:
                return self.graph.nodes[place].shape
        return None

    def _taken(self, size: int) -> int:
        free = self.free.get(size)
        if free:
            return free.pop()
        self.slots.append(size)
        return len(self.slots) - 1

    def _read_later(self, place: int, index: int) -> bool:
        """Whether writing a result now would spoil what was kept in its memory and is yet read."""
        for kept, lender in self.graph.lent.items():
            if lender != place:
                continue
            kernel = self.graph.nodes[place].operation.kernel
            spoiled = index if is_elementwise(kernel) else index - 1
            for (source, _), entry in self.body.sources.items():
                if source == kept and self.last.get(entry.register, -1) > spoiled:
                    return True
        return False
