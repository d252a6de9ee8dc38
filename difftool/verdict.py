"""The verdict on a proof: which derivatives agree with what they were compared with.

`proof` measures; here tolerances are applied and the records of comparisons made. `trial` adds what
explains them, from `causes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isfinite, isnan, sqrt
from typing import NamedTuple

from difftool.autodiff.numeric import Slope
from difftool.proof import Measured, Proof
from difftool.report.check import ComparisonRecord, EntryRecord

# The share of the largest slope that an error may be, for the slope to prove anything.
PROVABLE = 1e-4

# The error, as a share of a slope, from which on the slope may be rounding alone; and the step that
# rounding of values is divided by at worst, where it is the only thing that differs.
UNSETTLED = 0.1
SMALL_STEP = 1e-4

# The default absolute tolerance, as a share of an input's largest slope.
ABSOLUTE = 1e-8

# How closely both modes, exact up to rounding, must agree.
MODES = 1e-9

# What an expression that computes in less than float64 is allowed: between both modes, as a
# multiple of the spacing of its numbers; of slopes, as a multiple of its square root.
COARSE_MODES = 64
COARSE_SLOPES = 8

MOST_KINKS = 3


class Tolerance(NamedTuple):
    """How far entries may differ: `absolute + relative * |entry|`.

    Attributes:
        absolute: None: a share of the input's largest slope, and what rounding makes of the value.
    """

    relative: float
    absolute: float | None

    def absolute_for(self, largest: float, proof: Proof) -> float:
        """The absolute tolerance for an input with this largest slope."""
        if self.absolute is not None:
            return self.absolute
        return (ABSOLUTE * largest if isfinite(largest) else 0.0) + proof.rounding


class Judged(NamedTuple):
    """A comparison by one input, and the slopes of its entries.

    Attributes:
        comparison: the record, its explanations still missing.
        slopes: by index, those that were measured.
    """

    comparison: ComparisonRecord
    slopes: dict[tuple[int, ...], Slope]


def slopes_compared(proof: Proof, name: str, order: int, tolerance: Tolerance) -> Judged:
    """Compare the gradient by one input with slopes."""
    measured, every = proof.by_slopes(name)
    record = _judge(proof, name, order, measured, tolerance)
    if not every and not record.passed and record.worst is not None and record.worst.place is None:
        measured.append(proof.worst_of(name))
        record = _judge(proof, name, order, measured, tolerance)
    slopes = {entry.place: entry.slope for entry in measured if entry.place is not None}
    return Judged(record, slopes)


def _judge(
    proof: Proof, name: str, order: int, measured: Sequence[Measured], tolerance: Tolerance
) -> ComparisonRecord:
    single = [entry for entry in measured if entry.place is not None]
    numbers = [abs(entry.analytic) for entry in single]
    numbers += [abs(entry.slope.value) for entry in single if not isnan(entry.slope.value)]
    largest = max([number for number in numbers if isfinite(number)], default=0.0)
    absolute = tolerance.absolute_for(largest, proof)
    entries = [
        _entry(entry, largest, absolute, tolerance.relative, proof) for entry in measured
    ]
    return comparison(
        name,
        proof.point[name].shape,
        order,
        "numeric",
        entries,
        Tolerance(tolerance.relative, absolute),
    )


def _entry(
    measured: Measured, largest: float, absolute: float, relative: float, proof: Proof
) -> EntryRecord:
    index, analytic, found = measured
    if found.is_kink:
        low, high = min(found.left, found.right), max(found.left, found.right)
        nearest = min(max(analytic, low), high) if isfinite(analytic) else low
        allowed = absolute + relative * abs(analytic)
        passed = isfinite(analytic) and found.admits(analytic, allowed)
        if not passed and nearest == analytic:
            nearest = low if isfinite(low) else high
        return entry_record(
            index, analytic, nearest, 0.0 if isnan(found.error) else found.error, passed, found
        )
    allowed = absolute + relative * max(abs(analytic), abs(found.value))
    if not isfinite(analytic):
        return entry_record(index, analytic, found.value, found.error, False, None)
    difference = abs(analytic - found.value)
    largest = max(largest, abs(found.value) if index is None else 0.0, 1e-6 * proof.size)
    if proof.is_coarse:
        # Few digits make a difference, and the estimate of its error as well.
        allowed += COARSE_SLOPES * sqrt(proof.spacing) * largest
    passed = difference <= allowed or (
        difference <= allowed + found.error and found.error <= PROVABLE * largest
    )
    if abs(analytic) <= proof.rounding and found.error > UNSETTLED * abs(found.value):
        # Both are nothing but rounding: that of the value, divided by a step.
        passed = passed or abs(found.value) <= proof.rounding / SMALL_STEP
    return entry_record(index, analytic, found.value, found.error, passed, None)


def entry_record(
    index: tuple[int, ...] | None,
    analytic: float,
    reference: float,
    uncertainty: float,
    passed: bool,
    kink: Slope | None,
) -> EntryRecord:
    """An entry with its differences."""
    difference = abs(analytic - reference)
    if isnan(difference):
        difference = inf
    larger = max(abs(analytic), abs(reference))
    relative = difference / larger if larger and isfinite(larger) else 0.0
    if isnan(larger) or (difference == inf):
        relative = inf
    return EntryRecord(
        index,
        analytic,
        reference,
        difference,
        relative,
        uncertainty,
        None if kink is None else kink.left,
        None if kink is None else kink.right,
        passed,
    )


def comparison(
    name: str,
    shape: tuple[int, ...],
    order: int,
    method: str,
    entries: Iterable[EntryRecord],
    tolerance: Tolerance,
    notes: tuple[str, ...] = (),
) -> ComparisonRecord:
    """The record of a comparison; its trial and seed are filled in by whoever counts them."""
    entries = list(entries)
    single = [entry for entry in entries if entry.place is not None]
    failed = [entry for entry in entries if not entry.passed]
    kinks = [entry for entry in single if entry.left is not None]
    kinks.sort(key=lambda entry: entry.passed)
    absolute = tolerance.absolute or 0.0

    def excess(entry: EntryRecord) -> tuple[bool, bool, float]:
        allowed = absolute + tolerance.relative * max(abs(entry.analytic), abs(entry.reference))
        share = entry.absolute / allowed if allowed else entry.absolute
        # An entry says where to look, a direction doesn't.
        return (not entry.passed, entry.place is not None, share if not isnan(share) else inf)

    return ComparisonRecord(
        name,
        shape,
        order,
        method,
        not failed,
        len(single),
        len(entries) - len(single),
        len(failed),
        max(entries, key=excess, default=None),
        tuple(kinks[:MOST_KINKS]),
        len(kinks),
        tolerance.relative,
        absolute,
        1,
        0,
        notes,
    )


def forward_compared(proof: Proof, name: str, order: int) -> ComparisonRecord:
    """Compare reverse mode with forward mode along random directions of one input."""
    entries = []
    share = max(MODES, COARSE_MODES * proof.spacing)
    for reverse, forward, terms in proof.by_forward(name):
        allowed = share * terms + proof.rounding
        passed = abs(reverse - forward) <= allowed
        entries.append(entry_record(None, reverse, forward, 0.0, passed, None))
    return comparison(
        name, proof.point[name].shape, order, "forward", entries, Tolerance(share, 0.0)
    )
