"""Which files difftool reads and writes, by their suffix, and why not the others.

`reading` and `writing` ask here before they touch anything. Pickles are refused by name: they are
programs, and loading one runs it.
"""

from __future__ import annotations

import os

from difftool.errors import DifftoolError
from difftool.tensors.source import shown

READ = (".npy", ".npz", ".csv", ".tsv", ".json", ".safetensors")
WRITTEN = (".npz", ".npy", ".json", ".safetensors")

BY_NUMPY = "where you trust the file, load it in Python and numpy.save(...) the array as .npy"
BY_TORCH = (
    "where you trust the file, convert it: numpy.save('x.npy', torch.load('x.pt',"
    " weights_only=True).numpy()), or safetensors.torch.save_file for a dict of tensors"
)
BY_JOBLIB = "where you trust the file, convert it: numpy.save('x.npy', joblib.load('x.joblib'))"
PICKLES = {
    ".pkl": BY_NUMPY,
    ".pickle": BY_NUMPY,
    ".joblib": BY_JOBLIB,
    ".pt": BY_TORCH,
    ".pth": BY_TORCH,
    ".ckpt": BY_TORCH,
}


def suffix_of(path: str) -> str:
    """The suffix in small letters, with its dot; "" without one."""
    return os.path.splitext(path)[1].lower()


def refusal(path: str, known: tuple[str, ...], place: str | None) -> DifftoolError:
    """The error for a file whose suffix is none of `known`; `known` is READ or WRITTEN."""
    suffix, name = suffix_of(path), shown(path)
    if suffix in PICKLES and known is READ:
        return pickled(f"{name} is a pickle", place, PICKLES[suffix])
    verb = "reads" if known is READ else "writes"
    what = f"'{suffix}' files" if suffix else "files without a suffix"
    hint = None
    if suffix in (".gz", ".bz2", ".xz", ".zst"):
        hint = f"decompress {name} first" if known is READ else "an .npz, compressed later"
    elif known is WRITTEN and path == "-":
        hint = "--json prints to standard output"
    return DifftoolError(
        f"{name}: difftool {verb} {', '.join(known)}, not {what}",
        kind="file",
        hint=hint,
        place=place,
    )


def pickled(finding: str, place: str | None, hint: str | None = None) -> DifftoolError:
    """The error for a pickle; `finding` says what was found, "x.pt is a pickle"."""
    return DifftoolError(
        f"{finding}; difftool never loads pickles: they can run code",
        kind="file",
        hint=hint or BY_NUMPY,
        place=place,
    )
