"""Sessions: what becomes of the result of an expression, and of what an input is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.report.record import Output, OutputRecord, TextRecord, TupleRecord
from difftool.session import Session


def evaluated(expression: str, **settings: Any) -> Any:
    return Session(**settings).evaluate(expression, {"x": np.array([1.0, 2.0])}).output


def refused(expression: str, method: str = "evaluate", **arguments: Any) -> DifftoolError:
    inputs = {"x": np.array([1.0, 2.0]), "y": np.array(3.0)}
    with pytest.raises(DifftoolError) as caught:
        getattr(Session(), method)(expression, inputs, **arguments)
    return caught.value


# ----- Results -----


@pytest.mark.parametrize(
    ("expression", "dtype", "data"),
    [
        ("2 + 3", "int64", 5),
        ("0.5", "float64", 0.5),
        ("True", "bool", True),
        ("[1, 2]", "float64", [1, 2]),
        ("[[True], [False]]", "bool", [[True], [False]]),
        ("[x, 2*x]", "float64", [[1, 2], [2, 4]]),
        ("[[x], [2*x]]", "float64", [[[1, 2]], [[2, 4]]]),
        ("[x[0], 5]", "float64", [1, 5]),
        ("[]", "float64", []),
    ],
)
def test_a_number_or_list_is_a_tensor(expression: str, dtype: str, data: Any) -> None:
    output = evaluated(expression)
    assert isinstance(output, OutputRecord)
    assert (output.dtype, output.data.tolist()) == (dtype, data)


@pytest.mark.parametrize("expression", ["[1.5, 2]", "0.5", "ones(2)", "x", "[x, x]"])
def test_the_default_dtype_is_that_of_every_floating_result(expression: str) -> None:
    assert evaluated(expression, dtype="float32").dtype == "float32"


@pytest.mark.parametrize(
    ("expression", "data"),
    [
        ("torch.tensor([0, 1] * 2)", [0, 1, 0, 1]),
        ("tensor([[1, 2] * 2, [3] * 4])", [[1, 2, 1, 2], [3, 3, 3, 3]]),
        ("tensor([1] + [2, 3]) * 2", [2, 4, 6]),
        ("tensor([sum([1, 2] * 2), 3])", [6, 3]),
        ("[0, 1] * 4", [0, 4]),
        ("tensor([1, 2])[0] * [0, 1]", [0, 1]),
    ],
)
def test_lists_are_pythons_own_only_where_a_tensor_is_made_of_them(
    expression: str, data: Any
) -> None:
    output: Any = Session().evaluate(expression, {}).output
    assert output.data.tolist() == data


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("x.shape", "torch.Size([2])"),
        ("x.dtype", "torch.float64"),
        ("None", "None"),
        ("'mean'", "mean"),
        ("ones(2, requires_grad=True).sum().grad_fn", "<SumBackward0>"),
    ],
)
def test_other_results_are_text(expression: str, text: str) -> None:
    assert evaluated(expression) == TextRecord(text)


def flat(output: Output) -> list[Any]:
    """The values of a result in order, and the names of what has named parts."""
    if isinstance(output, TupleRecord):
        parts = [value for item in output.items for value in flat(item)]
        return [*(output.type_name or "").split(".")[2:], *parts]
    return [output.data.tolist() if isinstance(output, OutputRecord) else output.text]


def test_a_tuple_holds_results_of_every_kind() -> None:
    output = evaluated("(x + 1, (x.max(dim=0), [x[0], 2]), 'a', 3)")
    assert flat(output) == [[2, 3], "max", 2, 1, [1, 2], "a", "3"]


@pytest.mark.parametrize(
    "expression",
    [
        "a = (x, x)" + "; a = (a, a)" * 50 + "; a",
        "a = (1, 1)" + "; a = (a, a)" * 50 + "; b = (a, a); a == b",
        "a = [1, 1]" + "; a = [a, a]" * 50 + "; a",
        "a = [0, 1]" + "; a = [a, a]" * 50 + "; reshape(x, a)",
        "(" * 100_000 + "1" + ",)" * 100_000,
        "[" * 100_000 + "1" + "]" * 100_000,
    ],
    ids=lambda text: text[:12] + " ... " + text[-20:],
)
def test_what_is_nested_beyond_reading_is_refused(expression: str) -> None:
    assert refused(expression).kind in ("limit", "shape", "index", "argument")


@pytest.mark.parametrize("expression", ["add()", "sin()", "add(x)", "sin(x, x)", "atan2(x, x, x)"])
def test_a_call_with_too_few_or_too_many_tensors_is_refused(expression: str) -> None:
    assert refused(expression).kind == "argument"


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("x.max(dim=0)", "a tuple of values, indices", ".values, .indices"),
        ("(x, y)", "a tuple", "[0], [1]"),
        ("x.shape", "a tuple", "must give a tensor"),
        ("3", "the number 3", "must give a tensor"),
        ("'mean'", "the string 'mean'", "must give a tensor"),
    ],
)
def test_only_a_tensor_has_a_gradient(expression: str, message: str, hint: str) -> None:
    error = refused(expression, "grad")
    assert error.message == f"the output is {message}, not a tensor"
    assert error.hint is not None and hint in error.hint


@pytest.mark.parametrize(
    ("expression", "span"),
    [("[[1, 2], [3]]", (0, 13)), ("y = x; [1, 10^300, 'a']", (7, 23))],
)
def test_a_fault_in_the_result_has_its_place(expression: str, span: tuple[int, int]) -> None:
    assert refused(expression).span == span


# ----- Inputs and leaves -----


def test_a_leaf_of_the_text_does_not_take_an_inputs_place() -> None:
    text = "y = x * 2; x = ones(2, requires_grad=True); sum(x) + sum(y)"
    gradients = Session().grad(text, {"x": np.array(3.0)}).gradients
    assert {name: found.array.tolist() for name, found in gradients.items()} == {
        "x": 2.0,
        "x#1": [1.0, 1.0],
    }


@pytest.mark.parametrize(
    ("wrt", "hint"),
    [("z", "the inputs are: x, y"), ("x,y", "give each name its own --wrt")],
)
def test_a_name_to_differentiate_by_must_be_an_input(wrt: str, hint: str) -> None:
    error = refused("sum(x) * y", "grad", wrt=[wrt])
    assert (error.kind, error.place, error.source, error.hint) == ("name", "--wrt", wrt, hint)
    assert error.span == (0, len(wrt))


# ----- NaN and infinity -----


@pytest.mark.parametrize(
    ("expression", "warning"),
    [
        ("inf - inf", "inf - inf holds NaN already"),
        ("x * nan", "nan holds NaN already"),
        ("log(x - 1)", "infinity in the value of `log(x - 1)`, made by log of `x - 1`"),
        ("(x / 0, x)", "infinity in the value of `x / 0`, made by div"),
    ],
)
def test_a_warning_names_where_a_value_stops_being_finite(expression: str, warning: str) -> None:
    (found,) = Session().evaluate(expression, {"x": np.array([1.0, 2.0])}).warnings
    assert found.startswith(warning)


def test_a_gradient_that_is_not_finite_may_have_been_given() -> None:
    inputs = {"x": np.array([1.0, 2.0])}
    record = Session().grad("x * 1", inputs, grad_output=np.array([np.nan, 1.0]))
    assert record.warnings == ("the gradient given for the output holds NaN",)


@pytest.mark.filterwarnings("error")
def test_what_is_too_large_for_a_narrow_dtype_is_infinite() -> None:
    narrow = {"x": np.array([1.0, 2.0], np.float32)}
    record = Session().grad("x * 1", narrow, grad_output=np.array([1e300, 1.0]))
    assert record.gradients["x"].array.tolist() == [np.inf, 1.0]
    wide = {"x": np.array([1e10])}
    assert flat(Session(dtype="float16").evaluate("x", wide).output) == [[np.inf]]
