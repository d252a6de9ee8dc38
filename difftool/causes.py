"""Why a gradient is not what the slopes say: what the graph of an expression tells of it.

`trial` and `by_hand` ask for these sentences where a comparison fails or meets a kink.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from difftool.autodiff.batching import dependents
from difftool.autodiff.numeric import first_bend
from difftool.execute.finite import is_finite
from difftool.graph.walk import next_nodes
from difftool.nonfinite import texts_of
from difftool.proof import Proof
from difftool.report.build import short
from difftool.report.check import ComparisonRecord, EntryRecord


def of_failure(proof: Proof, record: ComparisonRecord) -> tuple[str, ...]:
    """Sentences that explain why a comparison with slopes fails, as far as that can be seen."""
    worst = record.worst
    if worst is None:
        return ()
    gradient = proof.gradients[record.input]
    if not is_finite(gradient):
        return (
            f"the gradient by {record.input} is not finite; difftool grad names the function "
            "that made it so",
        )
    if not isfinite(proof.size):
        return ("the value itself is not finite; difftool grad names the function that made it so",)
    cut = _cut(proof, record.input)
    if cut is not None and not np.any(gradient):
        return (cut,)
    if worst.left is not None:
        return ()
    bend = _bend(proof, record.input, worst)
    if bend is not None:
        return (bend,)
    if cut is not None:
        return (cut,)
    if proof.problem.evaluation.asked:
        return (
            "the expression takes a value out of the graph (item(), tolist(), an index or a "
            "condition), and no gradient passes that",
        )
    if not worst.uncertainty <= max(abs(worst.analytic), abs(worst.reference)) * 1e-3:
        return (
            "differences of values don't settle on a slope here (uncertain by "
            f"{worst.uncertainty:.3g}), so they prove nothing",
        )
    return ()


def of_kink(name: str, entry: EntryRecord) -> str:
    """The sentence for an entry at which the function bends or jumps."""
    where = f"{name}[{', '.join(map(str, entry.place))}]" if entry.place else name
    left, right = entry.left or 0.0, entry.right or 0.0
    if not (isfinite(left) and isfinite(right)):
        return (
            f"the function jumps at {where}, or is infinitely steep there: slope "
            f"{left:.6g} on the left and {right:.6g} on the right"
        )
    lies = "lies between them: a subgradient, so it passes"
    if not entry.passed:
        lies = "is no subgradient: it does not lie between them"
    return (
        f"the function bends at {where}: slope {left:.6g} on the left and {right:.6g} on the "
        f"right; {entry.analytic:.6g} {lies}"
    )


def _cut(proof: Proof, name: str) -> str | None:
    """The first function on the way from an input that passes no gradient back to it."""
    source = proof.problem.sources[name]
    on_way = dependents([proof.problem.output], [source])
    texts = texts_of(proof.problem.evaluation).of(proof.problem.nodes)
    reached = set(on_way)
    for node in on_way:
        for operand in node.inputs:
            if operand in reached and operand.requires_grad and operand not in next_nodes(node):
                what = node.operation.name
                return (
                    f"no gradient passes {what} in {short(texts[node])}, although the value "
                    f"depends on {name} through it"
                )
    return None


def _bend(proof: Proof, name: str, worst: EntryRecord) -> str | None:
    """The function inside the expression that bends where the whole does not."""
    problem = proof.problem
    if worst.place is None or proof.target is not problem.output or proof.is_coarse:
        return None
    move = np.zeros(proof.point[name].shape)
    move[worst.place] = 1.0
    bend = first_bend([problem.output], problem.evaluation.values, [problem.sources[name]], [move])
    if bend is None or bend.node not in problem.nodes:
        return None
    text = short(texts_of(problem.evaluation).of(problem.nodes)[bend.node])
    element = f" at its element {list(bend.place)}" if bend.place else ""
    return (
        f"{text} bends here{element} (slope {bend.left:.6g} on the left, {bend.right:.6g} on the "
        "right) although the whole does not: the subgradients of its parts don't add up"
    )
