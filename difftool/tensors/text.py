"""Text files: decoding, and words for what stands in them. `table` and `json_text` read with it."""

from __future__ import annotations

from difftool.tensors.source import Source, shown

LONGEST_QUOTATION = 40
WIDE_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def text_of(source: Source) -> str:
    """The text of a source, UTF-8 or, as some shells write it, UTF-16 with its mark; line ends
    become newlines. Raises DifftoolError for anything else."""
    data = source.bytes()
    encoding = next((name for mark, name in WIDE_MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "it begins like NumPy's .npy" if data.startswith(b"\x93NUMPY") else None
        raise source.fault(
            f"{source.name} is no text: byte {error.start + 1} is not UTF-8", hint
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def quoted(text: str) -> str:
    """A piece of a file in quotes, escaped and not too long for a message."""
    if len(text) > LONGEST_QUOTATION:
        text = text[: LONGEST_QUOTATION - 3] + "..."
    return f"'{shown(text)}'"
