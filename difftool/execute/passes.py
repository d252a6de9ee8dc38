"""The passes: a graph as loops over blocks, and what is computed whole before and between them.

These are the records of what is run: `schedule` works them out, `blocked` runs them, on threads.
They say nothing of who runs the blocks. A register holds what a step makes of a block, a slot is a
buffer that registers share one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from difftool.execute.plan import scratch_bytes, value_bytes
from difftool.graph.node import Node

# Bytes of a value that is worth to be named where there is not enough memory.
_LARGE = 2**20


class Source(NamedTuple):
    """A value that is there when a loop starts: blocks of it, or all of it, in a register.

    Attributes:
        register: where the steps find it.
        place: the node's.
        dim: the dimension that blocks are taken along; None: it is used whole.
        unit: places along `dim` for each unit of the axis.
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
        if not any([node.nbytes >= _LARGE for node in whole]):
            whole = own
        return max(whole, key=lambda node: node.nbytes, default=None)

    def peak_bytes(self, threads: int, elsewhere: Container[Node] = ()) -> int:
        """The most memory that values and buffers fill together at any time.

        Args:
            threads: how many run blocks at once.
            elsewhere: nodes whose values are not in memory, but in files.
        """
        live = peak = 0
        filled: dict[int, int] = {}
        # The buffers of a loop wait for the next ones: so many there are of each size.
        buffers: dict[int, int] = {}
        for phase in self.phases:
            for place in phase.whole:
                filled[place] = value_bytes(self.nodes[place])
                live += filled[place]
                peak = max(peak, live + scratch_bytes(self.nodes[place]))
            for place in phase.allocated:
                if self.nodes[place] not in elsewhere:
                    filled[place] = self.nodes[place].nbytes
                    live += filled[place]
            peak = max(peak, live)
            for loop in phase.loops:
                workers = 1 if loop.serial else min(threads, loop.blocks)
                for size, count in Counter(loop.slots).items():
                    more = max(workers * count - buffers.get(size, 0), 0)
                    buffers[size] = buffers.get(size, 0) + more
                    live += more * size
                sums = {share.place: self.nodes[share.place].nbytes for share in loop.shares}
                own = loop.transient + 3 * sum(sums.values())
                peak = max(peak, live + workers * own)
                filled.update(sums)
                live += sum(sums.values())
            for place in phase.released:
                live -= filled.pop(place, 0)
        return peak
