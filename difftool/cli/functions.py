"""The function table as a record: what the registry declares, for `difftool functions`."""

from __future__ import annotations

from difftool.operations import outside, registry
from difftool.report.record import FunctionRecord, FunctionsRecord


def record(name: str | None) -> FunctionsRecord:
    """Every function of the language, or the one called `name`, by any name the language takes.

    Modules or a variable may stand in front of it, as in `torch.mean` and `x.mean()`.

    Raises DifftoolError with the nearest name if there is none.
    """
    if name is None:
        found = registry.functions()
    else:
        *path, plain = name.removesuffix("()").split(".")
        function = registry.find_path(path, plain)
        if function is None:
            raise outside.unknown(plain)
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

