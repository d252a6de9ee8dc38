"""Where the grammar is, and the parse tables that go with it.

The grammar stands in `grammar/` at the top of the repository, and inside the package in a wheel.
Its tables are made when the package is built (`build_tables`), because Lark needs longer to make
them than everything else takes at a start. Tables that don't belong to the grammar at hand, or are
missing, as in a bare checkout, are made anew in memory.
"""

from __future__ import annotations

import os
import struct
from zlib import compress, crc32, decompress

from difftool.language.lalr import Tables

# Counts the forms that `build_tables` has written; a change of form makes older tables invalid.
FORM = 1

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACES = (os.path.join(_PACKAGE, "grammar"), os.path.join(os.path.dirname(_PACKAGE), "grammar"))


def read_grammar(name: str = "expression.lark") -> str | None:
    """The text of a grammar: of the wheel, else of the repository, else None."""
    for place in PLACES:
        try:
            with open(os.path.join(place, name), encoding="utf-8") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
    return None


def checksum(text: str) -> int:
    """What tells tables of another grammar, or of another form, from those of this one."""
    return crc32(text.encode("utf-8"), FORM)


def load_tables() -> Tables:
    """The tables of the grammar: those made with the package if they fit it, else made now.

    Raises:
        FileNotFoundError: neither tables nor a grammar are there; the installation is broken.
    """
    text = read_grammar()
    saved = _saved_tables(None if text is None else checksum(text))
    if saved is not None:
        return saved
    if text is None:
        raise FileNotFoundError("difftool's grammar and its tables are missing: install it again")
    from difftool.language.build_tables import build_tables

    return build_tables(text)


def _saved_tables(expected: int | None) -> Tables | None:
    """The module `tables`, if it is there and made from the grammar with the checksum expected."""
    from importlib import import_module

    try:
        module = import_module("difftool.language.tables")
    except ModuleNotFoundError:
        return None
    if expected is not None and module.CHECKSUM != expected:
        return None
    values = {name: getattr(module, name.upper()) for name in Tables.__slots__}
    return Tables(**{**values, "cells": unpack_cells(module.CELLS)})


def pack_cells(cells: tuple[int, ...]) -> bytes:
    """Numbers of 16 bits, the low byte first, compressed."""
    return compress(struct.pack(f"<{len(cells)}h", *cells), 9)


def unpack_cells(packed: bytes) -> tuple[int, ...]:
    """The numbers that `pack_cells` has written."""
    data = decompress(packed)
    return struct.unpack(f"<{len(data) // 2}h", data)
