"""Functions with several results from one computation, as the factors of a matrix are.

A hidden node holds all results of a call, one after the other in its last dimension, so that they
are computed once. Each result is a part taken out of it: a node whose inputs are the hidden node
and the operands, and whose derivative is by the operands. A part that nobody uses has no gradient,
and costs none: singular values alone never see what the vectors' gradients divide by. The parts
share one grad_fn.

A rule is written with all the parts, taken out of the same hidden node once more, so that it can be
differentiated again and computes no factor anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import prod
from typing import Any, TypeAlias

import numpy as np

from difftool.graph import layout
from difftool.graph.dtype import DType
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import batch
from difftool.operations.axes import Axes
from difftool.operations.linear.matrices import column_major
from difftool.operations.registry import Array, Operation, Rule, Type

# `(g, parts, *operands, **parameters)`: the gradient of one part passed back to an operand.
PartRule: TypeAlias = Callable[..., Node]
# `(*shapes of the operands, **parameters)`: the shapes of the parts for one matrix of a batch;
# None: this part is an empty tensor of shape (0,), whatever the batch.
Shapes: TypeAlias = Callable[..., Sequence[Shape | None]]


class Several:
    """A function that gives a tuple of nodes, computed once.

    Args:
        name: of the nodes in records.
        kernel: `(*arrays, **parameters)`, the arrays of all parts for a batch of operands.
        require: refuses operands; gives the shape of the batch.
        shapes: the shapes of the parts, without the batch.
        rules: for each operand the rules of the parts, None where a part has no gradient.
        dtypes: of parts whose dtype is not that of the operands.
        columns: the places of parts that stand column by column in PyTorch's memory.
        scratch: how many arrays as large as the largest of the operands the kernel fills besides
            the parts themselves, or how to tell that of a node.
    """

    def __init__(
        self,
        name: str,
        kernel: Callable[..., Sequence[Any]],
        require: Callable[..., Shape],
        shapes: Shapes,
        rules: Sequence[Sequence[PartRule | None]],
        *,
        grad_fn: str,
        dtypes: dict[int, DType] | None = None,
        columns: Sequence[int] = (),
        scratch: float | Callable[[Node], float] = 0,
    ) -> None:
        self._shapes = shapes
        self._rules = rules
        self._dtypes = dtypes or {}
        self._columns = columns
        self._require = require
        self._kernel = kernel
        self._packed = Operation(
            (f"{name}()",),
            self._pack,
            self._packed_type,
            batch=batch.from_the_right,
            axes=_of_each,
            scratch=lambda node: _in_results(node, scratch),
            hidden=True,
            meaning="",
            example="",
        )

        def part(rules: tuple[Rule | None, ...]) -> Operation:
            return Operation(
                (f"{name}()",),
                self._take,
                self._part_type,
                rules,
                grad_fn=grad_fn,
                layout=self._layout,
                batch=batch.from_the_right,
                axes=_taken,
                joint=True,
                meaning="",
                example="",
            )

        self._part = part((None, *[self._back(operand) for operand in range(len(rules))]))
        self._aside = part(())

    def __call__(self, *operands: Node, **parameters: Any) -> tuple[Node, ...]:
        packed = self._packed(*operands, **parameters)
        return self._parts(packed, operands, parameters)

    def _parts(
        self, packed: Node, operands: Sequence[Node], parameters: dict[str, Any]
    ) -> tuple[Node, ...]:
        places = range(len(self._sizes(operands, parameters)))
        return tuple(
            [self._at(place)(packed, *operands, place=place, **parameters) for place in places]
        )

    def _at(self, place: int) -> Operation:
        differentiable = any([rules[place] is not None for rules in self._rules])
        return self._part if differentiable else self._aside

    def _back(self, operand: int) -> Rule:
        def rule(
            g: Node, out: Node, packed: Node, *operands: Node, place: int, **parameters: Any
        ) -> Node:
            back = self._rules[operand][place]
            assert back is not None
            return back(g, self._parts(packed, operands, parameters), *operands, **parameters)

        return rule

    # ----- Types -----

    def _sizes(
        self, operands: Sequence[Node | Array], parameters: dict[str, Any]
    ) -> Sequence[Shape | None]:
        return self._shapes(*[operand.shape for operand in operands], **parameters)

    def _packed_type(self, *operands: Node, **parameters: Any) -> Type:
        outer = self._require(*operands, **parameters)
        sizes = [prod(shape) for shape in self._sizes(operands, parameters) if shape is not None]
        return Type((*outer, sum(sizes)), operands[0].dtype)

    def _part_type(self, packed: Node, *operands: Node, place: int, **parameters: Any) -> Type:
        shape = self._sizes(operands, parameters)[place]
        whole = (0,) if shape is None else (*packed.shape[:-1], *shape)
        return Type(whole, self._dtypes.get(place, packed.dtype))

    def _layout(self, node: Node, *steps: Strides) -> Strides:
        if node.parameters["place"] in self._columns and node.ndim > 1:
            return column_major(node)
        return layout.contiguous(node.shape)

    # ----- Kernels -----

    def _pack(self, *arrays: Array, **parameters: Any) -> Any:
        sizes = self._sizes(arrays, parameters)
        results = self._kernel(*arrays, **parameters)
        rows = []
        for result, shape in zip(results, sizes, strict=True):
            if shape is not None:
                outer = result.shape[: result.ndim - len(shape)]
                rows.append(np.reshape(result, (*outer, prod(shape))))
        return np.concatenate(rows, axis=-1, dtype=arrays[0].dtype)

    def _take(self, packed: Array, *arrays: Array, place: int, **parameters: Any) -> Any:
        shapes = self._sizes(arrays, parameters)
        shape = shapes[place]
        if shape is None:
            return np.empty((0,), packed.dtype)
        ends = list(accumulate([0 if each is None else prod(each) for each in shapes]))
        row = packed[..., ends[place] - prod(shape) : ends[place]]
        taken = np.reshape(row, (*packed.shape[:-1], *shape))
        return taken.astype(self._dtypes.get(place, packed.dtype))  # a copy: it is no view


def _in_results(node: Node, scratch: float | Callable[[Node], float]) -> float:
    """The scratch of a kernel in arrays as large as all parts together, which it holds first."""
    operand = max([x.size for x in node.inputs])
    largest = max(operand, node.size, 1)
    own = scratch if isinstance(scratch, int | float) else scratch(node)
    return (own * operand + node.size) / largest


# ----- Which dimensions are the batch -----


def _of_each(node: Node) -> Axes:
    """A row of numbers for each matrix."""
    outer = node.ndim - 1
    return Axes((*range(outer), None), tuple([_matrices(node, x) for x in node.inputs]))


def _taken(node: Node) -> Axes:
    """What is taken out of the row of each matrix."""
    packed, *operands = node.inputs
    outer = packed.ndim - 1
    labels = tuple([_matrices(packed, x) for x in operands])
    if node.ndim < outer:
        return Axes((None,) * node.ndim, ((None,) * packed.ndim, *labels))
    own = (*range(outer), *(None,) * (node.ndim - outer))
    return Axes(own, ((*range(outer), None), *labels))


def _matrices(packed: Node, x: Node) -> tuple[int | None, ...]:
    """The batch dimensions of an operand of matrices: those of the row, unless they broadcast."""
    outer = packed.shape[:-1]
    if x.ndim < 2 or x.shape[:-2] != outer:
        return (None,) * x.ndim
    return (*range(len(outer)), None, None)
