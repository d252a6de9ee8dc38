"""From a graph and its values to the record of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.graph.dtype import name_of
from difftool.graph.node import Node
from difftool.graph.walk import (
    call_of,
    differentiable_ancestors,
    grad_fn,
    next_nodes,
    shown_inputs,
)
from difftool.language.syntax import Program, unparse_program
from difftool.operations.registry import CONSTANT, number_of
from difftool.operations.shapes import Size, dtype_name
from difftool.report.record import (
    ChainEntry,
    NodeRecord,
    Output,
    OutputRecord,
    TextRecord,
    TupleRecord,
)

Array: TypeAlias = "np.ndarray[Any, Any]"

# Longest text of one node, in characters: in a sum of n terms every partial sum is a node, and
# whole texts would fill n^2 characters.
LONGEST_TEXT = 1000
LONGEST_OPERAND = 40

# Indices of elements that a warning names.
MOST_PLACES = 5


class Texts:
    """The text of each node, cut from the program's normal form.

    Args:
        program: the syntax tree.
        names: names of leaves.
    """

    def __init__(self, program: Program, names: Mapping[Node, str]) -> None:
        self._program = program
        self._names = names

    def of(self, nodes: Sequence[Node]) -> dict[Node, str]:
        """The text of each of `nodes`, which stand in the order of their making."""
        # One call may make several nodes; the last is what the text means, the others lead there.
        owner = {node.span: node for node in nodes if node.inputs}
        normal, places = unparse_program(self._program)
        texts: dict[Node, str] = {}
        for node in nodes:
            place = places.get(node.span) if node.span is not None else None
            number = number_of(node)
            if node in self._names and not node.inputs:
                text = self._names[node]
            elif number is not None:
                text = str(number)
            elif node.operation is CONSTANT:
                text = f"tensor of shape {node.shape}"
            elif place is not None and node.operation.joint and "place" in node.parameters:
                # One of the results that a call gives, by its number.
                text = f"{_shortened(normal, *place, LONGEST_TEXT)}[{node.parameters['place']}]"
            elif place is not None and (not node.inputs or owner.get(node.span) is node):
                text = _shortened(normal, *place, LONGEST_TEXT)
            else:
                whole = [texts[source] for source in shown_inputs(node)]
                operands = [_shortened(text, 0, len(text), LONGEST_OPERAND) for text in whole]
                text = f"{node.operation.name}({', '.join(operands)})"
            texts[node] = text
        return texts


def _shortened(text: str, start: int, end: int, limit: int) -> str:
    """`text[start:end]`, with its middle left out where it is longer than `limit`."""
    if end - start <= limit:
        return text[start:end]
    head = (limit - 3) // 2
    return f"{text[start : start + head]} … {text[end - (limit - 3 - head) : end]}"


def output_record(node: Node, value: Array) -> OutputRecord:
    """The record of a computed tensor."""
    return OutputRecord(node.shape, name_of(node.dtype), value, grad_fn(node))


def nested_output(result: Any, values: Mapping[Node, Array]) -> Output:
    """The record of whatever an expression gave: a tensor, several values, or something else."""
    if isinstance(result, Node):
        return output_record(result, values[result])
    if isinstance(result, tuple) and any(isinstance(item, Node) for item in result):
        fields = getattr(result, "_fields", ())
        items = tuple([nested_output(item, values) for item in result])
        name = type(result).__name__.removesuffix("_result")
        return TupleRecord(items, f"torch.return_types.{name}" if fields else None, tuple(fields))
    return TextRecord(_text(result))


def _text(value: Any) -> str:
    """A value that is no tensor, as PyTorch prints it."""
    if isinstance(value, np.dtype):
        return f"torch.{dtype_name(value)}"
    if isinstance(value, Size):
        return f"torch.Size({list(value)})"
    return str(value)


def node_records(
    nodes: Sequence[Node],
    texts: Mapping[Node, str],
    values: Mapping[Node, Array],
    gradients: Mapping[Node, Array],
) -> tuple[NodeRecord, ...]:
    """A record for each node that is shown; ids count from 0 in the order of making."""
    shown = [node for node in nodes if not node.operation.hidden]
    ids = {node: number for number, node in enumerate(shown)}
    functions = {node: grad_fn(node) for node in shown}
    return tuple(
        [
            NodeRecord(
                ids[node],
                texts[node],
                node.operation.name,
                tuple([ids[source] for source in shown_inputs(node)]),
                node.requires_grad,
                functions[node],
                tuple([functions[source] or "AccumulateGrad" for source in next_nodes(node)])
                if node.requires_grad
                else (),
                node.shape,
                name_of(node.dtype),
                values.get(node),
                gradients.get(node),
            )
            for node in shown
        ]
    )


def chain(output: Node, nodes: Sequence[Node], names: Mapping[Node, str]) -> tuple[ChainEntry, ...]:
    """The grad_fn chain of `output`, its own function first."""
    ids = {
        node: number
        for number, node in enumerate([node for node in nodes if not node.operation.hidden])
    }
    reached = differentiable_ancestors(output)
    # The results of one call have one function; it stands for the first of them.
    calls: dict[Any, Node] = {}
    for node in reached:
        if node.operation.joint:
            ids[node] = ids[calls.setdefault(call_of(node), node)]
    return tuple(
        [
            ChainEntry(
                ids[node],
                grad_fn(node) or "AccumulateGrad",
                None if node.inputs else names.get(node, "tensor"),
                tuple([ids[source] for source in next_nodes(node)]),
            )
            for node in reversed(reached)
            if not node.operation.joint or calls[call_of(node)] is node
        ]
    )


def forward_warning(node: Node, texts: Mapping[Node, str], value: Array) -> str:
    """Which node made the first value that is not finite, of what, and in which elements."""
    what = _nonfinite_kind(value)
    where = _places(value)
    if not node.inputs:
        return f"{texts[node]} holds {what} already{where}"
    return (
        f"{what} in the value of {short(texts[node])}, made by {node.operation.name} of "
        f"{_facts(node.inputs, texts)}{where}"
    )


def backward_warning(
    nodes: Sequence[Node],
    texts: Mapping[Node, str],
    finite: Mapping[Node, bool],
    gradient: Callable[[Node], Array],
    part: Callable[[Node, Node], Array | None],
) -> tuple[str, ...]:
    """Which function made the first gradient that is not finite, walking back from the output.

    Args:
        nodes: the graph, the output last.
        texts: the text of each.
        finite: for each node that has a gradient, whether that is finite.
        gradient: the gradient of a node.
        part: what a node by itself adds to the gradient of an input, or None where that is
            finite. An input of several uses has the sum of them, and only one of them may be to
            blame.
    """
    output = nodes[-1]
    if not finite.get(output, True):
        kind = _nonfinite_kind(gradient(output))
        return (f"the gradient given for the output holds {kind}",)
    overflow: tuple[str, ...] = ()
    for user in reversed(nodes):
        if not finite.get(user, False):
            continue
        for source in dict.fromkeys(next_nodes(user)):
            if finite.get(source, True):
                continue
            added = part(user, source)
            if added is not None:
                return (_backward(user, source, added, texts),)
            overflow = overflow or (_backward(user, source, gradient(source), texts),)
    return overflow


def _backward(user: Node, source: Node, gradient: Array, texts: Mapping[Node, str]) -> str:
    return (
        f"{_nonfinite_kind(gradient)} in the gradient of "
        f"{short(texts[source])}, made by {grad_fn(user)} of {short(texts[user])}; "
        f"{_facts(user.inputs, texts)}{_places(np.broadcast_to(gradient, source.shape))}"
    )


def _nonfinite_kind(value: Array) -> str:
    return "NaN" if np.isnan(value).any() else "infinity"


def _places(value: Array) -> str:
    """The indices of the first elements that are not finite, and how many there are."""
    if value.ndim == 0:
        return ""
    places = np.argwhere(~np.isfinite(value))
    first = ", ".join([str(place) for place in places[:MOST_PLACES].tolist()])
    more = ", ..." if len(places) > MOST_PLACES else ""
    return f"; at {first}{more}: {len(places):,} of {value.size:,} elements"


def short(text: str) -> str:
    """The text of a node as a sentence quotes it."""
    return f"`{_shortened(text, 0, len(text), LONGEST_OPERAND)}`"


def _facts(nodes: Sequence[Node], texts: Mapping[Node, str]) -> str:
    facts = [f"{short(texts[node])} of shape {node.shape}" for node in nodes]
    return ", ".join(dict.fromkeys(facts))
