"""`check` itself, tried on every operation: none of their gradients is called wrong."""

from __future__ import annotations

import difftool
from difftool.operations import registry
from difftool.operations.registry import Operation
from tests.gradient_checks import drawn


def test_no_gradient_of_an_operation_is_called_wrong() -> None:
    checked = set()
    wrong = []
    for name in registry.names():
        operation = registry.find(name)
        for check in operation.checks if isinstance(operation, Operation) else ():
            if check.expression not in checked:
                checked.add(check.expression)
                report = difftool.check(check.expression, drawn(check), seed=0)
                wrong += [] if report.passed else [report]
    assert not wrong, wrong[0]
    assert len(checked) > 150
