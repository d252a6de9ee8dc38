"""Products with derivatives and whole derivatives of a problem, as records.

`requests` asks for them; the graphs and the numbers come from `autodiff` (`forward`, `reverse` and
`higher`). Here stand the checks of what was asked, the zeros of what is not used, the matrices and
the warnings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from difftool.autodiff import higher
from difftool.autodiff.forward import tangent
from difftool.autodiff.reverse import at_full_size, gradients_of
from difftool.directions import directions_of
from difftool.errors import DifftoolError
from difftool.execute.finite import is_finite
from difftool.execute.memory import check_memory
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Shape
from difftool.nonfinite import first_made, first_made_by_derivative
from difftool.operations.registry import constant, ops
from difftool.problem import Problem
from difftool.report.build import output_record
from difftool.report.derivatives import (
    HessianRecord,
    HvpRecord,
    JacobianRecord,
    JvpRecord,
    MatrixRecord,
    VjpRecord,
)
from difftool.report.record import GradientRecord

Array: TypeAlias = "np.ndarray[Any, Any]"

JACOBIAN_PRODUCTS = "`difftool jvp` and `difftool vjp` multiply with the Jacobian"
HESSIAN_PRODUCTS = "`difftool hvp` multiplies with the Hessian"


def jvp(problem: Problem, tangents: Mapping[str, Any]) -> JvpRecord:
    """The derivative of the output along tangents of the sources; those without one stand still."""
    directions, still = directions_of(problem, tangents)
    output = problem.output
    moved: Node | None = None
    if not problem.is_constant():
        moving = {problem.sources[name]: node for name, node in directions.items()}
        moved = at_full_size(tangent(output, moving), output.shape)
    if moved is None:
        (value,) = problem.values([output])
        found = np.zeros(output.shape, _floating(output))
    else:
        value, shown = problem.values([output, moved])
        found = np.array(shown)
    warnings = _warnings(problem, value, {"the tangent": found})
    record = output_record(output, value)
    return JvpRecord(problem.expression, problem.seed, record, found, still, warnings)


def vjp(problem: Problem, grad_output: Any) -> VjpRecord:
    """The product of a vector with the Jacobian, for each source."""
    output = problem.output
    adjoints = problem.adjoints(grad_output)
    wide = {
        name: at_full_size(adjoints[node], node.shape)
        for name, node in problem.sources.items()
        if node in adjoints
    }
    problem.evaluation.compute([output, *wide.values()])
    values = problem.evaluation.values
    value = values[output]
    found = {
        name: GradientRecord(np.array(values[wide[name]]), True)
        if name in wide
        else GradientRecord(np.zeros(node.shape, node.dtype), False)
        for name, node in problem.sources.items()
    }
    warnings: tuple[str, ...] = ()
    if not all(map(is_finite, [value, *[gradient.array for gradient in found.values()]])):
        warnings = first_made([output], problem.evaluation, adjoints)
    record = output_record(output, value)
    return VjpRecord(problem.expression, problem.seed, record, found, warnings)


def hvp(problem: Problem, tangents: Mapping[str, Any]) -> HvpRecord:
    """The product of the Hessian with tangents of the sources; those without one stand still."""
    _require_scalar(problem.output, "hvp")
    directions, still = directions_of(problem, tangents)
    sources = list(problem.sources.values())
    along = [
        directions[name]
        if name in directions
        else at_full_size(constant(0.0, node.dtype), node.shape)
        for name, node in problem.sources.items()
    ]
    (value,) = problem.values([problem.output])
    if problem.is_constant():
        arrays = [np.zeros(node.shape, node.dtype) for node in sources]
    else:
        arrays = higher.hvp(problem.output, sources, along, problem.values)
    found = dict(zip(problem.sources, arrays, strict=True))
    facts = {f"the product for {name}": array for name, array in found.items()}
    warnings = _warnings(problem, value, facts, order=2)
    record = output_record(problem.output, value)
    return HvpRecord(problem.expression, problem.seed, record, found, still, warnings)


def jacobian(problem: Problem, matrix: bool) -> JacobianRecord:
    """All derivatives of the output by all elements of the sources."""
    output, sources = problem.output, list(problem.sources.values())
    constant_output = problem.is_constant()
    _check_size(problem, [(output, source) for source in sources], matrix, JACOBIAN_PRODUCTS)
    (value,) = problem.values([output])
    if constant_output:
        arrays = [np.zeros(output.shape + node.shape, node.dtype) for node in sources]
    else:
        arrays = higher.jacobian(output, sources, problem.values, problem.max_memory)
    found = dict(zip(problem.sources, arrays, strict=True))
    whole = None
    if matrix:
        sized = zip(arrays, sources, strict=True)
        blocks = [[array.reshape(output.size, node.size) for array, node in sized]]
        rows = labels("output", output.shape)
        whole = MatrixRecord(rows, _labels(problem.sources), _joined(blocks))
    facts = {f"the Jacobian for {name}": array for name, array in found.items()}
    return JacobianRecord(
        problem.expression,
        problem.seed,
        output_record(output, value),
        found,
        _unused(problem),
        whole,
        _warnings(problem, value, facts),
    )


def hessian(problem: Problem, matrix: bool) -> HessianRecord:
    """All second derivatives of the output, a scalar, by all pairs of elements of the sources."""
    output, names = problem.output, list(problem.sources)
    _require_scalar(output, "hessian")
    sources = list(problem.sources.values())
    constant_output = problem.is_constant()
    _check_size(problem, list(product(sources, sources)), matrix, HESSIAN_PRODUCTS)
    (value,) = problem.values([output])
    if constant_output:
        blocks = {
            (i, j): np.zeros(first.shape + second.shape, first.dtype)
            for (i, first), (j, second) in product(enumerate(sources), enumerate(sources))
        }
    else:
        blocks = higher.hessian(output, sources, problem.values, problem.max_memory)
    numbers = range(len(sources))
    found = {names[i]: {names[j]: blocks[i, j] for j in numbers} for i in numbers}
    whole = None
    if matrix:
        parts = [
            [blocks[i, j].reshape(sources[i].size, sources[j].size) for j in numbers]
            for i in numbers
        ]
        both = _labels(problem.sources)
        whole = MatrixRecord(both, both, _joined(parts))
    facts = {
        f"the Hessian for {first} and {second}": block
        for first, row in found.items()
        for second, block in row.items()
    }
    return HessianRecord(
        problem.expression,
        problem.seed,
        output_record(output, value),
        found,
        _unused(problem),
        whole,
        _warnings(problem, value, facts, order=2),
    )


def labels(name: str, shape: Shape) -> tuple[str, ...]:
    """What the elements of a tensor are called, in their order: "W[0,0]", "W[0,1]"; "s" if 0-d."""
    if not shape:
        return (name,)
    places = product(*[map(str, range(length)) for length in shape])
    return tuple([f"{name}[{','.join(place)}]" for place in places])


# ----- What was asked -----


def _require_scalar(output: Node, command: str) -> None:
    """Refuse an output that has more than one Hessian, or none."""
    if output.shape == ():
        return
    what = "a Hessian" if command == "hessian" else "a Hessian-vector product"
    hint = (
        "reduce it with sum(...); the second derivatives of several numbers are the "
        "`difftool jacobian` of a gradient"
    )
    if output.shape == (1,):
        hint = "a tensor of shape (1,) is not a scalar: use sum(...) or [0]"
    raise DifftoolError(
        f"{what} needs a scalar output; this one has shape {output.shape}",
        kind="shape",
        span=output.span,
        hint=hint,
    )


def _check_size(
    problem: Problem, pairs: Sequence[tuple[Node, Node]], matrix: bool, products: str
) -> None:
    """Refuse a derivative that does not fit, before any of it is computed.

    Args:
        pairs: what each part has the elements of.
        matrix: whether the parts are wanted as one matrix too.
        products: the commands that do without it, for the message.
    """
    needed = sum([first.size * second.size * _floating(second).itemsize for first, second in pairs])
    # A matrix of several blocks is a second copy of them.
    copies = 2 if matrix and len(pairs) > 1 else 1
    try:
        check_memory(needed * copies, problem.max_memory, problem.output.span)
    except DifftoolError as error:
        error.hint = f"{products} without making it; or raise --max-memory"
        raise


# ----- What is made of the results -----


def _floating(node: Node) -> np.dtype[Any]:
    return node.dtype if is_float(node.dtype) else np.dtype("float64")


def _unused(problem: Problem) -> tuple[str, ...]:
    nodes = set(problem.nodes)
    return tuple([name for name, source in problem.sources.items() if source not in nodes])


def _labels(sources: Mapping[str, Node]) -> tuple[str, ...]:
    return tuple([label for name, node in sources.items() for label in labels(name, node.shape)])


def _joined(blocks: list[list[Array]]) -> Array:
    """The matrix of blocks, without a copy of a single one."""
    if len(blocks) == 1 and len(blocks[0]) == 1:
        return blocks[0][0]
    return np.block(blocks)


def _warnings(
    problem: Problem, value: Array, found: Mapping[str, Array], order: int = 1
) -> tuple[str, ...]:
    """Where the first NaN or infinity of a result comes from; nothing where it is finite.

    Args:
        found: the derivatives by what they are called.
        order: 2 for second derivatives, which may be infinite where the first are not.
    """
    unfit = {what: array for what, array in found.items() if not is_finite(array)}
    if is_finite(value) and not unfit:
        return ()
    warnings = first_made_by_derivative(problem.output, problem.evaluation)
    if not warnings and order == 2:
        warnings = tuple([f"second derivative: {said}" for said in _of_gradient(problem)])
    if not warnings and unfit:
        # No single function made it: infinities of two may have met, or one and a zero.
        what, array = next(iter(unfit.items()))
        kind = "NaN" if np.isnan(array).any() else "infinity"
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        warnings = (f"{kind} in {what}" + (f", first at {place}" if place else ""),)
    return warnings


def _of_gradient(problem: Problem) -> tuple[str, ...]:
    """Where the first NaN or infinity in the derivative of the gradient comes from."""
    found = gradients_of(problem.output, problem.sources.values())
    parts = [ops.sum(node) for node in found.values() if node is not None and node.requires_grad]
    if not parts:
        return ()
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return first_made_by_derivative(total, problem.evaluation)
