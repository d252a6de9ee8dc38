"""The memory of a program: which variables hold which tensor, and what in-place operations do.

Nodes are frozen, so to change a tensor in place is to give everyone who holds it a new node
(`aliases` says what becomes of views). What PyTorch refuses is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.node import Node, building, building_with
from difftool.language import aliases
from difftool.language.builtins import ProgramRuntime
from difftool.operations.registry import find, ops
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
        through_data = any([view.operation.name == "detach" for view in path])
        value = _fitted(value, target)
        if through_data and base.is_leaf:
            return self.exchange(target, value, keep_leaf=True, assigned=assigned)
        if base.requires_grad or value.requires_grad:
            _refuse_update(base, bool(path))
            if building.grad_enabled:
                return self.exchange(target, value, keep_leaf=False, assigned=assigned)
        return self.exchange(target, value, keep_leaf=base.is_leaf, assigned=assigned)

    def exchange(
        self, target: Node, value: Node, *, keep_leaf: bool, assigned: bool = False
    ) -> Node:
        """Give everyone who holds `target`, or a view of its memory, what it is now."""
        held = [
            *aliases.tensors_in(self.variables.values()),
            *aliases.tensors_in(self.iterated),
            *self.runtime.gradient_tensors(),
        ]
        with building_with(grad_enabled=building.grad_enabled and not keep_leaf):
            changed = aliases.replacements(held, target, value, assigned)
            base = aliases.base_of(target, assigned)[0]
            if keep_leaf:
                # The new value starts afresh, with the old one's place in the leaves.
                leaf = self.runtime.leaf_like(base, changed[base])
                changed = aliases.replacements(held, base, leaf)
        changed = {old: self.runtime.settle(new) for old, new in changed.items()}
        self.hand_out(changed)
        self.runtime.replaced(changed)
        return changed.get(target, value)

    def change_data(self, owner: Node, value: Node) -> None:
        """`x.data = value`: other numbers for a leaf, unseen by autograd."""
        if not owner.is_leaf:
            raise DifftoolError(
                ".data of a tensor that has a grad_fn can't be changed",
                kind="unsupported",
                hint="change the leaf, or make a new tensor",
            )
        self.exchange(owner, _fitted(value, owner), keep_leaf=True)

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
        self.runtime.replaced(changed)
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
        return ops.zeros_like(target)
    if name == "fill" and len(arguments) == 2:
        return ops.full_like(target, _number_or_item(arguments[1]))
    if name == "copy" and len(arguments) == 2:
        return ops.expand_as(arguments[1], target)
    function = find(name)
    if function is None:
        raise DifftoolError(
            f"`{name}_` is not an in-place operation of difftool",
            kind="name",
            hint="`difftool functions` lists the functions; each has an in-place form",
        )
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


def _refuse_update(base: Node, is_view: bool) -> None:
    """In-place operations that PyTorch refuses, or that difftool doesn't follow."""
    if not building.grad_enabled and base.requires_grad and not base.is_leaf:
        raise DifftoolError(
            "a tensor that has a grad_fn can't be changed in place under no_grad here",
            kind="unsupported",
            hint="make a new tensor: y = y * 2",
        )
    if not building.grad_enabled:
        return
    if base.requires_grad and base.is_leaf:
        what = "a view of a leaf" if is_view else "a leaf"
        raise DifftoolError(
            f"{what} that requires a gradient can't be changed in place",
            kind="value",
            hint="do it under `with torch.no_grad():`",
        )
