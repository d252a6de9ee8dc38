"""A gradient derived by hand: its value, and how it compares with reverse mode's.

`trial` asks for both where a check has an `against`; `diagnosis` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool import causes
from difftool.diagnosis import diagnose
from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.proof import Proof
from difftool.report.check import ComparisonRecord
from difftool.report.record import OutputRecord
from difftool.session import Session
from difftool.verdict import Judged, Tolerance, comparison, entry_record

Array: TypeAlias = "np.ndarray[Any, Any]"

# What it may call the vector, where the output is no scalar.
VECTOR = "grad_output"


def uses_vector(text: str) -> bool:
    """Whether a hand-derived gradient names the vector that the output is multiplied with."""
    from difftool.language.parser import parse
    from difftool.language.syntax import free_names

    try:
        return VECTOR in free_names(parse(text))
    except DifftoolError as error:
        raise _placed(error, text) from None


def gradient(text: str, session: Session, inputs: Mapping[str, Array], vector: Array) -> Array:
    """The value of a hand-derived gradient.

    Args:
        text: the expression.
        session: draws the random numbers that the expression itself drew.
        inputs: those of the check, by name.
        vector: what the output is multiplied with.
    """
    try:
        output = session.evaluate(text, {VECTOR: vector, **inputs}).output
        if not isinstance(output, OutputRecord):
            raise DifftoolError(
                "the hand-derived gradient is not a tensor", kind="value", source=text
            )
    except DifftoolError as error:
        raise _placed(error, text) from None
    return output.data.astype(np.float64)


def compared(
    theirs: Array,
    proof: Proof,
    name: str,
    judged: Judged,
    tolerance: Tolerance,
    inputs: Mapping[str, Array],
) -> ComparisonRecord:
    """Compare a hand-derived gradient with reverse mode's, and explain the difference.

    Args:
        theirs: the hand-derived gradient.
        proof: holds the right one.
        name: the input that it is by.
        judged: the comparison with slopes; at a kink another subgradient than ours is right too.
        tolerance: as it was asked for.
        inputs: by name; their sizes explain factors.
    """
    ours = proof.gradients[name]
    notes: list[str] = []
    if theirs.ndim == 0 and ours.ndim > 0:
        notes.append(f"yours is one number, taken for every entry of shape {ours.shape}")
        theirs = np.broadcast_to(theirs, ours.shape)
    largest = float(np.max(np.abs(ours[np.isfinite(ours)]), initial=0.0))
    tolerance = Tolerance(tolerance.relative, tolerance.absolute_for(largest, proof))
    others = {other: found for other, found in proof.gradients.items() if other != name}
    sizes = _sizes(name, inputs, proof.problem.nodes)
    if theirs.shape != ours.shape:
        notes.append(f"yours has shape {theirs.shape}, {name} has shape {ours.shape}")
        explained = diagnose(theirs, ours, name, others, sizes)
        notes += [] if explained is None else [explained]
        wrong = comparison(name, ours.shape, 1, "against", [], tolerance, tuple(notes))
        return wrong._replace(passed=False, entries=ours.size, failed=ours.size)
    record = _entries_compared(theirs, ours, name, judged, tolerance)
    if not record.passed:
        explained = diagnose(theirs, ours, name, others, sizes)
        notes += [] if explained is None else [explained]
    notes += [causes.of_kink(name, entry) for entry in record.kinks]
    return record._replace(notes=tuple(notes))


def _entries_compared(
    theirs: Array, ours: Array, name: str, judged: Judged, tolerance: Tolerance
) -> ComparisonRecord:
    """The comparison of two gradients of one shape: all entries counted, the worst in full."""
    absolute = tolerance.absolute or 0.0
    with np.errstate(all="ignore"):
        allowed = absolute + tolerance.relative * np.maximum(np.abs(theirs), np.abs(ours))
        share = np.abs(theirs - ours) / np.where(allowed > 0, allowed, np.finfo(np.float64).tiny)
        share = np.where(np.isnan(share), np.inf, share)
    entries = []
    for index, found in judged.slopes.items():
        if share[index] > 1 and found.is_kink and found.admits(theirs[index], allowed[index]):
            number = float(theirs[index])
            entries.append(entry_record(index, number, number, 0.0, True, found))
            share[index] = 0.0
    failed = int(np.count_nonzero(share > 1))
    if ours.size:
        worst = tuple(map(int, np.unravel_index(int(np.argmax(share)), ours.shape)))
        if failed or not entries:
            numbers = float(theirs[worst]), float(ours[worst])
            entries.append(entry_record(worst, *numbers, 0.0, not failed, None))
    record = comparison(name, ours.shape, 1, "against", entries, tolerance)
    return record._replace(entries=ours.size, failed=failed)


def _sizes(name: str, inputs: Mapping[str, Array], nodes: Sequence[Node]) -> dict[str, int]:
    """Numbers that a hand-derived gradient may miss as a factor, by what they are."""
    sizes: dict[str, int] = {}
    for other in (name, *[other for other in inputs if other != name]):
        if other not in inputs:
            continue
        array = inputs[other]
        found = {f"numel({other})": array.size}
        if array.ndim > 1:
            found |= {f"{other}.shape[{dim}]": n for dim, n in enumerate(array.shape)}
        for what, size in found.items():
            if size not in sizes.values():
                sizes[what] = size
    for node in nodes:
        if node.size not in sizes.values() and node.inputs:
            sizes[f"the {node.size} elements of an intermediate result"] = node.size
    return sizes


def _placed(error: DifftoolError, text: str) -> DifftoolError:
    """An error of the hand-derived gradient, which names it as its place."""
    if error.source is None or error.source == text:
        error.source = text
        error.place = "--against"
    return error
