"""What is said of a run that fails: click's complaints become difftool's, and errors are shown.

`ending` calls `show`; with `--json` or `DIFFTOOL_JSON` the error is one JSON object, whatever
went wrong and wherever on the command line the option stands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from difftool.cli import streams
from difftool.cli.texts import STANDARD_INPUT
from difftool.errors import DifftoolError, Span

if TYPE_CHECKING:
    import click

    from difftool.language.syntax import Program, Tree

# The words that switch a flag in the environment.
ON = ("1", "true", "t", "yes", "y", "on")
OFF = ("0", "false", "f", "no", "n", "off")


# ----- Faults of the command line -----


def usage(message: str, hint: str, place: str | None = None) -> DifftoolError:
    """A fault of the command line itself; `place` is the word that is wrong."""
    return DifftoolError(message, kind="usage", hint=hint, place=place)


def nearest_option(option: str, known: Iterable[str]) -> str | None:
    """The option among `known` that `option` may be a misspelling of."""
    from difflib import get_close_matches

    near = get_close_matches(option.lstrip("-"), [name.lstrip("-") for name in known], n=1)
    return f"--{near[0]}" if near else None


def no_such_option(
    option: str, known: Iterable[str], otherwise: Callable[[], str] | None = None
) -> DifftoolError:
    """The error for `option`, which is none of the `known`.

    `otherwise` gives the hint for one that is far from them all.
    """
    near = nearest_option(option, known)
    if near is not None:
        hint = f"did you mean {near}?"
    elif not option.removeprefix("--").replace("-", "_").isidentifier():
        hint = f'an expression that begins with two dashes stands after a bare --: -- "{option}"'
    elif otherwise is not None:
        hint = otherwise()
    else:
        hint = "--help lists the options"
    return usage(f"no such option: {option}", hint, option)


def hint_of_names(option: str, names: Sequence[str], noun: str, tree: Program) -> str:
    """Which inputs a text has, for someone who gave it `option`.

    Args:
        names: the free names of the text.
        noun: what it is, "expression" or "program".
        tree: its syntax.
    """
    from difftool.language.interpreter import is_known_name
    from difftool.language.syntax import Call, Name

    name = option.removeprefix("--")
    for part in _parts(tree):
        if isinstance(part, Call) and part.function == Name(name):
            return f"`{name}` is called as a function there; a product is written {name}*(...)"
        if Name(name) in _parts(getattr(part, "target", None)):
            return f"the {noun} sets `{name}` itself; inputs are names it uses but does not set"
    flags = ", ".join([f"--{free} TENSOR" for free in names if not is_known_name(free)])
    if not flags:
        return f"the {noun} has no free names, so it takes no inputs"
    return f"the {noun}'s free names are given by {flags}"


def _parts(tree: object) -> Iterator[Tree]:
    """Every node of a syntax tree, in no order."""
    from difftool.language.syntax import Tree

    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tree):
            yield part
            waiting += [getattr(part, name) for name in part.__match_args__]
        elif isinstance(part, tuple):
            waiting += part


def no_such_command(name: str, commands: Sequence[str]) -> DifftoolError:
    """The error for a word in the place of a command."""
    from difflib import get_close_matches

    near = get_close_matches(name, commands, n=1)
    if near:
        hint = f"did you mean {near[0]}?"
    elif name.isidentifier():
        hint = f"the commands are {', '.join(commands)}"
    else:
        hint = f'before an expression stands a command: difftool grad "{name}"'
    return usage(f"no such command: {name}", hint, name)


def of_click(error: click.UsageError) -> DifftoolError:
    """The same complaint in difftool's words.

    Most faults never reach click; what does are flags with a value, superfluous words, and
    options where there are none.
    """
    from click import BadOptionUsage, NoSuchOption

    if isinstance(error, NoSuchOption):
        context = error.ctx
        parameters = [] if context is None else context.command.get_params(context)
        known = [name for parameter in parameters for name in parameter.opts]
        near = nearest_option(error.option_name, known)
        hint = f"did you mean {near}?" if near else "options of a command stand after its name"
        return usage(f"no such option: {error.option_name}", hint, error.option_name)
    if isinstance(error, BadOptionUsage):
        name = error.option_name
        return usage(f"{name} takes no value", f"{name} by itself switches it on", name)
    message = error.format_message().rstrip(".")
    return usage(message[:1].lower() + message[1:], "see --help")


def out_of_memory(error: MemoryError) -> DifftoolError:
    """The error for memory that the machine refused although the plan allowed it."""
    detail = str(error)
    return DifftoolError(
        "the machine has not enough free memory for this" + (f": {detail}" if detail else ""),
        kind="limit",
        hint="use smaller tensors, or --dtype float32, which halves them",
    )


# ----- Showing -----


def switch(setting: str) -> bool | None:
    """What the value of a flag's variable says; None for what says neither."""
    word = setting.strip().lower()
    return True if word in ON else False if word in OFF else None


def wants_json(words: Sequence[str]) -> bool:
    """Whether errors are wanted as JSON, as far as an unread command line can tell."""
    if "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words):
        return True
    return switch(os.environ.get("DIFFTOOL_JSON", "")) is True


def wants_color(words: Sequence[str]) -> bool | None:
    """Whether colour is wanted: True, False, or None for what the terminal can do."""
    for word in reversed(words):
        if word in ("--color", "--no-color"):
            return word == "--color"
    return switch(os.environ.get("DIFFTOOL_COLOR", ""))


def show(error: DifftoolError, words: Sequence[str]) -> None:
    """Write `error` to standard error, as JSON or for people."""
    if wants_json(words):
        from difftool.report.json_lines import error_line

        streams.say(error_line(error))
        return
    from difftool.render.diagnostic import error_text

    _point_at_word(error, words)
    _name_only_line(error, words)
    streams.say(error_text(error, streams.screen(sys.stderr, wants_color(words))))


def show_defect(error: BaseException, words: Sequence[str]) -> None:
    """Say in one line that difftool itself failed, where, and how to report it."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    message = f"difftool itself failed{_where(error)}: {what}"
    hint = "please report this line and the command; DIFFTOOL_DEBUG=1 adds the traceback"
    if wants_json(words):
        from difftool.report.json_lines import error_line

        streams.say(error_line(DifftoolError(message, kind="defect", hint=hint)))
    else:
        streams.say(f"defect: {message} ({hint})\n")


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    path = trace.tb_frame.f_code.co_filename
    return f" in {os.path.basename(path)}, line {trace.tb_lineno}"


def _point_at_word(error: DifftoolError, words: Sequence[str]) -> None:
    """Give a fault of the command line the command line as its source, for the caret."""
    if error.kind != "usage" or error.source is not None or error.place is None:
        return
    import shlex

    line = "difftool"
    for word in words:
        start = len(line) + 1
        line += " " + shlex.quote(word)
        if error.span is None and (word == error.place or word.startswith(error.place + "=")):
            error.span = Span(start, len(line))
    if error.span is not None:
        error.source = line
        error.place = None


def _name_only_line(error: DifftoolError, words: Sequence[str]) -> None:
    """Say "line 1" of a program too that has no other, as of one piped in by echo."""
    place, source = error.place, error.source
    if words[:1] != ["run"] or place is None or source is None or error.span is None:
        return
    of_program = place == STANDARD_INPUT or (place in words and not place.startswith("--"))
    if of_program and "\n" not in source.rstrip("\n"):
        error.place = f"{place} line 1"
