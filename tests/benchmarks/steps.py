"""Where the time of a large expression goes: what each kernel costs in the blocks' loops.

    python -m tests.benchmarks.steps [EXPRESSION] [--elements N] [--threads N] [--dtype DTYPE]

Every free name is a vector of N normal random numbers. The times are those of the threads together,
in nanoseconds for each element, from the fastest of several runs; a kernel by itself, on one thread
and a block that stays in the cache, stands beside it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import difftool
from difftool.execute import blocked
from difftool.execute.worker import Worker
from difftool.language.parser import parse
from difftool.operations.registry import find

DEFAULT = "sum(sin(x)*exp(-x^2)+tanh(x))"
RUNS = 5
BLOCK = 2**14

Seconds = dict[tuple[int, str], float]


class TimedWorker(Worker):
    """A worker that adds up what each of its calls takes."""

    seconds: Seconds = defaultdict(float)

    def _bind(self, length: int) -> None:
        super()._bind(length)
        names = [(place, self._passes.nodes[place].operation.name) for place in self._places]
        calls = [*self._calls, *self._shares]
        timed = [
            (self._timed(name, kernel), arguments)
            for name, (kernel, arguments) in zip(names, calls, strict=True)
        ]
        self._calls, self._shares = timed[: len(self._calls)], timed[len(self._calls) :]

    def _timed(self, name: tuple[int, str], kernel: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            start = perf_counter()
            result = kernel(*arguments)
            self.seconds[name] += perf_counter() - start
            return result

        return call


def measured(expression: str, elements: int, threads: int | None, dtype: str) -> list[Any]:
    """The rows of the table: operation, in the loops, by itself."""
    source = np.random.default_rng(0)
    names = sorted(names_in(expression))
    inputs = {name: source.standard_normal(elements).astype(dtype) for name in names}
    compiled = difftool.compile(expression, inputs, threads=threads, engine="blocked")
    best: Seconds = {}
    total = float("inf")
    for _ in range(RUNS):
        TimedWorker.seconds.clear()
        start = perf_counter()
        compiled.value_and_grad(inputs)
        elapsed = perf_counter() - start
        if elapsed < total:
            total, best = elapsed, dict(TimedWorker.seconds)
    rows = [
        (name, seconds / elements * 1e9, alone(name, dtype))
        for (_, name), seconds in sorted(best.items())
    ]
    together = sum([row[1] for row in rows])
    return [*rows, ("all kernels", together, None), ("wall", total * 1e3, None)]


def names_in(expression: str) -> set[str]:
    """The free names of an expression, as the error for a missing one tells them."""
    names: set[str] = set()
    while True:
        try:
            difftool.evaluate(expression, {name: np.ones(4) for name in names})
        except difftool.DifftoolError as error:
            if error.kind != "name" or error.span is None:
                return names
            start, end = error.span
            names.add(expression[start:end])
        else:
            return names


def alone(name: str, dtype: str) -> float | None:
    """What a ufunc of one operand costs by itself, in nanoseconds for each element."""
    function = find(name)
    kernel = getattr(function, "kernel", None)
    if not isinstance(kernel, np.ufunc) or kernel.nin != 1:
        return None
    block = np.random.default_rng(0).standard_normal(BLOCK).astype(dtype)
    out = np.empty_like(block)
    times = []
    for _ in range(50):
        start = perf_counter()
        kernel(block, out=out)
        times.append(perf_counter() - start)
    return min(times) / BLOCK * 1e9


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.steps", description=__doc__)
    parser.add_argument("expression", nargs="?", default=DEFAULT)
    parser.add_argument("--elements", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--dtype", default="float64")
    given = parser.parse_args(words)
    parse(given.expression)
    vars(blocked)["Worker"] = TimedWorker
    table = Table("operation", "ns an element", "by itself", title=given.expression)
    for name, cost, bare in measured(
        given.expression, given.elements, given.threads, given.dtype
    ):
        unit = " ms" if name == "wall" else ""
        table.add_row(name, f"{cost:.2f}{unit}", "" if bare is None else f"{bare:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
