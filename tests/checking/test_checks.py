"""Checks: right gradients pass, wrong ones fail and are explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import difftool
from difftool.report.check import ComparisonRecord

X = [[1.0, 2.0], [3.0, 4.0]]
LINEAR = {"A": "randn(5, 3)", "w": "randn(3)", "b": "randn(5)"}


def notes(report: difftool.Report) -> str:
    return "\n".join([note for record in report.comparisons for note in record.notes])


def of(report: difftool.Report, method: str, order: int = 1) -> ComparisonRecord:
    (found,) = [r for r in report.comparisons if (r.method, r.order) == (method, order)]
    return found


# ----- Gradients of the expression itself -----


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("mean(3*(x+2)^3)", {"x": X}),
        ("sin(x) * x", {"x": "randn(3, 2)"}),
        ("sum(x * y)", {"x": "randn(3)", "y": "randn(4, 3)"}),
        ("mse_loss(A @ w, b)", LINEAR),
        ("logdet(A @ A.T)", {"A": "randn(3, 3)"}),
        ("softmax(x, dim=0)[0]", {"x": "randn(4)"}),
        ("sum(log(x))", {"x": [1e-5, 1e5]}),
        ("sum(exp(x) * 1e-30)", {"x": "randn(3)"}),
        ("sum(x * 0 + 5)", {"x": "randn(3)"}),
        ("x^2 if x > 0 else -x", {"x": 2.0}),
        ("sum(x[x > 0]^3)", {"x": "randn(5)"}),
        ("sum(x * randn(3))", {"x": "randn(3)"}),
        ("y = x.exp(); sum(y * y)", {"x": "randn(2)"}),
        ("w = ones(3, requires_grad=True); sum(w * w * x)", {"x": "randn(3)"}),
        ("sum(x) + sum(y^2)", {"x": np.zeros((0, 3)), "y": "randn(2)"}),
        ("sum(x[n] ^ 2)", {"x": "randn(3)", "n": np.array([0, 2, 2])}),
    ],
)
def test_right_gradients_pass_in_first_and_second_order(
    expression: str, inputs: Mapping[str, Any]
) -> None:
    report = difftool.check(expression, inputs, order=2, seed=0)
    assert report.passed and report, report
    assert {record.order for record in report.comparisons} == {1, 2}
    assert {record.method for record in report.comparisons} == {"numeric", "forward"}


@pytest.mark.parametrize(
    ("expression", "inputs", "cause"),
    [
        ("sum(x.detach() * x)", {"x": X}, "detach in `x.detach()`"),
        ("sum(x.detach())", {"x": X}, "detach in `x.detach()`"),
        ("sum(y * x) + y.detach()", {"x": 2.0, "y": 3.0}, "detach in `y.detach()`"),
        ("x.item() * x", {"x": 3.0}, "item()"),
        ("2 * x.item() + 0 * x", {"x": 3.0}, "item()"),
        ("sum(x.detach() * x)", {"x": "randn(3000)"}, "detach in `x.detach()`"),
    ],
)
def test_detached_expressions_fail(
    expression: str, inputs: Mapping[str, Any], cause: str
) -> None:
    report = difftool.check(expression, inputs, seed=0)
    assert not report.passed
    assert cause in notes(report)


def test_a_failure_names_the_worst_entry_and_counts() -> None:
    report = difftool.check("sum(x.detach() * x)", {"x": X}, seed=0)
    record = of(report, "numeric")
    worst = record.worst
    assert worst is not None
    assert (worst.place, worst.analytic) == ((1, 1), 4.0)
    assert worst.reference == pytest.approx(8)
    assert worst.absolute == pytest.approx(4) and worst.relative == pytest.approx(0.5)
    assert (record.entries, record.failed) == (4, 4 + record.directions)


def test_a_wrong_entry_of_a_large_input_is_found() -> None:
    # One entry of 3000 passes no gradient.
    expression = "sum(sin(x)) + 5 * (x[2345].detach() - x[2345])"
    report = difftool.check(expression, {"x": "randn(3000)"}, seed=0)
    worst = of(report, "numeric").worst
    assert not report.passed
    assert worst is not None and worst.place == (2345,)


def test_wrt_picks_inputs_and_a_constant_input_is_marked() -> None:
    report = difftool.check("sum(x^2)", {"x": X, "y": [1.0]}, seed=0)
    assert report.passed and "does not depend on y" in notes(report)
    report = difftool.check("sum(x * y.detach())", {"x": [1.0], "y": [2.0]}, wrt=["x"], seed=0)
    assert report.passed
    assert {record.input for record in report.comparisons} == {"x"}


def test_float32_is_checked_in_float64_and_said_so() -> None:
    x = np.array([1.5, 2.5], np.float32)
    report = difftool.check("sum(x^3)", {"x": x}, seed=0)
    assert report.passed
    assert report.record.notes == ("x is float32: it is checked in float64",)
    coarse = difftool.check("sum(x.float()^3)", {"x": [1.5, 2.5]}, seed=0)
    assert coarse.passed and "less than float64" in coarse.record.notes[0]


def test_values_that_are_not_finite_fail() -> None:
    report = difftool.check("sum(sqrt(x))", {"x": [0.0, 1.0]}, seed=0)
    assert not report.passed and "not finite" in notes(report)


# ----- Kinks -----


@pytest.mark.parametrize(
    ("expression", "x", "left", "right"),
    [
        ("relu(x)", 0.0, 0, 1),
        ("abs(x)", 0.0, -1, 1),
        ("max(x)", [1.0, 1.0, 0.0], 0, 1),
        ("max(x, dim=0).values", [1.0, 1.0, 0.0], 0, 1),
        ("sum(clamp(x, 0, 1))", [0.0, 0.5], 0, 1),
        ("norm(x)", [0.0, 0.0], -1, 1),
    ],
)
def test_a_subgradient_at_a_kink_passes_with_both_slopes(
    expression: str, x: Any, left: float, right: float
) -> None:
    report = difftool.check(expression, {"x": x}, seed=0)
    record = of(report, "numeric")
    assert report.passed
    assert [record.kinks[0].left, record.kinks[0].right] == pytest.approx([left, right], abs=1e-9)
    assert f"slope {left} on the left and {right} on the right" in record.notes[0]


def test_near_a_kink_there_is_none() -> None:
    report = difftool.check("sum(relu(x))", {"x": [1e-9, -1e-9]}, seed=0)
    assert report.passed and of(report, "numeric").kink_count == 0


def test_kinks_of_a_large_input_are_left_out_of_directions() -> None:
    x = np.random.default_rng(0).standard_normal(2000)
    x[[3, 777]] = 0.0
    w = np.random.default_rng(1).standard_normal(2000)
    report = difftool.check("sum(w * relu(x))", {"x": x, "w": w}, wrt=["x"], seed=0)
    assert report.passed and of(report, "numeric").directions > 0


def test_subgradients_that_do_not_add_up_are_explained() -> None:
    report = difftool.check("relu(x) - relu(-x)", {"x": 0.0}, seed=0)
    assert not report.passed
    assert "`relu(x)` bends here (slope 0 on the left, 1 on the right)" in notes(report)


def test_another_subgradient_derived_by_hand_passes_too() -> None:
    inputs = {"x": [0.0, 2.0]}
    assert difftool.check("sum(relu(x))", inputs, "x >= 0", seed=0).passed
    assert difftool.check("sum(abs(x))", inputs, "where(x > 0, 1.0, -1.0)", seed=0).passed
    assert not difftool.check("sum(relu(x))", inputs, "1.5 * (x >= 0)", seed=0).passed


# ----- Gradients derived by hand -----


@pytest.mark.parametrize(
    ("expression", "inputs", "against", "wrt"),
    [
        ("mean(3*(x+2)^3)", {"x": X}, "9*(x+2)^2 / 4", None),
        ("sum(x)", {"x": X}, "1", None),
        ("mean((A @ w - b)^2)", LINEAR, "2/5 * A.T @ (A @ w - b)", "w"),
        ("sum((x + b)^2)", {"x": "randn(3, 2)", "b": "randn(2)"}, "sum(2*(x + b), dim=0)", "b"),
        ("x * 3", {"x": "randn(3)"}, "3 * grad_output", None),
        ("sum(sin(x)^2 + cos(x)^2)", {"x": "randn(3)"}, "0 * x", None),
        ("sum(x * randn(3))", {"x": "ones(3)"}, "randn(3)", None),
    ],
)
def test_right_gradients_by_hand_pass(
    expression: str, inputs: Mapping[str, Any], against: str, wrt: str | None
) -> None:
    names = None if wrt is None else [wrt]
    report = difftool.check(expression, inputs, against, wrt=names, seed=0)
    assert report.passed, report
    assert of(report, "against").failed == 0


@pytest.mark.parametrize(
    ("expression", "inputs", "against", "wrt", "cause"),
    [
        (
            "mean(3*(x+2)^3)",
            {"x": X},
            "9*(x+2)^2",
            "x",
            "yours is 4 times ours everywhere: a missing division by numel(x)?",
        ),
        ("mean(3*(x+2)^3)", {"x": X}, "-9*(x+2)^2/4", "x", "opposite sign everywhere"),
        ("mean(3*(x+2)^3)", {"x": X}, "9*(x+2)^2/4 * 1.001", "x", "1.001 times ours"),
        ("mean(3*(x+2)^3)", {"x": X}, "9*(x+2)^2/4 + 1e-3", "x", "ours plus 0.001 everywhere"),
        ("mean(3*(x+2)^3)", {"x": X}, "(9*(x+2)^2/4).T", "x", "yours is transposed"),
        ("sum(x^2)", {"x": X}, "x", "x", "1/2 times ours everywhere: a missing factor of 2?"),
        (
            "sum((A @ w)^2)",
            LINEAR,
            "2 * outer(w, A @ w)",
            "A",
            "yours is transposed",
        ),
        (
            "sum((x + b)^2)",
            {"x": "randn(3, 2)", "b": "randn(2)"},
            "2*(x + b)",
            "b",
            "a missing sum over dimension 0, along which b was broadcast: sum(yours, dim=0)",
        ),
        (
            "sum((x + b)^2)",
            {"x": "randn(3, 2)", "b": "randn(2)"},
            "sum(2*(x + b), dim=0, keepdim=True)",
            "b",
            "reshape yours to (2,)",
        ),
        ("sum(x * y)", {"x": "randn(3)", "y": "randn(3)"}, "x", "x", "the gradient by y, not by x"),
        ("sum(x^2)", {"x": X}, "0", "x", "yours is 0 everywhere"),
        ("sum(x^3)", {"x": X}, "3*x^2 + eye(2)", "x", "only entries on the diagonal are wrong"),
    ],
)
def test_wrong_gradients_by_hand_fail_and_are_explained(
    expression: str, inputs: Mapping[str, Any], against: str, wrt: str, cause: str
) -> None:
    report = difftool.check(expression, inputs, against, wrt=[wrt], seed=0)
    assert not report.passed
    assert cause in notes(report)
    assert of(report, "numeric").passed


def test_a_single_wrong_entry_fails() -> None:
    against = "3*x^2 + [[0, 0], [0, 48e-3]]"
    report = difftool.check("sum(x^3)", {"x": X}, against, seed=0)
    record = of(report, "against")
    assert (record.failed, record.worst and record.worst.place) == (1, (1, 1))


def test_a_broadcast_number_is_said() -> None:
    report = difftool.check("sum(x)", {"x": X}, "1", seed=0)
    assert "yours is one number, taken for every entry of shape (2, 2)" in notes(report)


@pytest.mark.parametrize(
    ("settings", "passes"),
    [
        ({}, False),
        ({"rtol": 2e-3}, True),
        ({"rtol": 0.0, "atol": 0.1}, True),
        ({"atol": 1e-3}, False),
    ],
)
def test_tolerances(settings: Mapping[str, Any], passes: bool) -> None:
    report = difftool.check("sum(x^2)", {"x": X}, "2*x * 1.001", seed=0, **settings)
    assert report.passed is passes


# ----- Trials -----


def test_trials_draw_random_inputs_anew_and_count_together() -> None:
    report = difftool.check("sum(relu(x)) + x[0].detach()", {"x": "randn(4)"}, trials=5, seed=3)
    record = of(report, "numeric")
    assert record.entries == 20
    again = difftool.check("sum(relu(x)) + x[0].detach()", {"x": "randn(4)"}, seed=record.seed)
    assert again.comparisons[0].worst == record.worst


def test_trials_need_a_random_input() -> None:
    with pytest.raises(difftool.DifftoolError, match="need random inputs"):
        difftool.check("sum(x)", {"x": X}, trials=2)


def test_a_seed_repeats_a_check() -> None:
    first = difftool.check("sum(sin(x))", {"x": "randn(4)"})
    again = difftool.check("sum(sin(x))", {"x": "randn(4)"}, seed=first.seed)
    assert repr(first) == repr(again)


# ----- What can't be checked -----


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: difftool.check("sum(x", {"x": X}), "never closed"),
        (lambda: difftool.check("sum(y)", {"x": X}), "no value"),
        (lambda: difftool.check("x > 0", {"x": X}), "floating-point outputs"),
        (lambda: difftool.check("sum(x*y)", {"x": X, "y": X}, "y"), "by one input"),
        (lambda: difftool.check("x^2", {"x": X}, "2*x"), "scalar outputs"),
        (lambda: difftool.check("x^2", {"x": X}, grad_output=[1.0]), "has shape"),
        (lambda: difftool.check("sum(x)", {"x": X}, "1 +"), "a value is missing"),
        (lambda: difftool.check("sum(x)", {"x": X}, wrt=["z"]), "no input `z`"),
        (lambda: difftool.check("sum(x)", {"x": X}, order=3), "1 or 2"),
        (lambda: difftool.check("sum(x)", {"x": X}, rtol=-1.0), "from 0 on"),
        (lambda: difftool.check("sum(x)", {"x": X}, trials=0), "from 1 on"),
    ],
)
def test_what_can_not_be_checked_is_an_error(call: Any, message: str) -> None:
    with pytest.raises(difftool.DifftoolError, match=message):
        call()


def test_a_report_reads_well() -> None:
    text = repr(difftool.check("mean(3*(x+2)^3)", {"x": X}, "9*(x+2)^2", seed=0))
    assert text.splitlines()[0] == "expression  mean(3*(x+2)^3)"
    assert "hand-derived gradient  4 of 4" in text
    assert text.splitlines()[-1] == "failed: the gradient by x"
