"""What is said of PyTorch's names that are no functions here: each has its reason.

The names are recorded from PyTorch by `tests/oracle/record_names.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from difftool.errors import DifftoolError
from difftool.language.builtins import TORCH
from difftool.language.members import METHODS
from difftool.operations.outside import MODULE_FUNCTIONS, REASONS, reason, unknown
from difftool.operations.registry import find, find_path
from difftool.report.record import OutputRecord
from difftool.session import Session

RECORD = json.loads(
    (Path(__file__).parent.parent / "data" / "pytorch_names.json").read_text(encoding="utf-8")
)
NAMESPACES = {path: names for path, names in RECORD.items() if isinstance(names, list)}


@pytest.mark.parametrize("path", [path for path in NAMESPACES if path != "torch.nn"])
def test_every_name_of_pytorch_is_a_function_or_has_a_reason(path: str) -> None:
    modules = path.split(".")[1:]
    unexplained = [
        name
        for name in NAMESPACES[path]
        if find_path(modules, name) is None
        and name not in METHODS
        and name not in TORCH
        and reason(name) is None
    ]
    assert not unexplained


def test_no_name_with_a_reason_to_be_absent_is_a_function() -> None:
    names = {name for one in REASONS for name in one.names.split() if "*" not in name}
    assert not [name for name in sorted(names) if find(name) is not None or name in METHODS]


def test_what_has_a_reason_says_it() -> None:
    error = unknown("bernoulli", ["torch"])
    assert error.message == "`torch.bernoulli` is not in difftool: it draws random numbers anew"
    assert error.hint is not None and "--seed" in error.hint


@pytest.mark.parametrize("name", NAMESPACES["torch.nn"])
def test_a_module_is_led_to_its_function(name: str) -> None:
    error = unknown(name, ["torch", "nn"])
    why = "it makes a module, which holds state"
    assert error.message == f"`torch.nn.{name}` is not in difftool: {why}"


def test_the_functions_of_modules_exist() -> None:
    assert not [name for name in MODULE_FUNCTIONS.values() if find(name) is None]


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("torch.reluu(x)", "`torch.reluu` is not in difftool", "did you mean `relu`?"),
        ("x.cumulsum(0)", "`cumulsum` is not in difftool", "did you mean `cumsum`?"),
        (
            "x.index_add_(0, x, x)",
            "`index_add_` is not in difftool: it changes a tensor in place",
            "call `index_add`",
        ),
        (
            "torch.fft.rfft(x)",
            "`torch.fft` is not in difftool",
            "its numbers are complex, and difftool's tensors are real",
        ),
        (
            "torch.lobpcg(x)",
            "`torch.lobpcg` is not in difftool: it would need a program of its own",
            "compose it from the functions there are, or compute it elsewhere and pass it as an "
            "input",
        ),
        (
            "x.__rsub__(2)",
            "`__rsub__` is not in difftool",
            "write what it stands for: an operator, x[...] or a function",
        ),
        (
            "torch.signal.windows.hann(4) + x",
            "`torch.signal.windows` is not in difftool",
            "hann_window, hamming_window, blackman_window, bartlett_window and kaiser_window are "
            "functions",
        ),
        (
            "nn.ReLU()(x)",
            "nn.ReLU() is a module, which holds state",
            "call a function: F.relu(x), F.linear(x, weight, bias)",
        ),
        (
            "nn.Conv2d(x)",
            "`nn.Conv2d` is not in difftool: it makes a module, which holds state",
            "F.conv2d is the function; `difftool functions conv2d` shows how it is called",
        ),
        (
            "torch.add(x, x, out=x)",
            "add() has no argument out",
            "a result goes into no tensor that is there already: y = add(x, x)",
        ),
        (
            "x.to('cuda')",
            "there is no device 'cuda': difftool computes on the processor",
            "leave it out, or write 'cpu'",
        ),
    ],
)
def test_pasted(expression: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        Session().evaluate(expression, {"x": [1.0, 2.0]})
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_what_says_what_is_so_anyway_is_taken() -> None:
    expression = "torch.ones(2, device='cpu').cpu().to('cpu') + add(x, x, out=None)"
    output = Session().evaluate(expression, {"x": [1.0, 2.0]}).output
    assert isinstance(output, OutputRecord) and output.data.tolist() == [3.0, 5.0]
