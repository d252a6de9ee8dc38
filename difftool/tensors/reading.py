"""`@FILE`, `@FILE:key`, `-` and `--inputs FILE` to arrays: which reader takes what.

The command line calls `read` and `read_inputs`; the formats are modules of their own, imported
when one is met: `numpy_files`, `table`, `json_text`, `safetensors_files`.
"""

from __future__ import annotations

import os
import stat

from difftool.errors import DifftoolError
from difftool.tensors.source import Array, Entry, Source, StandardInput, pick, refuse_key, shown
from difftool.tensors.suffixes import PICKLES, READ, pickled, refusal, suffix_of

# How the bytes of a form begin, where no suffix tells.
BEGINNINGS = ((b"\x93NUMPY", ".npy"), (b"PK\x03\x04", ".npz"), (b"PK\x05\x06", ".npz"))


def read(reference: str, *, stdin: StandardInput | None = None, place: str | None = None) -> Array:
    """The array that a reference names.

    Args:
        reference: `@FILE`, `@FILE:key` for a file of several arrays, `-`, `@-` or `@-:key` for the
            standard input. An existing file whose name holds a colon wins over a key. The format
            follows the suffix; the standard input and named pipes without a suffix are .npy, .npz,
            .safetensors or JSON, by how they begin.
        stdin: the standard input of the whole command, so that it isn't read twice.
        place: the option that the reference is the value of, for messages.

    Returns:
        An array in a dtype of the language, not to be written to: an .npy file stays on disk and is
        mapped into memory. A .csv or .tsv file gives float64 with one dimension for one row or one
        column and two otherwise; JSON numbers give float64, whole or not.

    Raises:
        DifftoolError: the file is missing, torn, no tensor or a pickle (kind "file"), or too large
            for the memory (kind "limit").
    """
    if reference == "-":
        reference = "@-"
    if not reference.startswith("@") or reference == "@":
        raise DifftoolError(
            f"'{shown(reference)}' names no file",
            kind="usage",
            hint="write @FILE, @FILE:key or - for standard input",
            place=place,
        )
    name = reference[1:]
    key: str | None = None
    if name == "-" or name.startswith("-:"):
        key = name[2:] if name.startswith("-:") else None
        source = (stdin or StandardInput()).read(place)
    else:
        path, key = _split(_expanded(name))
        source = _file(path, place)
    if key == "":
        raise source.fault(
            f"'{shown(reference)}' has no key after its ':'", f"write {source.reference}:key"
        )
    try:
        return _array(source, key)
    except MemoryError:
        raise _too_large(source) from None


def read_inputs(
    file: str, *, stdin: StandardInput | None = None, place: str | None = "--inputs"
) -> dict[str, Array]:
    """Every array of an .npz, .safetensors or JSON file (an object of tensors) by name.

    `file` may be `-` for the standard input, and may begin with `@`. The names become names of the
    language, so they must be identifiers. Raises DifftoolError as `read` does.
    """
    if file.startswith("@") and not _exists(file):
        file = file[1:]
    file = _expanded(file)
    source = (stdin or StandardInput()).read(place) if file == "-" else _file(file, place)
    try:
        entries = _entries(source)
        if entries is None:
            raise source.fault(
                f"{source.name} holds one array without a name",
                f"give it to a name: --x {source.reference}",
            )
        for name in entries:
            _check_name(name, source)
        return {name: entry.load() for name, entry in entries.items()}
    except MemoryError:
        raise _too_large(source) from None


def _array(source: Source, key: str | None) -> Array:
    form = _form(source)
    if form == ".npy":
        from difftool.tensors.numpy_files import read_npy

        refuse_key(source, key, "an .npy file")
        return read_npy(source)
    if form in (".csv", ".tsv"):
        from difftool.tensors.table import read_table

        refuse_key(source, key, f"a {form} file")
        return read_table(source, "," if form == ".csv" else "\t")
    if form == ".json":
        from difftool.tensors.json_text import read_json

        return read_json(source, key)
    return pick(source, _entries(source) or {}, key)


def _entries(source: Source) -> dict[str, Entry] | None:
    """The arrays of a file that names them; None for one that doesn't."""
    form = _form(source)
    if form == ".npz":
        from difftool.tensors.numpy_files import npz_entries

        return npz_entries(source)
    if form == ".safetensors":
        from difftool.tensors.safetensors_files import safetensors_entries

        return safetensors_entries(source)
    if form == ".json":
        from difftool.tensors.json_text import named_entries

        return named_entries(source)
    return None


def _form(source: Source) -> str:
    """The suffix that says which reader takes the source."""
    if source.suffix in PICKLES:
        raise refusal(source.name, READ, source.place)
    if source.path is not None:
        source.open().close()  # raises if there is no such file
    if source.suffix in READ:
        if source.size() == 0:
            raise source.fault(f"{source.name} is empty")
        return source.suffix
    if source.path is not None:
        raise refusal(source.name, READ, source.place)
    data = source.bytes()
    for beginning, form in BEGINNINGS:
        if data.startswith(beginning):
            return form
    if len(data) > 1 and data[0] == 0x80 and 2 <= data[1] <= 5:
        raise pickled(f"{source.name} is a pickle", source.place)
    if data[8:9] == b"{" and int.from_bytes(data[:8], "little") <= len(data) - 8:
        return ".safetensors"
    return ".json"


def _file(path: str, place: str | None) -> Source:
    name, suffix = shown(path), suffix_of(path)
    source = Source(name, f"@{name}", suffix=suffix, path=path, place=place)
    if "\0" in path:
        raise source.fault(f"{name} can't be the name of a file")
    if _exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
        # A pipe can neither be mapped nor read twice. `<(command)` makes one without a suffix.
        data = source.bytes()
        if not data:
            raise source.fault(f"{name} is a pipe, and nothing came through it")
        return Source(name, f"@{name}", suffix=suffix, data=data, place=place)
    return source


def _split(name: str) -> tuple[str, str | None]:
    """A file's name and the key after it. The longest name of an existing file wins; if there is
    none, the longest one with a suffix of a known format."""
    if not _exists(name):
        cuts = [place for place, letter in enumerate(name) if letter == ":" and place > 0]
        for fits in (_exists, lambda path: suffix_of(path) in (*READ, *PICKLES)):
            for cut in reversed(cuts):
                if fits(name[:cut]):
                    return name[:cut], name[cut + 1 :]
    return name, None


def _expanded(name: str) -> str:
    """`~` made the home directory, which a shell does not do behind an `@`."""
    return os.path.expanduser(name) if name.startswith("~") and not _exists(name) else name


def _exists(path: str) -> bool:
    return "\0" not in path and os.path.exists(path)


def _check_name(name: str, source: Source) -> None:
    from keyword import iskeyword

    if not name.isidentifier() or iskeyword(name):
        raise source.fault(
            f"{source.name} holds an array '{shown(name)}', which is no name of the language",
            f"give it to one: --let x={source.reference}:{shown(name)}"
            if source.path is not None
            else "rename it",
        )


def _too_large(source: Source) -> DifftoolError:
    return source.fault(
        f"{source.name} is too large for the memory that is free",
        "an .npy file is read piece by piece as it is needed",
        "limit",
    )
