"""A check: an expression and its settings to the record of what holds.

The command line, check files and the Python API call `check`. It draws the inputs of each trial,
has `trial` compare, and puts the trials' comparisons together: of each, the worst. All random
numbers of a check follow from one seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from difftool.errors import DifftoolError
from difftool.report.check import CheckRecord, ComparisonRecord
from difftool.session import Session, fresh_seed
from difftool.trial import Settings, Trial

Inputs: TypeAlias = Callable[[Session], Mapping[str, Any]]


def check(
    expression: str, inputs: Inputs, settings: Settings, seed: int | None = None
) -> CheckRecord:
    """Prove the gradient of an expression, or find where it is wrong.

    Args:
        expression: the text.
        inputs: gives an array for each free name, drawing random ones from a session.
        settings: what to check.
        seed: of all random numbers; None: a fresh one. Trial number n uses `seed + n - 1`.

    Raises:
        DifftoolError: if it can't be carried out: the text is wrong, an input is missing, an
            output that is no scalar has nothing to be multiplied with, no input is random though
            several trials are asked for.
    """
    seed = fresh_seed() if seed is None else seed
    merged: dict[tuple[str, int, str], ComparisonRecord] = {}
    notes: list[str] = []
    trials = settings.trials
    for trial in range(1, settings.trials + 1):
        session = Session("float64", seed + trial - 1, settings.max_memory)
        given = inputs(session)
        if trials > 1 and session.seed is None:
            trials = 1
        if trials < settings.trials and settings.needs_random:
            raise DifftoolError(
                "several trials need random inputs, but all inputs here are fixed",
                kind="usage",
                hint='give one as a random tensor: --x "randn(3, 2)"',
                place="--trials",
            )
        one = Trial(session, expression, given, settings)
        for record in one.comparisons():
            key = (record.input, record.order, record.method)
            record = record._replace(trial=trial, seed=seed + trial - 1)
            merged[key] = _worse(merged.get(key), record)
        notes += [note for note in one.notes if note not in notes]
        if trial == trials:
            break
    records = tuple(merged.values())
    return CheckRecord(
        expression,
        settings.against,
        seed,
        trials,
        all([record.passed for record in records]),
        records,
        tuple(notes),
    )


def _worse(first: ComparisonRecord | None, second: ComparisonRecord) -> ComparisonRecord:
    """Two trials of one comparison as one: the counts together, the rest of the worse trial."""
    if first is None:
        return second

    def badness(record: ComparisonRecord) -> tuple[bool, float]:
        worst = record.worst
        return not record.passed, -1.0 if worst is None else worst.relative

    worse = max(first, second, key=badness)
    other = first if worse is second else second
    return worse._replace(
        passed=first.passed and second.passed,
        entries=first.entries + second.entries,
        directions=first.directions + second.directions,
        failed=first.failed + second.failed,
        kinks=worse.kinks or other.kinks,
        kink_count=first.kink_count + second.kink_count,
        notes=worse.notes or other.notes,
    )
