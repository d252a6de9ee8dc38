"""Checks as JUnit XML and as GitHub annotations: valid, escaped, the worst first."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from xmlschema import XMLSchema

from difftool.errors import DifftoolError
from difftool.render.check import check_text, checks_text
from difftool.render.github import github_text
from difftool.render.junit import junit_text
from difftool.render.screen import Screen
from difftool.report.check import CheckRecord, ComparisonRecord, EntryRecord, Tally

SCHEMA = XMLSchema(str(Path(__file__).with_name("junit.xsd")))
TIME = "2026-01-31T12:00:00"
STRANGE = "a<b> & \"c\" 100%: x,y\n\x00 \ud800 ü"


def entry(relative: float, passed: bool) -> EntryRecord:
    return EntryRecord((0, 1), 2.0, 1.0, 1.0, relative, 0.0, None, None, passed)


def comparison(name: str, relative: float, passed: bool, note: str = "a note") -> ComparisonRecord:
    return ComparisonRecord(
        *(name, (2, 2), 1, "numeric", passed, 4, 4, 0 if passed else 3, entry(relative, passed)),
        *((), 0, 1e-6, 1e-8, 1, 7, (note,)),
    )


def record(
    title: str, *comparisons: ComparisonRecord, error: DifftoolError | None = None
) -> CheckRecord:
    passed = error is None and all([found.passed for found in comparisons])
    return CheckRecord(
        "sum(x)", "1", 7, 1, passed, comparisons, (), title, "a,b:c.toml", 5, error, 0.25
    )


ERROR = record("broken", error=DifftoolError("no & <value>", kind="name", hint="give it"))
PASSED = record("right", comparison("x", 1e-12, True), comparison("y", 1e-12, True))
FAILED = record("wrong", comparison("x", 1e-12, True), comparison("y", 0.5, False))


# ----- JUnit -----


@pytest.mark.parametrize(
    "records",
    [
        [],
        [PASSED],
        [PASSED, FAILED, ERROR],
        [record(STRANGE, comparison(STRANGE, 0.5, False, STRANGE))],
        [PASSED._replace(file=None, name=None, line=None), FAILED],
    ],
)
def test_junit_is_valid(records: list[CheckRecord]) -> None:
    SCHEMA.validate(junit_text(records, TIME))


def test_the_schema_refuses_what_is_not_junit() -> None:
    text = junit_text([FAILED], TIME)
    assert not SCHEMA.is_valid(text.replace('tests="2"', ""))
    assert not SCHEMA.is_valid(text.replace("testcase", "case"))
    assert not SCHEMA.is_valid(text.replace(TIME, "yesterday"))


def test_there_is_a_case_for_each_input_of_each_check() -> None:
    root = ElementTree.fromstring(junit_text([PASSED, FAILED, ERROR], TIME).encode())
    (suite,) = root
    counts = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "time")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "time": "0.750"}
    cases = [(c.attrib["classname"], c.attrib["name"], [p.tag for p in c]) for c in suite[1:-2]]
    assert cases == [
        ("right", "x", []),
        ("right", "y", []),
        ("wrong", "x", []),
        ("wrong", "y", ["failure"]),
        ("broken", "broken", ["error"]),
    ]
    failure = suite.find("testcase/failure")
    assert failure is not None and failure.text is not None
    assert failure.attrib["message"].startswith("y[0, 1]: reverse mode gives 2")
    assert "a note" in failure.text and "seed: 7" in failure.text


def test_strange_texts_are_read_back() -> None:
    text = junit_text([record(STRANGE, comparison("x", 0.5, False))], TIME)
    case = ElementTree.fromstring(text.encode()).find("testsuite/testcase")
    assert case is not None
    assert case.attrib["classname"] == STRANGE.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")


# ----- GitHub -----


def test_annotations_are_escaped() -> None:
    failed = record("50%: a,b\nc", comparison("x", 0.5, False, "one\r\ntwo 100%, three: four"))
    line, summary = github_text([failed]).splitlines()
    assert line.startswith(
        "::error file=a%2Cb%3Ac.toml,line=5,title=50%25%3A a%2Cb%0Ac%3A gradient by x::x[0, 1]: "
    )
    assert line.endswith("; one%0D%0Atwo 100%25, three: four")
    assert summary == "1 check: 0 passed, 1 failed"


def test_the_worst_ten_come_first() -> None:
    records = [record(f"c{n}", comparison("x", n / 100, False)) for n in range(12)]
    *lines, summary = github_text([*records, ERROR, PASSED]).splitlines()
    titles = [line.partition("title=")[2].partition("::")[0] for line in lines]
    assert titles == ["broken", *[f"c{n}%3A gradient by x" for n in range(11, 2, -1)]]
    assert summary == (
        "14 checks: 1 passed, 12 failed, 1 could not be carried out; "
        "the worst 10 of 13 findings are shown"
    )


def test_a_check_of_the_command_line_has_no_file() -> None:
    failed = FAILED._replace(file=None, line=None, name=None)
    assert github_text([failed]).startswith("::error title=sum(x)%3A gradient by y::y[0, 1]: ")


# ----- Tables -----


@pytest.mark.parametrize("width", [None, 200, 80, 40, 20])
def test_tables_fit_the_screen_and_lose_nothing(width: int | None) -> None:
    text = check_text(FAILED, Screen(width=width))
    for word in ("central", "y[0, 1]", "a note", "failed"):
        assert word in text
    if width is not None and width >= 40:
        assert max(map(len, text.splitlines())) <= width


def test_a_list_shows_one_line_for_each_and_what_failed_in_full() -> None:
    text = checks_text([PASSED, FAILED, ERROR], Screen())
    lines = text.splitlines()
    assert [line.split()[:2] for line in lines[2:5]] == [
        ["right", "passed"],
        ["wrong", "failed"],
        ["broken", "error"],
    ]
    assert "wrong (a,b:c.toml line 5)" in lines
    assert "error: no & <value>" in lines
    assert "right (a,b:c.toml line 5)" not in lines
    assert lines[-1] == "3 checks: 1 passed, 1 failed, 1 could not be carried out"


def test_ascii_streams_and_strange_texts() -> None:
    failed = record("[red]\x1b[31m", comparison("x[a]", 0.5, False, "‮ü"))
    text = checks_text([failed], Screen(encoding="ascii"))
    text.encode("ascii")
    assert "[red]\\x1b[31m" in text and "x[a]" in text


def test_a_tally_counts() -> None:
    assert Tally.of([PASSED]).line == "1 check: 1 passed"
    assert Tally.of([]).line == "0 checks: 0 passed"
