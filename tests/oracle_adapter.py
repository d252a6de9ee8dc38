"""What `test_oracle` asks of difftool, in the few functions it needs.

Everything that depends on how difftool is called stands here; the record itself
(`tests/data/oracle`, written by `tests/oracle/record.py`) is plain JSON. Every function takes
the text of an expression and an array for each of its names, requires a gradient for every
floating one, and lets `DifftoolError` through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

import difftool
from difftool.autodiff.reverse import gradients_of
from difftool.evaluation import Evaluation
from difftool.execute.engine import Engine
from difftool.graph.dtype import float64, is_float
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.language.parser import parse
from difftool.operations.registry import constant, ops
from difftool.report.build import chain as chain_entries
from difftool.report.record import OutputRecord, TupleRecord
from difftool.session import Session

Array: TypeAlias = "np.ndarray[Any, Any]"
Arrays: TypeAlias = Mapping[str, Array]


def values(expression: str, inputs: Arrays) -> list[Array]:
    """The value of an expression; several where it gives a tuple."""
    output = Session().evaluate(expression, inputs).output
    parts = output.items if isinstance(output, TupleRecord) else (output,)
    return [part.data for part in parts if isinstance(part, OutputRecord)]


def gradients(expression: str, inputs: Arrays, grad_output: Array | None) -> dict[str, Array]:
    """The gradient for every floating input, by the public API."""
    return difftool.grad(expression, inputs, grad_output=grad_output).gradients


def second_derivatives(
    expression: str, inputs: Arrays, grad_output: Array | None, directions: Arrays
) -> dict[str, Array]:
    """For each floating input the gradient of the first gradients' product with `directions`.

    The first gradients are a graph; their inner products with the directions are summed and
    differentiated once more. What does not depend on an input is zero.
    """
    evaluation = _evaluation(expression, inputs)
    sources = {name: evaluation.leaves[name] for name in directions}
    output = _output(evaluation)
    seed = None if grad_output is None else constant(grad_output.astype(output.dtype))
    first = gradients_of(output, sources.values(), seed)
    with building_with(default_dtype=float64, span=None):
        products = [
            ops.sum(gradient * constant(directions[name].astype(gradient.dtype)))
            for name, source in sources.items()
            if (gradient := first[source]) is not None and gradient.requires_grad
        ]
        if not products:
            return {name: np.zeros(node.shape, node.dtype) for name, node in sources.items()}
        total = products[0]
        for product in products[1:]:
            total = total + product
    second = gradients_of(total, sources.values())
    wanted = [node for node in second.values() if node is not None]
    evaluation.compute(wanted)
    return {
        name: np.zeros(source.shape, source.dtype)
        if (node := second[source]) is None
        else np.array(evaluation.values[node])
        for name, source in sources.items()
    }


def chain(expression: str, inputs: Arrays) -> list[Any] | None:
    """The grad_fn graph in the record's form: `[name, [next]]`, depth first from the output."""
    evaluation = _evaluation(expression, inputs)
    output = _output(evaluation)
    if not output.requires_grad or not output.inputs:
        return None
    entries = chain_entries(output, ancestors([output]), evaluation.names)
    by_id = {entry.id: entry for entry in entries}
    places: dict[int, int] = {}
    nodes: list[Any] = []
    stack: list[tuple[int, int | None]] = [(entries[0].id, None)]
    while stack:
        identity, parent = stack.pop()
        if identity not in places:
            entry = by_id[identity]
            places[identity] = len(nodes)
            label = entry.name if entry.variable is None else f"{entry.name}({entry.variable})"
            nodes.append([label, []])
            stack.extend((following, identity) for following in reversed(entry.next))
        if parent is not None:
            nodes[places[parent]][1].append(places[identity])
    return nodes


def _evaluation(expression: str, inputs: Arrays) -> Evaluation:
    return Evaluation(
        expression,
        parse(expression),
        inputs,
        differentiable=frozenset(name for name, array in inputs.items() if is_float(array.dtype)),
        dtype=float64,
        generator=lambda: None,
        engine=Engine(),
    )


def _output(evaluation: Evaluation) -> Node:
    result = evaluation.result
    if isinstance(result, list):
        result = ops.tensor(result, literal=True)
    assert isinstance(result, Node)
    return result
