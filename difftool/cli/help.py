"""The help pages: how they are laid out, and the options that print them.

Click's formatter wraps and aligns; the order is difftool's: usage, what it is for, examples, and
the options in sections. Here stand the paragraphs that commands share, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from difftool.cli import streams
from difftool.cli.options import INPUTS, OTHER, SECTIONS, Option
from difftool.version import VERSION

OF_TENSORS = (
    "A TENSOR is an expression (ones(2,2), [1, 2], -3, randn(3)), a file (@x.npy, .npz, .csv, "
    ".tsv, .json, .safetensors; @x.npz:key picks one array), or - for JSON or .npy on standard "
    "input. "
)
TENSOR = (
    OF_TENSORS + "Random tensors are drawn in the order in which the expression names them. "
    "An EXPRESSION of - is read from standard input; one that begins with two dashes and a "
    "letter stands after a bare --."
)
VARIABLES = (
    "Every option can be set by an environment variable as well: DIFFTOOL_SEED=1, "
    'DIFFTOOL_JSON=1, DIFFTOOL_LET="x=[1, 2]; y=3".'
)
PATTERN = "EXPRESSION [--NAME TENSOR]... [OPTIONS]"


def help_option() -> Option:
    """`--help`, which wins over everything else on the command line."""
    return Option(
        "--help",
        section=OTHER,
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help="Show this help.",
    )


def version_option() -> Option:
    """`--version` of the program."""
    return Option(
        "--version",
        section=OTHER,
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help="Show the version.",
    )


def write_paragraphs(formatter: click.HelpFormatter, paragraphs: Iterable[str]) -> None:
    """Write paragraphs of running text, indented."""
    for paragraph in paragraphs:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(paragraph)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    """Write command lines, which are never wrapped: they are there to be copied."""
    if examples:
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def write_options(
    formatter: click.HelpFormatter,
    parameters: Sequence[click.Parameter],
    context: click.Context,
    inputs: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the options in their sections; `inputs` are rows that stand first in the section."""
    for section in SECTIONS:
        rows = list(inputs) if section == INPUTS else []
        for parameter in parameters:
            if isinstance(parameter, Option) and parameter.section == section:
                row = parameter.get_help_record(context)
                if row is not None:
                    rows.append(row)
        if rows:
            with formatter.section(section):
                formatter.write_dl(rows)


def _show_help(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        streams.write((context.get_help(), "\n"))
        context.exit()


def _show_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        streams.write((f"difftool {VERSION}\n",))
        context.exit()
