"""A session: the settings of a request, and the path from its text to its record.

The command line and the Python API are thin layers over this module. A session draws all its random
numbers from one generator, inputs first and then the expression, in the order of the text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.autodiff.reverse import at_full_size, checked_shape, gradients
from difftool.errors import DifftoolError
from difftool.evaluation import Evaluation, input_array
from difftool.execute.finite import first_nonfinite, is_finite
from difftool.execute.memory import default_limit
from difftool.graph.dtype import NAMES, DType, float64, is_float
from difftool.graph.node import Node
from difftool.graph.walk import ancestors
from difftool.language.interpreter import Unknown, unknown_name
from difftool.language.parser import parse
from difftool.language.syntax import unparse_program
from difftool.operations.generator import Generator
from difftool.operations.registry import constant, ops
from difftool.report.build import (
    Texts,
    backward_warning,
    chain,
    forward_warning,
    nested_output,
    node_records,
    output_record,
)
from difftool.report.record import EvalRecord, GradientRecord, GradRecord, RunRecord

Array: TypeAlias = "np.ndarray[Any, Any]"

KEPT_ELEMENTS = 1_000_000


class Session:
    """One request, or several that share settings and a random generator.

    Args:
        dtype: the default floating dtype, and that of every floating input; None: float64, and
            inputs stay as they are.
        seed: of the random generator; None: one is drawn when a random number is first asked for.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.
        engine: "auto" or "eager".

    Attributes:
        seed: the seed random numbers were drawn with; None until one is.
    """

    def __init__(
        self,
        dtype: str | None = None,
        seed: int | None = None,
        max_memory: int | None = None,
        engine: str = "auto",
    ) -> None:
        self.dtype = None if dtype is None else floating_dtype(dtype)
        self.max_memory = default_limit() if max_memory is None else max_memory
        self.engine = engine
        self.seed: int | None = None
        self._asked_seed = seed
        self._generator: Generator | None = None

    def tensor(self, text: str, place: str | None = None) -> Array:
        """The value of a tensor expression that stands for an input, such as `ones(2,2)`.

        Args:
            text: the expression; it may use no free names.
            place: where the text stands, for errors ("--x").
        """
        try:
            evaluation = self._evaluation(text, {}, frozenset(), _no_names)
            result = evaluation.result
            if isinstance(result, int | float | list):
                # Plain numbers stand for themselves here: 3 is as good an input as 3.0.
                result = ops.tensor(result, literal=True)
            node = _tensor(result)
            evaluation.compute([node])
            return evaluation.values[node]
        except DifftoolError as error:
            error.place = place
            raise error.at(None, text) from None

    def evaluate(self, expression: str, inputs: Mapping[str, Any]) -> EvalRecord:
        """The forward value of an expression.

        Args:
            expression: the text.
            inputs: an array for each free name.
        """
        try:
            evaluation = self._evaluation(expression, inputs, frozenset())
            result = evaluation.result
            if isinstance(result, int | float | list):
                result = ops.tensor(result, literal=isinstance(result, list))
            wanted = _tensors_in(result)
            evaluation.compute(wanted)
            warnings: tuple[str, ...] = ()
            if not all([is_finite(evaluation.values[node]) for node in wanted]):
                warnings = self._warn(wanted, evaluation, expression, {})
            return EvalRecord(
                expression, self.seed, nested_output(result, evaluation.values), warnings
            )
        except DifftoolError as error:
            raise error.at(None, expression) from None

    def grad(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        wrt: Sequence[str] | None = None,
        grad_output: Any = None,
        keep: int = KEPT_ELEMENTS,
    ) -> GradRecord:
        """Every node of an expression with value and gradient, and the gradients of the inputs.

        Args:
            expression: the text.
            inputs: an array for each free name.
            wrt: the inputs to differentiate by; None: all of a floating dtype.
            grad_output: the vector of the vector-Jacobian product, for an output that is no scalar.
            keep: nodes carry values and gradients while these have no more elements in all.
        """
        try:
            arrays = self._arrays(inputs)
            evaluation = self._evaluation(expression, arrays, _chosen(wrt, arrays))
            output = _tensor(evaluation.result)
            return self._differentiated(expression, evaluation, output, grad_output, keep)
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
                seed=lambda: _fresh_seed() if self._asked_seed is None else self._asked_seed,
                max_memory=self.max_memory,
                max_steps=MAX_STEPS if max_steps is None else max_steps,
                write=collect,
            )
        except DifftoolError as error:
            error.place = error.place or place
            raise error.at(None, program) from None
        self.seed = run.seed
        return run.record("".join(printed))

    def _differentiated(
        self,
        expression: str,
        evaluation: Evaluation,
        output: Node,
        grad_output: Any,
        keep: int,
    ) -> GradRecord:
        nodes = ancestors([output])
        sources = _sources(evaluation, nodes)
        if not sources:
            raise _nothing_to_differentiate(evaluation.leaves)
        seed = None
        if grad_output is not None:
            seed = constant(np.asarray(grad_output).astype(output.dtype))
        adjoints = self._adjoints(output, seed, sources, nodes)
        kept = sum([node.size * (2 if node in adjoints else 1) for node in nodes]) <= keep
        wide = {
            node: at_full_size(adjoint, node.shape)
            for node, adjoint in adjoints.items()
            if kept or node in sources.values()
        }
        evaluation.compute([*(nodes if kept else [output]), *wide.values()])
        values = evaluation.values
        grads = {node: values[adjoint] for node, adjoint in wide.items()}
        found = {
            name: GradientRecord(np.array(grads[node]), True)
            if node in grads
            else GradientRecord(np.zeros(node.shape, node.dtype), False)
            for name, node in sources.items()
        }
        warnings: tuple[str, ...] = ()
        shown = [values[output], *[record.array for record in found.values()]]
        if not all(map(is_finite, shown)):
            warnings = self._warn([output], evaluation, expression, adjoints)
        return GradRecord(
            expression,
            self.seed,
            output_record(output, values[output]),
            node_records(
                nodes,
                _texts(expression, evaluation).of(nodes),
                {node: values[node] for node in nodes} if kept else {},
                grads if kept else {},
            ),
            found,
            chain(output, nodes, evaluation.names),
            warnings,
        )

    # ----- Steps that requests share -----

    def _adjoints(
        self,
        output: Node,
        seed: Node | None,
        sources: Mapping[str, Node],
        nodes: Sequence[Node],
    ) -> dict[Node, Node]:
        """The gradient of each node; none at all where the output uses no source."""
        checked_shape(output, seed)
        if not output.requires_grad and not set(nodes).intersection(sources.values()):
            return {}
        return gradients(output, seed)

    def _evaluation(
        self,
        text: str,
        inputs: Mapping[str, Any],
        differentiable: frozenset[str],
        unknown: Unknown = unknown_name,
    ) -> Evaluation:
        return Evaluation(
            text,
            parse(text),
            self._arrays(inputs),
            differentiable=differentiable,
            dtype=self.dtype or float64,
            generator=self._draw,
            max_memory=self.max_memory,
            unknown=unknown,
        )

    def _arrays(self, inputs: Mapping[str, Any]) -> dict[str, Array]:
        return {name: input_array(name, given, self.dtype) for name, given in inputs.items()}

    def _draw(self) -> Generator:
        if self._generator is None:
            self.seed = _fresh_seed() if self._asked_seed is None else self._asked_seed
            self._generator = Generator(self.seed)
        return self._generator

    def _warn(
        self,
        outputs: Sequence[Node],
        evaluation: Evaluation,
        expression: str,
        adjoints: Mapping[Node, Node],
    ) -> tuple[str, ...]:
        """Say which node made the first NaN or infinity: forward first, then backward."""
        forward = ancestors(outputs)
        backward = list(adjoints.values())
        evaluation.compute([*forward, *backward])
        texts = _texts(expression, evaluation).of(forward)
        culprit = first_nonfinite(forward, evaluation.values)
        if culprit is not None:
            return (forward_warning(culprit, texts, evaluation.values),)
        values = {node: evaluation.values[adjoint] for node, adjoint in adjoints.items()}
        return backward_warning(forward, texts, values)


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


def _fresh_seed() -> int:
    """A seed that fits the exact integers of JSON's readers."""
    return int.from_bytes(os.urandom(4), "little")


def _chosen(wrt: Sequence[str] | None, inputs: Mapping[str, Array]) -> frozenset[str]:
    """The names of the inputs that gradients are asked for."""
    if wrt is None:
        return frozenset(inputs)
    for name in wrt:
        if name not in inputs:
            given = ", ".join(inputs) or "none"
            raise DifftoolError(
                f"there is no input `{name}` to differentiate by",
                kind="name",
                hint=f"the inputs are: {given}",
            )
        if not is_float(inputs[name].dtype):
            raise DifftoolError(
                f"only floating-point tensors have gradients; {name} is {inputs[name].dtype.name}",
                kind="dtype",
                hint="write its numbers with a point (1.0), or leave it out of --wrt",
            )
    return frozenset(wrt)


def _sources(evaluation: Evaluation, nodes: Sequence[Node]) -> dict[str, Node]:
    """The leaves that gradients are reported for: inputs in their order, then the text's own."""
    inputs = {name: node for name, node in evaluation.leaves.items() if node.requires_grad}
    for node in nodes:
        if node.requires_grad and not node.inputs and node not in inputs.values():
            name = evaluation.names.get(node) or f"{node.operation.name}#{len(inputs)}"
            inputs[name] = node
    return inputs


def _nothing_to_differentiate(leaves: Mapping[str, Node]) -> DifftoolError:
    integers = [name for name, node in leaves.items() if not is_float(node.dtype)]
    if integers:
        name = integers[0]
        return DifftoolError(
            f"only floating-point tensors have gradients; {name} is {leaves[name].dtype.name}",
            kind="dtype",
            hint="write its numbers with a point (1.0)",
        )
    return DifftoolError(
        "the expression has no input to differentiate by",
        kind="value",
        hint='use a name and give it a value, as in: difftool grad "x^2" --x 3',
    )


def _tensor(value: Any) -> Node:
    """The tensor that a request is about."""
    if isinstance(value, list):
        value = ops.tensor(value, literal=True)
    if not isinstance(value, Node):
        raise DifftoolError(
            f"the output is {value!r}, not a tensor",
            kind="value",
            hint="pick one of its parts, as in max(x, dim=0).values"
            if isinstance(value, tuple)
            else "the last expression must give a tensor",
        )
    return value


def _tensors_in(value: Any) -> list[Node]:
    if isinstance(value, Node):
        return [value]
    return [item for item in value if isinstance(item, Node)] if isinstance(value, tuple) else []


def _texts(expression: str, evaluation: Evaluation) -> Texts:
    normal, places = unparse_program(evaluation.program)
    return Texts(normal, places, evaluation.names)
