"""The commands `jvp`, `vjp`, `jacobian`, `hessian` and `hvp`: declared here, computed by a session.

`program` puts them among the others. Like `program`, this imports what a command needs when it
runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from difftool.cli import options, streams
from difftool.cli.command import ExpressionCommand
from difftool.cli.help import PATTERN, TENSOR, VARIABLES

if TYPE_CHECKING:
    from difftool.cli.inputs import Array, Request, Source
    from difftool.cli.output import Form
    from difftool.report.derivatives import HvpRecord, JvpRecord

OF_TANGENTS = (
    "--tangent gives an input the direction in which it moves, a TENSOR of its shape. Inputs "
    "without one stand still: theirs is zero."
)


def commands() -> tuple[ExpressionCommand, ...]:
    """The commands, in the order in which the help lists them."""
    return (
        _command(
            "jvp",
            _jvp,
            [options.of_tangents()],
            pattern="EXPRESSION [--NAME TENSOR]... --tangent NAME=TENSOR... [OPTIONS]",
            summary="Differentiate along a direction: the Jacobian times tangents.",
            about=(OF_TANGENTS,),
            examples=(
                'difftool jvp "sin(x)*y" --x "[1, 2]" --y 3 --tangent "x=[1, 0]"',
                'difftool jvp "A @ x" --A @a.npy --x "ones(3)" --tangent x=@v.npy --out jvp.npy',
            ),
        ),
        _command(
            "vjp",
            _vjp,
            [options.of_wrt(), options.of_grad_output()],
            summary="Take a vector back to the inputs: a vector times the Jacobian.",
            about=(
                "The same gradients as those of grad, without the table of nodes. An output that "
                "is no scalar needs --grad-output.",
            ),
            examples=(
                'difftool vjp "A @ x" --A "eye(2)" --x "[1, 2]" --grad-output "[1, 10]"',
                'difftool vjp "mse_loss(A @ w, b)" --inputs data.npz --wrt w --json',
            ),
        ),
        _command(
            "jacobian",
            _jacobian,
            [options.of_wrt(), options.of_matrix()],
            summary="Compute all first derivatives of an expression.",
            about=(
                "A Jacobian has the output's shape, then the input's. --matrix puts those of all "
                "inputs side by side, a row for each element of the output.",
            ),
            examples=(
                'difftool jacobian "x^2" --x "[1, 2, 3]"',
                'difftool jacobian "tanh(W @ x)" --W "randn(2,3)" --x "ones(3)" --matrix',
                'difftool jacobian "A @ x" --inputs data.npz --wrt x --out jacobian.npy',
            ),
        ),
        _command(
            "hessian",
            _hessian,
            [options.of_wrt(), options.of_matrix()],
            summary="Compute all second derivatives of a scalar expression.",
            about=(
                "The Hessian has a block for each pair of inputs, in the shape of the first, then "
                "that of the second; a file calls them x,x and x,y. --matrix puts the blocks "
                "together. An output that is no scalar has no Hessian: reduce it with sum(...), "
                "or take the jacobian of a gradient.",
            ),
            examples=(
                'difftool hessian "sum(x^3)" --x "[1, 2]"',
                'difftool hessian "sum((W @ x)^2)" --W "eye(2)" --x "[1, 2]" --matrix',
                'difftool hessian "x @ Q @ x" --inputs data.npz --wrt x --matrix --out H.npy',
            ),
        ),
        _command(
            "hvp",
            _hvp,
            [options.of_tangents(), options.of_wrt()],
            pattern="EXPRESSION [--NAME TENSOR]... --tangent NAME=TENSOR... [OPTIONS]",
            summary="Multiply the Hessian of a scalar expression with tangents.",
            about=(
                "It costs a few evaluations, however large the Hessian is, which is never made.",
                OF_TANGENTS,
            ),
            examples=(
                'difftool hvp "sum(x^3)" --x "[1, 2]" --tangent "x=[1, 0]"',
                'difftool hvp "y*sum(exp(x))" --x "ones(3)" --y 2 --tangent y=1 --json',
            ),
        ),
    )


def _command(
    name: str,
    callback: Any,
    own: list[options.Option],
    *,
    summary: str,
    about: tuple[str, ...],
    examples: tuple[str, ...],
    pattern: str = PATTERN,
) -> ExpressionCommand:
    return ExpressionCommand(
        name,
        callback,
        [
            *options.of_inputs(),
            *own,
            *options.of_result(),
            *options.of_display(),
            *options.of_computation(),
        ],
        pattern=pattern,
        summary=summary,
        about=(*about, TENSOR, VARIABLES),
        examples=examples,
    )


def _jvp(request: Request, **settings: Any) -> int:
    from difftool.cli.output import Form, deliver

    source, inputs = _inputs(request, settings)
    form = Form.of(settings)
    form.check(1)
    record = source.session.jvp(request.text, inputs, _tangents(source, settings))
    _tell_still(record, form)
    return deliver(record, form)


def _vjp(request: Request, **settings: Any) -> int:
    from difftool.cli.inputs import Given
    from difftool.cli.output import Form, deliver

    source, inputs = _inputs(request, settings)
    vector = settings["grad_output"]
    form = Form.of(settings)
    form.check(_count(inputs, settings))
    record = source.session.vjp(
        request.text,
        inputs,
        None if vector is None else source.tensor(Given(vector, "--grad-output")),
        list(settings["wrt"]) or None,
    )
    return deliver(record, form)


def _jacobian(request: Request, **settings: Any) -> int:
    from difftool.cli.output import Form, deliver

    source, inputs = _inputs(request, settings)
    matrix = settings["matrix"]
    form = Form.of(settings)
    form.check(1 if matrix else _count(inputs, settings))
    wrt = list(settings["wrt"]) or None
    return deliver(source.session.jacobian(request.text, inputs, wrt, matrix), form)


def _hessian(request: Request, **settings: Any) -> int:
    from difftool.cli.output import Form, deliver

    source, inputs = _inputs(request, settings)
    matrix = settings["matrix"]
    form = Form.of(settings)
    form.check(1 if matrix else _count(inputs, settings) ** 2)
    wrt = list(settings["wrt"]) or None
    return deliver(source.session.hessian(request.text, inputs, wrt, matrix), form)


def _hvp(request: Request, **settings: Any) -> int:
    from difftool.cli.output import Form, deliver

    source, inputs = _inputs(request, settings)
    form = Form.of(settings)
    form.check(_count(inputs, settings))
    wrt = list(settings["wrt"]) or None
    record = source.session.hvp(request.text, inputs, _tangents(source, settings), wrt)
    _tell_still(record, form)
    return deliver(record, form)


def _inputs(request: Request, settings: dict[str, Any]) -> tuple[Source, dict[str, Array]]:
    from difftool.cli.inputs import source_of

    source = source_of(request, settings)
    return source, source.inputs(settings["inputs"])


def _tangents(source: Source, settings: Mapping[str, Any]) -> dict[str, Array]:
    """The tangents, drawn after the inputs and before what the expression draws."""
    given = click.get_current_context().get_parameter_source("tangent")
    return source.tangents(settings["tangent"], given is ParameterSource.ENVIRONMENT)


def _count(inputs: Mapping[str, Array], settings: Mapping[str, Any]) -> int:
    """How many inputs are differentiated by."""
    return len(settings["wrt"]) or sum([array.dtype.kind == "f" for array in inputs.values()])


def _tell_still(record: JvpRecord | HvpRecord, form: Form) -> None:
    """Say which inputs stand still: a forgotten tangent is no fault, but it may be a mistake."""
    if record.still:
        names = ", ".join(record.still)
        streams.say(f"no tangent for {names}: zeros (--tangent {record.still[0]}=TENSOR)\n")
