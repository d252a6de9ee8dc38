"""Makes what difftool reads at start, when it is built or installed.

That is the parsers' tables, from the grammars, and the list of functions, from the families of
operations. Hatchling runs this; `difftool.language` and `difftool.operations.directory` know how
they are made. A wheel gets them as three more files; for an editable install they are written into
the checkout, where git ignores them. A bare checkout has none and does without: it builds the
tables in memory and loads more families than it needs.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from functools import partial
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TablesHook(BuildHookInterface[Any]):
    """Adds the modules that are made to a wheel, among those that read them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from difftool.language.build_tables import write_tables
            from difftool.language.grammar import GRAMMARS
            from difftool.operations import directory
        finally:
            sys.path.remove(self.root)
        editable = version == "editable"
        self.folder = "" if editable else tempfile.mkdtemp(prefix="difftool-")
        makers = {
            f"difftool/language/{name}.py": partial(write_tables, name=name) for name in GRAMMARS
        }
        makers[f"difftool/operations/{directory.MODULE}.py"] = partial(
            directory.write, lasting=not editable
        )
        for place, make in makers.items():
            path = os.path.join(self.folder or self.root, place)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            make(path)
            if not editable:
                build_data["force_include"][path] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.folder:
            shutil.rmtree(self.folder)
