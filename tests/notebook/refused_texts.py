"""Texts that difftool refuses to run: Python that is not of the language, and what is no program.

Part of the table in `refusals`. The former is right Python, and harmless when Python runs it.
"""

from __future__ import annotations

from tests.notebook.refusal import Refusal


def _foreign(name: str, program: str, line: int, *says: str) -> Refusal:
    """Python that is not of the language: refused by name, before anything runs."""
    return Refusal(name, f"import torch\nx = torch.ones(2)\n{program}\n", line, "syntax", says)


def _unknown(name: str, program: str, *says: str) -> Refusal:
    """A function or an attribute that the language does not have."""
    return Refusal(name, f"import torch\nx = torch.ones(2)\n{program}\n", 3, "name", says)


def _text(name: str, program: str, line: int, *says: str) -> Refusal:
    """A text that is no program at all."""
    return Refusal(name, program, line, "syntax", says)


NOT_OF_THE_LANGUAGE = (
    _foreign("class", "class A:\n    pass", 3, "`class`"),
    _foreign("def", "def f(x):\n    return x", 3, "`def`"),
    _foreign("a decorator", "@torch.no_grad()\ndef f(x):\n    return x", 3, "@"),
    _foreign("lambda", "f = lambda x: x", 3, "`lambda`"),
    _foreign("lambda in a call", "print((lambda: 1)())", 3, "`lambda`"),
    _foreign("try", "try:\n    x = 1\nexcept ValueError:\n    pass", 3, "`try`"),
    _foreign("raise", "if x.sum() > 5:\n    raise ValueError", 4, "`raise`"),
    _foreign("global", "global x", 3, "`global`"),
    _foreign("async", "async def f():\n    await f()", 3, "`async`"),
    _foreign("walrus", "print(y := 3)", 3, ":="),
    _foreign("annotation", "y: int = 3", 3),
    _foreign("starred names", "first, *rest = x", 3, "*"),
    _foreign("starred arguments", "print(*[1, 2])", 3, "*"),
    _foreign("dict", "d = {'a': 1}", 3, "dict"),
    _foreign("set", "s = {1, 2}", 3, "set"),
    _foreign("comprehension", "y = [i * i for i in range(3)]", 3, "`for`"),
    _foreign("generator", "y = sum(i * i for i in range(3))", 3, "`for`"),
    _foreign("complex number", "y = 3j", 3, "complex"),
    _foreign("bytes", "y = b'a'", 3, "b-strings"),
    _foreign("deep in a block", "for i in range(2):\n    if i:\n        lambda: 0", 5, "`lambda`"),
    _foreign("import os", "import os", 3, "os"),
    _foreign("import beside torch", "import math, sys", 3, "sys"),
    _foreign("from os", "from os import path", 3, "os"),
    _foreign("import under another name", "import os as torch", 3, "os"),
    _foreign("import everything", "from os import *", 3, "os"),
    _foreign("import in a block", "if 1 < 2:\n    import subprocess", 4, "subprocess"),
    _foreign("with a file", "with open('/dev/null') as file:\n    pass", 3, "open"),
)

UNKNOWN = (
    _unknown("eval", "eval('1 + 1')", "eval"),
    _unknown("exec", "exec('y = 1')", "exec"),
    _unknown("open", "open('/dev/null')", "open"),
    _unknown("compile", "compile('1', 'f', 'eval')", "compile"),
    _unknown("__import__", "__import__('math')", "__import__"),
    _unknown("globals", "globals()", "globals"),
    _unknown("getattr", "getattr(x, 'data')", "getattr"),
    _unknown("vars", "vars(torch)", "vars"),
    _unknown("torch.load", "torch.load", "load"),
    _unknown("torch.os", "torch.os", "os"),
    _unknown("torch.sys", "torch.sys", "sys"),
    _unknown("torch.sys.path", "torch.sys.path", "path"),
    _unknown("__class__", "x.__class__", "__class__"),
    _unknown("__class__ of a number", "(1).__class__.__bases__", "__class__"),
    _unknown("__class__ of a list", "[].__class__", "__class__"),
    _unknown("__class__ of a text", "''.__class__", "__class__"),
    _unknown("__dict__", "torch.__dict__", "__dict__"),
    _unknown("__getitem__", "x.__getitem__(0)", "__getitem__"),
    _unknown("__globals__ of a function", "print.__self__", "__self__"),
    _unknown("__builtins__", "__builtins__", "__builtins__"),
    _unknown("__name__", "print(__name__)", "__name__"),
    _unknown("dunder in an f-string", "f'{x.__class__}'", "__class__"),
    _unknown("dunder in a format", "'{0.__class__}'.format(x)", "format"),
    _unknown("dunder of math", "import math; math.__loader__", "__loader__"),
    _unknown("dunder of grad_fn", "(x * 2).requires_grad_().sum().grad_fn.__class__", "__class__"),
    _unknown("_c", "torch._C", "_C"),
    _unknown("storage", "x.untyped_storage()", "untyped_storage"),
    _unknown("save", "torch.save", "save"),
)

NO_PROGRAM = (
    _text("an unexpected indentation", "x = 1\n    y = 2\n", 2, "indent"),
    _text("indented at the start", "  x = 1\n", 1, "indent"),
    _text("a block that is missing", "while 1 < 2:\nx = 1\n", 2, "indent"),
    _text("a block that is missing at the end", "x = 1\nfor i in range(3):\n", 2, "indent"),
    _text("an else without a block", "if 1 < 2:\n    x = 1\nelse:\nx = 2\n", 4, "indent"),
    _text("back to nowhere", "if 1 < 2:\n    x = 1\n  y = 2\n", 3, "indent"),
    _text("tabs and blanks", "if 1 < 2:\n        x = 1\n\ty = 2\n", 3, "tab"),
    _text("blanks, then a tab deeper", "if 1 < 2:\n  if 1 < 2:\n\tx = 1\n", 3, "tab"),
    _text("a comment is no block", "for i in range(3):\n    # nothing\nx = 1\n", 3, "indent"),
    _text("an open bracket", "x = (1 +\n  2\ny = 3\n", 1, "("),
    _text("an open list", "x = [\n  [1, 2],\n  [3, 4]\nprint(x)\n", 1, "["),
    _text("an open call at the end", "print(1,\n\n", 1, "("),
    _text("the wrong bracket", "x = [1, 2)\n", 1, ")"),
    _text("a bracket too many", "x = 1\ny = (2))\n", 2, ")"),
    _text("an open string", "x = 'text\ny = 2\n", 1, "closed"),
    _text("an open text", 'x = 1\n"""text\ny = 2\n', 2, "closed"),
    _text("an open f-string", "x = 1\nprint(f'{x')\n", 2),
    _text("an empty f-string part", "print(f'{}')\n", 1),
    _text("no colon", "while 1 < 2\n    x = 1\n", 1, ":"),
    _text("no colon after else", "if 1 < 2:\n    x = 1\nelse\n    x = 2\n", 3, ":"),
    _text("no condition", "if:\n    x = 1\n", 1),
    _text("an else alone", "x = 1\nelse:\n    x = 2\n", 2, "else"),
    _text("an elif alone", "elif 1 < 2:\n    x = 2\n", 1, "elif"),
    _text("an assignment as condition", "x = 1\nif x = 2:\n    x = 3\n", 2, "=="),
    _text("two statements on a line", "x = 1 y = 2\n", 1),
    _text("a block after a statement", "x = 1; while x < 2: x += 1\n", 1),
    _text("a block in a one-line suite", "if 1 < 2: while 1 < 2: pass\n", 1),
    _text("nothing after =", "x = 1\ny =\n", 2),
    _text("a call as target", "print(1) = 2\n", 1),
    _text("a number as target", "3 = x\n", 1),
    _text("a sum as target", "x = 1\nx + 1 = 2\n", 2),
    _text("a constant as target", "None = 2\n", 1, "None"),
    _text("an augmented pair", "x, y = 1, 2\nx, y += 1\n", 2),
    _text("a keyword as name", "while = 2\n", 1),
    _text("break outside a loop", "x = 1\nbreak\n", 2, "break", "loop"),
    _text("continue outside a loop", "if 1 < 2:\n    continue\n", 2, "continue", "loop"),
    _text("return outside a function", "x = 1\nreturn x\n", 2, "return"),
    _text("print without brackets", "x = 1\nprint x\n", 2, "print(x)"),
    _text("x++", "x = 1\nx++\n", 2, "++"),
    _text("multiplication left out", "x = 2\ny = 3x\n", 2, "3*x"),
    _text("a shell's line", "!ls\n", 1, "!"),
    _text("a notebook's magic", "%timeit x\n", 1, "%"),
    _text("a stray backslash", "x = 1 \\ + 2\n", 1),
    _text("a character that is no sign", "x = 1\ny = x ? 2\n", 2, "?"),
)
