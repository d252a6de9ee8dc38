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
        plain = _plain(name)
        function = registry.find(plain)
        if function is None:
            raise registry.unknown_function(plain)
        found = [function]
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


def _plain(name: str) -> str:
    """`name` without what may stand around it in an expression: `torch.mean`, `x.mean()`."""
    return name.removesuffix("()").rpartition(".")[2] or name
