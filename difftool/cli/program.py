"""The commands, and the program they belong to: options in, one call of the session, one writer.

Only click is imported here. What a command needs is imported when it runs, so that `--help` and
`--version` answer at once.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from difftool.cli import failure, options, streams
from difftool.cli.check import check_command
from difftool.cli.command import Command, ExpressionCommand, ProgramCommand
from difftool.cli.derivatives import commands as of_derivatives
from difftool.cli.ending import DONE, REFUSED
from difftool.cli.group import Program
from difftool.cli.help import OF_TENSORS, PATTERN, TENSOR, VARIABLES

if TYPE_CHECKING:
    from difftool.cli.inputs import Request

COMPLETION = "_DIFFTOOL_COMPLETE"


def run(words: list[str]) -> int:
    """Run the program with the words of a command line; return the exit status.

    Raises DifftoolError for every request that can't be met.
    """
    instruction = os.environ.get(COMPLETION)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, "difftool", COMPLETION, instruction)
    if not words:
        streams.say(program.get_help(click.Context(program, info_name="difftool")) + "\n")
        return REFUSED
    try:
        with program.make_context("difftool", list(words)) as context:
            status: int = program.invoke(context)
            return status
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        raise failure.of_click(error) from None


def _eval(request: Request, **settings: Any) -> int:
    from difftool.cli.inputs import source_of
    from difftool.cli.output import Form, deliver

    source = source_of(request, settings)
    inputs = source.inputs(settings["inputs"])
    form = Form.of(settings)
    form.check(1)
    with form.file() as file:
        memory = None if file is None else file.array
        return deliver(source.session.evaluate(request.text, inputs, memory), form, file)


def _grad(request: Request, **settings: Any) -> int:
    from difftool.cli.inputs import Given, source_of
    from difftool.cli.output import Form, deliver

    source = source_of(request, settings)
    inputs = source.inputs(settings["inputs"])
    wrt, vector = list(settings["wrt"]), settings["grad_output"]
    form = Form.of(settings)
    form.check(len(wrt) or sum([array.dtype.kind == "f" for array in inputs.values()]))
    with form.file() as file:
        record = source.session.grad(
            request.text,
            inputs,
            wrt=wrt or None,
            grad_output=None if vector is None else source.tensor(Given(vector, "--grad-output")),
            keep=settings["keep"],
            memory=None if file is None else file.array,
        )
        return deliver(record, form, file)


def _run(request: Request, **settings: Any) -> int:
    from difftool.cli.running import run

    return run(request, settings)


def _functions(name: str | None, **settings: Any) -> int:
    from difftool.cli.functions import record
    from difftool.cli.output import Form, show

    show(record(name), Form.of(settings))
    return DONE


def _schema(**settings: Any) -> int:
    from difftool.report.schema import schema_line

    streams.write((schema_line(),))
    return DONE


program = Program(
    "difftool",
    (
        ExpressionCommand(
            "eval",
            _eval,
            [
                *options.of_inputs(),
                *options.of_result(),
                *options.of_display(),
                *options.of_computation(),
            ],
            pattern=PATTERN,
            summary="Compute the value of a tensor expression.",
            about=(TENSOR, VARIABLES),
            examples=(
                'difftool eval "(x + 2)^3" --x "[[1, 2], [3, 4]]"',
                'difftool eval "A @ A.T" --A @matrix.csv --out product.npy',
                'difftool eval "y = x - x.mean(); y / y.std()" --x "randn(5)" --seed 1',
            ),
        ),
        ExpressionCommand(
            "grad",
            _grad,
            [
                *options.of_inputs(),
                *options.of_gradients(),
                *options.of_result(),
                options.of_keeping(),
                *options.of_display(),
                *options.of_computation(),
            ],
            pattern=PATTERN,
            summary="Compute value, grad_fn chain and gradients of a tensor expression.",
            about=(
                "Shows every node of the graph with its forward value, its grad_fn and the "
                "gradient of the output for it; the chain of grad_fn; and the gradient for every "
                "input.",
                TENSOR,
                VARIABLES,
            ),
            examples=(
                'difftool grad "mean(3*(x+2)^3)" --x "ones(2,2)"',
                'difftool grad "x @ w" --x "ones(2,3)" --w "[1, 2, 3]" --grad-output "[1, 0]"',
                'difftool grad "mse_loss(A @ w, b)" --inputs data.npz --wrt w --out grad.npz',
            ),
        ),
        *of_derivatives(),
        check_command(),
        ProgramCommand(
            "run",
            _run,
            [
                *options.of_inputs(),
                *options.of_running(),
                options.of_variables(),
                *options.of_display(),
            ],
            pattern="FILE [--NAME TENSOR]... [OPTIONS]",
            summary="Run a program file, as PyTorch would.",
            about=(
                "FILE holds statements of Python with PyTorch's names, as in a notebook: loops, "
                "branches, print, assert, backward(), torch.no_grad(). The value of an expression "
                "that stands by itself is printed, as a notebook shows it. A FILE of - is "
                "standard input.",
                "Tensors are float32 unless the program or --dtype says otherwise. An assert that "
                "does not hold ends the program with exit status 1.",
                OF_TENSORS,
                VARIABLES,
            ),
            examples=(
                "difftool run train.py",
                'difftool run descent.py --start "[1.5, -1]" --seed 0 --out weights.npz',
                "difftool run - --json < check.py",
            ),
        ),
        Command(
            "functions",
            _functions,
            [click.Argument(["name"], required=False), *options.of_display()],
            pattern="[NAME] [OPTIONS]",
            summary="List the functions of the language, or describe one.",
            examples=("difftool functions", "difftool functions torch.mean"),
        ),
        Command(
            "schema",
            _schema,
            options.of_display(),
            pattern="[OPTIONS]",
            summary="Print the JSON Schema of everything that --json prints.",
            examples=("difftool schema > difftool.schema.json",),
        ),
    ),
    about=("Tensor expressions and their gradients, with the meaning PyTorch gives them.",),
    examples=(
        'difftool grad "mean(3*(x+2)^3)" --x "ones(2,2)"',
        'difftool eval "A @ b" --A @matrix.npy --b "[1, 2]" --json',
        "difftool functions softmax",
    ),
    closing=(
        "Every command has its own --help. Results go to standard output, everything else to "
        "standard error. Exit status: 0 done, 1 a check or an assertion does not hold, 2 the "
        "request can't be met, 3 a defect of difftool, 130 interrupted, 141 the reader of the pipe "
        "went away.",
    ),
)
