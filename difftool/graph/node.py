"""The node: what every operation makes and every reading of the graph reads.

A node is frozen. It knows its operation, inputs and parameters, and, before anything is computed,
its shape and dtype. Values and gradients live elsewhere, in dicts that the executor and the
derivative walk return. `Node`'s arithmetic operators are looked up in `OPERATORS`, which the
arithmetic family fills, so that derivative rules read as mathematics.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from itertools import count
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from difftool.errors import Span
from difftool.graph.dtype import DType, float64

if TYPE_CHECKING:
    import numpy as np

    from difftool.operations.registry import Operation

Shape: TypeAlias = tuple[int, ...]
Number: TypeAlias = int | float | bool
Operand: TypeAlias = "Node | Number"
Rewrite: TypeAlias = Callable[
    ["Operation", tuple["Node", ...], Mapping[str, Any], Shape, DType], "Node | None"
]

OPERATORS: dict[str, Callable[..., Node]] = {}

_numbers = count()


class Building(threading.local):
    """What holds while nodes are made, for each thread by itself.

    Attributes:
        default_dtype: dtype of tensors made from Python numbers.
        span: the text that nodes being made come from.
        grad_enabled: False inside `no_grad()`: nodes made there require no gradient.
        rewrite: simplification of derivative graphs while they are built, or None.
        generator: gives the random numbers of a request; None outside one.
        value: computes a node in the middle; None where no value may decide on the graph.
        allow: refuses a number of bytes about to be allocated while the graph is built; None: all.
    """

    default_dtype: DType = float64
    span: Span | None = None
    grad_enabled: bool = True
    rewrite: Rewrite | None = None
    generator: Callable[[], Any] | None = None
    value: Callable[[Node], np.ndarray[Any, Any]] | None = None
    allow: Callable[[int], None] | None = None


building = Building()


class building_with:
    """Set attributes of `building` for the duration of a block."""

    __slots__ = ("_before", "_settings")

    def __init__(self, **settings: Any) -> None:
        self._settings = settings

    def __enter__(self) -> None:
        self._before = {name: getattr(building, name) for name in self._settings}
        for name, value in self._settings.items():
            setattr(building, name, value)

    def __exit__(self, *error: object) -> None:
        for name, value in self._before.items():
            setattr(building, name, value)


class Node:
    """One value of the graph, not yet computed.

    Attributes:
        operation: what computes it; `operation.name` is its stable name.
        inputs: the nodes it is computed from.
        parameters: the operation's other arguments (dim and the like), in canonical form.
        shape, dtype: of its value.
        operand_dtype: the dtype the inputs are brought to before the kernel runs; None: left alone.
        requires_grad: whether gradients flow through it.
        span: the text it came from, or None for a node no text wrote.
        number: its place in the order of creation, which is a topological order.
    """

    __slots__ = (
        "__weakref__",
        "dtype",
        "inputs",
        "number",
        "operand_dtype",
        "operation",
        "parameters",
        "requires_grad",
        "shape",
        "span",
    )

    operation: Operation
    inputs: tuple[Node, ...]
    parameters: Mapping[str, Any]
    shape: Shape
    dtype: DType
    operand_dtype: DType | None
    requires_grad: bool
    span: Span | None
    number: int

    def __init__(
        self,
        operation: Operation,
        inputs: tuple[Node, ...],
        parameters: Mapping[str, Any],
        shape: Shape,
        dtype: DType,
        operand_dtype: DType | None,
        requires_grad: bool,
    ) -> None:
        self.operation = operation
        self.inputs = inputs
        self.parameters = parameters
        self.shape = shape
        self.dtype = dtype
        self.operand_dtype = operand_dtype
        self.requires_grad = requires_grad
        self.span = building.span
        self.number = next(_numbers)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return prod(self.shape)

    @property
    def nbytes(self) -> int:
        """The bytes its value fills when it owns its memory."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def is_leaf(self) -> bool:
        """PyTorch's `is_leaf`: nothing that requires a gradient was used to make it."""
        return not (self.requires_grad and self.inputs)

    def __repr__(self) -> str:
        return f"<{self.operation.name} #{self.number} {self.shape} {self.dtype}>"

    def __add__(self, other: Operand) -> Node:
        return OPERATORS["add"](self, other)

    def __radd__(self, other: Number) -> Node:
        return OPERATORS["add"](self, other)

    def __sub__(self, other: Operand) -> Node:
        return OPERATORS["sub"](self, other)

    def __rsub__(self, other: Number) -> Node:
        return OPERATORS["sub"](other, self)

    def __mul__(self, other: Operand) -> Node:
        return OPERATORS["mul"](self, other)

    def __rmul__(self, other: Number) -> Node:
        return OPERATORS["mul"](self, other)

    def __truediv__(self, other: Operand) -> Node:
        return OPERATORS["div"](self, other)

    def __rtruediv__(self, other: Number) -> Node:
        return OPERATORS["div"](other, self)

    def __pow__(self, other: Operand) -> Node:
        return OPERATORS["pow"](self, other)

    def __rpow__(self, other: Number) -> Node:
        return OPERATORS["pow"](other, self)

    def __matmul__(self, other: Node) -> Node:
        return OPERATORS["matmul"](self, other)

    def __neg__(self) -> Node:
        return OPERATORS["neg"](self)

    def __lt__(self, other: Operand) -> Node:
        return OPERATORS["lt"](self, other)

    def __le__(self, other: Operand) -> Node:
        return OPERATORS["le"](self, other)

    def __gt__(self, other: Operand) -> Node:
        return OPERATORS["gt"](self, other)

    def __ge__(self, other: Operand) -> Node:
        return OPERATORS["ge"](self, other)
