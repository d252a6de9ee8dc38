"""Random requests: whatever comes in, a result or a `DifftoolError` comes out.

Warnings are errors here, `LIMIT` is far below what the wild sizes of the requests ask for, and the
deadline is long for one request but shorter than any loop over a huge number.
"""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from difftool.cli.main import main
from difftool.cli.program import program
from difftool.errors import DifftoolError
from difftool.language.parser import parse
from difftool.language.syntax import unparse
from difftool.report.json_lines import pieces
from difftool.report.record import EvalRecord, GradRecord, OutputRecord
from difftool.report.schema import schema
from difftool.session import Session
from tests.strategies import INPUTS, WORDS, mutated, requests, smooth, soup

LIMIT = 2**24

jsonschema: Any = importlib.import_module("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())



def bounded(examples: int) -> settings:
    """The same examples in every run, and no more than fit into a few seconds."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=timedelta(seconds=5),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def session() -> Session:
    return Session(seed=0, max_memory=LIMIT)


def check_refusal(error: DifftoolError, text: str) -> None:
    """An error has words for people and a place in the text."""
    assert error.message.strip() and "\n" not in error.message
    assert "no memory for" not in error.message, "refused only after the plan allowed it"
    if error.span is not None:
        assert 0 <= error.span.start <= error.span.end <= len(text)


def check_text(text: str) -> None:
    """Any text is read or refused, and what is read is printed as something that reads the same."""
    try:
        tree = parse(text)
    except DifftoolError as error:
        assert error.kind in ("syntax", "value", "limit", "unsupported", "name"), error.kind
        check_refusal(error, text)
        return
    printed = unparse(tree)
    assert unparse(parse(printed)) == printed


def check_json(record: EvalRecord | GradRecord) -> None:
    """A record is JSON; one of an empty tensor of very many rows is too long to look at."""
    if max(getattr(record.output, "shape", ()), default=0) < 10**6:
        json.loads("".join(pieces(record)))


def check_request(text: str) -> None:
    """A request is evaluated and differentiated, or refused; what comes out is whole.

    The value is the same both times, save that only `grad` makes its inputs require gradients.
    """
    output = None
    try:
        record = session().evaluate(text, INPUTS)
        output = getattr(record.output, "data", None)
        check_json(record)
    except DifftoolError as error:
        check_refusal(error, text)
    try:
        vector = None if output is None or output.ndim == 0 else np.ones(output.shape)
        found = session().grad(text, INPUTS, grad_output=vector)
    except DifftoolError as error:
        check_refusal(error, text)
        return
    check_json(found)
    for name, gradient in found.gradients.items():
        if name in INPUTS:
            assert gradient.array.shape == INPUTS[name].shape, name
            assert gradient.array.dtype == INPUTS[name].dtype, name
    for node in found.nodes:
        for array in (node.data, node.grad):
            if array is not None:
                assert array.shape == node.shape and array.dtype.name == node.dtype, node.op
    if "requires_grad" not in text and "grad_fn" not in text and "is_leaf" not in text:
        np.testing.assert_array_equal(found.output.data, output)


@bounded(600)
@given(st.one_of(soup, mutated(requests())))
def test_any_text_is_read_or_refused(text: str) -> None:
    check_text(text)


@bounded(1000)
@given(requests())
def test_any_request_is_met_or_refused(text: str) -> None:
    check_request(text)


@bounded(200)
@given(mutated(requests()))
def test_nearly_right_requests_are_met_or_refused(text: str) -> None:
    check_request(text)


# ----- The command line -----

OPTIONS = (
    *("--x", "--y", "--v", "--json", "--dtype", "float32", "--seed", "3", "--wrt", "x", "--let"),
    *("--grad-output", "--keep", "0", "--precision", "2", "--finite", "--no-color", "--max-memory"),
    *("--x=1", "--let=y=2", "--jsn", "--", "-", "--=", "--é", "--x y", "--max-memory=1k", "@x.npy"),
    *("@", "@none.npz:a", "--inputs", "--engine", "eager", "-1", "-x^2", "--3", "x=1", "ones(2)"),
)

# All commands, those that a request names most often; a program of its own would take its time.
COMMANDS = ("eval", "grad", *sorted(set(program.commands) - {"run"}))

# Nothing is written to files.
command_lines = st.tuples(
    st.lists(st.sampled_from(COMMANDS), max_size=1),
    st.lists(
        st.one_of(st.sampled_from(OPTIONS), st.sampled_from(WORDS), requests(), soup), max_size=7
    ),
).map(lambda parts: [*parts[0], *[word for word in parts[1] if not word.startswith("--out")]])


def check_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is never that of a defect, and a refusal leaves standard output empty."""
    status = main(words)
    output, errors = capsys.readouterr()
    assert status in (0, 1, 2), errors
    if status == 2:
        assert not output
        assert errors.startswith(("error: ", '{"error": ', "Usage: "))
        if errors.startswith("{"):
            VALIDATOR.validate(json.loads(errors))
    elif output.startswith("{"):
        VALIDATOR.validate(json.loads(output))


@bounded(300)
@given(words=command_lines)
def test_any_words_are_met_or_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    check_words(words, capsys)


# ----- Gradients -----

# Nothing of the text is smooth where it has these in it, but its gradient is right all the same.
STEP = 1e-4


def along(text: str, direction: dict[str, np.ndarray], step: float) -> float:
    """The central difference of fourth order of a scalar expression along a direction."""

    def at(distance: float) -> float:
        moved = {name: INPUTS[name] + distance * change for name, change in direction.items()}
        output = session().evaluate(text, {**INPUTS, **moved}).output
        assert isinstance(output, OutputRecord)
        return float(output.data)

    near = (at(step) - at(-step)) / (2 * step)
    far = (at(2 * step) - at(-2 * step)) / (4 * step)
    return (4 * near - far) / 3


def check_gradient(text: str) -> None:
    """The gradient agrees with differences, where differences of two step sizes agree."""
    try:
        found = session().grad(text, INPUTS).gradients
    except DifftoolError:
        return
    source = np.random.default_rng(5)
    smooth = [name for name in found if INPUTS[name].dtype == np.float64 and name != "odd"]
    direction = {name: np.asarray(source.normal(size=INPUTS[name].shape)) for name in smooth}
    expected = along(text, direction, STEP)
    tolerance = 1e-5 * max(1.0, abs(expected))
    if not abs(expected - along(text, direction, STEP / 3)) <= tolerance / 10:
        return
    if not all(np.isfinite(found[name].array).all() for name in smooth):
        return  # zero times infinity, as in PyTorch, where the value takes another branch
    product = sum([float(np.sum(found[name].array * direction[name])) for name in smooth])
    assert abs(product - expected) <= tolerance, (product, expected)


@bounded(250)
@given(smooth)
def test_gradients_agree_with_differences(text: str) -> None:
    check_gradient(text)
