"""The pytest plugin, in pytest processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

CHECKS = """
[[check]]
name = "right"
expression = "sum(x^2)"
inputs = { x = "randn(3)" }
against = "2 * x"

[[check]]
name = "wrong"
expression = "mean(x^2)"
inputs = { x = "randn(3)" }
against = "2 * x"

[[check]]
name = "broken"
expression = "sum(y)"
inputs = { x = "randn(3)" }

[[check]]
name = "right"
expression = "sum(x^3)"
inputs = { x = "randn(3)" }
"""


def pytest_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "difftool.plugin", "-p", "no:cacheprovider", *words],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_checks_are_tests(tmp_path: Path) -> None:
    (tmp_path / "model.difftool.toml").write_text(CHECKS, encoding="utf-8")
    (tmp_path / "other.toml").write_text("nothing", encoding="utf-8")
    done = pytest_in(tmp_path, "-v")
    assert done.returncode == 1, done.stdout + done.stderr
    for line in (
        "model.difftool.toml::right PASSED",
        "model.difftool.toml::wrong FAILED",
        "model.difftool.toml::broken FAILED",
        "model.difftool.toml::right line 19 PASSED",
    ):
        assert line in done.stdout
    assert "2 failed, 2 passed" in done.stdout
    assert "yours is 3 times ours everywhere: a missing division by numel(x)?" in done.stdout
    assert "error: `y` has no value" in done.stdout
    assert "Traceback" not in done.stdout and "plugin.py" not in done.stdout


def test_a_check_is_chosen_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "model.difftool.toml").write_text(CHECKS, encoding="utf-8")
    done = pytest_in(tmp_path, "-k", "right")
    assert (done.returncode, "2 passed, 2 deselected" in done.stdout) == (0, True), done.stdout


def test_a_faulty_file_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.difftool.toml").write_text("[[check]]\nname = 'a'\n", encoding="utf-8")
    done = pytest_in(tmp_path)
    assert done.returncode == 2
    assert "error: the check has no expression" in done.stdout
    assert "line 1: [[check]]" in done.stdout
    assert "Traceback" not in done.stdout


def test_nothing_is_imported_where_there_are_no_checks(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n"
        "def test_modules():\n"
        "    loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "    assert 'difftool' in loaded\n"
        "    assert not loaded & {'numpy', 'click', 'lark', 'rich'}\n"
        "    ours = [name for name in sys.modules if name.startswith('difftool.')]\n"
        "    assert sorted(ours) == ['difftool.errors', 'difftool.plugin', 'difftool.version']\n",
        encoding="utf-8",
    )
    done = pytest_in(tmp_path)
    assert done.returncode == 0, done.stdout
