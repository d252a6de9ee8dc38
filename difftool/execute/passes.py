"""The passes: a graph as loops over blocks, and what is computed whole before and between them.

A loop goes over the blocks of one axis (execute.cut). It computes block by block the mapped nodes
that its sinks need, its sinks being the results it writes and the sums it accumulates. What needs a
finished sum waits for the next pass. What that pass needs again of an earlier one is computed
again, unless writing it down and reading it back is cheaper and has room: in the memory of a
result that is written later, or in `KEPT_BYTES`.

The passes say nothing of who runs the blocks: `blocked` does, on threads.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from difftool.execute.cut import Role, cost, cut, is_product
from difftool.execute.kernels import is_elementwise, takes_out
from difftool.execute.plan import scratch_bytes
from difftool.graph.node import Node, Shape
from difftool.graph.walk import ancestors

# Bytes of a block of one tensor: a few of them fit into the second-level cache of a core.
BLOCK_BYTES = 2**20

# Products are computed by a library that has threads of its own and wants more rows at a time.
PRODUCT_BYTES = 2**23

# Computing again costs more than memory does, from so many additions for each element on.
KEPT_COST = 8
KEPT_BYTES = 2**24


class Source(NamedTuple):
    """A value that is there when a loop starts: blocks of it, or all of it, in a register.

    Attributes:
        register: where the steps find it.
        place: the node's.
        dim: the dimension that blocks are taken along; None: it is used whole.
        unit: places along `dim` for each unit of the axis.
        dtype: what it is converted to first, or None.
    """

    register: int
    place: int
    dim: int | None
    unit: int


class Step(NamedTuple):
    """A mapped node in a loop.

    Attributes:
        place: the node's.
        inputs: the registers of its inputs.
        register: where its block goes.
        dim: the dimension that is the axis, `unit`: places along it for each unit.
        slot: the buffer it is written to; None: the kernel makes an array.
        direct: whether it is written to its place in the whole value.
    """

    place: int
    inputs: tuple[int, ...]
    register: int
    dim: int
    unit: int
    slot: int | None
    direct: bool


class Share(NamedTuple):
    """An accumulated node in a loop, and the registers of its inputs."""

    place: int
    inputs: tuple[int, ...]


class Written(NamedTuple):
    """A block that is copied to its place in a whole value when the block's steps are done."""

    place: int
    register: int
    dim: int
    unit: int


class Loop(NamedTuple):
    """One pass over the blocks of an axis.

    Attributes:
        length: the units of the axis; `block`: how many of them a block has.
        registers: how many registers a block needs.
        slots: the bytes of each buffer, for each thread.
        transient: the bytes of arrays that kernels make themselves, for each thread.
        serial: whether one thread runs all blocks, because its products have threads of their own.
    """

    length: int
    block: int
    registers: int
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    shares: tuple[Share, ...]
    written: tuple[Written, ...]
    slots: tuple[int, ...]
    transient: int
    serial: bool

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.length // self.block)


class Phase(NamedTuple):
    """What is computed at one time.

    Attributes:
        whole: places of nodes that are computed whole, in order.
        loops: the loops that follow.
        allocated: places of whole values that the loops write to and that are new.
        released: places whose values nobody needs afterwards.
    """

    whole: tuple[int, ...]
    loops: tuple[Loop, ...]
    allocated: tuple[int, ...]
    released: tuple[int, ...]


class Passes(NamedTuple):
    """A graph in passes.

    Attributes:
        nodes: the nodes, inputs before users; places are places in this list.
        inputs: the places of each node's inputs; none for known nodes.
        known: places of nodes whose values exist already.
        wanted: places of the nodes asked for.
        lent: for a node that is kept in the memory of a result, the place of that result.
        phases: what is computed at each time.
    """

    nodes: tuple[Node, ...]
    inputs: tuple[tuple[int, ...], ...]
    known: tuple[int, ...]
    wanted: tuple[int, ...]
    lent: dict[int, int]
    phases: tuple[Phase, ...]

    @property
    def largest(self) -> Node | None:
        """The first node whose value fills the most memory, or would if it were made whole."""
        known = set(self.known)
        own = [
            node
            for place, node in enumerate(self.nodes)
            if place not in known and not node.operation.view
        ]
        made = {
            self.nodes[place]
            for phase in self.phases
            for place in (*phase.whole, *phase.allocated)
        }
        whole = [node for node in own if node in made]
        if not any([node.nbytes >= BLOCK_BYTES for node in whole]):
            whole = own
        return max(whole, key=lambda node: node.nbytes, default=None)

    def peak_bytes(self, threads: int, elsewhere: Container[Node] = ()) -> int:
        """The most memory that values and buffers fill together at any time.

        Args:
            threads: how many run blocks at once.
            elsewhere: nodes whose values are not in memory, but in files.
        """
        live = peak = 0
        for phase in self.phases:
            for place in phase.whole:
                if not self.nodes[place].operation.view:
                    live += self.nodes[place].nbytes
                    peak = max(peak, live + scratch_bytes(self.nodes[place]))
            new = [self.nodes[place] for place in phase.allocated]
            live += sum([node.nbytes for node in new if node not in elsewhere])
            buffers = 0
            for loop in phase.loops:
                workers = 1 if loop.serial else min(threads, loop.blocks)
                sums = sum([self.nodes[share.place].nbytes for share in loop.shares])
                buffers = max(buffers, workers * (sum(loop.slots) + loop.transient + 3 * sums))
                live += sums
            peak = max(peak, live + buffers)
            for place in phase.released:
                if not self.nodes[place].operation.view:
                    live -= self.nodes[place].nbytes
        return peak


def passes(targets: Iterable[Node], known: Container[Node]) -> Passes | None:
    """The passes that compute `targets`; None where nothing can be cut."""
    wanted = list(targets)
    order = ancestors(wanted, known)
    given = {source for node in order for source in node.inputs if source in known}
    nodes = sorted([*given, *order], key=lambda node: node.number)
    roles, lengths = cut(order, known)
    if all([role.axis is None for role in roles]):
        return None
    by_node = dict(zip(order, roles, strict=True))
    return _Passes(nodes, given, wanted, by_node, lengths).all()


class _Passes:
    """Works out times, what is stored, and the loops."""

    def __init__(
        self,
        nodes: Sequence[Node],
        given: Container[Node],
        wanted: Sequence[Node],
        roles: dict[Node, Role],
        lengths: dict[int, int],
    ) -> None:
        self.nodes = nodes
        self.lengths = lengths
        self.place = {node: place for place, node in enumerate(nodes)}
        self.inputs = [tuple([self.place[source] for source in node.inputs]) for node in nodes]
        self.given = [node in given for node in nodes]
        for place, there in enumerate(self.given):
            if there:
                self.inputs[place] = ()
        self.roles = [roles.get(node) or Role(None, None, (None,) * 0) for node in nodes]
        self.wanted = [self.place[node] for node in dict.fromkeys(wanted) if node in self.place]
        # A mapped node's own value as a whole, written by the loop that first computes it.
        self.stored: dict[int, None] = {}
        self.lent: dict[int, int] = {}
        self.time = [0] * len(nodes)
        self._times()
        self._keep()

    def is_mapped(self, place: int) -> bool:
        return self.roles[place].dim is not None

    def is_direct(self, place: int, position: int) -> bool:
        """Whether a node takes an input's blocks as the same loop makes them."""
        role, source = self.roles[place], self.inputs[place][position]
        own = self.roles[source]
        if role.axis is None or own.dim is None:
            return False
        return own.axis == role.axis and own.dim == role.inputs[position]

    def direct_inputs(self, place: int) -> list[int]:
        sources = self.inputs[place]
        return [source for k, source in enumerate(sources) if self.is_direct(place, k)]

    def _times(self) -> None:
        """When each node can first be computed, and which mapped nodes are needed whole."""
        for place, sources in enumerate(self.inputs):
            time = 0
            for position, source in enumerate(sources):
                ready = self.time[source]
                if not self.is_direct(place, position):
                    if self.is_mapped(source):
                        self.stored[source] = None
                    if self.roles[source].axis is not None:
                        ready += 1
                time = max(time, ready)
            self.time[place] = time
        for place in self.wanted:
            if self.is_mapped(place):
                self.stored[place] = None

    # ----- What is kept for a later pass -----

    def _keep(self) -> None:
        """Store what later passes would compute again at too high a price, where there is room."""
        sinks = sorted(self._sinks(), key=self.time.__getitem__)
        for sink in sinks:
            for place in self._again(sink):
                if place in self.stored or self._price(place) < KEPT_COST:
                    continue
                lender = self._lender(place)
                if lender is not None:
                    self.lent[place] = lender
                elif self.nodes[place].nbytes > KEPT_BYTES:
                    continue
                self.stored[place] = None

    def _sinks(self) -> list[int]:
        accumulated = [
            place
            for place, role in enumerate(self.roles)
            if role.axis is not None and role.dim is None
        ]
        return [*accumulated, *self.stored]

    def _again(self, sink: int) -> list[int]:
        """Nodes of earlier passes that nodes of the sink's own pass use."""
        found: dict[int, None] = {}
        seen = {sink}
        stack = [sink]
        while stack:
            for source in self.direct_inputs(stack.pop()):
                if source in seen:
                    continue
                seen.add(source)
                if self.time[source] < self.time[sink]:
                    found[source] = None
                else:
                    stack.append(source)
        return list(found)

    def _price(self, place: int) -> float:
        """What computing a node again costs, for each of its elements."""
        seen = {place}
        stack = [place]
        total = 0.0
        while stack:
            current = stack.pop()
            if current in self.stored:
                continue
            node = self.nodes[current]
            total += cost(node) * node.size
            for source in self.direct_inputs(current):
                if source not in seen:
                    seen.add(source)
                    stack.append(source)
        return total / max(self.nodes[place].size, 1)

    def _lender(self, place: int) -> int | None:
        """A result that is written when `place` has been read for the last time."""
        node, role = self.nodes[place], self.roles[place]
        last = max(
            [
                self.time[user]
                for user, sources in enumerate(self.inputs)
                if place in sources
            ]
        )
        for result in self.wanted:
            if (
                self.is_mapped(result)
                and result not in self.lent.values()
                and self.time[result] >= last > self.time[place]
                and self.roles[result][:2] == role[:2]
                and self.nodes[result].shape == node.shape
                and self.nodes[result].dtype == node.dtype
            ):
                return result
        return None

    # ----- Loops and phases -----

    def all(self) -> Passes:
        groups: dict[tuple[int, int], list[int]] = {}
        for sink in sorted(set(self._sinks())):
            axis = self.roles[sink].axis
            assert axis is not None
            groups.setdefault((self.time[sink], axis), []).append(sink)
        last_time = max(self.time)
        loops: list[list[Loop]] = [[] for _ in range(last_time + 1)]
        read: list[set[int]] = [set() for _ in range(last_time + 1)]
        allocated: list[dict[int, None]] = [{} for _ in range(last_time + 1)]
        for (time, axis), sinks in sorted(groups.items()):
            loop = _Body(self, time, self.lengths[axis], sinks).loop()
            loops[time].append(loop)
            read[time].update([source.place for source in loop.sources])
            for sink in sinks:
                if self.is_mapped(sink):
                    allocated[time][self.lent.get(sink, sink)] = None
        whole: list[list[int]] = [[] for _ in range(last_time + 1)]
        for place, role in enumerate(self.roles):
            if role.axis is None and not self.given[place]:
                whole[self.time[place]].append(place)
                read[self.time[place]].update(self.inputs[place])
        return Passes(
            tuple(self.nodes),
            tuple(self.inputs),
            tuple([place for place, there in enumerate(self.given) if there]),
            tuple(self.wanted),
            self.lent,
            self._phases(whole, loops, allocated, read),
        )

    def _phases(
        self,
        whole: list[list[int]],
        loops: list[list[Loop]],
        allocated: list[dict[int, None]],
        read: list[set[int]],
    ) -> tuple[Phase, ...]:
        released = self._released(whole, loops, allocated, read)
        there: set[int] = set()
        phases = []
        for time in range(len(whole)):
            new = [place for place in allocated[time] if place not in there]
            there.update(new)
            phases.append(
                Phase(tuple(whole[time]), tuple(loops[time]), tuple(new), tuple(released[time]))
            )
        return tuple(phases)

    def _released(
        self,
        whole: list[list[int]],
        loops: list[list[Loop]],
        allocated: list[dict[int, None]],
        read: list[set[int]],
    ) -> list[list[int]]:
        """The values that each phase is the last to need. A view holds what it shows."""
        last: dict[int, int] = {}
        for time in range(len(whole)):
            sums = [share.place for loop in loops[time] for share in loop.shares]
            for place in (*whole[time], *allocated[time], *sums, *read[time]):
                last[place] = time
        for place in reversed(range(len(self.nodes))):
            if place in last and self.nodes[place].operation.view and self.inputs[place]:
                shown = self.inputs[place][0]
                last[shown] = max(last.get(shown, 0), last[place])
        released: list[list[int]] = [[] for _ in whole]
        kept = {*self.wanted, *self.lent}
        held = [place for place in self.wanted if self.nodes[place].operation.view]
        while held:
            place = held.pop()
            if self.nodes[place].operation.view and self.roles[place].axis is None:
                for shown in self.inputs[place][:1]:
                    kept.add(shown)
                    held.append(shown)
        for place, time in last.items():
            if place not in kept and not self.given[place]:
                released[time].append(place)
        return released


class _Body:
    """Works out one loop: its steps in order, its registers and its buffers."""

    def __init__(self, graph: _Passes, time: int, length: int, sinks: Sequence[int]) -> None:
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
        serial = any([is_product(graph.nodes[place]) for place in places])
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


def writes_to_out(node: Node) -> bool:
    """Whether a node's kernel can be given the array for its result.

    One that takes several steps may compute them in a wider dtype, and round once.
    """
    kernel = node.operation.kernel
    one_dtype = node.operand_dtype in (None, node.dtype)
    return takes_out(kernel) and (one_dtype or is_elementwise(kernel))


class _Buffers:
    """Gives each step a buffer that nobody needs any more, or a new one."""

    def __init__(
        self, graph: _Passes, body: _Body, inputs: dict[int, tuple[int, ...]], block: int
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
            if not direct and not node.operation.view:
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
