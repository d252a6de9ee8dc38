"""The records of a check: what was compared with what, and how far apart it was.

`difftool.checking` makes them, `report.check_lines` writes their JSON; `render.check`,
`render.junit` and `render.github` show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from difftool.errors import DifftoolError


class EntryRecord(NamedTuple):
    """One entry of a derivative beside what it was compared with.

    Attributes:
        place: of the entry; None for a derivative along a random direction.
        analytic: what reverse mode gives; the hand-derived entry where that is compared.
        reference: what it was compared with.
        absolute: their difference.
        relative: that over the larger of both; 0 where both are 0.
        uncertainty: how far `reference` may be off by itself.
        left, right: the slopes on either side where the function bends or jumps, else None.
        passed: whether the entry is within the tolerance.
    """

    place: tuple[int, ...] | None
    analytic: float
    reference: float
    absolute: float
    relative: float
    uncertainty: float
    left: float | None
    right: float | None
    passed: bool


class ComparisonRecord(NamedTuple):
    """One derivative by one input, compared in one way.

    Attributes:
        input: the input's name.
        shape: its shape.
        order: 1 for the gradient, 2 for the gradient's own derivative along a random direction.
        method: "numeric" (central differences), "forward" (forward mode against reverse mode) or
            "against" (a hand-derived gradient against reverse mode).
        passed: whether every entry is within the tolerance.
        entries: how many single entries were compared.
        directions: how many random directions were compared.
        failed: how many of all these are out of tolerance.
        worst: the entry that is furthest from its tolerance; None where there are no entries.
        kinks: the entries at which the function bends or jumps, the first few of them.
        kink_count: how many there are.
        rtol, atol: the tolerance; `atol` as it was used.
        trial: the trial that `worst` is from, counted from 1.
        seed: the seed that gives this trial by itself.
        notes: what explains the result, one line each.
    """

    input: str
    shape: tuple[int, ...]
    order: int
    method: str
    passed: bool
    entries: int
    directions: int
    failed: int
    worst: EntryRecord | None
    kinks: tuple[EntryRecord, ...]
    kink_count: int
    rtol: float
    atol: float
    trial: int
    seed: int
    notes: tuple[str, ...]


class CheckRecord(NamedTuple):
    """What `difftool check` found.

    Attributes:
        expression: the text that was differentiated.
        against: the hand-derived gradient, or None.
        seed: the seed of random inputs, directions and vectors.
        trials: how many points were tried.
        passed: whether every comparison holds.
        comparisons: one for each input, order and method.
        notes: what is to be known of the whole, one line each.
        name: what a check file calls it; None for a check of the command line.
        file, line: where it stands in a check file; None otherwise.
        error: why it could not be carried out, or None; it has not passed then.
        seconds: how long it took; not in the JSON.
    """

    expression: str
    against: str | None
    seed: int
    trials: int
    passed: bool
    comparisons: tuple[ComparisonRecord, ...]
    notes: tuple[str, ...] = ()
    name: str | None = None
    file: str | None = None
    line: int | None = None
    error: DifftoolError | None = None
    seconds: float = 0.0

    @property
    def command(self) -> str:
        """The command that made it."""
        return "check"

    @property
    def title(self) -> str:
        """What to call it: its name, or the expression."""
        return self.expression if self.name is None else self.name


class Tally(NamedTuple):
    """How many checks came to what."""

    passed: int
    failed: int
    errors: int

    @classmethod
    def of(cls, records: Sequence[CheckRecord]) -> Tally:
        """Count some checks."""
        errors = sum([record.error is not None for record in records])
        passed = sum([record.passed for record in records])
        return cls(passed, len(records) - passed - errors, errors)

    @property
    def line(self) -> str:
        """The line that sums them up: "3 checks: 2 passed, 1 failed"."""
        total = sum(self)
        parts = [f"{self.passed} passed"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.errors:
            parts.append(f"{self.errors} could not be carried out")
        return f"{total} check{'' if total == 1 else 's'}: {', '.join(parts)}"


def sentence(comparison: ComparisonRecord) -> str:
    """The worst entry of a comparison that failed, in one line for annotations and reports."""
    worst = comparison.worst
    what = {
        "numeric": "central differences give",
        "forward": "forward mode gives",
        "against": "reverse mode gives",
    }[comparison.method]
    order = "second derivative by " if comparison.order == 2 else ""
    count = comparison.entries + comparison.directions
    if worst is None:
        return "; ".join([f"{order}{comparison.input}", *comparison.notes])
    where = "along a random direction" if worst.place is None else ""
    name = comparison.input + (f"[{', '.join(map(str, worst.place))}]" if worst.place else "")
    mine = "reverse mode gives"
    if comparison.method == "against":
        mine = "the hand-derived gradient is"
    text = (
        f"{order}{name}{' ' + where if where else ''}: {mine} {worst.analytic:.9g}, {what} "
        f"{worst.reference:.9g} (difference {worst.absolute:.3g}, relative {worst.relative:.3g}; "
        f"{comparison.failed} of {count} out of tolerance)"
    )
    return "; ".join([text, *comparison.notes])
