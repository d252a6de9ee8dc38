"""difftool's time and memory beside PyTorch's, JAX's, HIPS autograd's and the limit.

    python -m tests.benchmarks [--peers PYTHON] [--rounds N] [--only PART ...] [--markdown]

Prints the machine, then a table for each part: ratios from interleaved runs, with their targets and
whether they were met. Peers that can't be imported are left out, by name; a row whose results
are not the same on all sides is refused. `--peers` is an interpreter that has PyTorch, JAX and
HIPS autograd, if this one has not. The exit status is 1 if a row was refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from rich.console import Console

from difftool.version import VERSION
from tests.benchmarks import machine
from tests.benchmarks.harness import Bench
from tests.benchmarks.parts import NAMES, PARTS
from tests.benchmarks.report import Table, in_markdown, on_terminal
from tests.benchmarks.sides import PEERS, SIDES

# The width of tables that go to a file.
PAGE = 120


def interpreters(peers: str) -> dict[str, str]:
    """The interpreter of every side that is there: this one, or `peers` for the peers."""
    found = {side: peers if side in PEERS else sys.executable for side in SIDES}
    return {
        side: interpreter
        for side, interpreter in found.items()
        if side not in PEERS or machine.version(interpreter, SIDES[side].package)
    }


def statement(bench: Bench, peers: str) -> Iterator[str]:
    """The machine, the versions, and what is left out."""
    yield f"{machine.processor()}, {machine.cores()} cores, {machine.memory()}."
    numpy = machine.version(sys.executable, "numpy")
    yield f"difftool {VERSION}, Python {machine.python(sys.executable)}, NumPy {numpy}."
    there = [side for side in PEERS if side in bench.interpreters]
    if there:
        named = {side: machine.version(peers, SIDES[side].package) for side in there}
        versions = [f"{NAMES[side]} {version}" for side, version in named.items()]
        where = "" if peers == sys.executable else f" (Python {machine.python(peers)})"
        numpy = machine.version(peers, "numpy")
        yield f"Peers{where}: {', '.join(versions)}, on NumPy {numpy}."
    missing = [NAMES[side] for side in PEERS if side not in there]
    if missing:
        yield f"Left out, because missing: {', '.join(missing)}."
    yield f"{bench.rounds} rounds; times are medians, ratios medians of each round's ratio."
    if bench.scale != 1:
        yield f"Sizes are {bench.scale:g} of the real ones: targets are not judged."


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--markdown", action="store_true", help="tables as the README has them")
    parser.add_argument("--scale", type=float, default=1, help="of all sizes; to try this out")
    options = parser.parse_args()
    bench = Bench(interpreters(options.peers), options.rounds, options.scale)
    console = Console() if sys.stdout.isatty() else Console(width=PAGE)
    for line in statement(bench, options.peers):
        print(f"{line}  " if options.markdown else line)
    print(flush=True)
    refused = False
    for name in options.only:
        table = PARTS[name](bench)._replace(judged=options.scale == 1)
        refused |= any([bool(row.refused) for row in table.rows])
        show(table, console, options.markdown)
    return 1 if refused else 0


def show(table: Table, console: Console, markdown: bool) -> None:
    if markdown:
        print(in_markdown(table), flush=True)
    else:
        on_terminal(table, console)


if __name__ == "__main__":
    sys.exit(main())
