"""The Python functions: what they take and give, and that bad input raises DifftoolError alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import difftool

STEP = """
y = (3*(x + 2)**3).mean()
print(y)
"""


# ----- What is documented -----


def test_grad_gives_value_gradients_and_graph() -> None:
    r = difftool.grad("mean(3*(x+2)^3)", {"x": np.ones((2, 2))})
    assert r.grad_fn is not None
    assert r.value.shape == () and r.value == 81.0
    assert np.array_equal(r.gradients["x"], np.full((2, 2), 20.25))
    assert (r.grad_fn.name, r.grad_fn.variable) == ("MeanBackward0", None)
    assert [repr(function) for function in r.grad_fn.next_functions] == ["<MulBackward0>"]
    assert [node.op for node in r.nodes] == [
        *("leaf", "constant", "add", "constant", "pow", "constant", "mul", "mean")
    ]
    assert (r.unused, r.seed, r.warnings) == ((), None, ())


def test_the_chain_of_functions_ends_at_the_inputs() -> None:
    grad_fn = difftool.grad("sum(x*y)", {"x": [1.0], "y": [2.0]}).grad_fn
    assert grad_fn is not None
    (product,) = grad_fn.next_functions
    ends = product.next_functions
    assert [(end.name, end.variable, end.next_functions) for end in ends] == [
        ("AccumulateGrad", "x", ()),
        ("AccumulateGrad", "y", ()),
    ]
    assert product == grad_fn.next_functions[0] != ends[0]
    assert len({product, grad_fn.next_functions[0]}) == 1


def test_wrt_picks_inputs_and_grad_output_is_the_vector() -> None:
    inputs = {"x": [1.0, 2.0], "y": [3.0, 4.0]}
    r = difftool.grad("x*y", inputs, wrt=["y"], grad_output=np.array([1.0, 10.0]))
    assert list(r.gradients) == ["y"]
    assert r.gradients["y"].tolist() == [1.0, 20.0]
    assert difftool.grad("x*y", inputs, wrt=("y",), grad_output=[1, 10]).value.tolist() == [3, 8]


def test_an_input_that_is_not_used_has_zeros() -> None:
    r = difftool.grad("x^2", {"x": 3.0, "y": [1.0, 2.0]})
    assert (r.unused, r.gradients["y"].tolist()) == (("y",), [0.0, 0.0])


def test_nan_is_a_result_with_a_warning() -> None:
    r = difftool.grad("log(x)", {"x": -1.0})
    assert np.isnan(r.value)
    assert len(r.warnings) == 1 and "log" in r.warnings[0]


def test_evaluate_gives_an_array() -> None:
    value = difftool.evaluate("x @ x.T", {"x": np.arange(4.0).reshape(2, 2)})
    assert isinstance(value, np.ndarray)
    assert value.tolist() == [[1.0, 3.0], [3.0, 13.0]]
    assert difftool.evaluate("2 + 3").shape == ()


@pytest.mark.parametrize(
    ("given", "dtype", "expected"),
    [
        ([1, 2], None, "float64"),
        (np.array([1, 2]), None, "int64"),
        (np.ones(2, "float32"), None, "float32"),
        (np.ones(2, "float32"), "float64", "float64"),
        (np.ones(2), "float32", "float32"),
        (np.array([True, False]), None, "bool"),
        (np.ones(2).astype(">f8"), None, "float64"),
        (1.5, None, "float64"),
    ],
)
def test_inputs_keep_their_dtype_unless_one_is_asked_for(
    given: Any, dtype: str | None, expected: str
) -> None:
    assert difftool.evaluate("x", {"x": given}, dtype=dtype).dtype == expected


def test_inputs_are_not_changed_and_results_not_shared() -> None:
    x = np.ones(3)
    value = difftool.evaluate("x", {"x": x})
    gradient = difftool.grad("sum(x)", {"x": x}).gradients["x"]
    left = difftool.run("x += 1\ny = x[:2]\n", {"x": x}, dtype="float64").variables
    assert left["x"].tolist() == [2, 2, 2]
    gradient += 1
    assert x.tolist() == [1, 1, 1] and value.tolist() == [1, 1, 1]


def test_a_seed_repeats_random_numbers() -> None:
    first, again = (difftool.evaluate("randn(4)", seed=3) for _ in range(2))
    assert np.array_equal(first, again)
    drawn = difftool.grad("sum(x*randn(4))", {"x": 1.0})
    repeated = difftool.grad("sum(x*randn(4))", {"x": 1.0}, seed=drawn.seed)
    assert drawn.seed is not None and drawn.value == repeated.value


# ----- Programs -----


def test_run_gives_output_variables_and_gradients() -> None:
    left = difftool.run("import torch\nx = torch.ones(2, requires_grad=True)\nn = 2\n" + STEP)
    assert left.output == "tensor(81., grad_fn=<MeanBackward0>)\n"
    assert list(left.variables) == ["x", "y"]
    assert left.variables["y"] == 81.0 and left.variables["y"].dtype == np.float32
    assert (left.gradients, left.seed) == ({}, None)
    again = difftool.run("x.requires_grad_(True)\n" + STEP + "y.backward()\n", {"x": np.ones(2)})
    assert again.output == "tensor([1., 1.], requires_grad=True)\n" + left.output
    assert again.gradients["x"].tolist() == [40.5, 40.5]


def test_run_takes_the_settings_of_a_run() -> None:
    text = "y = x + torch.randn(2)\nprint(y.dtype)\n"
    left = difftool.run(text, {"x": [1, 2]}, seed=0, dtype="float64")
    assert (left.output, left.seed) == ("torch.float64\n", 0)
    assert left.variables["y"].dtype == np.float64
    drawn = difftool.run(text, {"x": [1, 2]})
    again = difftool.run(text, {"x": [1, 2]}, seed=drawn.seed)
    assert np.array_equal(again.variables["y"], drawn.variables["y"])
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.run("while True: pass", max_steps=1000)
    assert raised.value.kind == "limit"


def test_a_program_that_fails_says_where() -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.run("x = 1\nfor i in range(3):\n    assert i < 2, 'too many'\n")
    error = raised.value
    assert (error.kind, error.line, error.column) == ("assertion", 3, 12)
    assert error.message.endswith("too many") and error.exit_status == 1
    assert error.notes == ("i is 2",)


# ----- Errors -----


def test_an_error_has_kind_message_hint_and_span() -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.evaluate("a + b", {"a": np.ones(3), "b": np.ones(4)})
    error = raised.value
    assert (error.kind, error.span, error.source) == ("shape", difftool.Span(0, 5), "a + b")
    assert "(3,) and (4,)" in error.message and error.hint
    assert str(error) == f"{error.message} (hint: {error.hint})"


@pytest.mark.parametrize(
    ("arguments", "settings", "kind"),
    [
        ((5,), {}, "argument"),
        ((None,), {}, "argument"),
        ((b"1",), {}, "argument"),
        (("x +",), {}, "syntax"),
        (("x = = 3",), {}, "syntax"),
        (("\0",), {}, "syntax"),
        (("x",), {}, "name"),
        (("x", [1]), {}, "argument"),
        (("x", "x"), {}, "argument"),
        (("x", {5: 1}), {}, "argument"),
        (("x", {"x": None}), {}, "dtype"),
        (("x", {"x": "abc"}), {}, "dtype"),
        (("x", {"x": 1j}), {}, "dtype"),
        (("x", {"x": object()}), {}, "dtype"),
        (("x", {"x": [1, [2]]}), {}, "shape"),
        (("x", {"x": 10**400}), {}, "dtype"),
        (("1",), {"dtype": np.float32}, "argument"),
        (("1",), {"dtype": "int64"}, "usage"),
        (("1",), {"dtype": ["float32"]}, "argument"),
        (("1",), {"seed": "a"}, "argument"),
        (("1",), {"seed": 1.5}, "argument"),
        (("1",), {"seed": True}, "argument"),
        (("randn(3)",), {"seed": 2**80}, "value"),
        (("1",), {"max_memory": "1GB"}, "argument"),
        (("1",), {"max_memory": 0}, "argument"),
    ],
)
@pytest.mark.parametrize("function", [difftool.evaluate, difftool.grad, difftool.run])
def test_bad_input_raises_difftool_error(
    function: Callable[..., object], arguments: tuple[Any, ...], settings: Any, kind: str
) -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        function(*arguments, **settings)
    assert raised.value.kind == kind


@pytest.mark.parametrize("function", [difftool.evaluate, difftool.run])
def test_too_much_memory_is_a_limit(function: Callable[..., object]) -> None:
    for text, settings in (("zeros(10**6, 10**6)", {}), ("zeros(100) + 1", {"max_memory": 99})):
        with pytest.raises(difftool.DifftoolError) as raised:
            function(text, **settings)
        assert raised.value.kind == "limit"


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"wrt": "x"}, "argument"),
        ({"wrt": 5}, "argument"),
        ({"wrt": [[]]}, "argument"),
        ({"wrt": ["y"]}, "name"),
        ({"grad_output": "a"}, "dtype"),
        ({"grad_output": [1, [2]]}, "shape"),
        ({"grad_output": [1]}, "shape"),
        ({}, "shape"),
    ],
)
def test_bad_settings_of_grad_raise_difftool_error(settings: Any, kind: str) -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.grad("x*x", {"x": [1.0, 2.0]}, **settings)
    assert raised.value.kind == kind


@pytest.mark.parametrize("steps", [0, -1, "5", 2.0, True])
def test_bad_settings_of_run_raise_difftool_error(steps: Any) -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.run("pass", max_steps=steps)
    assert raised.value.kind == "argument"
    assert "max_steps must be a whole number from 1 on" in raised.value.message


def test_memory_that_the_machine_refuses_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **settings: object) -> None:
        raise MemoryError

    for name in ("evaluate", "grad", "run"):
        monkeypatch.setattr(f"difftool.session.Session.{name}", fail)
        with pytest.raises(difftool.DifftoolError) as raised:
            getattr(difftool, name)("1")
        assert raised.value.kind == "limit"


def test_several_values_are_no_array() -> None:
    with pytest.raises(difftool.DifftoolError) as raised:
        difftool.evaluate("max(x, dim=0)", {"x": [[1.0, 2.0]]})
    assert raised.value.hint == "pick one of its parts"


# ----- The package -----


def test_every_public_name_is_there() -> None:
    for name in difftool.__all__:
        assert getattr(difftool, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        difftool.__getattr__("nothing")


def test_importing_the_package_loads_no_numpy() -> None:
    code = "import sys, difftool; print({'numpy', 'click', 'lark', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
