"""Passes: how often a graph is gone over, what is computed whole, and what memory it takes.

The large tensors have a million elements; nothing is computed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from difftool.autodiff.reverse import gradients_of
from difftool.execute.lower import lowered
from difftool.execute.passes import Passes
from difftool.execute.schedule import passes
from difftool.graph.node import Node
from difftool.session import Session

SIZE = 10**6
ROWS, COLUMNS = 10**5, 10
SHAPES = {
    "v": (SIZE,),
    "u": (SIZE,),
    "x": (ROWS, COLUMNS),
    "y": (ROWS, COLUMNS),
    "t": (ROWS,),
    "w": (COLUMNS, COLUMNS),
    "b": (COLUMNS,),
    "m": (ROWS, 3, 3),
    "e": (1000, COLUMNS),
}


class Planned(NamedTuple):
    """The passes of a value and of the gradients by some of its inputs."""

    passes: Passes
    results: list[Node]

    @property
    def made_whole(self) -> list[Node]:
        """Large tensors that take memory besides the results."""
        nodes, known = self.passes.nodes, set(self.passes.known)
        return [
            nodes[place]
            for phase in self.passes.phases
            for place in (*phase.whole, *phase.allocated)
            if nodes[place].size >= ROWS
            and place not in known
            and nodes[place] not in self.results
            and not nodes[place].operation.view
        ]

    @property
    def loops(self) -> int:
        return sum([len(phase.loops) for phase in self.passes.phases])

    @property
    def kept(self) -> list[str]:
        """What is stored for a later pass in the memory of a result."""
        return [self.passes.nodes[place].operation.name for place in self.passes.lent]


def planned(expression: str, *wrt: str) -> Planned:
    names = [name for name in SHAPES if name in _words(expression)]
    inputs = {name: np.broadcast_to(0.5, SHAPES[name]) for name in names}
    problem = Session(seed=0).problem(expression, inputs, wrt or None)
    gradients = gradients_of(problem.output, problem.sources.values()).values()
    known = problem.evaluation.values
    new = lowered([problem.output, *[node for node in gradients if node is not None]], known)
    results = [new.get(x, x) for x in (problem.output, *gradients) if x is not None]
    found = passes(results, known)
    assert found is not None
    return Planned(found, results)


def _words(text: str) -> list[str]:
    return "".join([character if character.isalnum() else " " for character in text]).split()


@pytest.mark.parametrize(
    ("expression", "wrt", "loops"),
    [
        ("mean(3*(v+2)^3)", "v", 1),
        ("sum(sin(v) * u)", "v u", 1),
        ("mse_loss(v, u)", "v u", 1),
        ("mean((softmax(x, 1)-y)^2)", "x y", 1),
        ("sum((x-x.mean(1,True))/sqrt(x.var(1,False,True)+1e-5)*y)", "x y", 1),
        ("sum(relu(x @ w + b)^2)", "x w b", 1),
        ("sum(tanh(x @ w) @ w)", "x w", 1),
        ("sum(cumsum(x, 1)^2)", "x", 1),
        ("sum(inv(m)^2)", "m", 1),
        ("sum(m.tril() @ m)", "m", 1),
        ("sum(x[:, 1:] * x[:, :-1])", "x", 1),
        ("sum(cat([x, y], 1)^2) + sum(stack([x, y], 1)^3)", "x y", 1),
        ("cross_entropy(x, t.long(), reduction='sum')", "x", 1),
        ("cross_entropy(x, t.long())", "x", 2),
        ("cross_entropy(x, t.long(), b, label_smoothing=0.1)", "x", 2),
        ("norm(v)", "v", 2),
        ("norm(v - u, 3)", "v u", 2),
        ("norm(v, inf)", "v", 3),
        ("prod(v)", "v", 2),
        ("logsumexp(v, 0)", "v", 3),
        ("var(v)", "v", 2),
        ("std(v)", "v", 3),
        ("mean((x-x.mean(0))^2/(x.var(0)+1e-5))", "x", 4),
    ],
)
def test_a_value_and_its_gradients_take_so_many_passes_and_no_memory_besides(
    expression: str, wrt: str, loops: int
) -> None:
    steps = planned(expression, *wrt.split())
    assert steps.made_whole == []
    assert steps.loops == loops


def test_the_gradient_of_a_mean_is_never_made_at_full_size() -> None:
    for expression in ("mean(v)", "sum(v)", "mean(v.reshape(1000, 1000), 0).sum()"):
        problem = Session().problem(expression, {"v": np.broadcast_to(0.5, (SIZE,))}, None)
        (gradient,) = gradients_of(problem.output, problem.sources.values()).values()
        assert gradient is not None and gradient.operation.view
    steps = planned("mean(sin(v))", "v")
    (phase,) = steps.passes.phases
    (loop,) = phase.loops
    names = [steps.passes.nodes[step.place].operation.name for step in loop.steps]
    assert "expand" not in names


def test_what_is_dear_is_kept_in_the_memory_of_the_result() -> None:
    assert planned("logsumexp(v, 0)", "v").kept == ["exp"]
    assert planned("cross_entropy(x, t.long())", "x").kept == ["exp"]
    assert planned("norm(v)", "v").kept == []


def test_a_result_that_is_a_whole_number_of_blocks_is_written_once() -> None:
    steps = planned("mean(3*(v+2)^3)", "v")
    (loop,) = steps.passes.phases[0].loops
    assert not loop.written and [step.direct for step in loop.steps].count(True) == 1


def test_passes_take_less_memory_than_one_more_tensor() -> None:
    for expression, wrt in (
        ("mean(3*(v+2)^3)", "v"),
        ("mean((softmax(x, 1)-y)^2)", "x"),
        ("logsumexp(v, 0)", "v"),
        ("cross_entropy(x, t.long())", "x"),
        ("norm(v)", "v"),
    ):
        steps = planned(expression, wrt)
        results = sum([node.nbytes for node in steps.results])
        assert results <= steps.passes.peak_bytes(2) < results + 8 * SIZE


def test_a_sum_of_all_is_in_the_pass_that_makes_its_terms() -> None:
    steps = planned("sum(exp(v)) * sum(sin(v))", "v")
    assert steps.loops == 2
    assert steps.passes.phases[0].loops[0].shares and not steps.passes.phases[1].loops[0].shares


def test_matrix_products_are_left_to_the_threads_of_their_library() -> None:
    (loop,) = planned("sum(relu(x @ w))", "w").passes.phases[0].loops
    assert loop.serial
    (loop,) = planned("sum(relu(x * b))", "b").passes.phases[0].loops
    assert not loop.serial


@pytest.mark.parametrize(
    ("expression", "wrt", "made"),
    [
        ("sum(v[1:] * v[:-1])", "v", {"slice_scatter"}),
        ("sum(flip(v * u, 0) * u)", "v", {"mul"}),
        ("sum(cumsum(v, 0) * u)", "v", {"cumsum"}),
        ("sum(e[t.long()]^2)", "e", {"mul", "to"}),
        ("max(v, 0).values", "v", {"arange"}),
    ],
)
def test_what_works_along_the_only_axis_is_made_whole(
    expression: str, wrt: str, made: set[str]
) -> None:
    names = {node.operation.name for node in planned(expression, wrt).made_whole}
    assert names == made
