"""How each side computes a problem's value and its gradients with respect to every input.

`SIDES` maps a side's name to a function that gets ready: it takes a problem and its tensors, and
gives back a call without arguments, the thing that is timed, which returns the value and the
gradients in the order of the inputs. A side's package is imported by its own process only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.machine import cores
from tests.benchmarks.problems import Array, Problem

Compute = Callable[[], list[Any]]
Prepare = Callable[[Problem, Mapping[str, Array]], Compute]


class Side(NamedTuple):
    """A side: the package it needs, how it gets a problem ready, and whether it solves it."""

    package: str
    prepare: Prepare
    solves: bool = True


def _compiled(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    difftool = import_module("difftool")
    dtype = next(iter(tensors.values())).dtype.name
    function = difftool.compile(problem.expression, problem.shapes, dtype=dtype)

    def compute() -> list[Any]:
        value, gradients = function.value_and_grad(tensors)
        return [value, *[gradients[name] for name in tensors]]

    return compute


def _from_text(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    difftool = import_module("difftool")
    calls = count()

    def compute() -> list[Any]:
        # Each call has a text of its own, so that none can be answered from the one before.
        expression = problem.expression + " " * next(calls)
        result = difftool.grad(expression, tensors)
        return [result.value, *[result.gradients[name] for name in tensors]]

    return compute


def _torch(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    torch = import_module("torch")
    torch.set_num_threads(cores())
    leaves = [torch.from_numpy(array).requires_grad_() for array in tensors.values()]
    function = problem.functions["torch"]

    def compute() -> list[Any]:
        value = function(torch, *leaves)
        value.backward()
        found = [value.detach(), *[leaf.grad for leaf in leaves]]
        for leaf in leaves:
            leaf.grad = None
        return found

    return compute


def _jax(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    jax = import_module("jax")
    import_module("jax.scipy.special")
    jax.config.update("jax_enable_x64", True)  # float32 tensors stay what they are
    arguments = [jax.numpy.asarray(array) for array in tensors.values()]
    jax.block_until_ready(arguments)

    def function(*arguments: Any) -> Any:
        return problem.functions["jax"](jax, *arguments)

    derived = jax.value_and_grad(function, argnums=tuple(range(len(arguments))))
    compiled = jax.jit(derived).lower(*arguments).compile()

    def compute() -> list[Any]:
        value, gradients = jax.block_until_ready(compiled(*arguments))
        return [value, *gradients]

    return compute


def _autograd(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    autograd = import_module("autograd")
    import_module("autograd.scipy.special")
    arguments = [array[()] for array in tensors.values()]  # a single number as a NumPy scalar

    def function(*arguments: Any) -> Any:
        return problem.functions["autograd"](autograd, *arguments)

    derived = autograd.value_and_grad(function, tuple(range(len(arguments))))

    def compute() -> list[Any]:
        value, gradients = derived(*arguments)
        return [value, *gradients]

    return compute


def _copy(problem: Problem, tensors: Mapping[str, Array]) -> Compute:
    """The limit: every input read once, and as much written as the gradients need."""

    def compute() -> list[Any]:
        return [np.copy(array) for array in tensors.values()]

    return compute


SIDES: Mapping[str, Side] = {
    "difftool": Side("difftool", _compiled),
    "text": Side("difftool", _from_text),
    "torch": Side("torch", _torch),
    "jax": Side("jax", _jax),
    "autograd": Side("autograd", _autograd),
    "copy": Side("numpy", _copy, solves=False),
}

PEERS = ("torch", "jax", "autograd")


def as_arrays(results: list[Any]) -> list[Array]:
    """A side's results as NumPy arrays, as they are in its memory."""
    return [np.asarray(result) for result in results]
