"""Runs sides against each other: a process each, turns in rounds, results compared before timing.

Each side lives in a worker process of its own, so that the threads of one do not wait for those of
another. A round gives every worker a turn, one after the other, so that all of them see the
same machine, busy or idle; a ratio of two sides is the median of the ratios of each round.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any, NamedTuple

from tests.benchmarks import ROOT
from tests.benchmarks.sides import SIDES
from tests.benchmarks.worker import Job

# Before a turn, for the threads that the last turn left spinning to come to rest.
PAUSE = 0.05

# How far two sides' results may be apart, relative to the largest number of each tensor.
TOLERANCES = {"float64": 1e-9, "float32": 1e-4}


class Failed(Exception):
    """A side could not do what it was asked; the message says why."""


class Bench(NamedTuple):
    """What a run has: an interpreter for each side that is there, and how much to run."""

    interpreters: Mapping[str, str]
    rounds: int
    scale: float

    def progress(self, text: str) -> None:
        """Say on a terminal what runs now; a file of results has no use for it."""
        if sys.stderr.isatty():
            print(text, file=sys.stderr)

    def elements(self, number: int) -> int:
        return max(round(number * self.scale), 4)

    @contextmanager
    def workers(self, *sides: str) -> Iterator[dict[str, Worker]]:
        """A process for each of these sides that is there, in this order."""
        with ExitStack() as stack:
            yield {
                side: stack.enter_context(Worker(side, self.interpreters[side]))
                for side in sides
                if side in self.interpreters
            }


class Worker:
    """A process that serves one side (`tests.benchmarks.worker`)."""

    def __init__(self, side: str, interpreter: str) -> None:
        command = [interpreter, "-m", "tests.benchmarks.worker", side]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def ask(self, do: str, job: Job, **details: Any) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, "job": job, **details}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Failed("its process has ended") from None
        line = self._process.stdout.readline()
        if not line:
            raise Failed("its process has ended")
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise Failed(answer["problem"])
        return answer

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class Times(NamedTuple):
    """The seconds of each side, a number a round, and what went wrong, by side.

    Sides whose results differ from the first one's are in `differing`: their times are those of
    another computation.
    """

    seconds: Mapping[str, Sequence[float]]
    problems: Mapping[str, str]
    differing: Mapping[str, str]

    def median(self, side: str) -> float | None:
        return median(self.seconds[side]) if side in self.seconds else None

    def ratio(self, side: str, other: str) -> float | None:
        """How many times as long one side takes as another."""
        if side not in self.seconds or other not in self.seconds:
            return None
        return ratio(self.seconds[side], self.seconds[other])


def ratio(times: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return median([one / other for one, other in zip(times, others, strict=True)])


def timed(workers: Mapping[str, Worker], jobs: Sequence[Job], rounds: int) -> list[Times]:
    """Time jobs on all workers in turns: of a round, every worker's first job, then the next."""
    ready = [_agreed(workers, job) for job in jobs]
    seconds: list[dict[str, list[float]]] = [{side: [] for side in found.able} for found in ready]
    for _ in range(rounds):
        for job, taken in zip(jobs, seconds, strict=True):
            for side, times in taken.items():
                sleep(PAUSE)
                times.append(workers[side].ask("time", job)["seconds"])
    for job, taken in zip(jobs, seconds, strict=True):
        for side in taken:
            workers[side].ask("forget", job)
    return [
        Times(taken, found.problems, found.differing)
        for taken, found in zip(seconds, ready, strict=True)
    ]


class _Agreement(NamedTuple):
    able: Sequence[str]
    problems: Mapping[str, str]
    differing: Mapping[str, str]


def _agreed(workers: Mapping[str, Worker], job: Job) -> _Agreement:
    """Get a job ready everywhere and compare all results with those of the first side."""
    able: list[str] = []
    problems, differing = {}, {}
    with TemporaryDirectory() as folder:
        saved = False
        for side, worker in workers.items():
            try:
                worker.ask("prepare", job)
                if SIDES[side].solves:
                    if not saved:
                        worker.ask("save", job, folder=folder)
                        saved = True
                    else:
                        deviation = worker.ask("compare", job, folder=folder)["deviation"]
                        if not deviation <= TOLERANCES[job.dtype]:  # a NaN is no agreement
                            differing[side] = f"its results are off by {deviation:.1e}"
            except Failed as error:
                problems[side] = str(error)
            else:
                able.append(side)
    return _Agreement(able, problems, differing)
