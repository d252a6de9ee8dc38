"""Benchmarks: difftool beside its peers and the limit (`python -m tests.benchmarks`)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
