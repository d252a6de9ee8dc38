"""The Python function `check`: a gradient proved, or found wrong, and its report.

`api` holds what computes; this stands beside it, since a proof needs more of difftool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from difftool.arguments import arrays_of, names_of, refusals, text_of, unfit, whole_number
from difftool.checking import check as carried_out
from difftool.evaluation import input_array
from difftool.render.check import check_text
from difftool.render.screen import Screen
from difftool.report.check import CheckRecord, ComparisonRecord
from difftool.trial import RTOL, Settings


class Report:
    """What `check` found.

    Attributes:
        record: everything, as the JSON of `difftool check` has it.
    """

    __slots__ = ("record",)

    def __init__(self, record: CheckRecord) -> None:
        self.record = record

    @property
    def passed(self) -> bool:
        """Whether every comparison holds."""
        return self.record.passed

    @property
    def comparisons(self) -> tuple[ComparisonRecord, ...]:
        """One for each input, order and method: `.passed`, `.worst`, `.notes` and more."""
        return self.record.comparisons

    @property
    def seed(self) -> int:
        """The seed that gives the same check once more."""
        return self.record.seed

    def __bool__(self) -> bool:
        return self.record.passed

    def __repr__(self) -> str:
        return check_text(self.record, Screen()).rstrip("\n")


def check(
    expression: str,
    inputs: Mapping[str, Any] | None = None,
    against: str | None = None,
    *,
    wrt: Sequence[str] | None = None,
    grad_output: Any = None,
    order: int = 1,
    trials: int = 1,
    rtol: float | None = None,
    atol: float | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> Report:
    """Prove the gradients of an expression by slopes of its values and by forward mode.

    Args:
        expression: as for `evaluate`.
        inputs: for each free name an array, or a text such as "randn(3, 2)", drawn for each trial.
        against: a hand-derived gradient, an expression of the same inputs, by the one input that
            `wrt` names (or the only one there is).
        wrt, grad_output: as for `grad`; without `grad_output` an output that is no scalar is
            multiplied with a random vector.
        order: 1 for the gradient, 2 for second derivatives as well.
        trials: how many points are tried; more than one needs a random input.
        rtol, atol: the tolerances; None: 1e-6, and 1e-8 of the largest slope of an input.
        seed: of all random numbers; None: a fresh one.
        max_memory: as for `evaluate`.

    Returns:
        The report; `.passed` says whether the gradients hold.

    Raises:
        DifftoolError: if the check can't be carried out.
    """
    given = arrays_of(inputs)
    limit = None if max_memory is None else whole_number(max_memory, "max_memory", 1)
    order = whole_number(order, "order", 1)
    if order > 2:
        raise unfit("order", "1 or 2", order)
    with refusals():
        record = carried_out(
            text_of(expression, "expression"),
            lambda session: {
                name: session.tensor(value, place=name) if isinstance(value, str) else value
                for name, value in given.items()
            },
            Settings(
                wrt=None if wrt is None else names_of(wrt),
                against=None if against is None else text_of(against, "against"),
                grad_output=(
                    None if grad_output is None else input_array("grad_output", grad_output, None)
                ),
                order=order,
                trials=whole_number(trials, "trials", 1),
                rtol=RTOL if rtol is None else _tolerance(rtol, "rtol"),
                atol=None if atol is None else _tolerance(atol, "atol"),
                max_memory=limit,
            ),
            None if seed is None else whole_number(seed, "seed", None),
        )
    return Report(record)


def _tolerance(value: object, what: str) -> float:
    """A number that is 0 or greater, of any type that stands for one."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        number = float(value)
        if 0 <= number < inf:
            return number
    raise unfit(what, "a number from 0 on", value)
