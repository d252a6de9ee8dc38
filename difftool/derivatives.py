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
from difftool.autodiff.reverse import at_full_size
from difftool.errors import DifftoolError
from difftool.execute.finite import is_finite
from difftool.execute.memory import check_memory
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Shape
from difftool.nonfinite import first_made, first_made_by_derivative
from difftool.operations.registry import constant
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


def jvp(problem: Problem, tangents: Mapping[str, Any]) -> JvpRecord:
    """The derivative of the output along tangents of the sources; those without one stand still."""
    directions, still = _directions(problem, tangents)
    output = problem.output
    moved: Node | None = None
    if not problem.is_constant():
        moving = {problem.sources[name]: node for name, node in directions.items()}
        moved = at_full_size(tangent(output, moving), output.shape)
    (value,) = problem.values([output])
    if moved is None:
        found = np.zeros(output.shape, _floating(output))
    else:
        found = np.array(problem.values([moved])[0])
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
    directions, still = _directions(problem, tangents)
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
    warnings = _warnings(problem, value, facts)
    record = output_record(problem.output, value)
    return HvpRecord(problem.expression, problem.seed, record, found, still, warnings)


def jacobian(problem: Problem, matrix: bool) -> JacobianRecord:
    """All derivatives of the output by all elements of the sources."""
    output, sources = problem.output, list(problem.sources.values())
    constant_output = problem.is_constant()
    _check_size(problem, [(output, source) for source in sources], matrix)
    (value,) = problem.values([output])
    if constant_output:
        arrays = [np.zeros(output.shape + node.shape, node.dtype) for node in sources]
    else:
        arrays = higher.jacobian(output, sources, problem.values, problem.max_memory)
    found = dict(zip(problem.sources, arrays, strict=True))
    whole = None
    if matrix:
        blocks = [[array.reshape(output.size, -1) for array in arrays]]
        if output.size == 0:
            blocks = [[np.empty((0, node.size), node.dtype) for node in sources]]
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
    _check_size(problem, list(product(sources, sources)), matrix)
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
        _warnings(problem, value, facts),
    )


def labels(name: str, shape: Shape) -> tuple[str, ...]:
    """What the elements of a tensor are called, in their order: "W[0,0]", "W[0,1]"; "s" if 0-d."""
    if not shape:
        return (name,)
    places = product(*[map(str, range(length)) for length in shape])
    return tuple([f"{name}[{','.join(place)}]" for place in places])


# ----- What was asked -----


def _directions(
    problem: Problem, tangents: Mapping[str, Any]
) -> tuple[dict[str, Node], tuple[str, ...]]:
    """A node for each tangent, and the names of the sources that have none."""
    sources = problem.sources
    if not tangents:
        name = next(iter(sources))
        raise DifftoolError(
            "there is no direction to differentiate along",
            kind="value",
            hint=f"give an input a tangent of its shape, as in --tangent {name}=TENSOR",
        )
    found = {}
    for name, given in tangents.items():
        if name not in sources:
            raise _no_source(name, problem)
        node = sources[name]
        array = np.asarray(given)
        if array.shape != node.shape:
            raise _fault(
                f"the tangent of {name} has shape {array.shape}, {name} has shape {node.shape}",
                "shape",
                "they must be the same",
                name,
            )
        if array.dtype.kind not in "fiub":
            raise _fault(f"the tangent of {name} holds no real numbers", "dtype", None, name)
        found[name] = constant(np.array(array, node.dtype))
    return found, tuple([name for name in sources if name not in found])


def _no_source(name: str, problem: Problem) -> DifftoolError:
    """The error for the tangent of something that is no source."""
    leaf = problem.evaluation.leaves.get(name)
    if leaf is None:
        names = ", ".join(problem.sources)
        return _fault(
            f"there is no input `{name}` to differentiate by", "name", f"the inputs: {names}", name
        )
    if not is_float(leaf.dtype):
        return _fault(
            f"only floating-point tensors can move along a tangent; {name} is {leaf.dtype.name}",
            "dtype",
            "write its numbers with a point (1.0)",
            name,
        )
    return _fault(
        f"`{name}` has a tangent, but it is a constant: --wrt names others",
        "name",
        f"add --wrt {name}, or leave its tangent out",
        name,
    )


def _fault(message: str, kind: str, hint: str | None, name: str) -> DifftoolError:
    return DifftoolError(message, kind=kind, hint=hint, source=name, place="--tangent")


def _require_scalar(output: Node, command: str) -> None:
    """Refuse an output that has more than one Hessian, or none."""
    if output.shape == ():
        return
    what = "a Hessian" if command == "hessian" else "the product with a Hessian"
    hint = (
        "reduce it with sum(...); all second derivatives of several numbers are the "
        "`difftool jacobian` of a gradient"
    )
    if output.shape == (1,):
        hint = "a tensor of shape (1,) is not a scalar: use sum(...) or [0]"
    raise DifftoolError(
        f"{what} is of one number, and this output has shape {output.shape}",
        kind="shape",
        span=output.span,
        hint=hint,
    )


def _check_size(problem: Problem, pairs: Sequence[tuple[Node, Node]], matrix: bool) -> None:
    """Refuse a derivative that does not fit, before any of it is computed."""
    needed = sum([first.size * second.size * _floating(second).itemsize for first, second in pairs])
    # A matrix of several blocks is a second copy of them.
    copies = 2 if matrix and len(pairs) > 1 else 1
    check_memory(needed * copies, problem.max_memory, problem.output.span)


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


def _warnings(problem: Problem, value: Array, found: Mapping[str, Array]) -> tuple[str, ...]:
    """Where the first NaN or infinity of a result comes from; nothing where it is finite."""
    unfit = {what: array for what, array in found.items() if not is_finite(array)}
    if is_finite(value) and not unfit:
        return ()
    warnings = first_made_by_derivative(problem.output, problem.evaluation)
    if not warnings and unfit:
        # First derivatives are finite, so the infinity is one of the second.
        what, array = next(iter(unfit.items()))
        kind = "NaN" if np.isnan(array).any() else "infinity"
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        warnings = (f"{kind} in {what}" + (f", first at {place}" if place else ""),)
    return warnings
