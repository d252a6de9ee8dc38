"""An evaluation: one program run to its graph, and the values computed for it.

It is the runtime that the interpreter asks for values in the middle of a program, and the store
of those values until the record is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from difftool.autodiff.tape import Tape
from difftool.errors import DifftoolError
from difftool.execute.engine import NOWHERE, Engine
from difftool.execute.finite import is_finite
from difftool.execute.memory import check_memory
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, building_with
from difftool.graph.walk import ancestors
from difftool.language.interpreter import Interpreter, Unknown, unknown_name
from difftool.language.syntax import Program
from difftool.operations.registry import leaf, ops

if TYPE_CHECKING:
    from difftool.execute.blocked import Memory

Array: TypeAlias = "np.ndarray[Any, Any]"

# Values of no more elements than this, in all, are kept.
KEPT_ELEMENTS = 1_000_000


class Evaluation:
    """A program, run.

    Args:
        source: the text that the program's spans count in.
        program: its syntax tree.
        inputs: an array for each free name; float arrays require a gradient if named in
            `differentiable`.
        dtype: the default floating dtype.
        generator: gives the random generator when one is needed.
        engine: computes the values.
        unknown: makes the error for a name without a value.
        fixed: whether the inputs' values may decide what the program does. If not, they only
            stand for their shapes and dtypes.

    Attributes:
        program: the syntax tree.
        result: the value of the last expression: a node, a number, or another value.
        leaves: the node of each input.
        names: what leaves are called: inputs by their names, others by the first
            variable they were assigned to.
        values: every value computed so far and still kept.
        asked: whether the program asked for a value while it ran: what it did may depend on that,
            so at another point the graph may be another one.
    """

    def __init__(
        self,
        source: str,
        program: Program,
        inputs: Mapping[str, Array],
        *,
        differentiable: frozenset[str],
        dtype: DType,
        generator: Callable[[], Any],
        engine: Engine,
        unknown: Unknown = unknown_name,
        fixed: bool = True,
    ) -> None:
        self.program = program
        self._fixed = fixed
        self.values: dict[Node, Array] = {}
        self.leaves: dict[str, Node] = {}
        self.asked = False
        self._engine = engine
        with building_with(
            default_dtype=dtype,
            span=None,
            generator=generator,
            value=self.value,
            allow=self._allow,
        ):
            for name, array in inputs.items():
                node = leaf(name, array.shape, array.dtype, name in differentiable)
                self.leaves[name] = node
                self.values[node] = array
            interpreter = Interpreter(source, self.leaves, self, unknown)
            self.result = interpreter.run(program)
        self.names = {node: name for name, node in self.leaves.items()}
        for name, value in interpreter.variables.items():
            if isinstance(value, Node) and not value.inputs:
                self.names.setdefault(value, name)

    def compute(
        self, targets: Sequence[Node], places: Mapping[Node, Memory] = NOWHERE
    ) -> None:
        """Compute nodes into `values`.

        Args:
            places: for a large target the function that gives the memory to write it to.

        Raises:
            DifftoolError: kind "limit" before anything is allocated, if it needs too much memory.
        """
        self._engine.compute(targets, self.values, places)

    def finite(self, nodes: Sequence[Node]) -> dict[Node, bool]:
        """Whether the value of each node is finite; large ones are looked at block by block."""
        if sum([node.size for node in nodes]) <= KEPT_ELEMENTS:
            self.compute(nodes)
            return {node: is_finite(self.values[node]) for node in nodes}
        with building_with(grad_enabled=False):
            asked = {node: ops.all(ops.isfinite(node)) for node in nodes}
        self.compute(list(asked.values()))
        return {node: bool(self.values.pop(answer)) for node, answer in asked.items()}

    def _allow(self, count: int) -> None:
        check_memory(count, self._engine.max_memory)

    # ----- The interpreter's runtime -----

    @cached_property
    def _tape(self) -> Tape:
        return Tape()

    def value(self, node: Node) -> Array:
        """The value of a node, computed now and kept."""
        self.asked = True
        if not self._fixed and not set(ancestors([node])).isdisjoint(self.leaves.values()):
            raise DifftoolError(
                "what is computed here depends on the values of the inputs, not on their shapes "
                "alone",
                kind="value",
                span=node.span,
                hint="compile takes expressions whose graph is the same for all values; "
                "use where(...) to choose element by element",
            )
        self.compute([node])
        return self.values[node]

    def backward(
        self, node: Node, gradient: Node | None, *, retain_graph: bool, create_graph: bool
    ) -> None:
        """Accumulate gradients in the leaves, as PyTorch's `backward` does."""
        self._tape.backward(node, gradient, retain_graph=retain_graph, create_graph=create_graph)

    def grad(self, node: Node) -> Node | None:
        """What `backward` has accumulated for a leaf; None before it was called."""
        return self._tape.grad(node)

    def retain_grad(self, node: Node) -> None:
        """Keep the gradient of a tensor that is no leaf."""
        self._tape.retain_grad(node)


def array_of(what: str, given: Any) -> Array:
    """What was given for a tensor as an array, of whatever dtype.

    Raises:
        DifftoolError: kind "shape" for what is no array, such as lists of several lengths.
    """
    try:
        return np.asarray(given)
    except (ValueError, TypeError, OverflowError):
        raise DifftoolError(
            f"{what} is no tensor",
            kind="shape",
            hint="give an array, or numbers in lists of equal lengths",
        ) from None


def input_array(name: str, given: Any, dtype: DType | None) -> Array:
    """An input as an array of one of the language's dtypes.

    Args:
        given: an array, or numbers in nested lists (whole numbers are floating-point then).
        dtype: what floating-point inputs are converted to; None: they stay.

    Raises:
        DifftoolError: kind "dtype", "shape" or "value" for what is no tensor of real numbers.
    """
    array = array_of(f"input {name}", given)
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise DifftoolError(
            f"input {name} has dtype {array.dtype}, which difftool does not have",
            kind="dtype",
            hint="give floating-point numbers, integers or booleans",
        )
    if not isinstance(given, np.ndarray | np.generic) and array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype.kind == "u" and array.dtype.itemsize > 1:
        if array.size and int(array.max()) > np.iinfo(np.int64).max:
            raise DifftoolError(
                f"input {name} holds {array.max()}, which is too large for int64",
                kind="value",
                hint="give it as floating-point numbers",
            )
        array = array.astype(np.int64)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if dtype is not None and is_float(array.dtype):
        with np.errstate(over="ignore"):  # too large for a narrow dtype is infinite in it
            array = array.astype(dtype, copy=False)
    return array
