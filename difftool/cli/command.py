"""What a command is to click: its options in sections, and one more for each free name.

`TensorCommand` takes the expression, or the program's file, out of the words, asks the language for
the free names, and lets click read the rest with a real option for each of them: a mistyped option
is an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from difftool.cli import failure
from difftool.cli.help import help_option, write_examples, write_options, write_paragraphs
from difftool.cli.inputs import Given, Request, bindings, given_twice
from difftool.cli.options import INPUTS, Option
from difftool.cli.texts import place_of, read_expression, read_program
from difftool.cli.words import Words, sort
from difftool.errors import DifftoolError

if TYPE_CHECKING:
    from difftool.language.syntax import Program

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


class TensorCommand(Command):
    """A command of a text of the language and the tensors of its free names.

    Its callback gets a `Request` beside the values of the options. What the text is, an expression
    or a program, is the subclass's.
    """

    noun: str

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = [option for option in self.params if isinstance(option, Option)]
        known = {name: option for option in own for name in (*option.opts, *option.secondary_opts)}
        words = sort(args, known, {name for name, option in known.items() if option.is_flag})
        if ctx.resilient_parsing or "--help" in words.options:
            # Help and completion take what there is of a text.
            file, text = None, ""
            tree = self.glimpse("".join(words.expressions[:1]))
        else:
            file, text = self.read(words, known)
            tree = self.parse(text, file)
        names = () if tree is None else self.names(tree, words)
        of_names = {
            f"--{name}": _name_option(number, name)
            for number, name in enumerate(names)
            if f"--{name}" not in known
        }
        ctx.meta[_NAME_OPTIONS] = list(of_names.values())
        if "--help" in words.options:
            return super().parse_args(ctx, ["--help"])
        if tree is not None and not ctx.resilient_parsing:
            self._check(words, [*known, *of_names], names, tree)
        rest = super().parse_args(ctx, words.options)
        ctx.params["request"] = Request(
            text,
            file,
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
        return (("--NAME TENSOR", f"The value of the {self.noun}'s free name NAME."),)

    def read(self, words: Words, known: Mapping[str, Option]) -> tuple[str | None, str]:
        """The program's file, None for an expression, and the text."""
        raise NotImplementedError

    def parse(self, text: str, file: str | None) -> Program:
        """The syntax tree of the text."""
        raise NotImplementedError

    def glimpse(self, word: str) -> Program | None:
        """The syntax tree of the text that `word` gives, where that is sound and at hand."""
        raise NotImplementedError

    def names(self, tree: Program, words: Words) -> tuple[str, ...]:
        """The names that are given tensors: the free names of the text."""
        return free_names(tree)

    def missing(self, words: Words, known: Mapping[str, Option]) -> DifftoolError:
        """The error for a command line in which there is no text, and its place is empty or not."""
        for option in words.unknown:
            # What follows a mistyped flag was taken for its value; the flag is the mistake.
            is_name = option.removeprefix("--").isidentifier()
            if not is_name or failure.nearest_option(option, known) is not None:
                return failure.no_such_option(option, known)
        return failure.usage(
            f"the {self.noun} is {'empty' if words.expressions else 'missing'}",
            f"for example {self.examples[0]}",
        )

    def _check(
        self, words: Words, known: Sequence[str], names: Sequence[str], tree: Program
    ) -> None:
        """Refuse options that don't exist, and those without their value."""
        for option in words.unknown:
            if option not in known:
                raise failure.no_such_option(
                    option, known, partial(failure.hint_of_names, option, names, self.noun, tree)
                )
        for option in words.unfilled:
            raise failure.usage(
                f"{option} needs a value",
                f"{option} VALUE; a value that looks like an option is written {option}=VALUE",
                option,
            )


class ExpressionCommand(TensorCommand):
    """A command of an expression."""

    noun = "expression"

    def read(self, words: Words, known: Mapping[str, Option]) -> tuple[None, str]:
        """The one expression among the words, read from standard input if it is "-"."""
        if len(words.expressions) > 1:
            hint = "put the whole expression in quotes, and join its steps with `;`"
            raise _several("two expressions", words.expressions, hint)
        if words.expressions == ["-"]:
            return None, read_expression()
        expression = "".join(words.expressions)
        if not expression.strip():
            raise self.missing(words, known)
        return None, expression

    def parse(self, text: str, file: str | None) -> Program:
        """The syntax tree of the expression."""
        from difftool.language.parser import parse

        return parse(text)

    def glimpse(self, word: str) -> Program | None:
        """The syntax tree of the expression that `word` is; standard input is left alone."""
        if not word.strip() or word == "-":
            return None
        try:
            return self.parse(word, None)
        except DifftoolError:
            return None


class ProgramCommand(TensorCommand):
    """A command of a program's file."""

    noun = "program"

    def read(self, words: Words, known: Mapping[str, Option]) -> tuple[str, str]:
        """The one file among the words, and the program in it."""
        if len(words.expressions) > 1:
            hint = "one program is run at a time; its inputs are given with --NAME TENSOR"
            raise _several("two programs", words.expressions, hint)
        file = "".join(words.expressions)
        if not file:
            raise self.missing(words, known)
        return file, read_program(file)

    def parse(self, text: str, file: str | None) -> Program:
        """The syntax tree of the program."""
        from difftool.language.parser import parse_program

        return parse_program(text, place_of(file))

    def glimpse(self, word: str) -> Program | None:
        """The syntax tree of the program in the file `word`; pipes, which wait, are left alone."""
        if not os.path.isfile(word):
            return None
        try:
            return self.parse(read_program(word), word)
        except DifftoolError:
            return None


def free_names(tree: Program) -> tuple[str, ...]:
    """The free names of a text, in order of appearance."""
    from difftool.language.syntax import free_names

    return free_names(tree)


def _several(message: str, texts: Sequence[str], hint: str) -> DifftoolError:
    first, second = texts[:2]
    name, equals, _ = second.partition("=")
    if equals and name.isidentifier():
        hint = f"did you mean --{second}?"
    return failure.usage(f"{message}: `{first}` and `{second}`", hint, second)


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
