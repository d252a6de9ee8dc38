r"""The words of a command line, sorted before click reads them.

Click would read `-x^2` as an option and `-v*x` as two of them. There are no short options here,
so only two dashes and a letter make an option; every other word that is no option's value is an
expression. It is taken out, and `command` hands click the rest.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple


class Words(NamedTuple):
    """What the words of a command are.

    Attributes:
        expressions: the words that are neither options nor values; one is right.
        options: the options, each with its value in one word, in order.
        unknown: names that the command does not know: free names of the expression, or mistakes.
        unfilled: names of options whose value is missing.
    """

    expressions: list[str]
    options: list[str]
    unknown: list[str]
    unfilled: list[str]


def is_option(word: str) -> bool:
    """Whether `word` is an option: two dashes and a letter, which `--3` and `-x^2` are not."""
    return word.startswith("--") and (word[2:3].isalpha() or word[2:3] == "_")


def sort(words: list[str], known: Container[str], flags: Container[str]) -> Words:
    """Separate the expression from the options.

    `known` are the command's own options, `flags` those of them that take no value. Any other
    name takes one, as the option of a free name does. An option is never the value of another
    unless it is written so (`--x=--y`), and after a bare `--` every word is an expression.
    """
    sorted_words = Words([], [], [], [])
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word == "--":
            sorted_words.expressions.extend(words[place:])
            break
        if not is_option(word):
            sorted_words.expressions.append(word)
            continue
        name, equals, _ = word.partition("=")
        if name not in known:
            sorted_words.unknown.append(name)
        if equals or name in flags:
            sorted_words.options.append(word)
        elif place == len(words) or words[place] == "--" or is_option(words[place]):
            sorted_words.options.append(word)
            sorted_words.unfilled.append(name)
        else:
            sorted_words.options.append(f"{name}={words[place]}")
            place += 1
    return sorted_words
