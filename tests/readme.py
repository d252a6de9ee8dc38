"""The README's generated parts: outputs of its commands, the function table, the oracle's counts.

`python -m tests.readme` writes them into README.md; `test_readme` fails when the file is not what
this would write. A line of a ```console block that starts with `$ ` is a command, and what follows
is its output, standard error included. All of them run in one shell, in the order of the document,
in an empty directory, with `difftool` and `python` on the path.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from difftool.operations import registry
from difftool.operations.registry import Function
from difftool.operations.signature import REQUIRED, Parameter, parameters_of

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
RECORD = ROOT / "tests" / "data" / "oracle"

PROMPT = "$ "
# Stands behind the output of each command, with its exit status.
END = "\x1e"


class Block(NamedTuple):
    """A fenced block: its language, its text, and the comment before it ("" if there is none)."""

    language: str
    text: str
    comment: str


class Command(NamedTuple):
    """A command of a console block, as typed, and the output that stands below it."""

    text: str
    output: str


# ----- Reading -----

_BLOCK = re.compile(
    r"^(?:<!-- (?P<comment>[^\n]*) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.S | re.M
)


def blocks(text: str, language: str) -> list[Block]:
    """The fenced blocks of a language in a Markdown text."""
    found = [
        Block(match["language"], match["text"], match["comment"] or "")
        for match in _BLOCK.finditer(text)
    ]
    return [block for block in found if block.language == language]


def commands(block: str) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    for line in block.splitlines(keepends=True):
        if line.startswith(PROMPT):
            found.append(Command(line.removeprefix(PROMPT).rstrip("\n"), ""))
        else:
            found[-1] = Command(found[-1].text, found[-1].output + line)
    return found


# ----- Running -----


def files(text: str) -> dict[str, str]:
    """The files that a Markdown text shows: blocks under a comment <!-- file: NAME -->."""
    return {
        match["comment"].removeprefix("file: "): match["text"]
        for match in _BLOCK.finditer(text)
        if (match["comment"] or "").startswith("file: ")
    }


def outputs(texts: list[str], written: Mapping[str, str] | None = None) -> list[str]:
    """What commands print on both streams, run by one shell after the other.

    Args:
        texts: the commands.
        written: files that are there already, by name.
    """
    with TemporaryDirectory() as folder:
        tools = Path(folder, "bin")
        tools.mkdir()
        python = shlex.quote(sys.executable)
        for name, call in (("difftool", f"{python} -m difftool"), ("python", python)):
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
            tool.chmod(0o755)
        here = Path(folder, "here")
        here.mkdir()
        for name, content in (written or {}).items():
            (here / name).write_text(content, encoding="utf-8")
        # The exit status of a command stays `$?` for the next one.
        script = "".join(
            [f"{text}\nstatus=$?; printf '\\n{END}'; (exit $status)\n" for text in texts]
        )
        run = subprocess.run(
            ["bash", "-c", script],
            cwd=here,
            env=_environment(tools),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
        )
    *found, _ = run.stdout.split(f"\n{END}")
    assert len(found) == len(texts), run.stdout
    return found


def compared(command: str, output: str) -> str:
    """What of an output must be as the README shows it.

    Of a comparison that holds, `difftool check` shows the entry that is furthest off: by rounding
    alone, which another processor does otherwise.
    """
    if not command.startswith("difftool check"):
        return output
    output = re.sub(r"^(\S+ +.*\b0 of \d+) .*$", r"\1", output, flags=re.M)
    output = re.sub(r"^(.* passed) .*$", r"\1", output, flags=re.M)
    return re.sub(r"─+", "─", re.sub(r" +", " ", output))


def _environment(tools: Path) -> dict[str, str]:
    """The environment of a plain terminal that knows nothing of this machine's settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DIFFTOOL_", "PYTHON"))
        and name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
    }
    path = f"{tools}{os.pathsep}{kept['PATH']}"
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


# ----- Generated parts -----


def function_table() -> str:
    """Every function with its signatures and meaning, a table for each family."""
    functions = registry.functions()
    aliases = sum([len(function.aliases) for function in functions])
    tables = [f"There are {len(functions)} functions, and {aliases} further names of them.\n"]
    room = None
    for (place, family), members in groupby(
        functions, key=lambda function: (function.room, function.family)
    ):
        if place != room:
            room = place
            holds = import_module(f"difftool.operations.{room}").__doc__
            tables.append(f"### {room.capitalize()}\n\n{holds}\n")
        rows = "".join([_row(function) for function in members])
        tables.append(f"| {family} | |\n| --- | --- |\n{rows}")
    return "\n".join(tables)


def _row(function: Function) -> str:
    calls = "<br>".join([f"`{_call(signature)}`" for signature in function.signatures])
    also = ", ".join([f"`{alias}`" for alias in function.aliases])
    meaning = function.meaning.replace("|", "\\|")
    return f"| {calls} | {meaning}{f' Also {also}.' if also else ''} |\n"


def _call(signature: str) -> str:
    """A signature without the kinds of its parameters: `softmax(input, dim, dtype=None)`."""
    words: list[str] = []
    parameters = parameters_of(signature)
    for place, parameter in enumerate(parameters):
        before = parameters[:place]
        if parameter.keyword_only and not any([p.keyword_only or p.variadic for p in before]):
            words.append("*")
        words.append(_parameter(parameter))
    return f"{signature.partition('(')[0]}({', '.join(words)})"


def _parameter(parameter: Parameter) -> str:
    if parameter.variadic:
        return f"*{parameter.name}"
    if parameter.default is REQUIRED:
        return parameter.name
    return f"{parameter.name}={parameter.default!r}"


def oracle() -> str:
    """How much of PyTorch is recorded, and which grad_fn chains are not PyTorch's."""
    recorded = compared = 0
    for path in RECORD.glob("*.json"):
        cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
        recorded += len(cases)
        compared += sum([case.get("chain") is not None for case in cases])
    reasons = Counter(_reasons())
    text = f"The record holds {recorded:,} cases. {compared:,} of them have a grad_fn chain, and "
    if not reasons:
        return text + "every chain is PyTorch's.\n"
    differing = sum(reasons.values())
    text += f"all but {differing} ({differing / compared:.2%}) of the chains are PyTorch's:\n\n"
    return text + "".join([f"- {reason} ({count})\n" for reason, count in reasons.most_common()])


def _reasons() -> Iterator[str]:
    text = (RECORD / "chain_differences.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.rpartition(" | ")[2].strip()


GENERATED = {"functions": function_table, "oracle": oracle}


# ----- Writing -----


def rewritten(text: str) -> str:
    """The README as it should be: every output and generated part made anew."""
    typed = [command.text for block in blocks(text, "console") for command in commands(block.text)]
    fresh = iter(outputs(typed, files(text)))

    def with_outputs(match: re.Match[str]) -> str:
        if match["language"] != "console":
            return match[0]
        lines = [
            f"{PROMPT}{command.text}\n{_whole_lines(next(fresh))}"
            for command in commands(match["text"])
        ]
        comment = f"<!-- {match['comment']} -->\n" if match["comment"] else ""
        return f"{comment}```console\n{''.join(lines)}```"

    return with_generated(_BLOCK.sub(with_outputs, text), {n: f() for n, f in GENERATED.items()})


def with_generated(text: str, parts: Mapping[str, str]) -> str:
    """`text` with what stands between the comments <!-- NAME --> and <!-- /NAME --> replaced."""
    for name, part in parts.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        assert found and closed, f"README.md has no part {name}"
        text = f"{before}{start}{part}{end}{after}"
    return text


def _whole_lines(output: str) -> str:
    return output if not output or output.endswith("\n") else output + "\n"


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
