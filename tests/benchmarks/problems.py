"""What is computed: each problem as difftool's text and as each peer's users would write it.

`PROBLEMS` maps a name to a function of the number of elements (or of terms), so that every process
of a run builds the same problem from its name and a number; `tensors` draws the same inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]

COLUMNS = 1000
CLASSES = 64


class Problem(NamedTuple):
    """A scalar of some tensors: its text, their shapes, and its function for each peer.

    A function takes the peer's package (torch, jax, autograd) and then the tensors, in order.
    """

    expression: str
    shapes: Mapping[str, tuple[int, ...]]
    functions: Mapping[str, Function]


def tensors(problem: Problem, dtype: str) -> dict[str, Array]:
    """The inputs of a problem: standard normal numbers, the same in every process."""
    source = np.random.default_rng(0)
    number = np.dtype(dtype).type
    return {
        # A single number is drawn as a NumPy scalar.
        name: np.asarray(source.standard_normal(shape, dtype=number), dtype)
        for name, shape in problem.shapes.items()
    }


def _alike(function: Function) -> dict[str, Function]:
    """A function that the peers' users write alike, of a module with NumPy's names."""
    return {
        "torch": function,
        "jax": lambda jax, *tensors: function(jax.numpy, *tensors),
        "autograd": lambda autograd, *tensors: function(autograd.numpy, *tensors),
    }


# ----- Large tensors -----


def _cubes(elements: int) -> Problem:
    return Problem(
        "mean(3*(x+2)^3)", {"x": (elements,)}, _alike(lambda np, x: np.mean(3 * (x + 2) ** 3))
    )


def _elementary(elements: int) -> Problem:
    return Problem(
        "sum(sin(x)*exp(-x^2)+tanh(x))",
        {"x": (elements,)},
        _alike(lambda np, x: np.sum(np.sin(x) * np.exp(-(x**2)) + np.tanh(x))),
    )


def _softmax_on_numpy(np: Any, X: Any) -> Any:
    exponentials = np.exp(X - np.max(X, axis=1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


def _softmax(elements: int) -> Problem:
    shape = (max(elements // COLUMNS, 1), COLUMNS)
    return Problem(
        "mean((softmax(X, dim=1) - Y)^2)",
        {"X": shape, "Y": shape},
        {
            "torch": lambda torch, X, Y: ((torch.softmax(X, dim=1) - Y) ** 2).mean(),
            "jax": lambda jax, X, Y: ((jax.nn.softmax(X, axis=1) - Y) ** 2).mean(),
            "autograd": lambda autograd, X, Y: autograd.numpy.mean(
                (_softmax_on_numpy(autograd.numpy, X) - Y) ** 2
            ),
        },
    )


def _logsumexp(elements: int) -> Problem:
    return Problem(
        "logsumexp(x, 0)",
        {"x": (elements,)},
        {
            "torch": lambda torch, x: torch.logsumexp(x, 0),
            "jax": lambda jax, x: jax.scipy.special.logsumexp(x),
            "autograd": lambda autograd, x: autograd.scipy.special.logsumexp(x),
        },
    )


def _layer(elements: int) -> Problem:
    return Problem(
        "sum(relu(X @ W + b)^2)",
        {
            "X": (max(elements // COLUMNS, 1), COLUMNS),
            "W": (COLUMNS, CLASSES),
            "b": (CLASSES,),
        },
        {
            "torch": lambda torch, X, W, b: (torch.relu(X @ W + b) ** 2).sum(),
            "jax": lambda jax, X, W, b: (jax.nn.relu(X @ W + b) ** 2).sum(),
            "autograd": lambda autograd, X, W, b: autograd.numpy.sum(
                autograd.numpy.maximum(X @ W + b, 0) ** 2
            ),
        },
    )


# ----- Many operations -----

# One step of the chain of small operations: its text around "v", its function, its operations.
_STEPS: tuple[tuple[str, Function, int], ...] = (
    ("sin(v)", lambda np, v, x, y: np.sin(v), 1),
    ("v*y", lambda np, v, x, y: v * y, 1),
    ("tanh(v)", lambda np, v, x, y: np.tanh(v), 1),
    ("v+x", lambda np, v, x, y: v + x, 1),
    ("exp(-v)", lambda np, v, x, y: np.exp(-v), 2),
)


def _chain(operations: int) -> Problem:
    """A sum of a chain of elementwise steps on tensors of three elements, each once."""
    steps: list[tuple[str, Function, int]] = []
    while operations > 1:  # the last one is the sum
        step = _STEPS[len(steps) % len(_STEPS)]
        if step[2] >= operations:
            step = _STEPS[0]
        steps.append(step)
        operations -= step[2]
    opening, closing = [], []
    for text, _, _ in steps:
        before, _, after = f"({text})".partition("v")
        opening.append(before)
        closing.append(after)

    def function(np: Any, x: Any, y: Any) -> Any:
        v = x
        for _, step, _ in steps:
            v = step(np, v, x, y)
        return np.sum(v)

    expression = f"sum({''.join(reversed(opening))}x{''.join(closing)})"
    return Problem(expression, {"x": (3,), "y": (3,)}, _alike(function))


def _terms(number: int) -> Problem:
    """A long sum: x*sin(1*y) + x*sin(2*y) + ..."""

    def function(np: Any, x: Any, y: Any) -> Any:
        total = 0.0
        for i in range(1, number + 1):
            total = total + x * np.sin(i * y)
        return total

    expression = " + ".join([f"x*sin({i}*y)" for i in range(1, number + 1)])
    return Problem(expression, {"x": (), "y": ()}, _alike(function))


PROBLEMS: Mapping[str, Callable[[int], Problem]] = {
    "cubes": _cubes,
    "elementary": _elementary,
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "layer": _layer,
    "chain": _chain,
    "terms": _terms,
}
