"""What holds for every test: settings of the machine's environment don't reach difftool."""

from __future__ import annotations

import os

import pytest

DISPLAY = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "LINES")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take difftool's own variables and those of terminals out of the environment."""
    for name in list(os.environ):
        if name.startswith(("DIFFTOOL_", "_DIFFTOOL_")) or name in DISPLAY:
            monkeypatch.delenv(name)
