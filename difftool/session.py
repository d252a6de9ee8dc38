"""A session: the settings of a request, and the path from its text to its record.

The command line and the Python API are thin layers over this module. A session draws all its random
numbers from one generator, inputs first and then the expression, in the order of the text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from difftool.autodiff.reverse import at_full_size
from difftool.collector import collector_paused
from difftool.errors import DifftoolError
from difftool.evaluation import KEPT_ELEMENTS, Evaluation, input_array
from difftool.execute.engine import Engine
from difftool.execute.finite import is_finite
from difftool.execute.memory import default_limit
from difftool.graph.dtype import NAMES, DType, float64, is_float
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.language.interpreter import Unknown, unknown_name
from difftool.language.parser import parse
from difftool.language.scalars import bounded
from difftool.nonfinite import first_made, texts_of
from difftool.operations.creation.generator import Generator
from difftool.operations.registry import ops
from difftool.operations.signature import describe
from difftool.problem import Problem, chosen, nothing_to_differentiate, sources_of
from difftool.report.build import chain, nested_output, node_records, output_record
from difftool.report.deferred import Deferred
from difftool.report.record import EvalRecord, GradientRecord, GradRecord, RunRecord
from difftool.requests import DerivativeRequests

if TYPE_CHECKING:
    from difftool.compiled import Compiled
    from difftool.execute.blocked import Memory

Array: TypeAlias = "np.ndarray[Any, Any]"


class Session(DerivativeRequests):
    """One request, or several that share settings and a random generator.

    Args:
        dtype: the default floating dtype, and that of every floating input; None: float64, and
            inputs stay as they are.
        seed: of the random generator; None: one is drawn when a random number is first asked for.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.
        engine: "auto", "eager" or "blocked": how values are computed (execute.engine).
        threads: how many compute blocks of large tensors at once; None: one for each core.

    Attributes:
        seed: the seed random numbers were drawn with; None until one is.
        asked_seed: the seed that was given.
    """

    def __init__(
        self,
        dtype: str | None = None,
        seed: int | None = None,
        max_memory: int | None = None,
        engine: str = "auto",
        threads: int | None = None,
    ) -> None:
        self.dtype = None if dtype is None else floating_dtype(dtype)
        self.max_memory = default_limit() if max_memory is None else max_memory
        self.engine = Engine(engine, threads, self.max_memory)
        self.seed: int | None = None
        self.asked_seed = seed
        self._generator: Generator | None = None

    def fork(self) -> Session:
        """Another session, which draws the numbers that this one would draw next."""
        other = Session(None, self.asked_seed, self.max_memory, *self.engine[:2])
        other.dtype = self.dtype
        if self._generator is not None:
            from copy import deepcopy

            other.seed, other._generator = self.seed, deepcopy(self._generator)
        return other

    def tensor(self, text: str, place: str | None = None) -> Array:
        """The value of a tensor expression that stands for an input, such as `ones(2,2)`.

        Args:
            text: the expression; it may use no free names.
            place: where the text stands, for errors ("--x").
        """
        try:
            evaluation = self._evaluation(text, {}, frozenset(), _no_names)
            # Plain numbers stand for themselves here: 3 is as good an input as 3.0.
            node = _tensor(self._result(evaluation, literal=True))
            evaluation.compute([node])
            return evaluation.values[node]
        except DifftoolError as error:
            error.place = place
            raise error.at(None, text) from None

    @collector_paused
    def evaluate(
        self, expression: str, inputs: Mapping[str, Any], memory: Memory | None = None
    ) -> EvalRecord:
        """The forward value of an expression.

        Args:
            expression: the text.
            inputs: an array for each free name.
            memory: gives the memory for a large value, from its shape and dtype.
        """
        try:
            evaluation = self._evaluation(expression, inputs, frozenset())
            result = self._result(evaluation)
            wanted = _tensors_in(result)
            single = memory is not None and len(wanted) == 1
            evaluation.compute(wanted, {wanted[0]: memory} if memory and single else {})
            warnings: tuple[str, ...] = ()
            if not all([is_finite(evaluation.values[node]) for node in wanted]):
                warnings = first_made(wanted, evaluation, {})
            return EvalRecord(
                expression, self.seed, nested_output(result, evaluation.values), warnings
            )
        except DifftoolError as error:
            raise error.at(None, expression) from None

    @collector_paused
    def grad(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        wrt: Sequence[str] | None = None,
        grad_output: Any = None,
        keep: int = KEPT_ELEMENTS,
        memory: Memory | None = None,
    ) -> GradRecord:
        """Every node of an expression with value and gradient, and the gradients of the inputs.

        Args:
            expression: the text.
            inputs: an array for each free name.
            wrt: the inputs to differentiate by; None: all of a floating dtype.
            grad_output: the vector of the vector-Jacobian product, for an output that is no scalar.
            keep: nodes carry values and gradients while these have no more elements in all.
            memory: gives the memory for a large gradient, if it is the only one, from its shape
                and dtype.
        """
        try:
            problem = self.problem(expression, inputs, wrt)
            return self._differentiated(problem, grad_output, keep, memory)
        except DifftoolError as error:
            raise error.at(None, expression) from None

    def run(
        self,
        program: str,
        inputs: Mapping[str, Any],
        *,
        write: Callable[[str], None],
        max_steps: int | None = None,
        place: str | None = None,
    ) -> RunRecord:
        """Run a program, as PyTorch runs it: float32 is the default dtype unless it says otherwise.

        Args:
            program: the text of the file.
            inputs: an array for each name the program uses but does not set.
            write: receives what it prints, piece by piece.
            max_steps: statements and graph operations it may run; None: ten million.
            place: what the text is called in errors (its file's name).
        """
        from difftool.language.parser import parse_program
        from difftool.running import MAX_STEPS, Run

        printed: list[str] = []

        def collect(text: str) -> None:
            printed.append(text)
            write(text)

        dtype = self.dtype or NAMES["float32"]
        try:
            run = Run(
                program,
                parse_program(program),
                {name: input_array(name, given, dtype) for name, given in inputs.items()},
                dtype=dtype,
                generator=self._draw,
                engine=self.engine,
                max_steps=MAX_STEPS if max_steps is None else max_steps,
                write=collect,
            )
        except DifftoolError as error:
            error.place = error.place or place
            raise error.at(None, program) from None
        return run.record("".join(printed), self.seed)

    @collector_paused
    def compile(
        self, expression: str, inputs: Mapping[str, Any], wrt: Sequence[str] | None = None
    ) -> Compiled:
        """An expression made ready to be computed often.

        Args:
            expression: the text; what it computes may not depend on the inputs' values.
            inputs: for each free name an array of the shape and dtype it will have.
            wrt: the inputs to differentiate by; None: all of a floating dtype.
        """
        from difftool.compiled import Compiled

        try:
            arrays = self._arrays(inputs)
            evaluation = self._evaluation(expression, arrays, chosen(wrt, arrays), fixed=False)
            output = _tensor(self._result(evaluation))
            sources = sources_of(evaluation, ancestors([output]))
            return Compiled(expression, output, evaluation.leaves, sources, self.engine)
        except DifftoolError as error:
            raise error.at(None, expression) from None

    @collector_paused
    def problem(
        self, expression: str, inputs: Mapping[str, Any], wrt: Sequence[str] | None
    ) -> Problem:
        """An expression run to its graph, with what it is to be differentiated by.

        Raises:
            DifftoolError: if its result is no tensor, or it has nothing to differentiate by.
        """
        arrays = self._arrays(inputs)
        evaluation = self._evaluation(expression, arrays, chosen(wrt, arrays))
        output = evaluation.result
        if not isinstance(output, int | float):
            output = self._result(evaluation)
        output = _tensor(output)
        nodes = ancestors([output])
        sources = sources_of(evaluation, nodes)
        if not sources:
            raise nothing_to_differentiate(evaluation.leaves)
        return Problem(expression, evaluation, output, nodes, sources, self.seed, self.max_memory)

    def _differentiated(
        self, problem: Problem, grad_output: Any, keep: int, memory: Memory | None
    ) -> GradRecord:
        expression, evaluation, output, nodes, sources, *_ = problem
        adjoints = problem.adjoints(grad_output)
        kept = sum([node.size * (2 if node in adjoints else 1) for node in nodes]) <= keep
        wide = {
            node: at_full_size(adjoint, node.shape)
            for node, adjoint in adjoints.items()
            if kept or node in sources.values()
        }
        alone = [wide[node] for node in sources.values() if node in wide]
        places = {alone[0]: memory} if memory and len(sources) == len(alone) == 1 else {}
        evaluation.compute([*(nodes if kept else [output]), *wide.values()], places)
        values = evaluation.values
        grads = {node: values[adjoint] for node, adjoint in wide.items()}
        given = [values[node] for node in evaluation.leaves.values()]
        found = {
            name: GradientRecord(_own(grads[node], given), True)
            if node in grads
            else GradientRecord(np.zeros(node.shape, node.dtype), False)
            for name, node in sources.items()
        }
        warnings: tuple[str, ...] = ()
        results = [values[output], *[record.array for record in found.values()]]
        if not all(map(is_finite, results)):
            warnings = first_made([output], evaluation, adjoints)
        texts, names = texts_of(evaluation), evaluation.names
        shown = ({node: values[node] for node in nodes}, grads) if kept else ({}, {})
        return GradRecord(
            expression,
            self.seed,
            output_record(output, values[output]),
            Deferred(lambda: node_records(nodes, texts.of(nodes), *shown)),
            found,
            Deferred(lambda: chain(output, nodes, names)) if output.requires_grad else (),
            warnings,
        )

    # ----- Steps that requests share -----

    def _result(self, evaluation: Evaluation, literal: bool = False) -> Any:
        """The result of a program, with lists and a number by itself made tensors.

        Args:
            literal: whether a whole number becomes floating-point; in lists they always do.
        """
        span = evaluation.program.statements[-1].span
        try:
            with building_with(default_dtype=self.dtype or float64, span=span):
                result = _without_lists(bounded(evaluation.result))
                if isinstance(result, int | float):
                    result = ops.tensor(result, literal=literal)
        except DifftoolError as error:
            raise error.at(span, None) from None
        return result

    def _evaluation(
        self,
        text: str,
        inputs: Mapping[str, Any],
        differentiable: frozenset[str],
        unknown: Unknown = unknown_name,
        fixed: bool = True,
    ) -> Evaluation:
        return Evaluation(
            text,
            parse(text),
            self._arrays(inputs),
            differentiable=differentiable,
            dtype=self.dtype or float64,
            generator=self._draw,
            engine=self.engine,
            unknown=unknown,
            fixed=fixed,
        )

    def _arrays(self, inputs: Mapping[str, Any]) -> dict[str, Array]:
        return {name: input_array(name, given, self.dtype) for name, given in inputs.items()}

    def _draw(self) -> Generator:
        if self._generator is None:
            self.seed = fresh_seed() if self.asked_seed is None else self.asked_seed
            self._generator = Generator(self.seed)
        return self._generator


def _own(value: Array, given: Sequence[Array]) -> Array:
    """A value in memory that is no input's: a large one is not copied without need."""
    fresh = value.flags.writeable and value.size > KEPT_ELEMENTS
    if fresh and not any([np.may_share_memory(value, array) for array in given]):
        return value
    return np.array(value)


def floating_dtype(name: str) -> DType:
    """The floating dtype called `name`, as --dtype takes it."""
    dtype = NAMES.get(name)
    if dtype is None or not is_float(dtype):
        raise DifftoolError(
            f"`{name}` is no floating-point dtype",
            kind="usage",
            hint="choose float64, float32 or float16",
        )
    return dtype


def _no_names(name: str, known: Mapping[str, Any]) -> DifftoolError:
    return DifftoolError(
        f"`{name}` has no value",
        kind="name",
        hint="the value of an input is made of numbers and functions, such as ones(2, 2)",
    )


def fresh_seed() -> int:
    """A seed that fits the exact integers of JSON's readers."""
    return int.from_bytes(os.urandom(4), "little")


def _tensor(value: Any) -> Node:
    """The tensor that a request is about."""
    if not isinstance(value, Node):
        hint = "the last expression must give a tensor"
        if _tensors_in(value):
            fields = getattr(value, "_fields", None) or [f"[{n}]" for n in range(len(value))]
            parts = [field if field[0] == "[" else f".{field}" for field in fields]
            hint = f"pick one of its parts: {', '.join(parts[:8])}"
        raise DifftoolError(
            f"the output is {describe(value)}, not a tensor", kind="value", hint=hint
        )
    return value


def _without_lists(value: Any) -> Any:
    """A result with the lists in it made tensors, also in tuples of tuples."""
    if isinstance(value, list):
        return ops.tensor(value, literal=True)
    if not isinstance(value, tuple) or all([isinstance(item, int) for item in value]):
        return value
    items = map(_without_lists, value)
    return type(value)(*items) if hasattr(value, "_fields") else tuple(items)


def _tensors_in(value: Any) -> list[Node]:
    """The tensors of a result, also those in tuples of tuples."""
    if isinstance(value, Node):
        return [value]
    items = value if isinstance(value, tuple) else ()
    return [node for item in items for node in _tensors_in(item)]
