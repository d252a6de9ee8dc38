"""The memory of a program: which variables hold which tensor, and what in-place operations do.

Nodes are frozen, so to change a tensor in place is to give everyone who holds it a new node
(`aliases` says what becomes of views). What PyTorch refuses is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, building, building_with
from difftool.language import aliases
from difftool.language.builtins import ProgramRuntime
from difftool.operations import outside
from difftool.operations.overwriting import copied, filled, revalued, zeroed
from difftool.operations.registry import find, is_weak, ops
from difftool.operations.signature import call, describe


class Memory:
    """Everyone who can hold a tensor.

    Attributes:
        variables: the program's names.
        iterated: the tensors that loops go over row by row.
        runtime: holds the gradients, and makes leaves.
    """

    def __init__(self, variables: dict[str, Any], runtime: ProgramRuntime) -> None:
        self.variables = variables
        self.iterated: list[Any] = []
        self.runtime = runtime

    def update(self, target: Node, value: Node, assigned: bool = False) -> Node:
        """Change `target` in place to `value`, for everyone who holds it.

        Args:
            assigned: `target` is the left side of an assignment to `x[...]`.
        """
        base, path = aliases.base_of(target, assigned)
        if any([view.operation.name == "expand" and view.shape != base.shape for view in path]):
            raise DifftoolError(
                "elements of an expanded tensor share their memory: they can't be changed in place",
                kind="value",
                hint="clone() the expanded tensor first",
            )
        through_data = any([view.operation.name == "detach" for view in path])
        value = _fitted(value, target)
        recorded = building.grad_enabled and not through_data
        if through_data and building.grad_enabled and value.requires_grad:
            raise DifftoolError(
                "a detached tensor can't take up, in place, a value that requires a gradient",
                kind="unsupported",
                hint="clone() it first, or detach() the value",
            )
        if recorded and base.requires_grad and base.is_leaf:
            what = "a view of a leaf" if path else "a leaf"
            raise DifftoolError(
                f"{what} that requires a gradient can't be changed in place",
                kind="value",
                hint="do it under `with torch.no_grad():`",
            )
        return self.exchange(target, value, recorded=recorded, assigned=assigned)

    def assign(self, part: Node, value: Node) -> None:
        """`x[...] = value`, of which `part` is the left side.

        Numbers take the dtype of the tensor, and so does what is no replacement by indices;
        dimensions of length 1 in front of the value are left out.
        """
        while value.ndim > part.ndim and value.shape[0] == 1:
            value = ops.reshape(value, value.shape[1:])
        if is_weak(value) or part.operation.name != "index":
            value = ops.to(value, dtype=part.dtype)
        self.update(part, value, assigned=True)

    def exchange(
        self, target: Node, value: Node, *, recorded: bool, assigned: bool = False
    ) -> Node:
        """Give everyone who holds `target`, or a view of its memory, what it is now.

        Args:
            recorded: whether autograd sees the change; else the numbers change and the history
                stays: a leaf remains one.
        """
        held = [
            *aliases.tensors_in(self.variables.values()),
            *aliases.tensors_in(self.iterated),
            *self.runtime.gradient_tensors(),
        ]
        base, path = aliases.base_of(target, assigned)
        with building_with(grad_enabled=recorded):
            new_base = value
            if path:
                new_base = aliases.written_back(base, path, value, assigned)
        # Settled first: views are made of what the variables will hold.
        new_base = self.runtime.settle(new_base) if recorded else self._renumbered(base, new_base)
        with building_with(grad_enabled=True):
            changed = aliases.replacements([*held, target], base, new_base)
        changed = {old: self.runtime.settle(new) for old, new in changed.items()}
        self.hand_out(changed)
        self.runtime.replaced(changed, target, value)
        return changed[target] if target in changed else value

    def _renumbered(self, base: Node, value: Node) -> Node:
        """Other numbers in the place of `base`, unseen by autograd."""
        if base.is_leaf:
            return self.runtime.leaf_like(base, value)
        with building_with(grad_enabled=True):
            return revalued(base, np.array(self.runtime.value(value)))

    def change_data(self, owner: Node, value: Node) -> None:
        """`x.data = value`: other numbers, unseen by autograd."""
        self.exchange(owner, _fitted(value, owner), recorded=False)

    def require_grad(self, node: Node, requires_grad: bool) -> Node:
        """`x.requires_grad_()`: the same value as a leaf that requires a gradient, or none."""
        if node.requires_grad == requires_grad:
            return node
        if not node.is_leaf:
            raise DifftoolError(
                "only leaf tensors can change whether they require a gradient",
                kind="value",
                hint="detach() first",
            )
        leaf = self.runtime.leaf_like(node, node, requires_grad)
        changed = {node: leaf}
        self.hand_out(changed)
        self.runtime.replaced(changed, node, leaf)
        return leaf

    def hand_out(self, changed: Mapping[Node, Node]) -> None:
        """Give every variable that holds an old node the new one."""
        self.iterated[:] = [aliases.replaced(held, changed) for held in self.iterated]
        for name, held in self.variables.items():
            self.variables[name] = aliases.replaced(held, changed)


def in_place_value(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Node:
    """The value an in-place method leaves: that of the function without the underscore."""
    target = arguments[0]
    if name == "zero":
        return zeroed(target)
    if name == "fill" and len(arguments) == 2:
        return filled(target, _number_or_item(arguments[1]))
    if name == "copy" and len(arguments) == 2:
        return copied(target, ops.expand_as(arguments[1], target))
    function = find(name)
    if function is None:
        raise outside.unknown(f"{name}_")
    value = call(function, arguments, keywords)
    assert isinstance(value, Node)
    return value


def _number_or_item(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    raise DifftoolError(
        f"fill_ takes a number, not {describe(value)}", kind="argument", hint="use copy_"
    )


def _fitted(value: Node, target: Node) -> Node:
    """A new value brought to the shape and dtype of the tensor it goes into."""
    if value.shape != target.shape:
        if len(value.shape) > target.ndim or ops.expand(value, target.shape).shape != target.shape:
            raise DifftoolError(
                f"a tensor of shape {target.shape} can't take a value of shape {value.shape}",
                kind="shape",
                hint="in-place operations keep the shape",
            )
        value = ops.expand(value, target.shape)
    if value.dtype != target.dtype:
        if value.dtype.kind == "f" and target.dtype.kind != "f":
            raise DifftoolError(
                f"a tensor of {target.dtype.name} can't take {value.dtype.name} in place",
                kind="dtype",
                hint="convert it to floating point first",
            )
        value = ops.to(value, dtype=target.dtype)
    return value
