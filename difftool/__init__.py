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
    from difftool.api_check import Report as Report
    from difftool.api_check import check as check
    from difftool.api_compile import compile as compile
    from difftool.api_derivatives import hessian as hessian
    from difftool.api_derivatives import hvp as hvp
    from difftool.api_derivatives import jacobian as jacobian
    from difftool.api_derivatives import jvp as jvp
    from difftool.api_derivatives import vjp as vjp
    from difftool.compiled import Compiled as Compiled

__all__ = [
    "Compiled",
    "DifftoolError",
    "GradFn",
    "Gradients",
    "Ran",
    "Report",
    "Span",
    "__version__",
    "check",
    "compile",
    "evaluate",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "run",
    "vjp",
]

_OF_API = ("evaluate", "grad", "run", "Gradients", "GradFn", "Ran")
_OF_CHECK = ("Report", "check")
_OF_COMPILE = ("Compiled", "compile")
_OF_DERIVATIVES = ("hessian", "hvp", "jacobian", "jvp", "vjp")


def __getattr__(name: str) -> Any:
    # NumPy loads with the first use of the library, not with `difftool --help`.
    if name in _OF_API:
        from difftool import api

        return getattr(api, name)
    if name in _OF_CHECK:
        from difftool import api_check

        return getattr(api_check, name)
    if name in _OF_COMPILE:
        from difftool import api_compile

        return getattr(api_compile, name)
    if name in _OF_DERIVATIVES:
        from difftool import api_derivatives

        return getattr(api_derivatives, name)
    raise AttributeError(f"module 'difftool' has no attribute {name!r}")
