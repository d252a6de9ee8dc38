"""How much memory a call takes at its peak, as the kernel counts it.

Linux keeps the largest resident size of a process (VmHWM) and resets it on request, so that what
was resident before the call, the interpreter, its packages and the inputs, is the base.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.benchmarks.sides import Compute

_PROCESS = Path("/proc/self")
_RESET_THE_PEAK = "5"

MEASURABLE = Path(_PROCESS, "clear_refs").exists()


def peak_beyond(compute: Compute) -> tuple[int, list[Any]]:
    """The bytes by which a call raises this process's peak, its results included, and those."""
    Path(_PROCESS, "clear_refs").write_text(_RESET_THE_PEAK)
    base = _status("VmRSS")
    results = compute()
    return _status("VmHWM") - base, results


def _status(name: str) -> int:
    for line in Path(_PROCESS, "status").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.removesuffix("kB")) * 1024
    raise LookupError(name)
