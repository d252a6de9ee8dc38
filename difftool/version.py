"""The version of difftool, where the package's metadata and `--version` both read it."""

from __future__ import annotations

VERSION = "0.1.0"
