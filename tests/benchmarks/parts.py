"""The parts of the benchmark that time or measure whole problems, a table each.

`PARTS` maps the names that `--only` takes to functions of a `Bench`. Times that are compared are
those of one round; the targets stand with their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tests.benchmarks.harness import Bench, Failed, Times, ratio, timed
from tests.benchmarks.memory import MEASURABLE
from tests.benchmarks.problems import PROBLEMS
from tests.benchmarks.report import Column, Row, Table, Target
from tests.benchmarks.sides import PEERS
from tests.benchmarks.startup import startup
from tests.benchmarks.worker import Job

NAMES = {"torch": "PyTorch", "jax": "JAX", "autograd": "HIPS"}

LARGE = ("cubes", "elementary", "softmax", "logsumexp", "layer")

_RATIOS = "PyTorch, JAX and HIPS (autograd): how many times as long they take as difftool"


def _peers() -> dict[str, Column]:
    return {side: Column(f"{name} ×", name=name) for side, name in NAMES.items()}


# ----- Large tensors -----


def _at_least(**bounds: float) -> tuple[Target, ...]:
    return tuple([Target(side, least=bound) for side, bound in bounds.items()])


_TARGETS: Mapping[str, Mapping[str, Sequence[Target]]] = {
    "float64": {
        "cubes": (*_at_least(torch=4, jax=1.7), Target("copies", most=2.5)),
        "elementary": _at_least(torch=4, jax=1.7),
        "softmax": _at_least(torch=4, jax=1.7),
        "logsumexp": _at_least(torch=3, jax=1),
        "layer": _at_least(torch=1.5, jax=1),
    },
    "float32": {
        "cubes": _at_least(torch=2),
        "elementary": _at_least(torch=2),
        "softmax": _at_least(torch=2),
        "logsumexp": _at_least(torch=2),
        "layer": _at_least(torch=1.2),
    },
}


def _large(dtype: str, bench: Bench) -> Table:
    rows, notes = [], []
    elements = bench.elements(10_000_000)
    with bench.workers("difftool", *PEERS, "copy", "text") as workers:
        for name in LARGE:
            bench.progress(f"{dtype}: {name}")
            (times,) = timed(workers, [Job(name, elements, dtype)], bench.rounds)
            label = PROBLEMS[name](elements).expression
            rows.append(_row(label, times, "difftool", _TARGETS[dtype][name]))
            notes += _problems(label, times)
    columns = {
        "own": Column("ms", "{:.1f}"),
        **_peers(),
        "copies": Column("copies"),
        "text": Column("text ms", "{:.1f}"),
    }
    how = (
        f"ms: difftool, compiled once. {_RATIOS}. Copies: difftool's time in copies of all"
        " inputs (np.copy, the limit)."
        " Text: difftool in one call, with parsing, differentiating and planning."
    )
    title = f"Value and gradients, {elements:,} elements, {dtype}"
    return Table(title, columns, rows, [how, *notes])


def _row(label: str, times: Times, own: str, targets: Sequence[Target]) -> Row:
    """A side of difftool's beside all others; refused if they do not compute the same."""
    if times.differing:
        said = [f"{_name(side)}: {text}" for side, text in times.differing.items()]
        return Row(label, {}, targets, refused=f"refused: {'; '.join(said)}")
    measures = {
        "own": _milliseconds(times, own),
        **{side: times.ratio(side, own) for side in PEERS},
        "copies": times.ratio(own, "copy"),
        "text": _milliseconds(times, "text"),
    }
    return Row(label, measures, targets)


def _milliseconds(times: Times, side: str) -> float | None:
    seconds = times.median(side)
    return None if seconds is None else seconds * 1e3


def _problems(label: str, times: Times) -> list[str]:
    return [f"{label}: no time of {_name(side)}: {why}" for side, why in times.problems.items()]


def _name(side: str) -> str:
    return NAMES.get(side, {"text": "from text"}.get(side, side))


# ----- Memory -----


def _memory(bench: Bench) -> Table:
    sides = ("difftool", "text", *PEERS)
    rows, notes = [], []
    elements = bench.elements(20_000_000)
    for name in LARGE if MEASURABLE else ():
        label = PROBLEMS[name](elements).expression
        measures: dict[str, float | None] = {}
        for side in sides:
            bench.progress(f"memory: {name}, {side}")
            with bench.workers(side) as workers:
                for worker in workers.values():
                    try:
                        found = worker.ask("memory", Job(name, elements))
                        measures[side] = found["bytes"] / 2**20
                    except Failed as error:
                        notes.append(f"{label}: no measure of {_name(side)}: {error}")
        rows.append(Row(label, measures, [Target("difftool", most=64)]))
    columns = {side: Column(_name(side), "{:.0f}") for side in sides}
    how = (
        "MiB at the peak of one call in a fresh process, beyond what was resident before"
        " it (interpreter, packages, inputs) and beyond its results."
    )
    if not MEASURABLE:
        how = "Not measured: this system does not count a process's peak as Linux does."
    return Table(f"Memory, {elements:,} elements, float64", columns, rows, [how, *notes])


# ----- Many operations -----


def _small(bench: Bench) -> Table:
    bench.progress("small: chain")
    job = Job("chain", 400)
    with bench.workers("difftool", "text", *PEERS) as workers:
        (times,) = timed(workers, [job], bench.rounds)
    rows = [
        _row("compiled", times, "difftool", _at_least(torch=2)),
        _row("in one call, from text", times, "text", _at_least(torch=1 / 8)),
    ]
    columns = {"own": Column("ms", "{:.2f}"), **_peers()}
    how = "A chain of sin, *, tanh, + and exp(-...), value and both gradients. ms: difftool."
    notes = [f"{how} {_RATIOS}.", *_problems("chain", times)]
    return Table("400 operations on tensors of 3 elements", columns, rows, notes)


def _terms(bench: Bench) -> Table:
    bench.progress("terms")
    few, many = (Job("terms", bench.elements(number)) for number in (5_000, 20_000))
    rounds = min(bench.rounds, 5)
    with bench.workers("text", "autograd", "torch") as workers:
        fewer, more = timed(workers, [few, many], rounds)
    large = _row(f"{many.elements:,} terms", more, "text", _at_least(autograd=1))
    growth = None
    if "text" in more.seconds and not large.refused:
        growth = ratio(more.seconds["text"], fewer.seconds["text"])
    rows = [
        _row(f"{few.elements:,} terms", fewer, "text", ()),
        large._replace(
            measures={**large.measures, "growth": growth},
            targets=[*large.targets, Target("growth", most=4.5)],
        ),
    ]
    columns = {"own": Column("ms", "{:.0f}"), **_peers(), "growth": Column("growth")}
    notes = [
        "ms: difftool from text, parsed, differentiated and computed; the others: a Python loop"
        f" that builds the sum, and its gradients. {_RATIOS} (JAX compiles such a sum for minutes"
        f" and is left out). Growth: the time against that of {few.elements:,} terms."
        f" {rounds} rounds.",
        *_problems(f"{few.elements:,} terms", fewer),
        *_problems(f"{many.elements:,} terms", more),
    ]
    return Table("A sum of terms x*sin(i*y)", columns, rows, notes)


PARTS: Mapping[str, Callable[[Bench], Table]] = {
    "float64": partial(_large, "float64"),
    "float32": partial(_large, "float32"),
    "memory": _memory,
    "small": _small,
    "terms": _terms,
    "startup": startup,
}
