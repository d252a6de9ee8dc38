"""What a run was measured on: the processor, its cores, and the versions of everything that ran."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from tests.benchmarks import ROOT


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def version(interpreter: str, package: str) -> str | None:
    """The version of a package that an interpreter can import; None if it can't."""
    program = f"import {package}, importlib.metadata as m; print(m.version({package!r}))"
    return _said([interpreter, "-c", program])


def python(interpreter: str) -> str | None:
    return _said([interpreter, "-c", "import platform; print(platform.python_version())"])


def _said(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    except OSError:
        return None
    return done.stdout.strip().splitlines()[-1] if done.returncode == 0 else None
