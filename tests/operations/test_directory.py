"""The list of which family declares which function: made whole, and not believed when stale."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from difftool.operations import directory
from difftool.operations.registry import FAMILIES, find, names


def made(path: Path, lasting: bool) -> ModuleType:
    directory.write(str(path), lasting)
    specification = importlib.util.spec_from_file_location("made", path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lasting", [True, False])
def test_the_list_knows_every_name(tmp_path: Path, lasting: bool) -> None:
    module = made(tmp_path / "list.py", lasting)
    assert set(module.FAMILY_OF) == set(names())
    for name, family in module.FAMILY_OF.items():
        function = find(name)
        assert function is not None
        assert f"{function.room}.{function.family}" == family in FAMILIES


def test_a_list_of_other_families_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = made(tmp_path / "list.py", lasting=False)
    monkeypatch.setattr(directory, "import_module", lambda name: module)
    assert directory.saved(FAMILIES) == module.FAMILY_OF
    assert directory.saved(FAMILIES[1:]) is None
    monkeypatch.setattr(module, "CHECKSUM", module.CHECKSUM + 1)
    assert directory.saved(FAMILIES) is None
    lasting = made(tmp_path / "lasting.py", lasting=True)
    monkeypatch.setattr(directory, "import_module", lambda name: lasting)
    assert directory.saved(FAMILIES[1:]) == lasting.FAMILY_OF
