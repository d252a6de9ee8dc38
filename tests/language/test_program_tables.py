"""The tables of programs: they read as Lark does, are saved, and are loaded only for programs."""

from __future__ import annotations

import ast
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput

from difftool.errors import DifftoolError
from difftool.language import build_tables, grammar
from difftool.language.blocks import BlockDriver
from difftool.language.grammar import PROGRAMS
from difftool.language.lalr import Rejected, Tables
from difftool.language.parser import parse_program

ROOT = Path(__file__).parents[2]
SAVED = "difftool.language.program_tables"


@pytest.fixture(scope="module")
def text() -> str:
    """The text of the grammar."""
    found = grammar.read_grammar("program.lark")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def tables(text: str) -> Tables:
    return build_tables.build_tables(text)


@pytest.fixture(scope="module")
def larks_parser(text: str) -> lark.Lark:
    """Lark with the same grammar, which finds what is imported beside it."""
    path = str(ROOT / "grammar" / "program.lark")
    return lark.Lark(text, parser="lalr", lexer="basic", start="program", source_path=path)


@pytest.fixture(scope="module")
def driver(tables: Tables) -> BlockDriver:
    """The driver with actions that build Lark's own trees."""

    def build(name: str) -> Any:
        return lambda span, *parts: lark.Tree(name, list(parts))

    return BlockDriver(tables, {name: build(name) for _, _, name, _ in tables.rules})


def plain(tree: Any) -> Any:
    """A tree of Lark's with the names that rules have in the grammar they stand in."""
    if not isinstance(tree, lark.Tree):
        return tree
    name = str(tree.data).removeprefix("expression__")
    return lark.Tree(name, [plain(part) for part in tree.children])


WORDS = [
    *("x", "y", "f", "3", "'a'", "f'{x}'", "True", "None", "...", "not", "and", "or", "if", "else"),
    *("elif", "while", "for", "in", "is", "with", "as", "assert", "del", "import", "from", "pass"),
    *("break", "=", "==", "<", "+=", "*=", "**=", "^=", "-", "+", "*", "**", "^", "/", "@", "&"),
    *("|", "~", "(", ")", "[", "]", ",", ":", ".", ";", "\n", "\n", "\n  ", "\n  ", "\n    "),
    *("while x:", "if y:", "for x in y:", "else:", "elif z:", "x = ", "# c\n", "\\\n", "lambda"),
]


@settings(derandomize=True, deadline=None, max_examples=3_000)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), blanks=st.booleans())
def test_the_driver_reads_as_lark_does(
    driver: BlockDriver, larks_parser: lark.Lark, words: list[str], blanks: bool
) -> None:
    """Both get the tokens of the same lines and blocks."""
    text = (" " if blanks else "").join(words).replace("\n ", "\n", 1)
    try:
        tokens = list(driver.lines(text))
    except DifftoolError:
        return
    larks = larks_parser.parse_interactive()
    names = driver.tables.symbols
    try:
        for terminal, word, _ in tokens[:-1]:
            larks.feed_token(lark.Token(names[terminal], word))
        expected: object = plain(larks.feed_token(lark.Token("$END", "")))
    except UnexpectedInput:
        expected = None
    try:
        found: object = driver.parse_tokens(tokens)
    except Rejected:
        found = None
    assert found == expected


def test_the_grammar_has_no_conflicts(text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = str(ROOT / "grammar" / "program.lark")
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        lark.Lark(text, parser="lalr", start="program", source_path=path, debug=True)
    assert [record for record in caplog.records if "onflict" in record.getMessage()] == []


def kinds_of(tokens: Iterator[tuple[int, str, int]], names: tuple[str, ...]) -> str:
    short = {"_NEWLINE": ";", "_INDENT": "{", "_DEDENT": "}", "$END": "$"}
    return " ".join([short.get(names[terminal], word) for terminal, word, _ in tokens])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", "; $"),
        ("# c\n\n", "; $"),
        ("x", "x ; $"),
        ("x\n", "x ; $"),
        ("\n\nx # c\n  # d\ny\n", "x ; y ; $"),
        ("a\n b\n  c\n d\ne", "a ; { b ; { c ; } d ; } e ; $"),
        ("a\n b\n  c", "a ; { b ; { c ; } } $"),
        ("a\n  b\n\n  \n# c\n      # d\n  e\n", "a ; { b ; e ; } $"),
        ("a(\n  b\n\n)\nc", "a ( b ) ; c ; $"),
        (" a", "{ a ; } $"),
        ("a\n\tb\n\tc", "a ; { b ; c ; } $"),
        ("a\\\n  b\nc", "a b ; c ; $"),
    ],
)
def test_lines_and_blocks_are_tokens(driver: BlockDriver, lines: str, expected: str) -> None:
    assert kinds_of(driver.lines(lines), driver.tables.symbols) == expected


# ----- Saved tables -----


def same(one: Tables, two: Tables) -> bool:
    return all(getattr(one, name) == getattr(two, name) for name in Tables.__slots__)


def saved_values(path: Path) -> dict[str, Any]:
    """The constants of a module of tables."""
    found = {}
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            found[target.id] = ast.literal_eval(statement.value)
    return found


def test_the_checksum_is_that_of_both_grammars(tmp_path: Path, tables: Tables) -> None:
    path = tmp_path / "program_tables.py"
    build_tables.write_tables(str(path), PROGRAMS)
    found = saved_values(path)
    texts = grammar.read_grammars(PROGRAMS)
    assert texts is not None and len(texts) == 2
    assert found["CHECKSUM"] == grammar.checksum(*texts)
    assert grammar.unpack_cells(found["CELLS"]) == tables.cells
    assert found["SYMBOLS"] == tables.symbols and found["RULES"] == tables.rules
    assert {name.lower() for name in found} == {"checksum", *Tables.__slots__}


@pytest.mark.parametrize("changed", ["program.lark", "expression.lark"])
def test_a_change_of_either_grammar_makes_new_tables(
    changed: str, tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("program.lark", "expression.lark"):
        found = grammar.read_grammar(name)
        assert found is not None
        (tmp_path / name).write_text(found + "\n// changed\n" * (name == changed))
    made: list[str] = []
    build: Callable[[str], Tables] = build_tables.build_tables

    def watched(text: str) -> Tables:
        made.append(text)
        return build(text)

    monkeypatch.setattr(grammar, "PLACES", (str(tmp_path),))
    monkeypatch.setattr(build_tables, "build_tables", watched)
    assert same(grammar.load_tables(PROGRAMS), tables)
    assert len(made) == 1


def test_without_the_imported_grammar_there_are_no_tables(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "program.lark").write_text(text)
    monkeypatch.setattr(grammar, "PLACES", (str(tmp_path),))
    monkeypatch.setitem(sys.modules, SAVED, None)
    with pytest.raises(FileNotFoundError, match="expression.lark"):
        build_tables.write_tables(str(tmp_path / "tables.py"), PROGRAMS)
    with pytest.raises(FileNotFoundError, match="install it again"):
        grammar.load_tables(PROGRAMS)


def test_numbers_of_any_size_are_packed() -> None:
    for cells in ((0, 32767, -3), (0, 32768, -3), (1 << 30, -70000)):
        assert grammar.unpack_cells(grammar.pack_cells(cells)) == cells


def test_the_same_grammars_give_the_same_file() -> None:
    code = (
        "import sys; from difftool.language.build_tables import tables_module;"
        "from difftool.language.grammar import read_grammars;"
        "sys.stdout.write(tables_module(*read_grammars('program_tables')))"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(written) == 1


# ----- Start-up -----


def loaded_by(code: str, tmp_path: Path) -> set[str]:
    """The modules that a fresh interpreter loads for `code`, tables of programs at hand."""
    path = tmp_path / "program_tables.py"
    build_tables.write_tables(str(path), PROGRAMS)
    start = f"""
import sys, importlib.util
spec = importlib.util.spec_from_file_location({SAVED!r}, {str(path)!r})
tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tables)
sys.modules[{SAVED!r}] = tables
before = set(sys.modules)
"""
    found = subprocess.run(
        [sys.executable, "-c", f"{start}{code}\nprint(*sorted(set(sys.modules) - before))"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return {name.removeprefix("difftool.language.") for name in found.stdout.split()}


def test_a_program_loads_nothing_heavy(tmp_path: Path) -> None:
    code = """
from difftool.language.parser import parse_program
program = parse_program("import torch\\nwhile f'{x}': y = x\\n")
"""
    loaded = loaded_by(code, tmp_path)
    assert {"program_parser", "statements", "blocks", "formatted"} <= loaded
    heavy = {"lark", "numpy", "click", "rich", "json", "inspect", "dataclasses", "unicodedata"}
    own = {"tables", "faults", "program_faults", "refusals", "program_refusals", "names"}
    assert not loaded & (heavy | own)


def test_an_expression_loads_nothing_of_programs(tmp_path: Path) -> None:
    code = """
from difftool.language.parser import parse
from difftool.language.syntax import free_names, unparse
program = parse("y = x + 2; mean(y)")
free_names(program), unparse(program)
try:
    parse("3x")
except Exception:
    pass
"""
    loaded = loaded_by(code, tmp_path)
    ours = {"program_parser", "statements", "blocks", "formatted", "names", "unparse_statements"}
    assert not loaded & (ours | {"program_faults", "statement_faults", "program_refusals"})


def test_programs_are_the_same_with_tables_made_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from difftool.language import program_parser

    program_parser.driver.cache_clear()
    monkeypatch.setitem(sys.modules, SAVED, None)
    try:
        program = parse_program("while c: y *= 2")
        assert repr(program) == (
            "Program((While(Name('c'), (AugmentedAssign('mul', Name('y'), Number(2)),)),))"
        )
    finally:
        program_parser.driver.cache_clear()
