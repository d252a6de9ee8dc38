"""Compiled expressions: parsed, differentiated and planned once, run often.

`Session.compile` makes one. What a call asks for is planned at the first such call: small tensors
run as a straight line of kernel calls, large ones in blocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from difftool.autodiff.higher import hvp_nodes
from difftool.autodiff.reverse import at_full_size, gradients
from difftool.errors import DifftoolError
from difftool.evaluation import array_of
from difftool.execute.engine import Engine
from difftool.execute.prepared import Prepared
from difftool.graph.node import Node
from difftool.operations.registry import constant, leaf
from difftool.problem import nothing_to_differentiate

Array: TypeAlias = "np.ndarray[Any, Any]"


class Compiled:
    """A tensor expression for inputs of fixed shapes, ready to be computed.

    Calls give new arrays each time and may come from several threads at once. Random numbers in
    the expression were drawn when it was compiled.

    Attributes:
        expression: the text.
        shapes: the shape of each input, by name.
        shape: the output's shape.
        dtype: the output's dtype, by NumPy's name.
    """

    def __init__(
        self,
        expression: str,
        output: Node,
        leaves: Mapping[str, Node],
        sources: Mapping[str, Node],
        engine: Engine,
    ) -> None:
        self.expression = expression
        self.shapes = {name: node.shape for name, node in leaves.items()}
        self.shape = output.shape
        self.dtype = output.dtype.name
        self._output = output
        self._leaves = dict(leaves)
        self._sources = dict(sources)
        self._tangents = {
            name: leaf(name, node.shape, node.dtype, False) for name, node in sources.items()
        }
        self._engine = engine
        self._prepared: dict[str, Prepared] = {}

    def __repr__(self) -> str:
        given = ", ".join([f"{name}: {shape}" for name, shape in self.shapes.items()])
        return f"<compiled {self.expression!r} for {given or 'no inputs'}>"

    def value(self, inputs: Mapping[str, Any]) -> Array:
        """The value of the expression.

        Args:
            inputs: an array of the compiled shape for each input, by name.

        Raises:
            DifftoolError: kind "shape" for an input of another shape, "name" for one that is
                missing or that the expression does not have.
        """
        (value,) = self._run("value", self._arrays(inputs))
        return value

    def grad(self, inputs: Mapping[str, Any]) -> dict[str, Array]:
        """The gradient of the expression, which must be a scalar, for each of its sources.

        Args, Raises: as for `value`.
        """
        return self._by_name(self._run("grad", self._arrays(inputs)))

    def value_and_grad(self, inputs: Mapping[str, Any]) -> tuple[Array, dict[str, Array]]:
        """The value and the gradients together.

        Args, Raises: as for `value`.
        """
        value, *found = self._run("value_and_grad", self._arrays(inputs))
        return value, self._by_name(found)

    def hvp(self, inputs: Mapping[str, Any], tangents: Mapping[str, Any]) -> dict[str, Array]:
        """The product of the Hessian with a direction, for each source.

        Args:
            inputs: as for `value`.
            tangents: for each source that moves its direction, of its shape; the others stand
                still.

        Raises: as for `value`.
        """
        arrays = self._arrays(inputs)
        for name in tangents:
            if name not in self._sources:
                raise _no_input(name, self._sources, "tangent")
        for name, node in self._sources.items():
            if name in tangents:
                arrays.append(_fitting(f"the tangent of {name}", tangents[name], node))
            else:
                arrays.append(np.broadcast_to(node.dtype.type(0), node.shape))
        return self._by_name(self._run("hvp", arrays))

    # ----- What is run -----

    def _run(self, what: str, arrays: Sequence[Array]) -> list[Array]:
        prepared = self._prepared.get(what)
        if prepared is None:
            try:
                prepared = self._prepared[what] = self._prepare(what)
            except DifftoolError as error:
                raise error.at(None, self.expression) from None
        try:
            return prepared.run(arrays)
        except DifftoolError as error:
            raise error.at(None, self.expression) from None

    def _prepare(self, what: str) -> Prepared:
        targets = [self._output] if what.startswith("value") else []
        inputs = list(self._leaves.values())
        if what == "hvp":
            targets = self._products()
            inputs.extend(self._tangents.values())
        elif what != "value":
            targets.extend(self._gradients())
        return Prepared(self._engine, targets, inputs)

    def _gradients(self) -> list[Node]:
        """A node of full size for each source: zeros where the output does not depend on it."""
        self._require_sources()
        found: dict[Node, Node] = {}
        if self._output.requires_grad:
            found = gradients(self._output, sources=self._sources.values())
        return [
            at_full_size(found[node], node.shape) if node in found else zeros(node)
            for node in self._sources.values()
        ]

    def _products(self) -> list[Node]:
        self._require_sources()
        sources = list(self._sources.values())
        found = {}
        if self._output.requires_grad:
            found = hvp_nodes(self._output, sources, list(self._tangents.values()))
        return [
            at_full_size(found[place], node.shape) if place in found else zeros(node)
            for place, node in enumerate(sources)
        ]

    def _require_sources(self) -> None:
        if not self._sources:
            raise nothing_to_differentiate(self._leaves)

    def _by_name(self, arrays: Sequence[Array]) -> dict[str, Array]:
        return dict(zip(self._sources, arrays, strict=True))

    def _arrays(self, inputs: Mapping[str, Any]) -> list[Array]:
        """The inputs in order, checked."""
        if len(inputs) != len(self._leaves):
            for name in inputs:
                if name not in self._leaves:
                    raise _no_input(name, self._leaves, "input")
        arrays = []
        for name, node in self._leaves.items():
            if name not in inputs:
                raise DifftoolError(
                    f"input {name} is missing",
                    kind="name",
                    hint=f"give an array of shape {node.shape} for it",
                )
            given = inputs[name]
            fits = type(given) is np.ndarray and given.shape == node.shape
            if not fits or given.dtype != node.dtype:
                given = _fitting(name, given, node)
            arrays.append(given)
        return arrays


def zeros(node: Node) -> Node:
    """Zeros in the shape of a node."""
    return at_full_size(constant(0.0, node.dtype), node.shape)


def _fitting(what: str, given: Any, node: Node) -> Array:
    """An array in the shape and dtype that was compiled for."""
    array = array_of(what, given)
    if array.shape != node.shape:
        raise DifftoolError(
            f"{what} has shape {array.shape}; the expression was compiled for {node.shape}",
            kind="shape",
            hint="compile it again for the new shape, or give an array of the old one",
        )
    if not np.can_cast(array.dtype, node.dtype, "same_kind"):
        raise DifftoolError(
            f"{what} has dtype {array.dtype}; the expression was compiled for {node.dtype}",
            kind="dtype",
            hint=f"convert it with .astype({node.dtype.name!r}) where that is meant",
        )
    with np.errstate(over="ignore"):  # too large for a narrow dtype is infinite in it
        return array.astype(node.dtype)


def _no_input(name: str, known: Mapping[str, Node], what: str) -> DifftoolError:
    return DifftoolError(
        f"the compiled expression has no {what} `{name}`",
        kind="name",
        hint=f"it has: {', '.join(known) or 'none'}",
    )
