"""Errors and warnings as people read them: the message, the place with a caret, and the way out.

    error: shapes (2, 3) and (4,) do not broadcast
      mean(a * b)
           ^^^^^
      a is (2, 3), b is (4,)
    hint: the last dimensions are 3 and 4; they must be equal, or one of them 1

Everything that fails to the left of here comes as a `DifftoolError`; the command line writes what
these functions return to standard error. The same error as JSON: `report.json_lines.error_line`.
"""

from __future__ import annotations

from collections.abc import Sequence

from difftool.errors import DifftoolError, Span
from difftool.render.characters import width
from difftool.render.screen import Screen

# What a line of the user's text may fill where the stream has no edge of its own.
WIDTH_WITHOUT_EDGE = 100

# How much of the text before a span stays in sight when the span fills the line by itself.
CONTEXT = 12

# A sentence may quote what the user typed, and a path may be long; neither may flood the screen.
LONGEST_SENTENCE = 600
LONGEST_PLACE = 48

INDENT = "  "
CUT = "..."


def error_text(error: DifftoolError, screen: Screen) -> str:
    """The error as lines of text, the last newline included."""
    return _diagnostic(
        "error",
        error.message,
        screen,
        error.hint,
        error.notes,
        error.span,
        error.source,
        error.place,
    )


def warning_text(
    message: str,
    screen: Screen,
    *,
    hint: str | None = None,
    notes: Sequence[str] = (),
    span: Span | None = None,
    source: str | None = None,
    place: str | None = None,
) -> str:
    """A warning in the form of an error; the arguments are those of `DifftoolError`."""
    return _diagnostic("warning", message, screen, hint, notes, span, source, place)


def _diagnostic(
    label: str,
    message: str,
    screen: Screen,
    hint: str | None,
    notes: Sequence[str],
    span: Span | None,
    source: str | None,
    place: str | None,
) -> str:
    lines = [f"{screen.paint(f'{label}:', label)} {_said(message, screen)}"]
    if source:
        lines += _place(source, span, place, label, screen)
    elif place is not None:
        lines.append(f"{INDENT}in {_named(place, screen)}")
    for note in notes:
        lines += [INDENT + _said(line, screen) for line in note.split("\n")]
    if hint is not None:
        first, *others = hint.split("\n")
        lines.append(f"{screen.paint('hint:', 'hint')} {_said(first, screen)}")
        lines += [INDENT + _said(line, screen) for line in others]
    return "\n".join(lines) + "\n"


def _said(text: str, screen: Screen) -> str:
    return screen.shorten(screen.shown(text), LONGEST_SENTENCE)


def _named(place: str, screen: Screen) -> str:
    return screen.shorten(screen.shown(place), LONGEST_PLACE)


def _place(
    source: str, span: Span | None, place: str | None, label: str, screen: Screen
) -> list[str]:
    """The line of `source` in which `span` starts, and the carets under it."""
    at = 0 if span is None else min(span.start, len(source))
    line_start = source.rfind("\n", 0, at) + 1
    line_end = source.find("\n", at)
    line = source[line_start : len(source) if line_end < 0 else line_end]
    if line.endswith("\r"):
        line = line[:-1]
    introduction = INDENT + _introduction(source, line_start, place, screen)
    room = max((screen.width or WIDTH_WITHOUT_EDGE) - width(introduction) - 1, 2 * CONTEXT)
    start = at - line_start
    end = start if span is None else max(span.end - line_start, start)
    text, before, under = _window(line, min(start, len(line)), min(end, len(line)), room, screen)
    if span is None:
        return [(introduction + text).rstrip()]
    carets = screen.paint("^" * under, label)
    return [(introduction + text).rstrip(), " " * (width(introduction) + before) + carets]


def _introduction(source: str, line_start: int, place: str | None, screen: Screen) -> str:
    """What stands before the line: where its text was typed, and which line of it this is."""
    name = "" if place is None else _named(place, screen)
    if "\n" in source.rstrip("\n"):
        number = source.count("\n", 0, line_start) + 1
        return f"{name} line {number}: ".lstrip()
    if not name:
        return ""
    # An option stands before its value as it does on the command line.
    return f"{name} " if name.startswith("-") else f"{name}: "


def _window(line: str, start: int, end: int, room: int, screen: Screen) -> tuple[str, int, int]:
    """What is shown of `line` around [start, end), at most `room` columns, "..." for what is not.

    Returns:
        the text, the columns of it that stand before the span, and those under the span (one at
        least, for a span that is empty or fills no column).
    """
    left, right = 0, len(line)
    if len(line) > room or width(screen.shown(line)) > room:
        free = room - 2 * len(CUT)
        # The span first, then as much of the text on either side, then what either side has left.
        right, free = _reach(line, start, end, free - CONTEXT, screen)
        free += CONTEXT
        left, unused = _reach(line, start, 0, free // 2, screen)
        free -= free // 2 - unused
        if right == end:
            right, free = _reach(line, right, len(line), free, screen)
        left, free = _reach(line, left, 0, free, screen)
    cut_before, cut_after = CUT if left > 0 else "", CUT if right < len(line) else ""
    before = cut_before + screen.shown(line[left:start])
    under = screen.shown(line[start : min(end, right)])
    after = screen.shown(line[min(end, right) : right]) + cut_after
    columns = width(under)
    # A combining mark stands over the character before it, and so does its caret.
    at = width(before) - (1 if under and not columns and before else 0)
    return before + under + after, at, max(columns, 1)


def _reach(line: str, position: int, stop: int, room: int, screen: Screen) -> tuple[int, int]:
    """Go from `position` towards `stop` as far as `room` columns allow.

    Returns:
        the position reached and the columns that are left.
    """
    step = 1 if stop > position else -1
    while position != stop:
        needed = width(screen.shown(line[position if step > 0 else position - 1]))
        if needed > room:
            break
        room -= needed
        position += step
    return position, room
