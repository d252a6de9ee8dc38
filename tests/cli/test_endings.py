"""How a run ends when something goes wrong around it: pipes, disks, interrupts, defects."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from difftool.cli.main import main
from tests.cli.command_line import environment, process, run

DIFFTOOL = f"{sys.executable} -m difftool"


def shell(command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash; the statuses of its last pipe are the last line of standard output."""
    return subprocess.run(
        ["bash", "-c", f'{command}\necho "${{PIPESTATUS[@]}}"'],
        env=environment(DIFFTOOL=DIFFTOOL, **settings),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


@pytest.mark.parametrize(
    "words",
    [
        "eval 'ones(400,400)' --json",
        "grad 'x^2' --x 'ones(300,300)' --grad-output 'ones(300,300)' --json",
    ],
)
def test_a_reader_that_goes_away_ends_the_run_quietly(words: str) -> None:
    done = shell(f"$DIFFTOOL {words} | true")
    assert (done.stdout, done.stderr) == ("141 0\n", "")


@pytest.mark.parametrize("words", ["grad --help", "eval 3", "functions mean", "schema"])
def test_a_short_result_that_nobody_reads_ends_as_quietly(words: str) -> None:
    done = shell(f"(sleep 0.3; exec $DIFFTOOL {words}) | true")
    assert (done.stdout, done.stderr) == ("141 0\n", "")


def test_an_error_that_nobody_reads_ends_quietly() -> None:
    done = shell("(sleep 0.3; exec $DIFFTOOL grda 2>&1 >/dev/null) | true")
    assert (done.stdout, done.stderr) == ("141 0\n", "")


@pytest.mark.parametrize("words", ["eval 3", "eval 3 --json", "--help", "schema", "functions mean"])
def test_a_full_disk_is_an_error(words: str) -> None:
    done = shell(f"$DIFFTOOL {words} > /dev/full")
    assert done.stdout == "2\n"
    assert "standard output does not take the result: No space left" in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("words", ["eval 3", "eval 3 --json", "--help"])
def test_a_closed_standard_output_is_an_error(words: str) -> None:
    done = shell(f"$DIFFTOOL {words} >&-")
    assert done.stdout == "2\n"
    assert "standard output is closed" in done.stderr


def test_a_closed_or_full_standard_error_changes_no_status() -> None:
    for stream in ("2>&-", "2>/dev/full"):
        assert shell(f"$DIFFTOOL grda {stream}").stdout == "2\n"
        assert shell(f"$DIFFTOOL eval 'log(x)' --x 0 {stream}").stdout == "tensor(-inf)\n0\n"


def test_a_closed_standard_input_is_an_error_only_where_it_is_read() -> None:
    assert shell("$DIFFTOOL eval 3 <&-").stdout == "tensor(3)\n0\n"
    for words in ("eval x --x -", "eval -", "eval x --inputs -"):
        done = shell(f"$DIFFTOOL {words} <&-")
        assert done.stdout == "2\n"
        assert done.stderr.startswith("error: standard input is closed")


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (["eval", "-"], b"", "standard input is empty"),
        (["eval", "-"], b"\xff\xfe\x00", "standard input is no text: byte 1 is not UTF-8"),
        (["eval", "-", "--x", "-"], b"x", "standard input is read once"),
        (["eval", "-", "--inputs", "-"], b"x", "standard input is read once"),
        (["eval", "x*y", "--x", "-", "--y", "@-"], b"3", "standard input is read once"),
        (["eval", "x", "--x", "-"], b"", "standard input is empty"),
    ],
)
def test_standard_input_that_cannot_be_meant(words: list[str], stdin: bytes, message: str) -> None:
    done = process(*words, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"error: {message}")


def test_a_stream_that_cannot_show_a_character_gets_an_escape() -> None:
    settings = {"PYTHONIOENCODING": "ascii"}
    done = process("grad", "α*2", "--α", "3", settings=settings)
    assert (done.returncode, done.stderr, done.stdout.isascii()) == (0, b"", True)
    wrong = process("eval", "α*", settings=settings)
    assert (wrong.returncode, wrong.stdout, wrong.stderr.isascii()) == (2, b"", True)


def test_arguments_that_are_no_text_are_an_error() -> None:
    done = subprocess.run(
        [*DIFFTOOL.split(), "eval", b"x + \xff"], env=environment(), capture_output=True
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: ")


def test_an_interrupt_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "x.json"
    os.mkfifo(pipe)
    started = subprocess.Popen(
        [*DIFFTOOL.split(), "eval", "x", "--x", f"@{pipe}"],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # The pipe opens when difftool reads it, so the interrupt comes in the middle of a request.
    with open(pipe, "w"):
        started.send_signal(signal.SIGINT)
        output, errors = started.communicate(timeout=30)
    assert (started.returncode, output, errors) == (130, b"", b"")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_defect_is_said_in_one_line_with_status_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("difftool.session.Session.evaluate", fail)
    done = run(capsys, "eval", "3", *form)
    assert (done.status, done.output, done.errors.count("\n")) == (3, "", 1)
    assert "ZeroDivisionError: two lines" in done.errors
    assert "report" in done.errors and "DIFFTOOL_DEBUG=1" in done.errors
    if form:
        assert json.loads(done.errors)["error"]["kind"] == "defect"
    monkeypatch.setenv("DIFFTOOL_DEBUG", "1")
    traced = run(capsys, "eval", "3", *form)
    assert traced.status == 3
    assert traced.errors.startswith(done.errors + "Traceback (most recent call last):")


def test_too_little_memory_is_a_limit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise MemoryError("Unable to allocate 8. TiB")

    monkeypatch.setattr("difftool.session.Session.evaluate", fail)
    done = run(capsys, "eval", "3", "--json")
    assert (done.status, done.output) == (2, "")
    assert json.loads(done.errors)["error"]["kind"] == "limit"


def test_the_entry_point_reads_the_words_of_the_process(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["difftool", "eval", "1 + 2"])
    assert main() == 0
    assert capsys.readouterr().out == "tensor(3)\n"


def test_the_shell_of_a_pipeline_job_needs_no_terminal(tmp_path: Path) -> None:
    result = tmp_path / "gradient.json"
    done = shell(f"$DIFFTOOL grad 'x^2' --x 3 --json <&- > {result}", CI="true", TERM="dumb")
    assert (done.stdout, done.stderr) == ("0\n", "")
    assert json.loads(result.read_text())["gradients"]["x"]["data"] == 6
    assert os.linesep.encode() in result.read_bytes()
