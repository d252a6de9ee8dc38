"""The function table as a record: what the registry declares, for `difftool functions`."""

from __future__ import annotations

from difftool.operations import registry
from difftool.report.record import FunctionRecord, FunctionsRecord


def record(name: str | None) -> FunctionsRecord:
    """Every function of the language, or the one called `name`, by any name the language takes.

    Raises DifftoolError with the nearest name if there is none.
    """
    if name is None:
        found = registry.functions()
    else:
        found = [_called(name)]
    return FunctionsRecord(
        tuple(
            FunctionRecord(
                function.name,
                function.aliases,
                function.signatures,
                function.meaning,
                function.example,
                function.family,
                function.grad_fn,
            )
            for function in found
        )
    )


def _called(name: str) -> registry.Function:
    """The function of a name, or of its longest end: `torch.mean` and `x.mean()` are `mean`."""
    parts = name.removesuffix("()").split(".")
    for start in range(len(parts)):
        function = registry.find(".".join(parts[start:]))
        if function is not None:
            return function
    raise registry.unknown_function(parts[-1] or name)
