"""Which family declares which function, so that a request loads only the families it uses.

The list is a module, `function_families`, that is made when difftool is built or installed: in a
wheel for good, in a checkout with a checksum of the families it was made from. Where there is none,
or one of other families, `registry` loads families in order until a function is found.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from zlib import crc32

MODULE = "function_families"


def checksum(families: Iterable[str]) -> int:
    """What tells these families, as they are now, from others."""
    folder = Path(__file__).parent
    total = 0
    for family in families:
        source = folder / f"{family.replace('.', '/')}.py"
        total = crc32(source.read_bytes(), crc32(family.encode(), total))
    return total


def saved(families: Iterable[str]) -> Mapping[str, str] | None:
    """The family of every function by name, if the list is there and made from these families."""
    try:
        module = import_module(f"difftool.operations.{MODULE}")
    except ModuleNotFoundError:
        return None
    made_from: int | None = module.CHECKSUM
    found: Mapping[str, str] = module.FAMILY_OF
    return found if made_from is None or made_from == checksum(families) else None


def write(path: str, lasting: bool) -> None:
    """Write the module of the list, whole or not at all.

    Args:
        path: where the module is to stand.
        lasting: the families beside it will not change, so it needs no checksum of them.
    """
    from difftool.operations.registry import FAMILIES, find, names

    functions = {name: function for name in names() if (function := find(name))}
    family_of = {name: f"{one.room}.{one.family}" for name, one in functions.items()}
    lines = [
        '"""Made by `difftool.operations.directory`; the families change it, not people."""',
        f"CHECKSUM = {None if lasting else checksum(FAMILIES)}",
        "FAMILY_OF = {",
        *[f"    {name!r}: {family!r}," for name, family in family_of.items()],
        "}",
    ]
    unfinished = f"{path}.{os.getpid()}"
    Path(unfinished).write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(unfinished, path)
