"""Makes the parsers' tables from the grammars when difftool is built or installed.

Hatchling runs this; `difftool.language` knows how the tables are made and reads them at start. A
wheel gets them as two more files; for an editable install they are written into the checkout, where
git ignores them. A bare checkout has none and builds them in memory.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = "difftool/language"


class TablesHook(BuildHookInterface[Any]):
    """Adds the modules of tables to a wheel, in `difftool/language`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from difftool.language.build_tables import write_tables
            from difftool.language.grammar import GRAMMARS
        finally:
            sys.path.remove(self.root)
        editable = version == "editable"
        self.folder = "" if editable else tempfile.mkdtemp(prefix="difftool-")
        for name in GRAMMARS:
            place = f"{PLACE}/{name}.py"
            tables = os.path.join(self.folder or self.root, place)
            os.makedirs(os.path.dirname(tables), exist_ok=True)
            write_tables(tables, name)
            if not editable:
                build_data["force_include"][tables] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.folder:
            shutil.rmtree(self.folder)
