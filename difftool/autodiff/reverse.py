"""Reverse mode: the graph of a value to the graph of its gradients.

The walk does once what every rule would otherwise repeat: it sums a gradient back to the shape of a
broadcast operand, adds up the contributions of several uses, and brings dtypes together.

A gradient may be *narrower* than the value it belongs to: it need only broadcast to it. The
gradient of a mean is one number and stays one until an elementwise rule multiplies something
of full size by it. `at_full_size` widens a gradient for those who need it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import TypeAlias

from difftool.autodiff.simplify import simplify
from difftool.collector import collector_paused
from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape, building, building_with
from difftool.graph.walk import differentiable_ancestors, next_nodes
from difftool.operations.registry import constant, ops

Reads: TypeAlias = Callable[[Node, list[Node]], None]


@collector_paused
def gradients(
    output: Node,
    seed: Node | None = None,
    *,
    sources: Iterable[Node] | None = None,
    reads: Reads | None = None,
) -> dict[Node, Node]:
    """The gradient of `output` for every node it depends on and that requires one.

    Args:
        output: any shape; without `seed` it must have exactly one element in no dimension, ().
        seed: the vector of the vector-Jacobian product, in the shape of `output`.
        sources: only nodes on the way to these are passed; None: all.
        reads: told of each node whose rules read values of the forward pass, and of these.

    Returns:
        For each node (the output included) the node of its gradient, whose shape broadcasts to it.

    Raises:
        DifftoolError: kind "value" for an output that requires no gradient, kind "shape" for one
            that is not a scalar (without `seed`) or a seed of another shape.
    """
    seed = checked_seed(output, seed)
    adjoints: dict[Node, Node] = {output: seed}
    order = differentiable_ancestors(output)
    wanted = None if sources is None else _leading_to(order, set(sources))
    with building_with(rewrite=simplify, span=None):
        for node in reversed(order):
            if node.inputs and node in adjoints:
                building.span = node.span
                _pass_back(node, adjoints, wanted, reads)
    return adjoints


def _leading_to(order: Iterable[Node], sources: set[Node]) -> set[Node]:
    """Those of `order`, inputs before users, that gradients pass on their way to `sources`."""
    wanted = sources
    for node in order:
        if not wanted.isdisjoint(next_nodes(node)):
            wanted.add(node)
    return wanted


def checked_seed(output: Node, seed: Node | None) -> Node:
    """The gradient that the walk starts from: one, or the given seed in the output's dtype."""
    checked_shape(output, seed)
    if not output.requires_grad:
        raise DifftoolError(
            "the output does not depend on anything that requires a gradient",
            kind="value",
            span=output.span,
            hint="give a floating-point input that the output uses, and don't detach it",
        )
    if seed is None:
        return constant(1.0, output.dtype)
    return seed if seed.dtype == output.dtype else ops.to(seed, dtype=output.dtype)


def checked_shape(output: Node, seed: Node | None) -> None:
    """Refuse an output that is not one number without a seed, and a seed of another shape."""
    if seed is None and output.shape != ():
        raise not_a_scalar(output.shape).at(output.span, None)
    if seed is not None and seed.shape != output.shape:
        raise DifftoolError(
            f"the gradient given for the output has shape {seed.shape}, "
            f"the output has shape {output.shape}",
            kind="shape",
            hint="they must be the same",
        )


def not_a_scalar(shape: Shape) -> DifftoolError:
    """The error for a gradient asked of an output that is not one number."""
    hint = "give --grad-output, or reduce it with sum(...); `difftool jacobian` gives all of it"
    if shape == (1,):
        hint = "a tensor of shape (1,) is not a scalar: use sum(...) or [0], or give --grad-output"
    return DifftoolError(
        f"grad can be implicitly created only for scalar outputs; this one has shape {shape}",
        kind="shape",
        hint=hint,
    )


def _pass_back(
    node: Node,
    adjoints: dict[Node, Node],
    wanted: Container[Node] | None,
    reads: Reads | None,
) -> None:
    """Add `node`'s contribution to the gradients of its inputs."""
    operation = node.operation
    gradient = adjoints[node]
    uniform = operation.rearranges and gradient.size == 1
    if uniform:
        gradient = ops.reshape(gradient, ())
    elif not operation.narrow:
        gradient = at_full_size(gradient, node.shape)
    for position, source in enumerate(node.inputs):
        if not source.requires_grad or (wanted is not None and source not in wanted):
            continue
        rule = operation.rule(position)
        if rule is None:
            continue
        if uniform:
            part = gradient
        else:
            try:
                part = rule(gradient, node, *node.inputs, **node.parameters)
            except DifftoolError as error:
                raise error.at(node.span, None) from None
            if reads is not None:
                values = _values_read(part, gradient, node)
                if values:
                    reads(node, values)
            if operation.narrow and source.shape != node.shape:
                part = _unbroadcast(part, source.shape, node.shape)
        if part.dtype != source.dtype:
            part = ops.to(part, dtype=source.dtype)
        before = adjoints.get(source)
        adjoints[source] = part if before is None else before + part


def _values_read(part: Node, gradient: Node, node: Node) -> list[Node]:
    """Which of a node and its inputs the graph of a gradient `part` is computed from."""
    forward = {node, *node.inputs}
    found = []
    seen = {part}
    stack = [part]
    while stack:
        current = stack.pop()
        if current in forward:
            found.append(current)
        elif current is not gradient and current.number > node.number:
            for source in current.inputs:
                if source not in seen:
                    seen.add(source)
                    stack.append(source)
    return found


def contributions(node: Node, gradient: Node) -> dict[Node, Node]:
    """What `node` alone adds to the gradients of its inputs, given its own gradient."""
    found = {node: gradient}
    with building_with(rewrite=simplify, span=node.span):
        _pass_back(node, found, None, None)
    del found[node]
    return found


def _unbroadcast(gradient: Node, shape: Shape, full: Shape) -> Node:
    """Sum a gradient over the dimensions along which `shape` was broadcast to `full`.

    Along a dimension where the gradient itself is narrow the sum is a multiplication.
    """
    missing = len(full) - len(shape)
    own = (1,) * (len(full) - gradient.ndim) + gradient.shape
    summed = []
    factor = 1
    for axis, length in enumerate(full):
        broadcast = axis < missing or (shape[axis - missing] == 1 and length != 1)
        if not broadcast:
            continue
        if own[axis] == length:
            summed.append(axis - (len(full) - gradient.ndim))
        else:
            factor *= length
    dims = tuple([axis for axis in summed if axis >= 0])
    if dims:
        gradient = ops.sum(gradient, dim=dims, keepdim=True)
    if factor != 1:
        gradient = gradient * factor
    if gradient.ndim > len(shape):
        # What stands before the dimensions of `shape` is 1 by now.
        gradient = ops.reshape(gradient, gradient.shape[gradient.ndim - len(shape) :])
    return gradient


def at_full_size(gradient: Node, shape: Shape) -> Node:
    """A gradient widened to the shape of its value (a view: nothing is copied)."""
    return gradient if gradient.shape == shape else ops.expand(gradient, shape)


def gradients_of(
    output: Node, sources: Iterable[Node], seed: Node | None = None
) -> dict[Node, Node | None]:
    """The full-size gradient for each of `sources`, None where the output doesn't depend on it."""
    sources = list(sources)
    adjoints = gradients(output, seed, sources=sources)
    with building_with(rewrite=simplify):
        return {
            source: at_full_size(adjoints[source], source.shape) if source in adjoints else None
            for source in sources
        }
