"""The command `check`: one expression, or a file of checks, to a verdict and its exit status.

`program` declares it. An expression goes to `checking`, a file to `checklist` and `carrying_out`;
what they find is written by the one of `render`'s modules that `--format` names, or as JSON.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from difftool.cli import failure, options, streams
from difftool.cli.command import Command, ExpressionCommand, free_names
from difftool.cli.ending import DONE, FAILED, REFUSED
from difftool.cli.help import TENSOR, VARIABLES
from difftool.cli.inputs import Given, Request, Source
from difftool.cli.options import (
    COMPUTATION,
    INPUTS,
    RESULT,
    Option,
    one_of,
    tolerance,
    whole_number,
)
from difftool.cli.words import Words, sort
from difftool.errors import DifftoolError

if TYPE_CHECKING:
    from difftool.language.syntax import Program
    from difftool.report.check import CheckRecord
    from difftool.session import Session

FILE = "--file"
AGAINST = "--against"
FORMATS = ("table", "json", "junit", "github")

# What a file says of each check by itself.
OF_ONE = ("--against", "--wrt", "--grad-output", "--let", "--inputs", "--order", "--trials")
OF_ONE_TOO = ("--rtol", "--atol")


class CheckCommand(ExpressionCommand):
    """A command of an expression or, with --file, of none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = [option for option in self.params if isinstance(option, Option)]
        known = {name: option for option in own for name in (*option.opts, *option.secondary_opts)}
        words = sort(args, known, {name for name, option in known.items() if option.is_flag})
        if "--help" in words.options or ctx.resilient_parsing or not _has_file(words):
            return super().parse_args(ctx, args)
        if words.expressions:
            raise failure.usage(
                f"an expression and {FILE}: one of them is checked",
                f"leave {FILE} away, or put the expression into the file",
                words.expressions[0],
            )
        for name in words.unknown:
            raise failure.no_such_option(name, known)
        for name in words.unfilled:
            raise failure.usage(f"{name} needs a value", f"{name} VALUE", name)
        for word in words.options:
            name = word.partition("=")[0]
            if name in OF_ONE + OF_ONE_TOO:
                raise failure.usage(
                    f"{name} belongs to one check", "say it in the file, for each check", name
                )
        rest = Command.parse_args(self, ctx, words.options)
        ctx.params["request"] = None
        ctx.params.pop("let")
        return rest

    def names(self, tree: Program, words: Words) -> tuple[str, ...]:
        """The free names of the expression, then those that only --against has."""
        given = [word.partition("=")[2] for word in words.options if word.startswith(AGAINST + "=")]
        against = given[-1] if given else os.environ.get(options.variable(AGAINST), "")
        names = free_names(tree)
        if not against.strip():
            return names
        from difftool.by_hand import VECTOR
        from difftool.language.parser import parse

        try:
            more = free_names(parse(against))
        except DifftoolError as error:
            error.place = AGAINST
            raise error.at(None, against) from None
        return (*names, *[name for name in more if name not in (*names, VECTOR)])


def _has_file(words: Words) -> bool:
    return any([word.startswith(FILE + "=") for word in words.options]) or (
        not words.expressions and bool(os.environ.get(options.variable(FILE)))
    )


# ----- Options -----


def _options() -> list[click.Parameter]:
    computation = {option.opts[0]: option for option in options.of_computation()}
    return [
        *options.of_inputs(),
        *options.of_gradients(),
        Option(
            AGAINST,
            section=COMPUTATION,
            metavar="EXPRESSION",
            help="A hand-derived gradient to compare with, by the one input that --wrt names.",
        ),
        Option(
            "--order",
            section=COMPUTATION,
            callback=one_of("1", "2"),
            default="1",
            metavar="N",
            help="1 checks the gradient, 2 the second derivatives as well (default: 1).",
        ),
        Option(
            "--trials",
            section=COMPUTATION,
            callback=whole_number(1),
            default="1",
            metavar="N",
            help="Check at N points: random inputs are drawn anew for each (default: 1).",
        ),
        Option(
            "--rtol",
            section=COMPUTATION,
            callback=tolerance,
            metavar="X",
            help="Relative tolerance, beside the slope's own uncertainty (default: 1e-6).",
        ),
        Option(
            "--atol",
            section=COMPUTATION,
            callback=tolerance,
            metavar="X",
            help="Absolute tolerance (default: 1e-8 of the largest slope of the input).",
        ),
        computation["--seed"],
        computation["--max-memory"],
        Option(
            FILE,
            section=INPUTS,
            type=click.Path(),
            metavar="FILE",
            help="Carry out the checks of a .toml or .jsonl file instead of one expression.",
        ),
        Option(
            "--jobs",
            section=COMPUTATION,
            callback=whole_number(1),
            default="1",
            metavar="N",
            help="Share the checks of a file among N processes (default: 1).",
        ),
        Option(
            "--format",
            section=RESULT,
            callback=one_of(*FORMATS),
            metavar="FORMAT",
            help="table, json, junit (XML) or github (annotations) (default: table).",
        ),
        *options.of_display(),
    ]


def check_command() -> CheckCommand:
    """The command, for the program."""
    return CheckCommand(
        "check",
        _check,
        _options(),
        pattern="(EXPRESSION [--NAME TENSOR]... | --file FILE) [OPTIONS]",
        summary="Prove the gradients of an expression, or find where they are wrong.",
        about=(
            "Compares reverse mode with central differences, for every entry of an input of up to "
            "1000 entries and along random directions, and with forward mode; with --against, a "
            "gradient derived by hand with reverse mode. Everything is computed in float64. An "
            "entry is wrong if it differs by more than atol + rtol * |entry| and what the "
            "difference itself may be off. At a kink any number between the slopes on both sides "
            "is right. Exit status: 0 all hold, 1 one does not, 2 a check can't be carried out.",
            "With --file, the checks of a file: a [[check]] table of a .toml file, or a line of a "
            ".jsonl file, for each, with name, expression, inputs, wrt, against, grad_output, "
            "order, trials, rtol, atol, seed (0 where it is not said). A [defaults] table may hold "
            "the last five. Files that inputs name are sought beside it.",
            TENSOR,
            VARIABLES,
        ),
        examples=(
            'difftool check "sum(sin(x)*x)" --x "randn(3)" --trials 5 --order 2',
            'difftool check "mean(x^2)" --x "randn(4)" --against "2*x / 4"',
            "difftool check --file checks.toml --jobs 2 --format junit",
        ),
    )


# ----- Running -----


def _check(request: Request | None, **settings: Any) -> int:
    return run(request, settings)


def run(request: Request | None, settings: dict[str, Any]) -> int:
    """Check what the command line names; return the exit status."""
    form = "json" if settings["json"] else settings["format"] or "table"
    if request is None:
        return _run_file(settings, form)
    record = _checked(request, settings)
    _write([record], form, settings["color"], in_full=True)
    return DONE if record.passed else FAILED


def _checked(request: Request, settings: dict[str, Any]) -> CheckRecord:
    from difftool.checking import check
    from difftool.session import Session
    from difftool.trial import RTOL, Settings

    def session_of(seed: int | None) -> Session:
        return Session(None, seed, settings["max_memory"])

    source = Source(session_of(settings["seed"]), request)
    fixed: dict[str, Any] = {}

    def inputs(session: Session) -> dict[str, Any]:
        """The tensors of a trial: files are read once, texts are evaluated for each."""
        if not fixed:
            source.session = session
            fixed.update(source.inputs(settings["inputs"]))
            return dict(fixed)
        return {
            name: session.tensor(request.given[name].text, place=request.given[name].place)
            if name in request.given and not _is_read(request.given[name].text)
            else array
            for name, array in fixed.items()
        }

    vector = settings["grad_output"]
    if vector is not None:
        vector = source.tensor(Given(vector, "--grad-output"))
    start = perf_counter()
    record = check(
        request.text,
        inputs,
        Settings(
            wrt=list(settings["wrt"]) or None,
            against=settings["against"],
            grad_output=vector,
            order=int(settings["order"]),
            trials=settings["trials"],
            rtol=RTOL if settings["rtol"] is None else settings["rtol"],
            atol=settings["atol"],
            max_memory=settings["max_memory"],
        ),
        settings["seed"],
    )
    return record._replace(seconds=perf_counter() - start)


def _is_read(text: str) -> bool:
    """Whether a value comes from a file or standard input, so that it is the same every time."""
    return text == "-" or text.startswith("@")


def _run_file(settings: dict[str, Any], form: str) -> int:
    from difftool.carrying_out import carry_out_all
    from difftool.checklist import read_checks

    checks = read_checks(settings["file"])
    found = carry_out_all(checks, settings["jobs"], settings["seed"], settings["max_memory"])
    records = list(_with_progress(found, [listed.name for listed in checks]))
    _write(records, form, settings["color"], in_full=False)
    if form in ("json", "junit"):
        from difftool.report.check import Tally

        streams.say(Tally.of(records).line + "\n")
    if any([record.error is not None for record in records]):
        return REFUSED
    return DONE if all([record.passed for record in records]) else FAILED


def _with_progress(records: Iterator[CheckRecord], names: Sequence[str]) -> Iterator[CheckRecord]:
    """Show how far a list has come, on a standard error that is a terminal."""
    shows = sys.stderr is not None and sys.stderr.isatty()
    screen = streams.screen(sys.stderr, False) if shows else None
    try:
        for number in range(len(names)):
            if screen is not None:
                _progress(screen, number, names)
            yield next(records)
    finally:
        if screen is not None:
            streams.say("\r\x1b[K")


def _progress(screen: Any, number: int, names: Sequence[str]) -> None:
    width = min(screen.width or 80, 80)
    done = 20 * number // len(names)
    bar = "#" * done + "." * (20 - done)
    text = f"[{bar}] {number}/{len(names)} {screen.shown(names[number])}"
    streams.say("\r\x1b[K" + screen.shorten(text, width - 1))


def _write(records: Sequence[CheckRecord], form: str, color: bool | None, in_full: bool) -> None:
    if form == "json":
        from difftool.report.check_lines import check_line

        streams.write(map(check_line, records))
    elif form == "junit":
        from time import gmtime, strftime

        from difftool.render.junit import junit_text

        streams.write((junit_text(records, strftime("%Y-%m-%dT%H:%M:%S", gmtime())),))
    elif form == "github":
        from difftool.render.github import github_text

        streams.write((github_text(records),))
    else:
        from difftool.render.check import check_text, checks_text

        screen = streams.screen(streams.output(), color)
        text = check_text(records[0], screen) if in_full else checks_text(records, screen)
        streams.write((text,))
