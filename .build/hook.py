"""Makes the parser's tables from the grammar when difftool is built or installed.

Hatchling runs this; `difftool.language` knows how the tables are made and reads them at start. A
wheel gets them as one more file; for an editable install they are written into the checkout, where
git ignores them. A bare checkout has none and builds them in memory.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = "difftool/language/tables.py"


class TablesHook(BuildHookInterface[Any]):
    """Adds `difftool/language/tables.py` to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from difftool.language.build_tables import write_tables
        finally:
            sys.path.remove(self.root)
        if version == "editable":
            write_tables(os.path.join(self.root, TABLES))
            return
        self.folder = tempfile.mkdtemp(prefix="difftool-")
        tables = os.path.join(self.folder, "tables.py")
        write_tables(tables)
        build_data["force_include"][tables] = TABLES

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self.folder)
