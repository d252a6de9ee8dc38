"""JSON text to tensors: the files, the standard input, and where in their text a fault stands.

`reading` calls `read_json` and `named_entries`; `json_tensor` turns a parsed value into an array.
The json module gives values without their places, so a place is looked for in the text once a
fault has been found.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, TypeAlias

from difftool.errors import DifftoolError
from difftool.tensors.json_tensor import outline, to_array
from difftool.tensors.source import Array, Entry, Source, pick, shown
from difftool.tensors.text import quoted, text_of

Path: TypeAlias = tuple[int | str, ...]  # of keys and indices, to a value in the text

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
BARE_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
LONG_INTEGER = re.compile(r"\d{4300,}")
NEGATIVE_ZERO = re.compile(r"-0(?![\d.eE])")
IN_QUOTES = 'JSON has no such number: write "NaN", "Infinity" or "-Infinity", in quotes'
ADVICE = {
    "None": "JSON's word is null, and a tensor has none",
    "True": "JSON writes true",
    "False": "JSON writes false",
    "]": "a comma stands before the bracket",
    "}": "a comma stands before the brace",
}


class Document:
    """A parsed text, and where its parts stand. Passed along for error messages."""

    __slots__ = ("source", "text", "value")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = text_of(source)
        self.value = self._parsed()

    def fault(self, path: Path, message: str, hint: str | None = None) -> DifftoolError:
        """The error for the value at `path`: `message` goes on after its line and column."""
        return self._at(_offset(self.text, path), f"{_written(path)}{message}", hint)

    def _at(self, offset: int, message: str, hint: str | None = None) -> DifftoolError:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return self.source.fault(
            f"{self.source.name}, line {line}, column {column}: {message}", hint
        )

    def _parsed(self) -> Any:
        text = self.text
        if not text.strip():
            raise self.source.fault(f"{self.source.name} is empty")
        # "-0" is an integer to the json module, which would lose the sign of the number.
        whole = _whole if NEGATIVE_ZERO.search(text) else None
        try:
            return json.loads(
                text, parse_constant=_refused, parse_int=whole, object_pairs_hook=_unrepeated
            )
        except json.JSONDecodeError as error:
            raise self._not_json(error.pos, error.msg) from None
        except _BareWord:
            places = (found for found in BARE_WORDS.finditer(text) if found[0][0] != '"')
            found = next(places)
            raise self._at(found.start(), f"{found[0]} is not a number", IN_QUOTES) from None
        except _Repeated as repeated:
            raise self.source.fault(
                f"{self.source.name} has the key {quoted(repeated.key)} twice in one object"
            ) from None
        except RecursionError:
            raise self.source.fault(f"{self.source.name} is nested too deeply") from None
        except ValueError:  # Python converts no integers of that length
            long = LONG_INTEGER.search(text)
            raise self._at(
                long.start() if long else 0, "an integer of more than 4300 digits"
            ) from None

    def _not_json(self, offset: int, reason: str) -> DifftoolError:
        if not self.text[offset:].strip():
            return self._at(
                len(self.text.rstrip()), "the text ends before the tensor does", "is it torn?"
            )
        if reason == "Extra data":
            return self._at(
                offset, "a second value begins, where one is read",
                "put several tensors into one object: {\"x\": [1], \"y\": [2]}",
            )  # fmt: skip
        word = re.match(r"[\w.+-]+|.", self.text[offset:], re.DOTALL)
        found = word[0] if word else ""
        if found.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            return self._at(offset, f"{found} is not a number", IN_QUOTES)
        hint = ADVICE.get(found)
        if found == "'":
            hint = "JSON has double quotes"
        return self._at(offset, f"this is not JSON: {_decapitalised(reason)}", hint)


def read_json(source: Source, key: str | None) -> Array:
    """The tensor of a JSON text: nested lists, a number, or {"shape", "dtype", "data"}.

    An object of several tensors needs a key; `a.b` is the tensor "b" in the object "a", so that
    difftool's own records can be read: `:output`, `:gradients.x`.
    """
    document = Document(source)
    if key is None and (not isinstance(document.value, dict) or _is_tensor(document.value)):
        return to_array(document.value, (), document)
    if not isinstance(document.value, dict):
        raise source.fault(
            f"{source.name} holds one tensor without a name, so :{shown(key or '')} has no meaning",
            f"write {source.reference}",
        )
    return pick(source, _nested(document), key)


def named_entries(source: Source) -> dict[str, Entry] | None:
    """The tensors of a JSON object by name; None for a text that is one tensor."""
    document = Document(source)
    if not isinstance(document.value, dict) or _is_tensor(document.value):
        return None
    return {name: _entry(document, value, (name,)) for name, value in document.value.items()}


def _nested(document: Document) -> dict[str, Entry]:
    """All that could be a tensor in an object and in the objects in it, by dotted names."""
    entries: dict[str, Entry] = {}
    # A record of difftool's own has two numbers that are no tensors.
    ours = ("difftool", "seed") if "difftool" in document.value else ()
    objects: list[tuple[Path, dict[str, Any]]] = [((), document.value)]
    while objects:
        path, members = objects.pop()
        for name, value in members.items():
            inner = (*path, name)
            if not path and name in ours:
                continue
            if isinstance(value, dict) and not _is_tensor(value):
                objects.append((inner, value))
            elif value is not None and not isinstance(value, str) and not _of_objects(value):
                entries[".".join(map(str, inner))] = _entry(document, value, inner)
    return entries


def _entry(document: Document, value: Any, path: Path) -> Entry:
    return Entry(partial(outline, value), partial(to_array, value, path, document))


def _is_tensor(members: dict[str, Any]) -> bool:
    """Whether an object is a tensor rather than a collection of them."""
    return "data" in members and isinstance(members.get("dtype"), str)


def _of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


class _BareWord(Exception):
    pass


class _Repeated(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _whole(digits: str) -> int | float:
    return -0.0 if digits == "-0" else int(digits)


def _refused(word: str) -> Any:
    raise _BareWord


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Repeated(next(key for key in keys if keys.count(key) > 1))
    return members


def _written(path: Path) -> str:
    """`x.data[1][0] `, as it would be written in Python or jq."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in path]
    return ("".join(parts).removeprefix(".") or "the value") + " "


def _offset(text: str, path: Path) -> int:
    """Where the value at `path` begins in a text that is valid JSON."""
    current: list[int | str] = []
    closing: list[str] = []
    key_follows = False
    for token in TOKEN.finditer(text):
        word = token[0]
        if word in "]}":
            closing.pop()
            current.pop()
            key_follows = False
        elif word == ",":
            if isinstance(current[-1], int):
                current[-1] += 1
            key_follows = closing[-1] == "}"
        elif word == ":":
            continue
        elif key_follows:
            current[-1] = json.loads(word)
            key_follows = False
        elif tuple(current) == path:
            return token.start()
        elif word in "[{":
            closing.append("]" if word == "[" else "}")
            current.append(0 if word == "[" else "")
            key_follows = word == "{"
    return 0


def _decapitalised(reason: str) -> str:
    return reason[:1].lower() + reason[1:]
