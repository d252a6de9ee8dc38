"""In-place operations on frozen nodes: who holds a tensor, and what they hold afterwards.

A program's tensors are held by its variables, by lists among them and as `.grad` of leaves. To
change a tensor in place is to give all its holders a new node, and to make views of it (`y = x[0]`)
anew from the new one. The functions here are pure: they say what replaces what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from difftool.graph.dtype import boolean
from difftool.graph.node import Node
from difftool.operations.overwriting import written
from difftool.operations.registry import ops

# Making views of views, each from the one before, `x = x.T` in a loop grows a chain; beyond this
# length a view is a tensor of its own.
LONGEST_VIEW = 64


def is_view(node: Node) -> bool:
    """Whether `node` shows the memory of its first input."""
    return node.operation.view and not node.operation.owned


def base_of(node: Node, assigned: bool = False) -> tuple[Node, list[Node]]:
    """The tensor whose memory `node` shows, and the views that lead from it to `node`.

    With `assigned`, `node` is the left side of an assignment to `x[...]`: then elements that
    lists and masks pick are places in `x` too.
    """
    path: list[Node] = []
    if assigned and node.operation.name == "index":
        path.append(node)
        node = node.inputs[0]
    while is_view(node) and node.inputs and len(path) <= LONGEST_VIEW:
        path.append(node)
        node = node.inputs[0]
    path.reverse()
    return node, path


def viewed_again(base: Node, path: Iterable[Node]) -> Node:
    """The views of `path`, made once more from another tensor."""
    node = base
    for view in path:
        node = view.operation(node, *view.inputs[1:], **view.parameters)
    return node


def written_back(base: Node, path: list[Node], value: Node, assigned: bool = False) -> Node:
    """`base` with `value` in the place that the views of `path` show.

    Elements are put where the views' derivative rules would send a gradient: these say of each
    element of the view which element of the base it is. Where lists and tensors name a place
    several times the last value stays.

    Args:
        assigned: the last of `path` is the left side of an assignment to `x[...]`.
    """
    picked = path[-1] if path[-1].operation.name == "index" else None
    if picked is not None and len(path) == 1:
        return _picked_put(base, picked, value)
    if assigned and len(path) == 1 and _is_whole(path[0], base):
        is_number = value.operation.name == "expand" and value.inputs[0].ndim == 0
        ones = ops.ones(value.shape, dtype=boolean)
        return written(ones, value, base, "FillBackward3" if is_number else "CopyBackwards")
    placed, mask = value, ops.ones(value.shape, dtype=value.dtype)
    stations = [base, *path]
    for view, source in zip(reversed(path), reversed(stations[:-1]), strict=True):
        if view.operation.name in ("detach", "alias"):
            continue
        if view is picked:
            zeros = ops.zeros(source.shape, dtype=value.dtype)
            placed, mask = [_picked_put(zeros, view, values) for values in (placed, mask)]
            continue
        rule = view.operation.rule(0)
        assert rule is not None
        placed = rule(placed, view, source, *view.inputs[1:], **view.parameters)
        mask = rule(mask, view, source, *view.inputs[1:], **view.parameters)
    return written(ops.ne(mask, 0), placed, base, "CopySlices")


def _picked_put(tensor: Node, picked: Node, values: Node) -> Node:
    put: Node = ops.index_put(tensor, *picked.inputs[1:], values, **picked.parameters)
    return put


def _is_whole(view: Node, base: Node) -> bool:
    """Whether a view by `[...]` or `[:]` shows all of its base as it is.

    Further dimensions that are written whole make no node.
    """
    if view.operation.name == "slice":
        if view.parameters["dim"] != 0 or view.parameters["step"] != 1:
            return False
    elif view.operation.name != "alias":
        return False
    return view.shape == base.shape


def replacements(held: Iterable[Node], base: Node, new_base: Node) -> dict[Node, Node]:
    """What becomes of each held tensor when `base` is changed in place to `new_base`.

    Tensors that show the same memory are made anew from it; all others are left out.
    """
    changed: dict[Node, Node] = {base: new_base}
    for node in held:
        if node not in changed:
            other, path = base_of(node)
            if other is base:
                changed[node] = viewed_again(new_base, path)
    return changed


def replaced(value: Any, changed: Mapping[Node, Node]) -> Any:
    """A variable's value with its tensors exchanged; lists are changed where they are."""
    if isinstance(value, Node):
        return changed.get(value, value)
    if isinstance(value, list):
        value[:] = [replaced(item, changed) for item in value]
        return value
    if isinstance(value, tuple):
        items = [replaced(item, changed) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


def tensors_in(values: Iterable[Any]) -> list[Node]:
    """Every tensor that variables hold, in lists and tuples too."""
    found: list[Node] = []
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, list | tuple):
            stack.extend(value)
    return found
