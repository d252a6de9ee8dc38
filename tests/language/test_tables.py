"""The parse tables: they read as Lark does, are saved, chosen by checksum and made when missing."""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput
from lark.indenter import Indenter

from difftool.errors import DifftoolError
from difftool.language import build_tables, grammar
from difftool.language.lalr import Driver, Rejected, Tables
from difftool.language.parser import parse

ROOT = Path(__file__).parents[2]
SAVED = "difftool.language.tables"


class OutsideBrackets:
    """For Lark what the driver's scanner does: line ends inside brackets don't count."""

    always_accept = ("_NEWLINE",)

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        depth = 0
        for token in stream:
            if token in ("(", "["):
                depth += 1
            elif token in (")", "]"):
                depth = max(depth - 1, 0)
            if not (depth and token.type == "_NEWLINE"):
                yield token


@pytest.fixture(scope="module")
def expressions() -> str:
    """The text of the grammar."""
    found = grammar.read_grammar()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def larks_parser(expressions: str) -> lark.Lark:
    return lark.Lark(
        expressions, parser="lalr", lexer="basic", start="program", postlex=OutsideBrackets()
    )


@pytest.fixture(scope="module")
def driver(expressions: str) -> Driver:
    """The driver with actions that build Lark's own trees."""

    def build(name: str) -> Any:
        return lambda span, *parts: lark.Tree(name, list(parts))

    tables = build_tables.build_tables(expressions)
    return Driver(tables, {name: build(name) for _, _, name, _ in tables.rules})


WORDS = [
    *("x", "y", "f", "3", "2.5", ".5", "0x1f", "'a'", '"b"', "'''c\n'''", "True", "None", "..."),
    *("not", "and", "or", "if", "else", "=", "==", "<", ">=", "+", "-", "*", "**", "^", "/", "//"),
    *("%", "@", "&", "|", "~", "(", ")", "[", "]", ",", ":", ".", ";", "\n", "\r\n", "# c\n"),
    *("\\\n", "lambda", "{", "'", "!", "(", ")", "[", "]", ",", "x", "f(", "x[", "(x", "3x"),
]


@settings(derandomize=True, deadline=None, max_examples=3_000)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), blanks=st.booleans())
def test_the_driver_reads_as_lark_does(
    driver: Driver, larks_parser: lark.Lark, words: list[str], blanks: bool
) -> None:
    text = (" " if blanks else "").join(words)
    try:
        expected: object = larks_parser.parse(text)
    except UnexpectedInput:
        expected = None
    try:
        found: object = driver.parse(text)
    except Rejected:
        found = None
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "mean(3*(x+2)^3)",
        "y = x + 2; z = y*y*y*3\n\n# then\nz.mean(dim=(0, 1), keepdim=True,)",
        "[[1, 2], [3, 4],][:, None, ..., 1:-1:2][()]",
        "a if not b < c <= d else -e**-2^f | g & ~h or i and j // k % l @ m",
        "f(\n  x, # a\n  y\n)\n",
    ],
)
def test_the_driver_builds_what_lark_builds(
    driver: Driver, larks_parser: lark.Lark, text: str
) -> None:
    assert driver.parse(text) == larks_parser.parse(text)


def test_what_may_follow_is_what_can_be_read(driver: Driver, larks_parser: lark.Lark) -> None:
    tables = driver.tables
    for start in ("", "x", "f(", "f(a=", "x[1:", "[1, ", "a if b", "a if b else", "(x, y", "not"):
        with pytest.raises(Rejected) as caught:
            driver.parse(f"{start} $")
        states = caught.value.states
        accepted = {word for word, number in tables.words.items() if driver.accepts(states, number)}
        expected = larks_parser.parse_interactive(start)
        expected.exhaust_lexer()
        larks: Callable[[], set[str]] = expected.accepts
        fixed = {tables.symbols[number]: word for word, number in tables.words.items()}
        assert accepted == {fixed[name] for name in larks() if name in fixed}


def test_the_grammar_has_no_conflicts(expressions: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        lark.Lark(expressions, parser="lalr", start="program", debug=True)
    assert [record for record in caplog.records if "onflict" in record.getMessage()] == []


def test_other_grammars_can_import_the_expressions() -> None:
    statements = """
        %import .expression (expression, name, assign, _NEWLINE, BLANK, COMMENT, CONTINUATION)
        %ignore BLANK
        %ignore COMMENT
        %ignore CONTINUATION
        start: (_NEWLINE | repeat | (assign | expression) _NEWLINE)*
        repeat: "while" expression ":" _NEWLINE _INDENT (assign _NEWLINE)+ _DEDENT
        %declare _INDENT _DEDENT
    """

    class Indentation(Indenter):
        NL_type = "_NEWLINE"
        OPEN_PAREN_types = ["LPAR", "LSQB"]
        CLOSE_PAREN_types = ["RPAR", "RSQB"]
        INDENT_type = "_INDENT"
        DEDENT_type = "_DEDENT"
        tab_len = 8

    path = str(ROOT / "grammar" / "program.lark")
    parser = lark.Lark(statements, parser="lalr", source_path=path, postlex=Indentation())
    tree = parser.parse("while f(x,\n y) < 3:\n  # c\n\n  x = 1\n  y = 2\nx\n")
    assert len(tree.children) == 2


# ----- Saved tables -----


def same(one: Tables, two: Tables) -> bool:
    return all(getattr(one, name) == getattr(two, name) for name in Tables.__slots__)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(SAVED, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def saved(tmp_path: Path) -> ModuleType:
    path = tmp_path / "tables.py"
    build_tables.write_tables(str(path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["tables.py"]
    return load(path)


def no_building(text: str) -> Tables:
    raise AssertionError("the saved tables are right")


def test_saved_tables_are_used(
    saved: ModuleType, expressions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, SAVED, saved)
    monkeypatch.setattr(build_tables, "build_tables", no_building)
    found = grammar.load_tables()
    monkeypatch.undo()
    assert saved.CHECKSUM == grammar.checksum(expressions)
    assert same(found, build_tables.build_tables(expressions))


@pytest.mark.parametrize("change", ["another grammar", "another form", "no tables"])
def test_tables_that_do_not_fit_are_made_anew(
    saved: ModuleType, expressions: str, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setitem(sys.modules, SAVED, saved)
    if change == "another grammar":
        monkeypatch.setattr(saved, "CHECKSUM", grammar.checksum(expressions + "\n"))
        monkeypatch.setattr(saved, "CELLS", b"")
    elif change == "another form":
        monkeypatch.setattr(grammar, "FORM", grammar.FORM + 1)
        monkeypatch.setattr(saved, "CELLS", b"")
    else:
        monkeypatch.setitem(sys.modules, SAVED, None)
    assert same(grammar.load_tables(), build_tables.build_tables(expressions))


def test_tables_do_without_the_grammar(
    saved: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, SAVED, saved)
    monkeypatch.setattr(grammar, "PLACES", (str(tmp_path / "nowhere"),))
    assert grammar.pack_cells(grammar.load_tables().cells) == saved.CELLS


def test_without_tables_and_grammar_the_installation_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, SAVED, None)
    monkeypatch.setattr(grammar, "PLACES", (str(tmp_path),))
    with pytest.raises(FileNotFoundError, match="install it again"):
        grammar.load_tables()
    with pytest.raises(FileNotFoundError, match="expression.lark"):
        build_tables.write_tables(str(tmp_path / "tables.py"))
    assert list(tmp_path.iterdir()) == []


def test_the_grammar_of_a_wheel_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, checkout = tmp_path / "difftool" / "grammar", tmp_path / "grammar"
    monkeypatch.setattr(grammar, "PLACES", (str(wheel), str(checkout)))
    assert grammar.read_grammar() is None
    checkout.mkdir()
    (checkout / "expression.lark").write_bytes(b"// checkout\r\n")
    assert grammar.read_grammar() == "// checkout\n"
    wheel.mkdir(parents=True)
    (wheel / "expression.lark").write_bytes(b"// wheel\n")
    assert grammar.read_grammar() == "// wheel\n"


def test_line_ends_of_the_checkout_do_not_change_the_checksum(
    expressions: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "expression.lark").write_bytes(expressions.replace("\n", "\r\n").encode())
    monkeypatch.setattr(grammar, "PLACES", (str(tmp_path),))
    found = grammar.read_grammar()
    assert found is not None
    assert grammar.checksum(found) == grammar.checksum(expressions)


def test_the_same_grammar_gives_the_same_file(expressions: str) -> None:
    code = (
        "import sys; from difftool.language.build_tables import tables_module;"
        "from difftool.language.grammar import read_grammar;"
        "sys.stdout.write(tables_module(read_grammar()))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code]
        found = subprocess.run(
            command, env=environment, capture_output=True, check=True, encoding="utf-8"
        )
        assert found.stdout == build_tables.tables_module(expressions)


def test_a_rule_the_driver_can_not_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="one part or more"):
        build_tables.build_tables('?program: _items\n_items: "a" | _items "a"\n_NEWLINE: "b"')
    with pytest.raises(ValueError, match="group of its own"):
        build_tables.build_tables("program: A _NEWLINE\nA: /(a)/\n_NEWLINE: /b/")


# ----- Start-up -----

PARSE = """
import sys, importlib.util
spec = importlib.util.spec_from_file_location("difftool.language.tables", sys.argv[1])
tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tables)
sys.modules["difftool.language.tables"] = tables
before = set(sys.modules)
from difftool.language.parser import parse
from difftool.language.syntax import free_names, unparse_program
program = parse("mean(3*(x+2)^3)")
free_names(program), unparse_program(program)
print(*sorted(set(sys.modules) - before))
"""


def test_parsing_loads_nothing_heavy(saved: ModuleType) -> None:
    assert saved.__file__ is not None
    found = subprocess.run(
        [sys.executable, "-c", PARSE, saved.__file__],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    loaded = set(found.stdout.split())
    own = {name.removeprefix("difftool.language.") for name in loaded if "language." in name}
    assert own == {"grammar", "kinds", "lalr", "literals", "parser", "syntax", "tree", "unparse"}
    heavy = ("lark", "numpy", "click", "rich", "json", "inspect", "dataclasses", "unicodedata")
    assert not loaded.intersection(heavy)


def test_the_reason_of_an_error_is_loaded_only_then() -> None:
    code = """
import sys
from difftool.errors import DifftoolError
from difftool.language.parser import parse
parse("x")
before = {"difftool.language.faults", "difftool.language.refusals"} & set(sys.modules)
try:
    parse("3x")
except DifftoolError as error:
    print(error.message, before, "difftool.language.faults" in sys.modules)
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert found.stdout == "3x is not multiplication set() True\n"


def test_parse_is_the_same_with_tables_made_in_memory(
    expressions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from difftool.language import parser

    parser._driver.cache_clear()
    monkeypatch.setitem(sys.modules, SAVED, None)
    try:
        assert repr(parse("x + 2")) == "Program((Binary('add', Name('x'), Number(2)),))"
        with pytest.raises(DifftoolError):
            parse("x +")
    finally:
        parser._driver.cache_clear()
