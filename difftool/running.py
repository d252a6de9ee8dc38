"""A run: a program file executed, with what it printed and what its variables hold at the end.

It is the runtime of `language.program`: it computes values when a statement is done, keeps the tape
of gradients, and turns values into the text that PyTorch would print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from difftool.autodiff.tape import Tape
from difftool.errors import DifftoolError
from difftool.execute.engine import Engine
from difftool.execute.memory import check_memory
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, building, building_with
from difftool.graph.walk import grad_fn
from difftool.language import aliases
from difftool.language.interpreter import Unknown
from difftool.language.members import GradFn
from difftool.language.program import ProgramInterpreter
from difftool.language.syntax import Program
from difftool.operations.creation.generator import Generator
from difftool.operations.registry import constant, leaf
from difftool.operations.shapes import Size, dtype_name
from difftool.render import tensor_text
from difftool.report.build import output_record
from difftool.report.record import RunRecord

Array: TypeAlias = "np.ndarray[Any, Any]"

MAX_STEPS = 10_000_000


class Run:
    """One program, run to its end.

    Args:
        source: the text that the program's spans count in.
        program: its syntax tree.
        inputs: an array for each name that the program uses but does not set.
        dtype: the default floating dtype it starts with.
        generator: gives the random generator when one is first needed.
        engine: computes the values.
        max_steps: statements and graph operations it may run.
        write: receives what it prints, piece by piece.
        unknown: makes the error for a name without a value.

    Attributes:
        variables: what the program's names hold at the end.
    """

    def __init__(
        self,
        source: str,
        program: Program,
        inputs: Mapping[str, Array],
        *,
        dtype: DType,
        generator: Callable[[], Generator],
        engine: Engine,
        max_steps: int,
        write: Callable[[str], None],
        unknown: Unknown | None = None,
    ) -> None:
        self.values: WeakKeyDictionary[Node, Array] = WeakKeyDictionary()
        self._first_generator = generator
        self._generator: Generator | None = None
        self._set_seed: int | None = None
        self._tape = Tape()
        self._engine = engine
        self._write = write
        with building_with(
            default_dtype=dtype,
            span=None,
            generator=self._draw,
            value=self.value,
            allow=self._allow,
        ):
            variables: dict[str, Any] = {}
            for name, array in inputs.items():
                node = leaf(name, array.shape, array.dtype, requires_grad=False)
                self.values[node] = array
                variables[name] = node
            interpreter = ProgramInterpreter(source, variables, self, max_steps, unknown)
            interpreter.run(program)
            self._default_dtype = building.default_dtype
        self.variables = interpreter.variables

    def record(self, output: str, seed: int | None) -> RunRecord:
        """What the run came to, given what it printed and the seed of its session."""
        tensors = {name: node for name, node in self.variables.items() if isinstance(node, Node)}
        gradients = {name: self.grad(node) for name, node in tensors.items()}
        return RunRecord(
            seed if self._set_seed is None else self._set_seed,
            output,
            {name: output_record(node, self.value(node)) for name, node in tensors.items()},
            {
                name: output_record(node, self.value(node))
                for name, node in gradients.items()
                if node is not None
            },
        )

    # ----- Values -----

    def value(self, node: Node) -> Array:
        """The value of a node, computed now and kept while the node is."""
        if node not in self.values:
            self._engine.compute([node], self.values)
        return self.values[node]

    def settle(self, node: Node) -> Node:
        """The node with its value computed; one without a gradient forgets how it was made.

        So a loop that needs no gradient keeps no graph. A view stays one, for what is done to
        the tensor it shows must be seen in it.
        """
        value = self.value(node)
        if node.requires_grad or not node.inputs:
            return node
        if aliases.is_view(node) and len(aliases.base_of(node)[1]) < aliases.LONGEST_VIEW:
            return node
        settled = constant(np.array(value))
        self.values[settled] = settled.parameters["value"]
        return settled

    def leaf_like(self, old: Node, value: Node, requires_grad: bool | None = None) -> Node:
        """A leaf with the value of `value` that stands in the place of `old`."""
        array = np.array(self.value(value))
        wanted = old.requires_grad if requires_grad is None else requires_grad
        if wanted and not is_float(value.dtype):
            raise DifftoolError(
                "only floating-point tensors can require gradients, "
                f"this one is {dtype_name(value.dtype)}",
                kind="dtype",
                hint="convert it with .float() or .double()",
            )
        node = leaf("", array.shape, array.dtype, wanted)
        self.values[node] = array
        return node

    def _draw(self) -> Generator:
        if self._generator is None:
            self._generator = self._first_generator()
        return self._generator

    def set_seed(self, seed: int) -> None:
        """`torch.manual_seed(seed)`."""
        self._generator = Generator(seed)
        self._set_seed = seed

    def _allow(self, count: int) -> None:
        check_memory(count, self._engine.max_memory)

    # ----- Gradients -----

    def backward(
        self, node: Node, gradient: Node | None, *, retain_graph: bool, create_graph: bool
    ) -> dict[Node, Node]:
        """Accumulate gradients in the leaves; tells which gradients became which."""
        return self._tape.backward(
            node,
            gradient,
            retain_graph=retain_graph,
            create_graph=create_graph,
            finish=self._gradient,
        )

    def _gradient(self, gradient: Node) -> Node:
        """A gradient computed, as a tensor of its own; with create_graph its graph stays."""
        if gradient.requires_grad:
            return self.settle(gradient)
        return constant(np.array(self.value(gradient)))

    def gradients(
        self,
        output: Node,
        sources: Sequence[Node],
        seed: Node | None,
        *,
        retain_graph: bool,
        create_graph: bool,
    ) -> tuple[Node | None, ...]:
        """The gradients of `output`, None where a source is not used."""
        found = self._tape.gradients(
            output, sources, seed, retain_graph=retain_graph, create_graph=create_graph
        )
        return tuple([None if one is None else self._gradient(one) for one in found])

    def grad(self, node: Node) -> Node | None:
        """What `backward` has accumulated for a tensor."""
        return self._tape.grad(node)

    def set_grad(self, node: Node, gradient: Node | None) -> None:
        """`node.grad = gradient`."""
        self._tape.set_grad(node, gradient)

    def retain_grad(self, node: Node) -> None:
        """Keep the gradient of a tensor that is no leaf."""
        self._tape.retain_grad(node)

    def gradient_tensors(self) -> Iterable[Node]:
        """Every tensor that is some tensor's gradient."""
        return self._tape.tensors()

    def replaced(self, changed: dict[Node, Node], target: Node, value: Node) -> None:
        """Learn that tensors were changed in place."""
        self._tape.replaced(changed, target, value)

    # ----- Text -----

    def write(self, text: str) -> None:
        """Print a text."""
        self._write(text)

    def text(self, value: Any, nested: bool = False) -> str:
        """A value as Python's `print` shows it; `nested`: as it stands in a list."""
        if isinstance(value, Node):
            return tensor_text.tensor(
                self.value(value),
                grad_fn=grad_fn(value),
                requires_grad=value.requires_grad and value.is_leaf,
                default_dtype=building.default_dtype.name,
            )
        if isinstance(value, Size):
            return f"torch.Size({list(value)})"
        if isinstance(value, np.dtype):
            return f"torch.{dtype_name(value)}"
        if isinstance(value, GradFn):
            return str(value)
        fields = getattr(value, "_fields", None)
        if fields is not None:
            name = type(value).__name__.removesuffix("_result")
            named = zip(fields, value, strict=True)
            parts = [f"{field}={self.text(part, True)}" for field, part in named]
            return f"torch.return_types.{name}(\n" + ",\n".join(parts) + ")"
        if isinstance(value, list):
            return "[" + ", ".join([self.text(item, True) for item in value]) + "]"
        if isinstance(value, tuple):
            parts = [self.text(item, True) for item in value]
            return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
        if isinstance(value, str):
            return repr(value) if nested else value
        return str(value)
