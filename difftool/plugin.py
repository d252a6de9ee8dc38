"""The pytest plugin: every check of a `*.difftool.toml` file is a test.

pytest finds it by its entry point and imports it in every run, so difftool itself is imported only
where there is such a file. `checklist` reads the file, `carrying_out` does what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from difftool.checklist import Listed

SUFFIX = ".difftool.toml"


class Failed(Exception):
    """A check that did not pass: the lines of its report."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ChecksFile | None:
    """Take the files that are lists of checks."""
    if not file_path.name.endswith(SUFFIX):
        return None
    file: ChecksFile = ChecksFile.from_parent(parent, path=file_path)
    return file


class ChecksFile(pytest.File):
    """A file of checks."""

    def collect(self) -> Iterator[CheckItem]:
        """A test for each check; a second one of the same name gets its line to its name."""
        from difftool.checklist import read_checks
        from difftool.errors import DifftoolError

        try:
            checks = read_checks(str(self.path))
        except DifftoolError as error:
            from difftool.render.diagnostic import error_text
            from difftool.render.screen import Screen

            raise self.CollectError(error_text(error, Screen())) from None
        seen: set[str] = set()
        for listed in checks:
            name = listed.name if listed.name not in seen else f"{listed.name} line {listed.line}"
            seen.add(name)
            item: CheckItem = CheckItem.from_parent(self, name=name, listed=listed)
            yield item


class CheckItem(pytest.Item):
    """One check.

    Attributes:
        listed: what the file says of it.
    """

    def __init__(self, *, listed: Listed, **settings: Any) -> None:
        super().__init__(**settings)
        self.listed = listed

    def runtest(self) -> None:
        """Carry the check out."""
        from difftool.carrying_out import carry_out

        record = carry_out(self.listed)
        if not record.passed:
            from difftool.render.check import failure_text

            raise Failed(failure_text(record))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> Any:
        """The report of a check that did not pass; a traceback only for a defect."""
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the check stands; pytest counts lines from 0."""
        return self.path, self.listed.line - 1, self.name
