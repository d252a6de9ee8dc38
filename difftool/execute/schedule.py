"""The schedule: in which pass each node is computed, and what is kept from one for a later one.

A loop goes over the blocks of one axis (execute.cut). It computes block by block the mapped nodes
that its sinks need, its sinks being the results it writes and the sums it accumulates. What needs a
finished sum waits for the next pass. What that pass needs again of an earlier one is computed
again, unless writing it down and reading it back is cheaper and has room: in the memory of a
result that is written later, or in `KEPT_BYTES`. What is dear to compute is kept in any case.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from difftool.execute.body import Body
from difftool.execute.cut import GIVEN, Role, cost, cut
from difftool.execute.passes import Loop, Passes, Phase
from difftool.graph.node import Node
from difftool.graph.walk import ancestors

# Computing again costs more than memory does, from so many additions for each element on.
KEPT_COST = 8
KEPT_BYTES = 2**24

# From so many on it is kept whatever it fills: long chains of passes would begin anew in each.
DEAR_COST = 32


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
    return Schedule(nodes, given, wanted, by_node, lengths).all()


class Schedule:
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
        self.roles = [roles.get(node, GIVEN) for node in nodes]
        self.wanted = [self.place[node] for node in dict.fromkeys(wanted) if node in self.place]
        # A mapped node's own value as a whole, written by the loop that first computes it.
        self.stored: dict[int, None] = {}
        self.lent: dict[int, int] = {}
        self.time = [0] * len(nodes)
        self._times()
        self._keep()

    def is_mapped(self, place: int) -> bool:
        """Whether blocks of a node come from blocks of its inputs."""
        return self.roles[place].dim is not None

    def is_direct(self, place: int, position: int) -> bool:
        """Whether a node takes an input's blocks as the same loop makes them."""
        role, source = self.roles[place], self.inputs[place][position]
        own = self.roles[source]
        if role.axis is None or own.dim is None:
            return False
        return own.axis == role.axis and own.dim == role.inputs[position]

    def direct_inputs(self, place: int) -> list[int]:
        """The inputs that a node takes block by block from its own loop."""
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
                price = 0.0 if place in self.stored else self._price(place)
                if price < KEPT_COST:
                    continue
                lender = self._lender(place)
                if lender is not None:
                    self.lent[place] = lender
                elif self.nodes[place].nbytes > KEPT_BYTES and price < DEAR_COST:
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
        """The passes, time after time: what is computed whole, then the loops."""
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
            loop = Body(self, time, self.lengths[axis], sinks).loop()
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
