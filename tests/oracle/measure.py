"""What PyTorch makes of a case: value, gradients, second derivatives and the grad_fn chain.

Stands between the tables of cases (`cases`, `table_*`) and the record (`record`); `notation`
gives it the language. Every floating input requires a gradient, and the output's gradient is a
ramp, so that a wrong element shows; the second derivative of input i is the gradient of
`sum_j <g_j, d_j>` for i, where g_j are the first gradients and d_j the recorded directions.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np

from tests.oracle.cases import Array, Case
from tests.oracle.notation import evaluate

torch: Any = importlib.import_module("torch")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
# einsum from left to right, as without that package.
torch.backends.opt_einsum.enabled = False

Record = dict[str, Any]


def measure(case: Case) -> Record:
    """The record of one case, without its name.

    Keys, in this order: "expression", "inputs", then "error" alone, or "output", "chain" and, if
    an input is floating: "grad_output" (absent for a scalar), "gradients", "directions",
    "second"; "gradient_error" or "second_error" stand in the place of what PyTorch refuses.
    """
    record: Record = {
        "expression": case.expression,
        "inputs": {name: tensor_record(array) for name, array in case.inputs.items()},
    }
    inputs = {name: torch.tensor(array) for name, array in case.inputs.items()}
    floating = {name: t for name, t in inputs.items() if t.is_floating_point()}
    for tensor in floating.values():
        tensor.requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            output = evaluate(case.expression, inputs)
        except _REFUSALS as error:
            record["error"] = refusal(error)
            return record
        if isinstance(output, tuple) and not isinstance(output, torch.Size):
            record["output"] = [tensor_record(numpy(part)) for part in output]
            return record
        if not torch.is_tensor(output):
            raise TypeError(f"{case.expression!r} gives no tensor but {output!r}")
        record["output"] = tensor_record(numpy(output))
        record["chain"] = chain(output, {id(t): name for name, t in floating.items()})
        if floating:
            _differentiate(record, output, floating, case.second)
    return record


_REFUSALS = (
    AttributeError,
    IndexError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)


def refusal(error: Exception) -> Record:
    """Type and first line of what PyTorch says."""
    return {"type": type(error).__name__.lstrip("_"), "message": str(error).splitlines()[0][:200]}


def _differentiate(record: Record, output: Any, inputs: dict[str, Any], second: bool) -> None:
    tensors = list(inputs.values())
    seed = None
    if output.ndim:
        ramp = (np.arange(output.numel()) + 1) / 4
        record["grad_output"] = plain(ramp.reshape(output.shape))
        seed = torch.tensor(ramp, dtype=output.dtype).reshape(output.shape)
    try:
        gradients = torch.autograd.grad(output, tensors, seed, create_graph=True, allow_unused=True)
    except _REFUSALS as error:
        record["gradient_error"] = refusal(error)
        return
    record["gradients"] = {
        name: None if g is None else plain(numpy(g))
        for name, g in zip(inputs, gradients, strict=True)
    }
    if not second:
        return
    directions = {name: direction(tuple(t.shape)) for name, t in inputs.items()}
    record["directions"] = {name: plain(array) for name, array in directions.items()}
    products = [
        (g * torch.tensor(directions[name], dtype=g.dtype)).sum()
        for name, g in zip(inputs, gradients, strict=True)
        if g is not None and g.requires_grad
    ]
    if not products:
        record["second"] = dict.fromkeys(inputs)
        return
    try:
        seconds = torch.autograd.grad(sum(products), tensors, allow_unused=True)
    except _REFUSALS as error:
        record["second_error"] = refusal(error)
        return
    record["second"] = {
        name: None if s is None else plain(numpy(s))
        for name, s in zip(inputs, seconds, strict=True)
    }


def direction(shape: tuple[int, ...]) -> Array:
    """A fixed direction: eighths with changing signs, exact in every floating dtype."""
    steps = np.arange(int(np.prod(shape)))
    return np.asarray(((steps + 3) / 8 * (-1) ** steps).reshape(shape))


def chain(output: Any, names: dict[int, str]) -> list[Any] | None:
    """The grad_fn graph as `[name, [indices of the next nodes]]`, the root first.

    Nodes are numbered as a depth-first walk meets them, a shared node once; edges that lead
    nowhere (constants) are left out; an AccumulateGrad carries its input's name.
    """
    root = output.grad_fn
    if root is None:
        return None
    places = {root: 0}
    nodes: list[Any] = [[_label(root, names), []]]
    stack = [(0, iter(root.next_functions))]
    while stack:
        place, edges = stack[-1]
        step = next(edges, None)
        if step is None:
            stack.pop()
            continue
        function = step[0]
        if function is None:
            continue
        if function not in places:
            places[function] = len(nodes)
            nodes.append([_label(function, names), []])
            stack.append((places[function], iter(function.next_functions)))
        nodes[place][1].append(places[function])
    return nodes


def _label(function: Any, names: dict[int, str]) -> str:
    if hasattr(function, "variable"):
        return f"AccumulateGrad({names[id(function.variable)]})"
    return str(function.name()).rpartition("::")[2]


def numpy(tensor: Any) -> Array:
    """A tensor's numbers; the symbolic zeros of a second pass have to be made real first."""
    if tensor._is_zerotensor():
        tensor = torch.zeros(tensor.shape, dtype=tensor.dtype)
    return np.asarray(tensor.detach().numpy())


def tensor_record(array: Array) -> Record:
    return {"shape": list(array.shape), "dtype": str(array.dtype), "data": plain(array)}


def plain(array: Array) -> Any:
    """Nested lists of JSON values, floats by their shortest exact text, NaN and inf as strings."""
    if array.ndim:
        return [plain(part) for part in array]
    value = array.item()
    if not isinstance(value, float):
        return value
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(str(array[()]))
