"""Jacobians and Hessians: difftool's time beside that of torch.func, as a ratio.

    python -m tests.benchmarks.derivatives [--torch PYTHON] [--rounds N]

Each side runs in a process of its own, so that neither's threads wait for the other's; the rounds
take turns, so that both see the same machine. Times are medians. difftool's is that of the whole
request, from the text of the expression to the finished arrays. A side that can't be imported is
left out, by name. `--torch` is an interpreter that has PyTorch, if this one has not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Case(NamedTuple):
    """One comparison: difftool's command and expression, PyTorch's function of the inputs."""

    command: str
    expression: str
    inputs: Mapping[str, Array]
    torch: Callable[..., Any]


def cases() -> dict[str, Case]:
    source = np.random.default_rng(0)
    matrix, square = source.standard_normal((1000, 300)), source.standard_normal((500, 500))
    small, middle, large = (source.standard_normal(size) for size in (300, 500, 1000))
    pieces = source.standard_normal((40, 60))
    return {
        "Hessian of a logistic loss, 300": Case(
            "hessian",
            "sum(log1p(exp(A @ x)))",
            {"x": small * 0.05, "A": matrix},
            lambda torch, x, A: torch.log1p(torch.exp(A @ x)).sum(),
        ),
        "Hessian of Rosenbrock's function, 1000": Case(
            "hessian",
            "sum(100*(x[1:]-x[:-1]^2)^2+(1-x[:-1])^2)",
            {"x": large},
            lambda torch, x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(),
        ),
        "Hessian of a quadratic form, 500": Case(
            "hessian",
            "x @ Q @ x",
            {"x": middle, "Q": square},
            lambda torch, x, Q: x @ Q @ x,
        ),
        "Jacobian of sin(x) * x, 1000": Case(
            "jacobian", "sin(x) * x", {"x": large}, lambda torch, x: torch.sin(x) * x
        ),
        "Jacobian of a matrix product, 40 x 60": Case(
            "jacobian",
            "W @ B",
            {"W": pieces, "B": source.standard_normal((60, 10))},
            lambda torch, W, B: W @ B,
        ),
        "Hessian of a softmax's entropy, 300": Case(
            "hessian",
            "-sum(softmax(x, 0) * log_softmax(x, 0))",
            {"x": small},
            lambda torch, x: -(torch.softmax(x, 0) * torch.log_softmax(x, 0)).sum(),
        ),
    }


Compute = Callable[[], Array]


def _by_difftool(case: Case) -> Compute:
    session = import_module("difftool.session").Session
    wrt = [next(iter(case.inputs))]

    def compute() -> Array:
        record = getattr(session(), case.command)(case.expression, case.inputs, wrt)
        found = getattr(record, f"{case.command}s")
        while isinstance(found, Mapping):
            (found,) = found.values()
        array: Array = found
        return array

    return compute


def _by_torch(case: Case) -> Compute:
    torch: Any = import_module("torch")
    func: Any = import_module("torch.func")
    first, *rest = [torch.from_numpy(array) for array in case.inputs.values()]
    transform = func.hessian if case.command == "hessian" else func.jacrev

    def compute() -> Array:
        found: Array = transform(lambda x: case.torch(torch, x, *rest))(first).numpy()
        return found

    return compute


SIDES = {"difftool": _by_difftool, "torch": _by_torch}


def serve(side: str) -> None:
    """Answer each line with a case's name by the time it took, and a checksum of the result."""
    known = cases()
    ready: dict[str, Compute] = {}
    for line in sys.stdin:
        name = line.rstrip("\n")
        if name not in ready:
            ready[name] = SIDES[side](known[name])
        start = perf_counter()
        result = ready[name]()
        elapsed = perf_counter() - start
        weights = np.cos(np.arange(result.size))
        print(elapsed, float(np.dot(result.reshape(-1), weights)), flush=True)


class Side:
    """A process that serves one side."""

    def __init__(self, name: str, interpreter: str) -> None:
        command = [interpreter, "-m", "tests.benchmarks.derivatives", "--serve", name]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, case: str) -> tuple[float, float]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(case + "\n")
        self.process.stdin.flush()
        elapsed, checksum = self.process.stdout.readline().split() or ("nan", "nan")
        return float(elapsed), float(checksum)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def _has(interpreter: str, module: str) -> bool:
    done = subprocess.run([interpreter, "-c", f"import {module}"], capture_output=True)
    return done.returncode == 0


def compare(interpreters: Mapping[str, str], rounds: int) -> None:
    sides = {}
    for name, interpreter in interpreters.items():
        if _has(interpreter, name):
            sides[name] = Side(name, interpreter)
        else:
            print(f"{name} is missing and left out")
    for case in cases():
        times: dict[str, list[float]] = {name: [] for name in sides}
        checksums = {}
        for turn in range(rounds + 2):
            for name, side in sides.items():
                elapsed, checksums[name] = side.ask(case)
                if turn > 1:  # after the first ones everything is loaded
                    times[name].append(elapsed)
        medians = {name: median(taken) for name, taken in times.items()}
        line = ", ".join([f"{name} {taken * 1e3:.2f} ms" for name, taken in medians.items()])
        if len(medians) == 2:
            line += f", {medians['torch'] / medians['difftool']:.1f} times as fast"
            if not np.isclose(checksums["torch"], checksums["difftool"], 1e-6):
                line += f"; THE RESULTS DIFFER: {checksums}"
        print(f"{case}: {line}")
    for side in sides.values():
        side.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--torch", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--serve", choices=sorted(SIDES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
    else:
        compare({"difftool": sys.executable, "torch": options.torch}, options.rounds)


if __name__ == "__main__":
    main()
