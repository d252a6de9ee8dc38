"""Python's collector of cycles, out of the way while many objects are made that form none.

A large text becomes hundreds of thousands of syntax and graph nodes, all of them reachable. To
search them for cycles again and again takes longer than to make them, and ever longer the more
there are. Reference counts free them, and every large array, as soon as nobody holds them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def collector_paused(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The decorated function, run without the collector, which is left as it was."""

    @wraps(function)
    def run(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        if not gc.isenabled():
            return function(*arguments, **keywords)
        gc.disable()
        try:
            return function(*arguments, **keywords)
        finally:
            gc.enable()

    return run
