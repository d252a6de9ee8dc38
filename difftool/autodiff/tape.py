"""The tape: `backward` and `.grad` as PyTorch has them, over the graph that has no such state.

Gradients accumulate in leaves over several calls. In PyTorch, what a backward function reads of
the forward pass is freed by a call that doesn't retain the graph, and a tensor that was changed in
place can't be read any more. Here nothing is ever freed or overwritten, so both are remembered, to
refuse what PyTorch refuses. A function that reads nothing (x + 2) can be passed again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from weakref import ReferenceType, WeakKeyDictionary, WeakSet, ref

from difftool.autodiff.reverse import at_full_size, checked_shape, gradients
from difftool.errors import DifftoolError
from difftool.graph.node import Node, building_with
from difftool.operations.registry import ops


class Tape:
    """The gradients of one program's tensors, and what may still be differentiated."""

    def __init__(self) -> None:
        self._gradients: WeakKeyDictionary[Node, Node] = WeakKeyDictionary()
        self._retained: WeakSet[Node] = WeakSet()
        self._freed: WeakSet[Node] = WeakSet()
        self._overwritten: WeakSet[Node] = WeakSet()
        self._successors: WeakKeyDictionary[Node, Node] = WeakKeyDictionary()
        # An overwriter is computed from what it overwrote, and must not keep it alive.
        self._overwriters: WeakKeyDictionary[Node, ReferenceType[Node]] = WeakKeyDictionary()

    def grad(self, node: Node) -> Node | None:
        """`node.grad`."""
        return self._gradients.get(node)

    def set_grad(self, node: Node, gradient: Node | None) -> None:
        """`node.grad = gradient`."""
        if gradient is None:
            self._gradients.pop(node, None)
        elif gradient.shape != node.shape:
            raise DifftoolError(
                f"a tensor of shape {node.shape} has no gradient of shape {gradient.shape}",
                kind="shape",
                hint="they must be the same",
            )
        else:
            self._gradients[node] = gradient

    def retain_grad(self, node: Node) -> None:
        """`node.retain_grad()`: gradients of a tensor that is no leaf are kept too."""
        if not node.requires_grad:
            raise DifftoolError(
                "retain_grad() of a tensor that requires no gradient",
                kind="value",
                hint="it is of use for tensors that gradients flow through",
            )
        self._retained.add(node)

    def tensors(self) -> list[Node]:
        """Every tensor that is some tensor's gradient."""
        return list(self._gradients.values())

    def backward(
        self,
        output: Node,
        seed: Node | None = None,
        *,
        retain_graph: bool = False,
        create_graph: bool = False,
        finish: Callable[[Node], Node] = lambda gradient: gradient,
    ) -> dict[Node, Node]:
        """Add the gradient of `output` to `.grad` of the leaves it depends on.

        Args:
            finish: makes what is kept of the node of a gradient (computes it, say).

        Returns:
            Which gradients became which: PyTorch adds to a gradient in place, so whoever holds
            the old one holds the new one afterwards.

        Raises:
            DifftoolError: for what can't be differentiated, or not once more.
        """
        adjoints = self._walk(
            output, seed, None, retain_graph=retain_graph, create_graph=create_graph
        )
        changed = {}
        with building_with(grad_enabled=create_graph, span=output.span):
            for target, adjoint in adjoints.items():
                if target.inputs and target not in self._retained:
                    continue
                owner = self._successors.get(target, target)
                before = self._gradients.get(owner)
                after = at_full_size(adjoint, target.shape)
                if before is not None:
                    after = before + after
                after = finish(after)
                if before is not None and not create_graph:
                    changed[before] = after
                self._gradients[owner] = after
        return changed

    def gradients(
        self,
        output: Node,
        sources: Sequence[Node],
        seed: Node | None = None,
        *,
        retain_graph: bool = False,
        create_graph: bool = False,
    ) -> tuple[Node | None, ...]:
        """`torch.autograd.grad`: the gradient for each source, None for one that is not used."""
        for source in sources:
            if not source.requires_grad:
                raise DifftoolError(
                    "one of the tensors to differentiate by does not require a gradient",
                    kind="value",
                    hint="make it with requires_grad=True",
                )
        adjoints = self._walk(
            output, seed, sources, retain_graph=retain_graph, create_graph=create_graph
        )
        with building_with(grad_enabled=create_graph):
            return tuple(
                [
                    at_full_size(adjoints[source], source.shape) if source in adjoints else None
                    for source in sources
                ]
            )

    def replaced(self, changed: Mapping[Node, Node], target: Node, value: Node) -> None:
        """Learn that tensors were changed in place, and what stands for them now.

        Args:
            changed: what became of each tensor that shows the memory.
            target, value: the tensor that the operation was applied to, and its result.
        """
        self._overwriters.setdefault(target, ref(value))
        for old, new in changed.items():
            self._overwritten.add(old)
            self._successors[old] = new
            gradient = self._gradients.pop(old, None)
            if gradient is not None:
                self._gradients[new] = gradient
        for owner, gradient in list(self._gradients.items()):
            if gradient in changed:
                self._gradients[owner] = changed[gradient]
        for old, latest in list(self._successors.items()):
            if latest in changed:
                self._successors[old] = changed[latest]

    def _kept_copy(self, value: Node, node: Node) -> bool:
        """Whether `node` itself overwrote `value`: then it has kept what it reads of it."""
        overwriter = self._overwriters.get(value)
        return (
            overwriter is not None and overwriter() is node and node.inputs.count(value) == 1
        )

    def _walk(
        self,
        output: Node,
        seed: Node | None,
        sources: Iterable[Node] | None,
        *,
        retain_graph: bool,
        create_graph: bool,
    ) -> dict[Node, Node]:
        if seed is None and output.shape != ():
            raise DifftoolError(
                "grad can be implicitly created only for scalar outputs; "
                f"this one has shape {output.shape}",
                kind="shape",
                hint="reduce it with sum(), or give backward a gradient of its shape",
            )
        if not output.requires_grad:
            raise DifftoolError(
                "backward of a tensor that does not depend on anything that requires a gradient",
                kind="value",
                hint="make a leaf with requires_grad=True, and don't detach what comes of it",
            )
        checked_shape(output, seed)
        read: list[Node] = []

        def check(node: Node, values: Iterable[Node]) -> None:
            if node in self._freed:
                raise DifftoolError(
                    "backward passes through this graph a second time, "
                    "and what it reads was freed the first time",
                    kind="value",
                    hint="give retain_graph=True to the first backward",
                )
            for value in values:
                if value in self._overwritten and not self._kept_copy(value, node):
                    raise DifftoolError(
                        "a value that backward needs was changed in place",
                        kind="value",
                        hint="make a new tensor instead: y = y + 1, not y += 1",
                    )
            read.append(node)

        with building_with(grad_enabled=create_graph):
            # No number for a seed: simplified away, it would hide what the rules read.
            start = ops.ones((), dtype=output.dtype) if seed is None else seed
            adjoints = gradients(output, start, sources=sources, reads=check)
        if not retain_graph and not create_graph:
            self._freed.update(read)
        return adjoints

