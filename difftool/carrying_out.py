"""Listed checks carried out: each to its record, one after the other or in several processes.

`checklist` reads the file; `cli.check` and the pytest plugin write what comes out. A check that
can't be carried out is a record as well, with the error in it, so that the others are not lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

from difftool.checking import check
from difftool.checklist import Listed
from difftool.errors import DifftoolError
from difftool.evaluation import input_array
from difftool.report.check import CheckRecord
from difftool.session import Session
from difftool.tensors import read, read_inputs
from difftool.trial import RTOL, Settings

# The seed of a check that names none: the same run after run, as a test should be.
SEED = 0


def carry_out(
    listed: Listed, seed: int | None = None, max_memory: int | None = None
) -> CheckRecord:
    """The record of a check; what can't be carried out is a record too, with the error in it.

    Args:
        listed: the check.
        seed: the seed for a check that names none.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.
    """
    options = listed.options
    chosen = int(options.get("seed", SEED if seed is None else seed))
    start = perf_counter()

    def tensor(session: Session, name: str, value: Any, place: str) -> Any:
        if not isinstance(value, str):
            return input_array(name, value, None)
        if not value.startswith("@"):
            return session.tensor(value, place=place)
        return read(_beside(listed.file, value), place=place)

    def inputs(session: Session) -> dict[str, Any]:
        if isinstance(listed.inputs, str):
            return read_inputs(_beside(listed.file, listed.inputs), place="inputs")
        return {
            name: tensor(session, name, value, f"inputs.{name}")
            for name, value in listed.inputs.items()
        }

    try:
        vector = options.get("grad_output")
        if vector is not None:
            vector = tensor(
                Session("float64", chosen, max_memory), "grad_output", vector, "grad_output"
            )
        settings = Settings(
            wrt=options.get("wrt"),
            against=options.get("against"),
            grad_output=vector,
            order=options.get("order", 1),
            trials=options.get("trials", 1),
            needs_random="trials" in listed.own,
            rtol=options.get("rtol", RTOL),
            atol=options.get("atol"),
            max_memory=max_memory,
        )
        record = check(listed.expression, inputs, settings, chosen)
    except DifftoolError as error:
        record = _not_carried_out(listed, chosen, error)
    except MemoryError:
        record = _not_carried_out(
            listed, chosen, DifftoolError("the machine has not enough free memory", kind="limit")
        )
    return record._replace(
        name=listed.name,
        file=listed.file,
        line=listed.line,
        seconds=perf_counter() - start,
    )


def _not_carried_out(listed: Listed, seed: int, error: DifftoolError) -> CheckRecord:
    return CheckRecord(
        listed.expression,
        listed.options.get("against"),
        seed,
        int(listed.options.get("trials", 1)),
        False,
        (),
        error=error,
    )


def _beside(file: str, reference: str) -> str:
    """A reference to a file, `@NAME`, as seen from the folder of the check file."""
    name = reference.removeprefix("@")
    if name.startswith("~"):
        return reference
    return "@" + os.path.join(os.path.dirname(file), name)


def carry_out_all(
    checks: Sequence[Listed],
    jobs: int = 1,
    seed: int | None = None,
    max_memory: int | None = None,
) -> Iterator[CheckRecord]:
    """The records of checks, in their order, each as soon as those before it are there.

    Args:
        jobs: how many processes share the work.
    """
    if jobs == 1 or len(checks) < 2:
        for listed in checks:
            yield carry_out(listed, seed, max_memory)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A fresh process for each: forks of one with threads may hang.
    pool = ProcessPoolExecutor(min(jobs, len(checks)), mp_context=get_context("spawn"))
    try:
        waiting = [pool.submit(carry_out, listed, seed, max_memory) for listed in checks]
        for future in waiting:
            yield future.result()
    except BrokenProcessPool:
        raise DifftoolError(
            "a process that carried out checks was ended from outside",
            kind="limit",
            hint="fewer of them need less memory: --jobs 1",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
