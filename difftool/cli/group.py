"""The program: its commands by name, and its own help.

There are no abbreviations. A word that is no command is an error that names the nearest one, and an
expression in a command's place is told apart from a mistyped command.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from difftool.cli import failure
from difftool.cli.help import (
    help_option,
    version_option,
    write_examples,
    write_options,
    write_paragraphs,
)


class Program(click.Group):
    """A group of commands; `about`, `examples` and `closing` are parts of its help."""

    def __init__(
        self,
        name: str,
        commands: Sequence[click.Command],
        *,
        about: Sequence[str],
        examples: Sequence[str],
        closing: Sequence[str],
    ) -> None:
        super().__init__(
            name,
            commands={str(command.name): command for command in commands},
            params=[version_option(), help_option()],
            add_help_option=False,
            no_args_is_help=False,
        )
        self.about = about
        self.examples = examples
        self.closing = closing

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, *rest = args
        command = self.commands.get(name)
        if command is None and not ctx.resilient_parsing:
            raise failure.no_such_command(name, list(self.commands))
        return name, command, rest

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "COMMAND ...")
        write_paragraphs(formatter, self.about)
        write_examples(formatter, self.examples)
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str()) for name, command in self.commands.items()]
            )
        write_options(formatter, self.get_params(ctx), ctx)
        write_paragraphs(formatter, self.closing)
