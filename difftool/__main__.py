"""`python -m difftool`: the same command line as the `difftool` script."""

from __future__ import annotations

from difftool.cli.main import start

if __name__ == "__main__":
    start()
