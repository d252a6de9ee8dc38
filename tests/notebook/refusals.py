"""Programs that end in an error: what difftool says of each, for tests/test_notebook.py.

`refusals.json` beside this file is what PyTorch (or Python) raises for the same text, written by
`tests/oracle/record_transcripts.py`; null where it raises nothing, because the program is right
Python that is not of difftool's language.
"""

from __future__ import annotations

from tests.notebook.refusal import Refusal
from tests.notebook.refused_by_pytorch import REFUSED_BY_PYTORCH
from tests.notebook.refused_texts import NO_PROGRAM, NOT_OF_THE_LANGUAGE, UNKNOWN

ASSERTIONS = (
    Refusal(
        "assert with a message",
        "x = 2 + 1\nassert x == 4, 'arithmetic is broken'\nprint('never')\n",
        2,
        "assertion",
        ("arithmetic is broken", "x is 3"),
        status=1,
    ),
    Refusal(
        "assert of a tensor",
        "import torch\nloss = torch.tensor(0.5)\n\nassert loss < 0.25\n",
        4,
        "assertion",
        ("loss", "0.5000"),
        status=1,
    ),
    Refusal(
        "assert of two tensors",
        "import torch\na = torch.tensor(1.5)\nb = torch.tensor(2.5)\nassert a == b\n",
        4,
        "assertion",
        ("a is tensor(1.5000)", "b is tensor(2.5000)"),
        status=1,
    ),
    Refusal(
        "assert in a loop",
        "for i in range(5):\n    assert i < 3, f'i reached {i}'\n",
        2,
        "assertion",
        ("i reached 3",),
        status=1,
    ),
    Refusal(
        "assert of a call",
        "import torch\nx = torch.ones(2)\nassert torch.allclose(x, 2 * x)\n",
        3,
        "assertion",
        (),
        status=1,
    ),
    Refusal("assert False", "assert False, 'no'\n", 1, "assertion", ("no",), status=1),
)

ENDLESS = (
    Refusal(
        "an empty loop",
        "x = 1\nwhile True:\n    pass\n",
        2,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "10000"),
        runs_in_python=False,
    ),
    Refusal(
        "a loop on one line",
        "while 1 < 2: pass\n",
        1,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "10000"),
        runs_in_python=False,
    ),
    Refusal(
        "a loop whose condition stays",
        "import torch\nx = torch.ones(2)\nwhile x.norm() < 1000:\n    y = x * 2\n",
        3,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "5000"),
        runs_in_python=False,
    ),
    Refusal(
        "a graph that grows",
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x\n"
        "while y.sum() > 0:\n    y = y * 1\n",
        4,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "5000"),
        runs_in_python=False,
    ),
    Refusal(
        "the inner loop",
        "for i in range(3):\n    n = 0\n    while n >= 0:\n        n += 1\n",
        3,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "5000"),
        runs_in_python=False,
    ),
    Refusal(
        "an unending for",
        "for i in range(10**12):\n    pass\n",
        1,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "5000"),
        runs_in_python=False,
    ),
    Refusal(
        "continue for ever",
        "i = 0\nwhile i < 3:\n    if i == 1: continue\n    i += 1\n",
        2,
        "limit",
        ("--max-steps",),
        options=("--max-steps", "5000"),
        runs_in_python=False,
    ),
)

REFUSALS = (
    *NOT_OF_THE_LANGUAGE,
    *UNKNOWN,
    *NO_PROGRAM,
    *REFUSED_BY_PYTORCH,
    *ASSERTIONS,
    *ENDLESS,
)
