"""Every declaration is checked: by differences of its values, by its example, by its words."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from difftool.operations import registry
from difftool.operations.elementwise.arithmetic import mul
from difftool.operations.registry import Check, Function, Operation
from difftool.operations.signature import CONVERTERS, parameters_of
from difftool.session import Session
from tests.gradient_checks import assert_gradients, drawn

FUNCTIONS = registry.functions()
CHECKS = [
    pytest.param(check, id=f"{check.expression} {dict(check.shapes)}")
    for function in FUNCTIONS
    for check in function.checks
]


@pytest.mark.parametrize("check", CHECKS)
def test_derivatives_agree_with_differences(check: Check) -> None:
    assert_gradients(check.expression, drawn(check))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_differentiable_operation_has_a_check(function: Function) -> None:
    if isinstance(function, Operation) and function.rules:
        assert function.checks


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_example_runs(function: Function) -> None:
    assert function.name in function.example
    Session(seed=0).evaluate(function.example, {})


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_declaration_says_what_it_must(function: Function) -> None:
    assert function.meaning.endswith("."), function.meaning
    assert "\n" not in function.meaning and len(function.meaning) <= 100
    for signature in function.signatures:
        assert signature.startswith(function.name + "(")
        for parameter in parameters_of(signature):
            assert parameter.kind in CONVERTERS


def test_names_are_declared_once() -> None:
    seen: dict[str, Function] = {}
    for family in registry.FAMILIES:
        for binding, value in vars(import_module(f"difftool.operations.{family}")).items():
            if isinstance(value, Function) and not binding.startswith("_"):
                for name in (value.name, *value.aliases):
                    assert name not in seen, f"{family} declares {name} again"
                    seen[name] = value
    assert set(seen) == set(registry.names())


@pytest.mark.parametrize("order", [1, 2])
def test_the_checker_fails_on_a_rule_that_is_off_by_a_thousandth(
    order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Check("sin(x) * x", {"x": (3,)})
    assert_gradients(check.expression, drawn(check), order)
    right = mul.rules
    assert isinstance(right, tuple)
    wrong = (lambda g, out, x, y: g * y * 1.001, right[1])
    monkeypatch.setattr(mul, "rules", wrong)
    with pytest.raises(AssertionError, match="mode"):
        assert_gradients(check.expression, drawn(check), order)


def test_the_checker_fails_on_a_second_derivative_that_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cube = registry.find("exp")
    assert isinstance(cube, Operation)
    cut = (lambda g, out, x: g * registry.ops.detach(out),)
    monkeypatch.setattr(cube, "rules", cut)
    inputs = {"x": np.array([0.5, 1.0])}
    assert_gradients("exp(x)", inputs, order=1)
    with pytest.raises(AssertionError):
        assert_gradients("sum(exp(x)) + sum(x^3)", inputs, order=2)
