"""The Python functions of difftool: text and arrays in, arrays out.

Everything here raises `difftool.DifftoolError` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.arguments import arrays_of, names_of, refusals, session_of, text_of, whole_number
from difftool.errors import DifftoolError
from difftool.evaluation import input_array
from difftool.report.record import ChainEntry, GradRecord, NodeRecord, OutputRecord

Array: TypeAlias = "np.ndarray[Any, Any]"


class _Chain:
    """The functions of a grad_fn chain by their numbers, found when one is first looked at."""

    def __init__(self, entries: Sequence[ChainEntry]) -> None:
        self.entries = entries

    @cached_property
    def by_number(self) -> dict[int, ChainEntry]:
        return {entry.id: entry for entry in self.entries}


class GradFn:
    """A function of the grad_fn chain.

    Attributes:
        name: PyTorch's name, "MulBackward0".
        variable: the input's name for AccumulateGrad, None for everything else.
    """

    __slots__ = ("_chain", "_number")

    def __init__(self, chain: _Chain, number: int | None = None) -> None:
        self._chain = chain
        self._number = number  # None: that of the output

    @property
    def _entry(self) -> ChainEntry:
        if self._number is None:
            return self._chain.entries[0]
        return self._chain.by_number[self._number]

    @property
    def name(self) -> str:
        """PyTorch's name of the function."""
        return self._entry.name

    @property
    def variable(self) -> str | None:
        """The input that an AccumulateGrad belongs to."""
        return self._entry.variable

    @property
    def next_functions(self) -> tuple[GradFn, ...]:
        """The functions this one hands gradients to, in the order of its operands."""
        return tuple([GradFn(self._chain, number) for number in self._entry.next])

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GradFn) and self._entry is other._entry

    def __hash__(self) -> int:
        return hash(self._entry.id)


class Gradients(NamedTuple):
    """What `grad` computed.

    Attributes:
        value: the output's value.
        gradients: for each input its gradient, of the input's shape.
        unused: names of inputs that the output does not depend on; their gradients are zeros.
        grad_fn: the output's function in the grad_fn chain, None for a constant output.
        nodes: every node of the graph with its value and gradient, inputs before users.
        seed: the seed that random tensors were drawn with, or None.
        warnings: where NaN or infinity came from, if there are any.
    """

    value: Array
    gradients: dict[str, Array]
    unused: tuple[str, ...]
    grad_fn: GradFn | None
    nodes: Sequence[NodeRecord]
    seed: int | None
    warnings: tuple[str, ...]


class Ran(NamedTuple):
    """What a program did.

    Attributes:
        output: the text it printed.
        variables: the value of each variable that held a tensor at the end, by name.
        gradients: `.grad` of those that have one.
        seed: the seed that random tensors were drawn with last, or None.
    """

    output: str
    variables: dict[str, Array]
    gradients: dict[str, Array]
    seed: int | None


def evaluate(
    expression: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> Array:
    """The value of a tensor expression.

    Args:
        expression: text of difftool's language, such as "mean(3*(x+2)^3)".
        inputs: for each free name an array (or numbers in nested lists, which are float64).
        dtype: "float64" or "float32" for every floating tensor; None: float64, inputs as they are.
        seed: for randn and the like; None: a fresh one.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.

    Raises:
        DifftoolError: if the expression can't be evaluated; it says where and why.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        arrays = arrays_of(inputs)
        record = session.evaluate(text_of(expression, "expression"), arrays)
    if not isinstance(record.output, OutputRecord):
        raise DifftoolError(
            "the output is not one tensor",
            kind="value",
            hint="pick one of its parts",
            source=expression,
        )
    return _own(record.output.data, arrays)


def grad(
    expression: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    wrt: Sequence[str] | None = None,
    grad_output: Any = None,
    dtype: str | None = None,
    seed: int | None = None,
    max_memory: int | None = None,
) -> Gradients:
    """The value of a tensor expression and its gradients, by reverse mode.

    Args:
        expression, inputs, dtype, seed, max_memory: as for `evaluate`.
        wrt: names of the inputs to differentiate by; None: all that are floating-point.
        grad_output: for an output that is no scalar, the vector of the vector-Jacobian
            product, in the output's shape.

    Raises:
        DifftoolError: if the expression can't be evaluated or differentiated.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        names = None if wrt is None else names_of(wrt)
        vector = None if grad_output is None else input_array("grad_output", grad_output, None)
        arrays = arrays_of(inputs)
        record = session.grad(text_of(expression, "expression"), arrays, names, vector)
        output = record.output._replace(data=_own(record.output.data, arrays))
    return gradients_of(record._replace(output=output))


def run(
    program_text: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    seed: int | None = None,
    dtype: str | None = None,
    max_steps: int | None = None,
    max_memory: int | None = None,
) -> Ran:
    """Run a program, as PyTorch runs it, and keep what it prints and what its variables hold.

    Args:
        program_text: statements of difftool's language, such as a notebook's cells.
        inputs: as for `evaluate`, for each name that the program uses but does not set. They are
            constants until the program says `x.requires_grad_()`.
        seed: of the random generator, until the program sets one; None: a fresh one.
        dtype: the default floating dtype, to which floating-point inputs are converted; None:
            "float32", PyTorch's own.
        max_steps: statements and graph operations it may run; None: ten million.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.

    Raises:
        DifftoolError: if the text is no program, or the program fails: `.line` and `.column` say
            where. Of kind "assertion" where an `assert` does not hold.
    """
    with refusals():
        session = session_of(dtype, seed, max_memory)
        record = session.run(
            text_of(program_text, "program"),
            arrays_of(inputs),
            write=lambda text: None,
            max_steps=None if max_steps is None else whole_number(max_steps, "max_steps", 1),
        )
    return Ran(
        record.output,
        {name: tensor.data for name, tensor in record.variables.items()},
        {name: tensor.data for name, tensor in record.gradients.items()},
        record.seed,
    )


def _own(result: Array, inputs: Mapping[str, Any]) -> Array:
    """A result that can be written to: a copy of what is the memory of an input, or read-only."""
    given = [array for array in inputs.values() if isinstance(array, np.ndarray)]
    if result.flags.writeable and not any([np.may_share_memory(result, array) for array in given]):
        return result
    return result.copy()


def gradients_of(record: GradRecord) -> Gradients:
    """The record of `difftool grad` as the object that the Python function gives."""
    return Gradients(
        record.output.data,
        {name: found.array for name, found in record.gradients.items()},
        tuple([name for name, found in record.gradients.items() if not found.used]),
        GradFn(_Chain(record.chain)) if record.chain else None,
        record.nodes,
        record.seed,
        record.warnings,
    )
