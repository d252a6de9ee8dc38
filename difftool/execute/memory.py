"""How much memory there is, and the refusal of requests that need more than they may have."""

from __future__ import annotations

import os
from time import monotonic

from difftool.errors import DifftoolError, Span

SHARE = 0.8


def available() -> int | None:
    """The bytes this process could still allocate, or None where the system doesn't say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    free = int(line.split()[1]) * 1024
                    break
            else:
                return None
    except OSError:
        return _physical()
    group = _control_group()
    return free if group is None else min(free, group)


def _physical() -> int | None:
    """All of the machine's memory, where what is free can't be read."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _control_group() -> int | None:
    """What a container's limit leaves (control groups, version 2), or None without one."""
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            limit = file.read().strip()
        if limit == "max":
            return None
        with open("/sys/fs/cgroup/memory.current", encoding="ascii") as file:
            return max(int(limit) - int(file.read()), 0)
    except (OSError, ValueError):
        return None


# How long an answer of the system holds: in so short a time nobody fills much memory, and to ask
# for it takes longer than many a request.
HOLDS_SECONDS = 0.05

_asked: tuple[float, int | None] = (-HOLDS_SECONDS, None)


def default_limit() -> int | None:
    """80 % of what the machine has free; None where that is unknown."""
    global _asked
    then, free = _asked
    now = monotonic()
    if now - then > HOLDS_SECONDS:
        free = available()
        _asked = (now, free)
    return None if free is None else int(free * SHARE)


def readable_bytes(count: int) -> str:
    """A number of bytes for people: "1.5 GiB"."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            if unit == "bytes":
                return "1 byte" if count == 1 else f"{count} bytes"
            return f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} PiB"


def check_memory(needed: int, limit: int | None, span: Span | None = None) -> None:
    """Refuse a request whose values would fill more than `limit` bytes; `span` is where they do.

    Raises:
        DifftoolError: kind "limit", with both figures.
    """
    if limit is not None and needed > limit:
        raise DifftoolError(
            f"this needs {readable_bytes(needed)} of memory, "
            f"more than the limit of {readable_bytes(limit)}",
            kind="limit",
            span=span,
            hint="use smaller tensors, or raise --max-memory",
        )
