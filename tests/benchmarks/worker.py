"""A process that serves one side: a request a line on standard input, an answer a line back.

`python -m tests.benchmarks.worker SIDE` is started by the harness. A request is a JSON object: what
to `do`, a job (the name of a problem, its elements and its dtype) and details. What goes wrong
is answered as a `problem`, in words.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.memory import peak_beyond
from tests.benchmarks.problems import PROBLEMS, Array, tensors
from tests.benchmarks.sides import SIDES, Compute, as_arrays

# A turn repeats a short call for about so many seconds, but not more often than this.
TURN = 0.1
MOST_CALLS = 1000

# A call of so many seconds is one that loading no longer matters to: it is not tried twice.
LONG = 2.0

# Elements of the same problem that load and start whatever a side needs, before memory is measured.
FEW_ELEMENTS = 4000


class Job(NamedTuple):
    """A problem, the number of its elements or terms, and the dtype of its tensors."""

    problem: str
    elements: int
    dtype: str = "float64"


class Served:
    """The jobs that one side has ready."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.ready: dict[Job, Compute] = {}
        self.calls: dict[Job, int] = {}

    def prepare(self, job: Job) -> Mapping[str, Any]:
        """Get a job ready and run it until everything it needs is loaded."""
        problem = PROBLEMS[job.problem](job.elements)
        compute = SIDES[self.side].prepare(problem, tensors(problem, job.dtype))
        elapsed = _elapsed(compute)
        if elapsed < LONG:
            elapsed = _elapsed(compute)
        self.ready[job] = compute
        self.calls[job] = min(max(math.ceil(TURN / elapsed), 1), MOST_CALLS)
        return {}

    def save(self, job: Job, folder: str) -> Mapping[str, Any]:
        """Write the results of a job for the other sides to compare with."""
        for number, array in enumerate(self._results(job)):
            np.save(Path(folder, f"{number}.npy"), array)
        return {}

    def compare(self, job: Job, folder: str) -> Mapping[str, Any]:
        """How far the results are from those in a folder, relative to their largest number."""
        deviations = [
            _deviation(array, np.load(Path(folder, f"{number}.npy"), mmap_mode="r"))
            for number, array in enumerate(self._results(job))
        ]
        return {"deviation": float(np.max(deviations))}  # a NaN if there is one

    def time(self, job: Job) -> Mapping[str, Any]:
        """The seconds that a call takes. What it returned is let go of after the clock stops."""
        compute, calls = self.ready[job], self.calls[job]
        start = perf_counter()
        for _ in range(calls):
            results = compute()
        elapsed = perf_counter() - start
        del results
        return {"seconds": elapsed / calls}

    def forget(self, job: Job) -> Mapping[str, Any]:
        """Free what a job holds."""
        self.ready.pop(job, None)
        return {}

    def memory(self, job: Job) -> Mapping[str, Any]:
        """The bytes that one call needs at its peak, beside its inputs and results."""
        self.prepare(job._replace(elements=min(FEW_ELEMENTS, job.elements)))
        problem = PROBLEMS[job.problem](job.elements)
        inputs = tensors(problem, job.dtype)
        compute = SIDES[self.side].prepare(problem, inputs)
        peak, results = peak_beyond(compute)
        del inputs  # not before: memory freed during the call would count in its favour
        return {"bytes": peak - sum([array.nbytes for array in as_arrays(results)])}

    def _results(self, job: Job) -> list[Array]:
        arrays = as_arrays(self.ready[job]())
        other = {array.dtype.name for array in arrays} - {job.dtype}
        if other:
            raise ValueError(f"results in {', '.join(sorted(other))} instead of {job.dtype}")
        return arrays


def _elapsed(compute: Compute) -> float:
    start = perf_counter()
    compute()
    return perf_counter() - start


def _deviation(array: Array, expected: Array) -> float:
    if array.shape != expected.shape:
        raise ValueError(f"a result of shape {array.shape} instead of {expected.shape}")
    largest = float(np.max(np.abs(expected)))
    return float(np.max(np.abs(array - expected))) / (largest or 1.0)


def serve(side: str) -> None:
    # The answers have the standard output to themselves: what a package prints is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    served = Served(side)
    for line in sys.stdin:
        request = json.loads(line)
        act = getattr(served, request.pop("do"))
        try:
            answer = act(Job(*request.pop("job")), **request)
        except Exception as error:
            answer = {"problem": f"{type(error).__name__}: {error}".partition("\n")[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
