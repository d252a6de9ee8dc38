"""Record the names PyTorch has: `python -m tests.oracle.record_names`.

Run this at the top of the repository with PyTorch 2.13 installed. It writes
`tests/data/pytorch_names.json`: for each namespace the names of its functions or methods, without
those that begin or end with an underscore, and for `torch.nn` the names of its module classes.
`tests/operations/test_outside.py` demands that each works in difftool or is refused with a reason.
"""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

torch: Any = importlib.import_module("torch")

DATA = Path(__file__).parent.parent / "data" / "pytorch_names.json"
NAMESPACES = ("torch", "torch.Tensor", "torch.nn.functional", "torch.linalg", "torch.special")


def functions(path: str) -> list[str]:
    """The functions of a namespace, that of Python's own tools for typing left out."""
    owner = torch
    for part in path.split(".")[1:]:
        owner = getattr(owner, part)
    names = []
    for name in dir(owner):
        value = getattr(owner, name)
        if name.startswith("_") or name.endswith("_") or not callable(value):
            continue
        if inspect.isclass(value) or inspect.ismodule(value):
            continue
        module = getattr(value, "__module__", None) or ""
        if inspect.isfunction(value) and not module.startswith("torch"):
            continue
        names.append(name)
    return names


def modules() -> list[str]:
    """The classes of `torch.nn` whose objects are called."""
    base = torch.nn.Module
    return [
        name
        for name, value in vars(torch.nn).items()
        if inspect.isclass(value) and issubclass(value, base) and value is not base
    ]


def main() -> None:
    names = {path: functions(path) for path in NAMESPACES}
    names["torch.nn"] = sorted(modules())
    release = torch.__version__.partition("+")[0]
    lines = [f'"torch": {json.dumps(release)}']
    lines += [f"{json.dumps(path)}: {json.dumps(found)}" for path, found in names.items()]
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
