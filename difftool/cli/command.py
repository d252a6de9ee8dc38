"""What a command is to click: its options in sections, and one more for each free name.

`ExpressionCommand` takes the expression out of the words, asks the language for its free names,
and lets click read the rest with a real option for each of them: a mistyped option is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click
from click.core import ParameterSource

from difftool.cli import failure
from difftool.cli.help import help_option, write_examples, write_options, write_paragraphs
from difftool.cli.inputs import Given, Request, bindings, given_twice, read_expression
from difftool.cli.options import INPUTS, Option
from difftool.cli.words import Words, sort
from difftool.errors import DifftoolError

_NAME_OPTIONS = "difftool.name_options"


class Command(click.Command):
    """A command whose help has examples, and its options in sections.

    `pattern` is the usage line after the command's name, `about` what the help says after the
    summary, `examples` command lines that run as they stand. The callback returns the exit status.
    """

    def __init__(
        self,
        name: str,
        callback: Callable[..., int],
        parameters: Sequence[click.Parameter],
        *,
        pattern: str,
        summary: str,
        about: Sequence[str] = (),
        examples: Sequence[str] = (),
    ) -> None:
        super().__init__(
            name,
            callback=callback,
            params=[*parameters, help_option()],
            short_help=summary,
            add_help_option=False,
        )
        self.pattern = pattern
        self.about = about
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, self.pattern)
        write_paragraphs(formatter, (str(self.short_help), *self.about))
        write_examples(formatter, self.examples)
        write_options(formatter, self.get_params(ctx), ctx, self.input_rows(ctx))

    def input_rows(self, ctx: click.Context) -> Sequence[tuple[str, str]]:
        """What the help says of inputs before the first option for them."""
        return ()


class ExpressionCommand(Command):
    """A command of an expression and the tensors of its free names.

    Its callback gets a `Request` beside the values of the options.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = [option for option in self.params if isinstance(option, Option)]
        known = {name: option for option in own for name in (*option.opts, *option.secondary_opts)}
        words = sort(args, known, {name for name, option in known.items() if option.is_flag})
        if ctx.resilient_parsing or "--help" in words.options:
            # Help and completion take what there is of an expression.
            expression = "".join(words.expressions[:1])
            names = _names_if_any(expression)
        else:
            expression = self._expression(words, known)
            names = _free_names(expression)
        of_names = {
            f"--{name}": _name_option(number, name)
            for number, name in enumerate(names)
            if f"--{name}" not in known
        }
        ctx.meta[_NAME_OPTIONS] = list(of_names.values())
        if "--help" in words.options:
            return super().parse_args(ctx, ["--help"])
        if not ctx.resilient_parsing:
            self._check(words, [*known, *of_names], names)
        rest = super().parse_args(ctx, words.options)
        ctx.params["request"] = Request(
            expression,
            words.expressions == ["-"],
            names,
            _given(ctx, names, of_names),
            [name for name in names if f"--{name}" in known],
        )
        return rest

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*ctx.meta.get(_NAME_OPTIONS, ()), *super().get_params(ctx)]

    def input_rows(self, ctx: click.Context) -> Sequence[tuple[str, str]]:
        if ctx.meta.get(_NAME_OPTIONS):
            return ()
        return (("--NAME TENSOR", "The value of the expression's free name NAME."),)

    def _expression(self, words: Words, known: dict[str, Option]) -> str:
        """The one expression among the words, read from standard input if it is "-"."""
        if len(words.expressions) > 1:
            raise _several_expressions(words.expressions)
        if words.expressions == ["-"]:
            return read_expression()
        expression = "".join(words.expressions)
        if expression.strip():
            return expression
        for option in words.unknown:
            # What follows a mistyped flag was taken for its value; the flag is the mistake.
            is_name = option.removeprefix("--").isidentifier()
            if not is_name or failure.nearest_option(option, known) is not None:
                raise failure.no_such_option(option, known, None)
        raise failure.usage(
            "the expression is empty" if words.expressions else "the expression is missing",
            f'for example difftool {self.name} "mean(x^2)" --x "[1, 2]"',
        )

    def _check(self, words: Words, known: Sequence[str], names: Sequence[str]) -> None:
        """Refuse options that don't exist, and those without their value."""
        for option in words.unknown:
            if option not in known:
                raise failure.no_such_option(option, known, names)
        for option in words.unfilled:
            raise failure.usage(
                f"{option} needs a value",
                f"{option} VALUE; a value that looks like an option is written {option}=VALUE",
                option,
            )


def _several_expressions(expressions: Sequence[str]) -> DifftoolError:
    first, second = expressions[:2]
    name, equals, _ = second.partition("=")
    hint = "put the whole expression in quotes, and join its steps with `;`"
    if equals and name.isidentifier():
        hint = f"did you mean --{second}?"
    return failure.usage(f"two expressions: `{first}` and `{second}`", hint, second)


def _free_names(expression: str) -> tuple[str, ...]:
    from difftool.language.parser import parse
    from difftool.language.syntax import free_names

    return free_names(parse(expression))


def _names_if_any(expression: str) -> tuple[str, ...]:
    if not expression.strip() or expression == "-":
        return ()
    try:
        return _free_names(expression)
    except DifftoolError:
        return ()


def _name_option(number: int, name: str) -> Option:
    return Option(
        f"--{name}",
        f"name_{number}",
        section=INPUTS,
        multiple=True,
        metavar="TENSOR",
        envvar=None,
        help=f"The value of {name}.",
    )


def _given(
    context: click.Context, names: Sequence[str], of_names: Mapping[str, Option]
) -> dict[str, Given]:
    """What was given for each name, taken out of the parameters.

    `DIFFTOOL_LET` is a default: the options of names win over it, and it may hold other names.
    """
    is_default = context.get_parameter_source("let") is ParameterSource.ENVIRONMENT
    let = bindings(context.params.pop("let"), "DIFFTOOL_LET" if is_default else "--let")
    given = {name: value for name, value in let.items() if name in names or not is_default}
    for place, option in of_names.items():
        name = place.removeprefix("--")
        texts = context.params.pop(str(option.name), ())
        if len(texts) > 1 or (texts and name in given and not is_default):
            raise given_twice(name, place)
        if texts:
            given[name] = Given(texts[0], place)
    return given
