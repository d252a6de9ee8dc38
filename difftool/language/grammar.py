"""Where the grammars are, and the parse tables that go with them.

The grammars stand in `grammar/` at the top of the repository, and inside the package in a wheel:
that of expressions, and that of programs, which imports it. Each has a module of tables, made when
the package is built (`build_tables`), because Lark needs longer to make them than everything else
takes at a start. Tables that don't belong to the grammar at hand, or are missing, as in a bare
checkout, are made anew in memory.
"""

from __future__ import annotations

import os
import struct
from zlib import compress, crc32, decompress

from difftool.language.lalr import Tables

# Counts the forms that `build_tables` has written; a change of form makes older tables invalid.
FORM = 2

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACES = (os.path.join(_PACKAGE, "grammar"), os.path.join(os.path.dirname(_PACKAGE), "grammar"))




# The modules of tables, in `difftool.language`, each with its grammar and those that it imports.
EXPRESSIONS, PROGRAMS = "tables", "program_tables"
GRAMMARS = {
    EXPRESSIONS: ("expression.lark",),
    PROGRAMS: ("program.lark", "expression.lark"),
}


def read_grammar(name: str = "expression.lark") -> str | None:
    """The text of a grammar: of the wheel, else of the repository, else None."""
    for place in PLACES:
        try:
            with open(os.path.join(place, name), encoding="utf-8") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
    return None


def read_grammars(tables: str) -> list[str] | None:
    """The texts of the grammars that a module of tables is made from; None if one is missing."""
    texts = [read_grammar(name) for name in GRAMMARS[tables]]
    found = [text for text in texts if text is not None]
    return found if len(found) == len(texts) else None


def checksum(*texts: str) -> int:
    """What tells tables of other grammars, or of another form, from those of these."""
    found = FORM
    for text in texts:
        found = crc32(text.encode("utf-8"), found)
    return found


def load_tables(name: str = EXPRESSIONS) -> Tables:
    """The tables of a grammar: those made with the package if they fit it, else made now.

    Raises:
        FileNotFoundError: neither tables nor a grammar are there; the installation is broken.
    """
    texts = read_grammars(name)
    saved = _saved_tables(name, None if texts is None else checksum(*texts))
    if saved is not None:
        return saved
    if texts is None:
        raise FileNotFoundError("difftool's grammar and its tables are missing: install it again")
    from difftool.language.build_tables import build_tables

    return build_tables(texts[0])


def _saved_tables(name: str, expected: int | None) -> Tables | None:
    """The tables of a module, if it is there and made from grammars with the checksum expected."""
    from importlib import import_module

    try:
        module = import_module(f"difftool.language.{name}")
    except ModuleNotFoundError:
        return None
    if expected is not None and module.CHECKSUM != expected:
        return None
    values = {slot: getattr(module, slot.upper()) for slot in Tables.__slots__}
    return Tables(**{**values, "cells": unpack_cells(module.CELLS)})


def pack_cells(cells: tuple[int, ...]) -> bytes:
    """Numbers, compressed: first how many bytes each has, then they, the low byte first."""
    width = b"h" if max(cells) < 1 << 15 else b"i"
    return width + compress(struct.pack(f"<{len(cells)}{width.decode()}", *cells), 9)


def unpack_cells(packed: bytes) -> tuple[int, ...]:
    """The numbers that `pack_cells` has written."""
    width, data = chr(packed[0]), decompress(packed[1:])
    return struct.unpack(f"<{len(data) // struct.calcsize(f'<{width}')}{width}", data)
