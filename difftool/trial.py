"""One trial of a check: an expression at one point, and the comparisons there.

`checking` makes a `Trial` for each point. It runs the expression in float64, makes a `proof.Proof`
of each order, has `verdict` judge and `causes` explain, and `by_hand` compare a hand-derived
gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool import by_hand, causes
from difftool.autodiff.numeric import Surface
from difftool.autodiff.reverse import not_a_scalar
from difftool.errors import DifftoolError
from difftool.evaluation import input_array
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.creation.generator import Generator
from difftool.problem import Problem
from difftool.proof import Function, Proof, gradient_along
from difftool.report.check import ComparisonRecord
from difftool.session import Session
from difftool.verdict import (
    COARSE_MODES,
    COARSE_SLOPES,
    Judged,
    Tolerance,
    forward_compared,
    slopes_compared,
)

Array: TypeAlias = "np.ndarray[Any, Any]"

RTOL = 1e-6

# A seed for directions and vectors that differs from that of the inputs drawn beside them.
OF_DIRECTIONS = 0x5EED

# The relative distance between neighbouring numbers, by the bytes of a floating dtype.
SPACING = {8: 2.0**-52, 4: 2.0**-23, 2: 2.0**-10}


class Settings(NamedTuple):
    """What is to be checked, and how closely.

    Attributes:
        wrt: the inputs to differentiate by; None: all of a floating dtype.
        against: a hand-derived gradient by the one input of `wrt`, as an expression; or None.
        grad_output: for an output that is no scalar, the vector it is multiplied with; None: a
            random one.
        order: 1 for the gradient, 2 for second derivatives as well.
        trials: how many points to try; more than one draws the random inputs anew for each.
        rtol: the relative tolerance.
        atol: the absolute tolerance; None: 1e-8 of the largest slope of an input.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.
        needs_random: whether several trials of fixed inputs are refused; otherwise it is one.
    """

    wrt: Sequence[str] | None = None
    against: str | None = None
    grad_output: Any = None
    order: int = 1
    trials: int = 1
    rtol: float = RTOL
    atol: float | None = None
    max_memory: int | None = None
    needs_random: bool = True


class Trial:
    """One point: the comparisons of every input there.

    Attributes:
        notes: what is to be known of the check as a whole.
    """

    def __init__(
        self, session: Session, expression: str, given: Mapping[str, Any], settings: Settings
    ) -> None:
        self.session = session
        self.settings = settings
        self.expression = expression
        self.notes: list[str] = []
        arrays = {name: input_array(name, value, None) for name, value in given.items()}
        for name, array in arrays.items():
            if is_float(array.dtype) and array.dtype != np.float64:
                self.notes.append(f"{name} is {array.dtype.name}: it is checked in float64")
        self.arrays = {
            name: array.astype(np.float64) if is_float(array.dtype) else array
            for name, array in arrays.items()
        }
        self.before = session.fork()
        wrt = settings.wrt
        if settings.against is not None:
            wrt = [self._of_against()]
        self.problem = self._located(lambda: session.problem(expression, self.arrays, None))
        if wrt is not None:
            # The wrong name is refused in the session's own words.
            chosen = self._located(lambda: self.before.fork().problem(expression, self.arrays, wrt))
            self.names = list(chosen.sources)
        else:
            self.names = list(self.problem.sources)
        self.tolerance = Tolerance(settings.rtol, settings.atol)
        # A text that asks for values while it runs is run anew at each point: its own leaves, then,
        # are other ones each time.
        if self.problem.evaluation.asked:
            self.names = [name for name in self.names if name in self.arrays]
        floats = [node.dtype for node in self.problem.nodes if is_float(node.dtype)]
        coarsest = max([SPACING[dtype.itemsize] for dtype in floats], default=SPACING[8])
        if coarsest > SPACING[8]:
            relative = max(settings.rtol, COARSE_MODES * coarsest)
            self.tolerance = Tolerance(relative, settings.atol)
            self.notes.append(
                "the expression itself computes in less than float64, so its slopes are exact to "
                f"{COARSE_SLOPES * sqrt(coarsest):.1g} of the largest one only"
            )
        self.spacing = coarsest
        self.generator = Generator((int(session.asked_seed or 0) ^ OF_DIRECTIONS) & 0xFFFFFFFF)
        self.weights = self._weights()

    def _located(self, make: Callable[[], Problem]) -> Problem:
        try:
            return make()
        except DifftoolError as error:
            raise error.at(None, self.expression) from None

    def _of_against(self) -> str:
        """The one input that the hand-derived gradient is by."""
        floats = [name for name, array in self.arrays.items() if is_float(array.dtype)]
        names = list(self.settings.wrt or floats)
        if len(names) != 1:
            raise DifftoolError(
                "a hand-derived gradient is by one input, and there are "
                f"{len(names) or 'none'}{': ' if names else ''}{', '.join(names)}",
                kind="usage",
                hint=f"say which one: --wrt {names[0]}" if names else "give one a tensor",
                place="--against",
            )
        return names[0]

    def _weights(self) -> Array:
        """The vector that the output is multiplied with."""
        output = self.problem.output
        if not is_float(output.dtype):
            raise DifftoolError(
                f"only floating-point outputs have gradients; this one is {output.dtype.name}",
                kind="dtype",
                source=self.expression,
            )
        given = self.settings.grad_output
        if given is not None:
            vector = np.asarray(given, np.float64)
            if vector.shape != output.shape:
                raise DifftoolError(
                    f"the gradient given for the output has shape {vector.shape}, "
                    f"the output has shape {output.shape}",
                    kind="shape",
                    hint="they must be the same",
                    source=self.expression,
                )
            return vector
        if output.shape == ():
            return np.ones(())
        if self.settings.against is not None and not by_hand.uses_vector(
            self.settings.against
        ):
            error = not_a_scalar(output.shape)
            error.hint = (
                "give --grad-output, or reduce it with sum(...); or let the hand-derived gradient "
                f"use {by_hand.VECTOR}, which is a random vector then"
            )
            raise error.at(output.span, self.expression)
        self.notes.append(
            f"the output has shape {output.shape}: its product with a random vector is checked"
        )
        drawn = self.generator.randn(output.shape, np.dtype(np.float64))
        return np.asarray(drawn)

    # ----- Comparisons -----

    def comparisons(self) -> list[ComparisonRecord]:
        """Every comparison at this point, the first order first."""
        proof = self._proof(self.problem.output, self.weights, self._value)
        records = []
        for name in self.names:
            judged = self._judged(proof, name, 1)
            records += [judged.comparison, forward_compared(proof, name, 1)]
            if self.settings.against is not None:
                theirs = by_hand.gradient(
                    self.settings.against, self.before.fork(), self.arrays, self.weights
                )
                records.append(
                    by_hand.compared(theirs, proof, name, judged, self.tolerance, self.arrays)
                )
        if self.settings.order == 2:
            records += self._second(proof)
        return records

    def _proof(
        self, target: Node, weights: Array, function: Function, terms: float = 0.0
    ) -> Proof:
        return Proof(self.problem, target, weights, function, self.generator, self.spacing, terms)

    def _judged(self, proof: Proof, name: str, order: int) -> Judged:
        judged = slopes_compared(proof, name, order, self.tolerance)
        record = judged.comparison
        notes = tuple([causes.of_kink(name, entry) for entry in record.kinks])
        if record.kink_count > len(record.kinks):
            notes += (f"and {record.kink_count - len(record.kinks)} more entries like these",)
        if not record.passed:
            notes = causes.of_failure(proof, record) + notes
        if name not in proof.nodes and record.passed and order == 1:
            notes += (f"the output does not depend on {name}",)
        return Judged(record._replace(notes=notes), judged.slopes)

    def _value(self, moved: Mapping[str, Array]) -> Array | None:
        """The output where some inputs have other values."""
        return self._at(moved, lambda problem: problem.output)

    def _at(
        self, moved: Mapping[str, Array], target: Callable[[Problem], Node]
    ) -> Array | None:
        """A node of the problem where some inputs have other values; None where it has none."""
        try:
            if self.problem.evaluation.asked:
                session = self.before.fork()
                problem = session.problem(self.expression, self.arrays | dict(moved), None)
                (value,) = problem.values([target(problem)])
                return value
            surface = self._surface(target(self.problem), tuple(moved))
            (value,) = surface(list(moved.values()))
            return value
        except DifftoolError:
            # A singular matrix, an index out of range: a step too far.
            return None

    def _surface(self, target: Node, names: tuple[str, ...]) -> Surface:
        key = (target, names)
        if self._kept is None or self._kept[0] != key:
            leaves = [self.problem.sources[name] for name in names]
            self._kept = (key, Surface([target], self.problem.evaluation.values, leaves))
        return self._kept[1]

    _kept: tuple[tuple[Node, tuple[str, ...]], Surface] | None = None

    def _second(self, proof: Proof) -> list[ComparisonRecord]:
        """The derivatives of the gradients' products with fixed random directions."""
        directions = {
            name: np.asarray(self.generator.randn(proof.point[name].shape, np.dtype(np.float64)))
            for name in self.problem.sources
        }
        target = gradient_along(proof, directions)

        def of(problem: Problem) -> Node:
            if problem is self.problem:
                return target
            again = Proof(
                problem,
                problem.output,
                self.weights,
                self._value,
                self.generator,
                self.spacing,
            )
            return gradient_along(again, directions)

        products = [np.abs(proof.gradients[name] * directions[name]) for name in directions]
        terms = float(sum([np.sum(product) for product in products]))
        second = self._proof(target, np.ones(()), lambda moved: self._at(moved, of), terms)
        records = []
        for name in self.names:
            records.append(self._judged(second, name, 2).comparison)
            records.append(forward_compared(second, name, 2))
        return records
