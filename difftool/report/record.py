"""The frozen records that a request comes to.

They are made from a graph and its values, and everything people or scripts see is a view of one:
`report.json_lines` writes its JSON, `render` draws its table. Arrays are NumPy arrays; dtypes are
NumPy's names for them ("float64").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    from difftool.report.derivatives import DerivativeRecord

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class OutputRecord(NamedTuple):
    """A tensor that a request computed.

    Attributes:
        shape, dtype: of `data`.
        data: the value.
        grad_fn: PyTorch's name of the function that made it; None for leaves and constants.
    """

    shape: tuple[int, ...]
    dtype: str
    data: Array
    grad_fn: str | None


class TextRecord(NamedTuple):
    """A value that is no tensor (a shape, a dtype, None, a grad_fn), as PyTorch prints it."""

    text: str


class TupleRecord(NamedTuple):
    """Several values at once, as `max(x, dim=0)` or `slogdet(x)` give them.

    Attributes:
        items: the values in order.
        type_name: PyTorch's name of the named tuple ("torch.return_types.max"), or None.
        fields: the names of `items` in that named tuple; empty for a plain tuple.
    """

    items: tuple[Output, ...]
    type_name: str | None = None
    fields: tuple[str, ...] = ()


Output: TypeAlias = OutputRecord | TextRecord | TupleRecord


class NodeRecord(NamedTuple):
    """One node of the graph with its value and its gradient.

    Attributes:
        id: its number in the record.
        expression: the text it stands for.
        op: difftool's stable name of its operation; "leaf" for an input.
        inputs: ids of the nodes it is computed from.
        requires_grad: whether gradients flow through it.
        grad_fn: PyTorch's name of the function that made it; None for leaves and constants.
        next_functions: PyTorch's names of the functions that `grad_fn` passes gradients to.
        shape, dtype: of its value.
        data: its value, or None where the values are too many to keep.
        grad: the gradient of the output for this node, of its shape; None for constants, for nodes
            the output does not depend on, and where `data` was not kept.
    """

    id: int
    expression: str
    op: str
    inputs: tuple[int, ...]
    requires_grad: bool
    grad_fn: str | None
    next_functions: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    data: Array | None
    grad: Array | None


class GradientRecord(NamedTuple):
    """The gradient of the output for one input.

    Attributes:
        array: of the input's shape.
        used: False where the output does not depend on the input; `array` is zeros then.
    """

    array: Array
    used: bool


class ChainEntry(NamedTuple):
    """One function of the grad_fn chain.

    Attributes:
        id: its number, unique in the chain; that of its node where `NodeRecord` has one.
        name: PyTorch's name ("MulBackward0", "AccumulateGrad").
        variable: the input's name for AccumulateGrad, None for everything else.
        next: ids of the entries it passes gradients to, in the order of its operands.
    """

    id: int
    name: str
    variable: str | None
    next: tuple[int, ...]


class EvalRecord(NamedTuple):
    """What `difftool eval` computed.

    Attributes:
        expression: the text the user typed.
        seed: the seed random tensors were drawn with, or None when none were drawn.
        output: the value.
        warnings: what the user should know, one line each; not in the JSON.
    """

    expression: str
    seed: int | None
    output: Output
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "eval"


class GradRecord(NamedTuple):
    """What `difftool grad` computed.

    Attributes:
        expression, seed: as in `EvalRecord`.
        output: the value of the expression.
        nodes: every node of the graph, inputs before users.
        gradients: for each input asked for, in order, the gradient of the output; where the
            output is no scalar, the product of the given vector with the Jacobian.
        chain: the functions of the grad_fn chain, that of the output first.
        warnings: what the user should know, one line each. Neither these nor `chain` are in the
            JSON: warnings go to standard error, and the nodes carry the chain's edges.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    nodes: Sequence[NodeRecord]
    gradients: Mapping[str, GradientRecord]
    chain: Sequence[ChainEntry]
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "grad"


class RunRecord(NamedTuple):
    """What `difftool run` did.

    Attributes:
        seed: the seed that random numbers were drawn with last, or None when none were drawn.
        output: what the program printed.
        variables: each variable that held a tensor at the end, in the order they were set.
        gradients: `.grad` of those that have one.
        file: the file of the program as it was named, "-" where it has none.
    """

    seed: int | None
    output: str
    variables: Mapping[str, OutputRecord]
    gradients: Mapping[str, OutputRecord]
    file: str = "-"

    @property
    def command(self) -> str:
        """The command that made it."""
        return "run"


class FunctionRecord(NamedTuple):
    """One function of the language, as `difftool functions` lists it.

    Attributes:
        name: its first name; `aliases`: the others.
        signatures: how it is called, one line each ("mean(input, dim=None, keepdim=False)").
        meaning: what it computes, in one line.
        example: an expression that uses it.
        family: the group it stands in ("sums_and_products").
        grad_fn: PyTorch's name of its function in the grad_fn chain; None where it has none.
    """

    name: str
    aliases: tuple[str, ...]
    signatures: tuple[str, ...]
    meaning: str
    example: str
    family: str
    grad_fn: str | None


class FunctionsRecord(NamedTuple):
    """What `difftool functions [NAME]` lists: every function, or the one that was named."""

    functions: tuple[FunctionRecord, ...]

    @property
    def command(self) -> str:
        """The command that made it."""
        return "functions"


Record: TypeAlias = "EvalRecord | GradRecord | DerivativeRecord | RunRecord | FunctionsRecord"
