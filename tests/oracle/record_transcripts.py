"""Record what PyTorch makes of the programs in tests/notebook: for tests/test_notebook.py.

Run at the top of the repository with a Python that has PyTorch 2.13:
`python -m tests.oracle.record_transcripts [NAME ...]`. It runs each file of
`tests/notebook/programs` after `torch.manual_seed(0)` and writes what was printed to
`tests/notebook/transcripts/NAME.txt`; without names it also runs the programs of
`tests/notebook/refusals.py` and writes, beside it, `refusals.json`: for each the type, the first
line of the message and the line in the program of what PyTorch (or Python) raised, or null where
it raised nothing.

A bare expression at top level shows its value, as the last line of a notebook's cell does. Not
shown: None, a string literal (the text between cells), the result of an in-place method such as
`zero_` (`requires_grad_` is shown), and the generator that `manual_seed` returns. Addresses are
left out: `<MulBackward0 object at 0x7f...>` becomes `<MulBackward0>`. Warnings are not recorded.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any

from tests.notebook.refusals import REFUSALS

torch: Any = importlib.import_module("torch")
torch.set_num_threads(1)

NOTEBOOK = Path(__file__).parents[1] / "notebook"
PROGRAMS = NOTEBOOK / "programs"
TRANSCRIPTS = NOTEBOOK / "transcripts"


def transcript(text: str, name: str) -> str:
    """What a program prints, from the state in which PyTorch starts and seed 0.

    Raises whatever the program raises.
    """
    torch.set_default_dtype(torch.float32)
    torch.set_printoptions(profile="default")
    torch.set_grad_enabled(True)
    torch.manual_seed(0)
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in ast.parse(text, name).body:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), name, "eval"), names)
                if is_shown(statement.value, value):
                    print(repr(value))
            else:
                exec(compile(ast.Module([statement], []), name, "exec"), names)
    return re.sub(r"<([\w.]+) object at 0x[0-9a-f]+>", r"<\1>", printed.getvalue())


def is_shown(expression: ast.expr, value: Any) -> bool:
    """Whether a bare expression at top level shows its value."""
    if value is None or isinstance(value, torch.Generator):
        return False
    if isinstance(expression, ast.Constant):
        return not isinstance(value, str)
    if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute):
        method = expression.func.attr
        return not method.endswith("_") or method == "requires_grad_"
    return True


def raised(text: str) -> dict[str, Any] | None:
    """Type, message and line of what a program raises; None where it ends well."""
    try:
        transcript(text, "<refusal>")
    except Exception as error:
        line = getattr(error, "lineno", None)
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<refusal>":
                line = trace.tb_lineno
            trace = trace.tb_next
        message = getattr(error, "msg", str(error)).partition("\n")[0][:200]
        return {"type": type(error).__name__, "message": message, "line": line}
    return None


def main(names: list[str]) -> None:
    TRANSCRIPTS.mkdir(exist_ok=True)
    for path in sorted(PROGRAMS.glob("*.py")):
        if not names or path.stem in names:
            text = transcript(path.read_text(encoding="utf-8"), path.name)
            (TRANSCRIPTS / f"{path.stem}.txt").write_text(text, encoding="utf-8")
            print(f"{path.stem}: {text.count(chr(10))} lines", file=sys.stderr)
    if not names:
        record = {
            "torch": torch.__version__.partition("+")[0],
            "python": ".".join(map(str, sys.version_info[:2])),
            "raised": {case.name: raised(case.program) for case in REFUSALS if case.runs_in_python},
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        (NOTEBOOK / "refusals.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
