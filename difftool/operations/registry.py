"""What an operation is, and where to find one by name.

A family is a module of one of this package's rooms (`elementwise`, `reductions`, ...); every
`Function` bound at its top level, but to a name with an underscore in front, is part of the
language. There are two kinds:

- an `Operation` makes a node: it has a NumPy kernel, a rule for its result's shape and dtype,
  and one derivative rule for each differentiable argument;
- a `Composite` is written in terms of other functions and makes whatever nodes they make.

Derivative rules are written in graph operations. They reach any function as `ops.name`, looked up
when the rule runs, so families don't import each other and load when they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, float64, int64, is_float
from difftool.graph.node import Node, Number, Operand, Shape, building
from difftool.operations import axes as axis_rules
from difftool.operations import directory
from difftool.operations.accumulation import Accumulation
from difftool.operations.axes import Axes

Rule: TypeAlias = Callable[..., Node]
Rules: TypeAlias = tuple[Rule | None, ...] | Callable[[int], Rule | None]
Batch: TypeAlias = Callable[[Node, tuple[Node, ...], int], Node]
Array: TypeAlias = "np.ndarray[Any, Any]"
Domain: TypeAlias = tuple[float, float]

# In the order they are listed, and searched where `directory` has no list of their functions.
FAMILIES = (
    "elementwise.arithmetic",
    "elementwise.division",
    "elementwise.power",
    "elementwise.comparison",
    "elementwise.selection",
    "elementwise.conversion",
    "elementwise.elementary",
    "elementwise.rounding",
    "elementwise.combination",
    "elementwise.bounds",
    "elementwise.representation",
    "elementwise.integers",
    "special.error_functions",
    "special.normal_distribution",
    "special.logarithms",
    "special.gamma",
    "special.bessel",
    "special.polynomials",
    "activations.common",
    "activations.piecewise",
    "activations.smooth",
    "activations.softmax",
    "activations.dropout",
    "reductions.sums_and_products",
    "reductions.extremes",
    "reductions.running_sums",
    "reductions.both_extremes",
    "reductions.running_extremes",
    "reductions.missing",
    "reductions.sorting",
    "reductions.order_statistics",
    "reductions.differences",
    "reductions.integrals",
    "reductions.covariance",
    "reductions.difference_norm",
    "reductions.renorm",
    "reductions.quantiles",
    "reductions.searching",
    "reductions.binning",
    "reductions.points",
    "reductions.distinct",
    "reductions.variance",
    "reductions.vector_norm",
    "arrangement.reshaping",
    "arrangement.size_one",
    "arrangement.reordering",
    "arrangement.joining",
    "arrangement.stacking",
    "arrangement.splitting",
    "arrangement.sections",
    "arrangement.turning",
    "arrangement.sliding",
    "arrangement.strided",
    "arrangement.copies",
    "arrangement.repetition",
    "arrangement.padding",
    "arrangement.pixels",
    "arrangement.grids",
    "arrangement.vandermonde",
    "arrangement.reshaping_like",
    "arrangement.diagonal",
    "creation.literal",
    "creation.filled",
    "creation.new",
    "creation.classes",
    "creation.sequences",
    "creation.window_functions",
    "creation.random",
    "creation.questions",
    "indexing.slicing",
    "indexing.index_tensors",
    "indexing.elements_by_index",
    "indexing.place_reduction",
    "indexing.slices_by_index",
    "indexing.flat_places",
    "indexing.masks",
    "indexing.positions",
    "linear.products",
    "linear.added_products",
    "linear.contraction",
    "linear.vector_products",
    "linear.matrix_chain",
    "linear.point_distances",
    "linear.einsum",
    "linear.matrix_norm",
    "linear.determinant",
    "linear.general_systems",
    "linear.qr",
    "linear.eigenvalues",
    "linear.singular_values",
    "linear.triangular_systems",
    "linear.lu",
    "linear.lu_solve",
    "linear.ldl",
    "linear.unchecked",
    "linear.pseudoinverse",
    "linear.condition",
    "linear.least_squares",
    "linear.matrix_functions",
    "linear.householder",
    "losses.similarity",
    "losses.regression",
    "losses.likelihood",
    "losses.binary",
    "losses.margins",
    "losses.pairs_and_triples",
    "losses.torch_forms",
    "losses.ctc",
    "losses.linear_classification",
    "losses.classification",
    "network.normalization",
    "network.batch_normalization",
    "network.layers",
    "network.embedding",
    "network.embedding_bag",
    "network.attention",
    "network.convolution",
    "network.convolution_forms",
    "network.patches",
    "network.average_pooling",
    "network.max_pooling",
    "network.max_unpooling",
    "network.interpolation",
    "network.affine_grids",
    "network.grid_sampling",
    "network.recurrent",
)


class Type(NamedTuple):
    """What is known of a result before it is computed.

    `operand_dtype` is the dtype all inputs are brought to first (None: they stay as they are);
    `parameters` replaces the given parameters by their canonical form (None: they are canonical).
    """

    shape: Shape
    dtype: DType
    operand_dtype: DType | None = None
    parameters: Mapping[str, Any] | None = None


class Check(NamedTuple):
    """A case for the numeric gradient checks: an expression and the shapes of its inputs.

    Inputs are drawn from `domain`, at least 0.05 away from each of `kinks`.
    """

    expression: str
    shapes: Mapping[str, Shape]
    domain: Domain = (-2.0, 2.0)
    kinks: tuple[float, ...] = ()


class Function:
    """A function of the language: its names, its signatures and what it says of itself.

    Attributes:
        name: its name in the language, and difftool's stable name for the nodes it makes.
        signatures: one for each form PyTorch has, e.g. "softmax(input, dim: int)".
        aliases: further names.
        meaning: one line for people.
        example: a call that runs as it stands.
        room, family: the package and the module that declare it.
    """

    def __init__(
        self,
        signatures: tuple[str, ...],
        *,
        meaning: str,
        example: str,
        aliases: tuple[str, ...] = (),
        checks: tuple[Check, ...] = (),
    ) -> None:
        self.name = signatures[0].partition("(")[0]
        self.signatures = signatures
        self.meaning = meaning
        self.example = example
        self.aliases = aliases
        self.checks = checks
        self.room = self.family = ""

    def __call__(self, *operands: Any, **parameters: Any) -> Any:
        raise NotImplementedError

    @property
    def grad_fn(self) -> str | None:
        """PyTorch's name for its backward function, when it has just one."""
        return None

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class Operation(Function):
    """A function that makes one node.

    Attributes:
        kernel: computes the value: arrays positionally, parameters by keyword.
        infer: `(*inputs, **parameters) -> Type`; raises the operation's shape and dtype errors.
        rules: for each input its vector-Jacobian product `(g, out, *inputs, **parameters)`,
            written in graph operations, or None where no gradient flows. For an operation
            of any number of inputs, a function from position to rule.
        narrow: its rules take a `g` that merely broadcasts to the result's shape.
        view: the value shares its input's memory.
        owned: in PyTorch its value has memory of its own, though here it may be a view: a program
            that changes the input in place doesn't change it.
        rearranges: each element of the input stands exactly once in the result, so that a `g`
            that is one number passes back as it is.
        layout: `(node, *strides of the inputs) -> strides` of the result in PyTorch's memory, as
            graph.layout reads it; None: contiguous, or for narrow operations as the operands are.
        batch: `(node, inputs, size) -> Node`: the operation over batches of its operands, as
            operations.batch describes; None: there is no rule, each row is computed by itself.
        axes: which dimensions of result and inputs are the same, as operations.axes describes;
            narrow operations are elementwise if they don't say otherwise. None: there is no rule,
            the operation sees its operands whole.
        accumulation: how its result is put together from blocks of what it reduces, or None.
        scratch: how many arrays as large as the largest of its operands and its result, in the
            dtype it computes in, the kernel fills besides the result while it runs; or how to tell
            that of a node. What is bounded whatever their size does not count.
        parts: `(*inputs, **parameters) -> Node`: the same in simpler operations, for where its
            operands are too large for the kernel to see them whole.
        joint: a call makes several of its nodes, the results of one function, which share one
            grad_fn in PyTorch, as those of `split` do.
        hidden: its nodes only hold what other nodes take apart, so that it is computed once;
            records don't show them. Nothing is differentiated through them.
    """

    def __init__(
        self,
        signatures: tuple[str, ...],
        kernel: Callable[..., Any],
        infer: Callable[..., Type],
        rules: Rules = (),
        *,
        meaning: str,
        example: str,
        aliases: tuple[str, ...] = (),
        checks: tuple[Check, ...] = (),
        grad_fn: str | Callable[[Node], str] | None = None,
        narrow: bool = False,
        view: bool = False,
        owned: bool = False,
        rearranges: bool = False,
        layout: Callable[..., tuple[int, ...]] | None = None,
        batch: Batch | None = None,
        axes: Callable[[Node], Axes] | None = None,
        accumulation: Accumulation | None = None,
        parts: Callable[..., Node] | None = None,
        scratch: float | Callable[[Node], float] = 0,
        joint: bool = False,
        hidden: bool = False,
        latex: str | None = None,
    ) -> None:
        super().__init__(
            signatures, meaning=meaning, example=example, aliases=aliases, checks=checks
        )
        self.kernel = kernel
        self.infer = infer
        self.rules = rules
        self.narrow = narrow
        self.view = view
        self.owned = owned
        self.rearranges = rearranges
        self.layout = layout
        self.batch = batch
        self.axes = axes or (axis_rules.elementwise if narrow else None)
        self.accumulation = accumulation
        self.parts = parts
        self.scratch = scratch
        self.joint = joint
        self.hidden = hidden
        self.latex = latex
        self._grad_fn = grad_fn or backward_name(self.name)

    def rule(self, position: int) -> Rule | None:
        """The derivative rule of the input at `position`, or None."""
        if isinstance(self.rules, tuple):
            return self.rules[position] if position < len(self.rules) else None
        return self.rules(position)

    def grad_fn_of(self, node: Node) -> str:
        """PyTorch's name for the function that passes gradients back through `node`."""
        return self._grad_fn if isinstance(self._grad_fn, str) else self._grad_fn(node)

    @property
    def grad_fn(self) -> str | None:
        return self._grad_fn if self.rules and isinstance(self._grad_fn, str) else None

    def __call__(self, *operands: Operand, **parameters: Any) -> Node:
        inputs = tuple([x if isinstance(x, Node) else constant(x) for x in operands])
        shape, dtype, operand_dtype, canonical = self.infer(*inputs, **parameters)
        if operand_dtype is not None:
            for node in inputs:
                if node.dtype is not operand_dtype:
                    inputs = tuple([_settled(node, operand_dtype) for node in inputs])
                    break
        if canonical is None:
            canonical = parameters
        return self.made(inputs, canonical, shape, dtype, operand_dtype)

    def made(
        self,
        inputs: tuple[Node, ...],
        parameters: Mapping[str, Any],
        shape: Shape,
        dtype: DType,
        operand_dtype: DType | None,
    ) -> Node:
        """The node of a call whose type is known and whose parameters are canonical."""
        rewrite = building.rewrite
        if rewrite is not None:
            simpler = rewrite(self, inputs, parameters, shape, dtype)
            if simpler is not None:
                return simpler
        requires_grad = False
        if self.rules and dtype.kind == "f" and building.grad_enabled:
            for position, node in enumerate(inputs):
                if node.requires_grad and self.rule(position) is not None:
                    requires_grad = True
                    break
        return Node(self, inputs, parameters, shape, dtype, operand_dtype, requires_grad)


class Composite(Function):
    """A function written in other functions."""

    def __init__(
        self,
        signatures: tuple[str, ...],
        compose: Callable[..., Any],
        *,
        meaning: str,
        example: str,
        aliases: tuple[str, ...] = (),
        checks: tuple[Check, ...] = (),
    ) -> None:
        super().__init__(
            signatures, meaning=meaning, example=example, aliases=aliases, checks=checks
        )
        self.compose = compose

    def __call__(self, *operands: Any, **parameters: Any) -> Any:
        return self.compose(*operands, **parameters)


def composite(
    *signatures: str,
    example: str,
    aliases: tuple[str, ...] = (),
    checks: tuple[Check, ...] = (),
) -> Callable[[Callable[..., Any]], Composite]:
    """Declare the decorated function, whose docstring's first line is the meaning."""

    def declare(compose: Callable[..., Any]) -> Composite:
        meaning = (compose.__doc__ or "").partition("\n")[0]
        return Composite(
            signatures, compose, meaning=meaning, example=example, aliases=aliases, checks=checks
        )

    return declare


def backward_name(name: str, number: int = 0) -> str:
    """PyTorch's pattern for backward functions: "log_softmax" gives "LogSoftmaxBackward0"."""
    return "".join([word[:1].upper() + word[1:] for word in name.split("_")]) + f"Backward{number}"


# ----- Sources: nodes that no operation computes -----


def _given(**parameters: Any) -> Array:
    value: Array = parameters["value"]
    return value


def _source_type(*, shape: Shape, dtype: DType, **parameters: Any) -> Type:
    return Type(shape, dtype)


LEAF = Operation(
    ("leaf()",),
    _given,
    _source_type,
    meaning="An input tensor; its value is bound when the graph is evaluated.",
    example="",
)
CONSTANT = Operation(
    ("constant()",),
    _given,
    _source_type,
    meaning="A Python number or a tensor of numbers written in the text.",
    example="",
)


def leaf(name: str, shape: Shape, dtype: DType, requires_grad: bool = True) -> Node:
    """An input called `name`; it requires a gradient only if its dtype can have one."""
    return Node(
        LEAF, (), {"name": name}, shape, dtype, None, requires_grad and is_float(dtype)
    )


def constant(value: Number | Array, dtype: DType | None = None) -> Node:
    """A node for a known value.

    A Python number is *weak* until an operation settles its dtype: it never widens a tensor.
    """
    if isinstance(value, np.ndarray):
        return Node(CONSTANT, (), {"value": value}, value.shape, value.dtype, None, False)
    weak = dtype is None
    if dtype is None:
        dtype = _dtype_of_number(value)
    parameters = {"value": _array_of(value, dtype), "number": value, "weak": weak}
    return Node(CONSTANT, (), parameters, (), dtype, None, False)


# The whole numbers that int64 holds.
_LONG = range(-(2**63), 2**63)


def _array_of(value: Number, dtype: DType) -> Array:
    try:
        if dtype is float64 or (dtype is int64 and isinstance(value, int) and value in _LONG):
            return np.array(value, dtype)
        # A number too large for a narrow dtype is infinite in it, or wraps.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.array(value, dtype) if dtype.kind == "f" else np.array(value).astype(dtype)
    except OverflowError:
        raise DifftoolError(
            f"{float(value)} does not fit into {dtype.name}",
            kind="value",
            hint="use a smaller number, or a floating-point tensor",
        ) from None


def _dtype_of_number(value: Number) -> DType:
    if isinstance(value, bool):
        return boolean
    if isinstance(value, int) and value in _LONG:
        return int64
    return building.default_dtype


def _settled(node: Node, dtype: DType) -> Node:
    """A weak constant given the dtype that its operation computes in."""
    if is_weak(node) and node.dtype != dtype:
        settled = constant(node.parameters["number"], dtype)
        settled.span = node.span
        return settled
    return node


def number_of(node: Node) -> Number | None:
    """The Python number a constant was written as, or None for anything else."""
    if node.operation is CONSTANT:
        value: Number | None = node.parameters.get("number")
        return value
    return None


def is_weak(node: Node) -> bool:
    """Whether `node` is a Python number that no operation has settled yet."""
    return node.operation is CONSTANT and bool(node.parameters.get("weak"))


# ----- Finding functions by name -----

# How alike a name and the one that may be meant are at least, from 0 to 1.
NEAR = 0.7

_functions: dict[str, Function] = {}
_unloaded = list(FAMILIES)


def _load(family: str) -> None:
    _unloaded.remove(family)
    module = import_module(f"difftool.operations.{family}")
    for binding, value in vars(module).items():
        if isinstance(value, Function) and not binding.startswith("_"):
            value.room, _, value.family = family.partition(".")
            for name in (value.name, *value.aliases):
                _functions[name] = value


@cache
def _family_of() -> Mapping[str, str] | None:
    return directory.saved(FAMILIES)


def find(name: str) -> Function | None:
    """The function called `name` (no prefix), or None."""
    function = _functions.get(name)
    if function is not None or not _unloaded:
        return function
    family_of = _family_of()
    if family_of is not None:
        family = family_of.get(name)
        if family is not None:
            _load(family)
        return _functions.get(name)
    while name not in _functions and _unloaded:
        _load(_unloaded[0])
    return _functions.get(name)


def names() -> list[str]:
    """Every name and alias of the language's functions, sorted."""
    while _unloaded:
        _load(_unloaded[0])
    return sorted(_functions)


def functions() -> list[Function]:
    """Every function of the language once, family by family, in the order of declaration."""
    names()
    order = {family: place for place, family in enumerate(FAMILIES)}
    return sorted(
        dict.fromkeys(_functions.values()), key=lambda one: order[f"{one.room}.{one.family}"]
    )


def find_path(path: Sequence[str], name: str) -> Function | None:
    """The function called `name` behind the modules of `path`: torch.linalg.norm is not norm.

    The longest name that exists is meant.
    """
    for start in range(len(path) + 1):
        function = find(".".join((*path[start:], name)))
        if function is not None:
            return function
    return None


class _Operations:
    """`ops.name`: any function of the language that gives one node, for rules and composites."""

    def __getattr__(self, name: str) -> Callable[..., Node]:
        function = find(name)
        if function is None:
            raise AttributeError(name)
        setattr(self, name, function)  # the next time it is found without this method
        return function


ops = _Operations()
