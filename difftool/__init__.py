"""difftool: tensor expressions, their gradients, and the proof of them.

>>> import difftool
>>> difftool.grad("mean(3*(x+2)^3)", {"x": [[1, 1], [1, 1]]}).gradients["x"]
array([[20.25, 20.25],
       [20.25, 20.25]])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from difftool.errors import DifftoolError as DifftoolError
from difftool.errors import Span as Span
from difftool.version import VERSION as __version__

if TYPE_CHECKING:
    from difftool.api import GradFn as GradFn
    from difftool.api import Gradients as Gradients
    from difftool.api import Ran as Ran
    from difftool.api import evaluate as evaluate
    from difftool.api import grad as grad
    from difftool.api import run as run

__all__ = [
    "DifftoolError",
    "GradFn",
    "Gradients",
    "Ran",
    "Span",
    "__version__",
    "evaluate",
    "grad",
    "run",
]

_LAZY = ("evaluate", "grad", "run", "Gradients", "GradFn", "Ran")


def __getattr__(name: str) -> Any:
    # NumPy loads with the first use of the library, not with `difftool --help`.
    if name in _LAZY:
        from difftool import api

        return getattr(api, name)
    raise AttributeError(f"module 'difftool' has no attribute {name!r}")
