"""The options: one declaration each, with its section of the help and its environment variable.

`command` takes them out of the words, `program` hands their values to the session. A value that
can't be meant is refused here, by the name the user gave it under: the option or the variable.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from string import ascii_letters
from typing import Any, NoReturn, TypeAlias

import click
from click.core import ParameterSource

from difftool.cli import failure
from difftool.errors import DifftoolError

Callback: TypeAlias = Callable[[click.Context, click.Parameter, Any], Any]

VARIABLE_PREFIX = "DIFFTOOL_"

INPUTS = "Inputs"
RESULT = "Result"
COMPUTATION = "Computation"
OTHER = "Other"
SECTIONS = (INPUTS, COMPUTATION, RESULT, OTHER)


class Option(click.Option):
    """An option with the section of the help it stands in.

    Every option but the eager ones (`--help`, `--version`) has a variable: `--grad-output` is
    `DIFFTOOL_GRAD_OUTPUT`. Click reads it, save for a flag: there its versions differ in whether
    `0` switches off.
    """

    def __init__(self, *names: str, section: str, **settings: Any) -> None:
        if not settings.get("is_eager"):
            settings.setdefault("envvar", variable(names[0]))
        super().__init__(list(names), **settings)
        self.section = section
        if self.is_flag and self.envvar is not None:
            self.envvar = None
            self.callback = _switch


def variable(name: str) -> str:
    """The environment variable of the option called `name`."""
    return VARIABLE_PREFIX + name.partition("/")[0].lstrip("-").replace("-", "_").upper()


def _switch(context: click.Context, option: click.Parameter, value: bool | None) -> bool | None:
    """Reads a flag: from the command line, else from its variable."""
    name = variable(option.opts[0])
    setting = os.environ.get(name, "")
    if context.get_parameter_source(str(option.name)) is ParameterSource.COMMANDLINE or not setting:
        return value
    switched = failure.switch(setting)
    if switched is None:
        raise failure.usage(f"{name} takes 1 or 0, not '{setting}'", f"{name}=1", name)
    return switched


def _refuse(
    option: click.Parameter, context: click.Context, value: str, takes: str, hint: str | None = None
) -> NoReturn:
    """Refuse a value by the name the user gave it under: the option's or its variable's."""
    name = option.opts[0]
    source = context.get_parameter_source(str(option.name))
    if source is ParameterSource.ENVIRONMENT and isinstance(option.envvar, str):
        name = option.envvar
    raise DifftoolError(f"{name} takes {takes}, not '{value}'", kind="usage", hint=hint, place=name)


def whole_number(low: int, high: int | None = None) -> Callback:
    """Reads a whole number from `low` on, up to and with `high` if there is one."""

    def read(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
        if value is None:
            return None
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if number < low or (high is not None and number > high):
            to = "on" if high is None else f"to {high}"
            _refuse(option, context, value, f"a whole number from {low} {to}")
        return number

    return read


def one_of(*words: str) -> Callback:
    """Reads one of a few words."""

    def read(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
        if value is not None and value not in words:
            from difflib import get_close_matches

            near = get_close_matches(value, words, n=1)
            takes = ", ".join(words[:-1]) + " or " + words[-1]
            _refuse(option, context, value, takes, f"did you mean {near[0]}?" if near else None)
        return value

    return read


def tolerance(context: click.Context, option: click.Parameter, value: str | None) -> float | None:
    """Reads a tolerance: a number, 0 or greater."""
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < inf:
        _refuse(option, context, value, "a number from 0 on", "for example 1e-6")
    return number


# Bytes in a unit of memory; as everywhere, "M" and "MiB" are powers of 1024, "MB" of 1000.
UNITS = {"": 1, "b": 1} | {
    prefix + suffix: base**power
    for power, prefix in enumerate("kmgtp", start=1)
    for suffix, base in (("", 1024), ("ib", 1024), ("b", 1000))
}


def memory(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Reads an amount of memory in bytes: `2000000`, `512MiB`, `1.5GB`, or a share: `50%`."""
    if value is None:
        return None
    number = value.strip().rstrip(ascii_letters + "% ")
    unit = value.strip()[len(number) :].strip().lower()
    try:
        amount = float(number)
    except ValueError:
        amount = 0.0
    if unit == "%" and 0 < amount <= 100:
        from difftool.execute.memory import available

        free = available()
        if free is None:
            _refuse(option, context, value, "bytes: this system doesn't say how much is free")
        return max(1, int(free * amount / 100))
    if unit not in UNITS or not 0 < amount < inf:
        hint = "for example 2000000, 512MiB, 2GB or 50% of what is free"
        _refuse(option, context, value, "an amount of memory", hint)
    return max(1, int(amount * UNITS[unit]))


class Bindings(click.types.StringParamType):
    """NAME=TENSOR; several of them stand in one environment variable, `;` between them."""

    envvar_list_splitter = ";"


def of_inputs() -> list[Option]:
    """Where the tensors of the expression's free names come from."""
    return [
        Option(
            "--let",
            section=INPUTS,
            multiple=True,
            type=Bindings(),
            metavar="NAME=TENSOR",
            help="The same for any name, also one that is an option's. Repeatable.",
        ),
        Option(
            "--inputs",
            section=INPUTS,
            type=click.Path(allow_dash=True),
            metavar="FILE",
            help="Take tensors by name from an .npz, .safetensors or .json file.",
        ),
    ]


def of_gradients() -> list[Option]:
    """What to differentiate, and with which vector."""
    return [of_wrt(), of_grad_output()]


def of_wrt() -> Option:
    """What to differentiate by."""
    return Option(
        "--wrt",
        section=COMPUTATION,
        multiple=True,
        metavar="NAME",
        help="Differentiate with respect to NAME only; other names are constants. Repeatable.",
    )


def of_grad_output() -> Option:
    """The vector that reverse mode starts from."""
    return Option(
        "--grad-output",
        section=COMPUTATION,
        metavar="TENSOR",
        help="The vector of the vector-Jacobian product, for an output that is no scalar.",
    )


def of_tangents() -> Option:
    """Along which directions to differentiate."""
    return Option(
        "--tangent",
        section=COMPUTATION,
        multiple=True,
        type=Bindings(),
        metavar="NAME=TENSOR",
        help="The direction in which NAME moves, of its shape; other names don't. Repeatable.",
    )


def of_matrix() -> Option:
    """Whether the parts of a derivative are put together."""
    return Option(
        "--matrix",
        section=RESULT,
        is_flag=True,
        help="Show one labelled matrix; in --json it is added, in --out it is the only array.",
    )


def of_keeping() -> Option:
    """How many elements the node table may hold."""
    return Option(
        "--keep",
        section=RESULT,
        callback=whole_number(0),
        default="1000000",
        metavar="N",
        help="Show the values of the nodes while they have N elements or fewer in all "
        "(default: 1000000).",
    )


def of_computation() -> list[Option]:
    """How the expression is computed."""
    return [
        _dtype("float64"),
        _seed(),
        _max_memory(),
        Option(
            "--engine",
            section=COMPUTATION,
            callback=one_of("auto", "eager", "blocked"),
            default="auto",
            metavar="ENGINE",
            help=(
                "How to execute the graph: eager (node by node), blocked (large tensors in blocks, "
                "on threads) or auto, by the sizes (default: auto)."
            ),
        ),
        Option(
            "--threads",
            section=COMPUTATION,
            callback=whole_number(1, 1024),
            metavar="N",
            help="Threads that compute blocks of large tensors (default: one for each core).",
        ),
    ]


def of_running() -> list[Option]:
    """How a program is run."""
    return [
        _dtype("float32, as in PyTorch"),
        _seed(),
        Option(
            "--max-steps",
            section=COMPUTATION,
            callback=whole_number(1),
            metavar="N",
            help="Stop after N statements and graph operations (default: 10000000).",
        ),
        _max_memory(),
    ]


def _dtype(default: str) -> Option:
    return Option(
        "--dtype",
        section=COMPUTATION,
        callback=one_of("float64", "float32", "float16"),
        metavar="DTYPE",
        help=f"The dtype of every tensor that doesn't name its own (default: {default}).",
    )


def _seed() -> Option:
    return Option(
        "--seed",
        section=COMPUTATION,
        callback=whole_number(0),
        metavar="N",
        help="Draw random tensors from seed N; without it, the seed is drawn and reported.",
    )


def _max_memory() -> Option:
    return Option(
        "--max-memory",
        section=COMPUTATION,
        callback=memory,
        metavar="SIZE",
        help="Refuse what needs more: bytes, 512MiB, 2GB, 50% (default: 80% of what is free).",
    )


def of_variables() -> Option:
    """What becomes of a program's variables."""
    return Option(
        "--out",
        section=RESULT,
        type=click.Path(),
        metavar="FILE",
        help="Write the tensors that its variables hold at the end to FILE (.npz, .npy, .json, "
        ".safetensors).",
    )


def of_result() -> list[Option]:
    """What becomes of the result of a computation."""
    return [
        Option(
            "--out",
            section=RESULT,
            type=click.Path(),
            metavar="FILE",
            help="Write the tensors to FILE (.npz, .npy, .json, .safetensors) and no table.",
        ),
        Option(
            "--precision",
            section=RESULT,
            callback=whole_number(0, 17),
            default="4",
            metavar="N",
            help="Decimals in tables (default: 4). JSON and files are always exact.",
        ),
        Option(
            "--finite",
            section=RESULT,
            is_flag=True,
            help="Exit with status 1 if the result holds NaN or infinity.",
        ),
    ]


def of_display() -> list[Option]:
    """In which form a result, or an error, is shown."""
    return [
        Option(
            "--json",
            section=RESULT,
            is_flag=True,
            help="Print one line of JSON; errors too, on standard error.",
        ),
        Option(
            "--color/--no-color",
            section=RESULT,
            default=None,
            help="Colour always or never (default: in a terminal; NO_COLOR, FORCE_COLOR).",
        ),
    ]
