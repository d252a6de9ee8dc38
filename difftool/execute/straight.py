"""The straight line: a graph of small tensors as one list of kernel calls, for running it often.

Everything that can be settled before is: the order, the kernels, the arrays they read and write.
Inputs are copied into arrays of the line's own, views of them are made once, and each call writes
to a buffer that later calls use again. A run costs the kernels and a copy of the results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.execute.eager import compute, computed, placed
from difftool.execute.kernels import is_elementwise, writes_to_out, writing
from difftool.execute.plan import plan
from difftool.graph.node import Node

Array: TypeAlias = "np.ndarray[Any, Any]"
Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]


class Line:
    """The calls that compute `targets` from `inputs`, with the arrays they use.

    One line runs one computation at a time: its arrays are its own.

    Args:
        targets: what to compute.
        inputs: the leaves whose values come with each run.
    """

    def __init__(self, targets: Sequence[Node], inputs: Sequence[Node]) -> None:
        self._arrays: dict[Node, Array] = {
            node: np.empty(node.shape, node.dtype) for node in inputs
        }
        self._inputs = [self._arrays[node] for node in inputs]
        self._calls: list[Call] = []
        self._nodes: list[Node] = []
        # Arrays that calls write to: those of live nodes, and by size those to be used again.
        self._buffers: dict[Node, Array] = {}
        self._free: dict[int, list[Array]] = {}
        self._build(targets)
        self._results = [self._arrays[node] for node in targets]

    def run(self, inputs: Iterable[Array]) -> list[Array]:
        """The values of the targets, in new arrays.

        Args:
            inputs: arrays of the inputs' shapes.
        """
        for own, given in zip(self._inputs, inputs, strict=True):
            np.copyto(own, given, "same_kind")
        try:
            for kernel, arrays in self._calls:
                kernel(*arrays)
        except (DifftoolError, OverflowError, MemoryError):
            self._again()
        return [result.copy() for result in self._results]

    def _again(self) -> None:
        """Find the call that failed, and raise its error with the place in the text."""
        for (kernel, arrays), node in zip(self._calls, self._nodes, strict=True):
            try:
                kernel(*arrays)
            except (DifftoolError, OverflowError, MemoryError) as error:
                raise placed(error, node) from None

    # ----- Building -----

    def _build(self, targets: Sequence[Node]) -> None:
        order = plan(targets, self._arrays).order
        ending = self._ending(order, targets)
        constant = {node for node in order if not node.inputs}
        for node, ended in zip(order, ending, strict=True):
            operands = [self._arrays[source] for source in node.inputs]
            if all([source in constant for source in node.inputs]):
                constant.add(node)
                self._arrays[node] = computed(node, operands)
            else:
                self._add(node, operands, ended)
            for done in ended:
                self._release(done)

    def _ending(self, order: Sequence[Node], targets: Iterable[Node]) -> list[list[Node]]:
        """For each node the ones whose memory nobody reads after it; a view reads its input's."""
        owner: dict[Node, Node] = {}
        last: dict[Node, int] = {}
        for index, node in enumerate(order):
            shown = node.inputs[0] if node.operation.view and node.inputs else node
            owner[node] = owner.get(shown, shown)
            for read in (node, *node.inputs):
                last[owner.get(read, read)] = index
        for node in targets:
            last[owner.get(node, node)] = len(order)
        ending: list[list[Node]] = [[] for _ in range(len(order) + 1)]
        for node, index in last.items():
            ending[index].append(node)
        return ending[:-1]

    def _add(self, node: Node, operands: Sequence[Array], ended: Sequence[Node]) -> None:
        """One more call, or a view of an array that is there."""
        if node.operation.view:
            value = compute(node, list(operands))
            if np.may_share_memory(value, operands[0]):
                self._arrays[node] = value
                return
        kernel = node.operation.kernel
        out = self._in_place(node, ended) if is_elementwise(kernel) else None
        if out is None:
            out = self._new(node)
        self._arrays[node] = self._buffers[node] = out
        self._nodes.append(node)
        if writes_to_out(node):
            self._calls.append((writing(node, kernel, node.parameters), (*operands, out)))
        else:
            self._calls.append((partial(_copied, node, out), tuple(operands)))

    def _in_place(self, node: Node, ended: Sequence[Node]) -> Array | None:
        """The array of an operand that ends here, which the kernel may overwrite."""
        for source in node.inputs:
            own = self._buffers.get(source)
            if own is None or source not in ended:
                continue
            if own.shape == node.shape and own.dtype == node.dtype:
                del self._buffers[source]
                return own
        return None

    def _new(self, node: Node) -> Array:
        free = self._free.get(node.nbytes)
        if free:
            return free.pop().view(node.dtype).reshape(node.shape)
        return np.empty(node.shape, node.dtype)

    def _release(self, node: Node) -> None:
        """Let later calls use a node's array."""
        buffer = self._buffers.pop(node, None)
        if buffer is not None and buffer.ndim and buffer.size:
            self._free.setdefault(buffer.nbytes, []).append(buffer.reshape(-1))


def _copied(node: Node, out: Array, *operands: Array) -> None:
    """Compute a node with a kernel that makes its own array."""
    np.copyto(out, compute(node, list(operands)), "unsafe")
