"""Results and inputs that are larger than the memory there is, from file to file.

The memory of a process of its own is limited once all is imported; files that are mapped into
memory do not count, since the system can write them back to the disk.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from tests.cli.command_line import environment

Array: TypeAlias = "np.ndarray[Any, Any]"
Gradient: TypeAlias = Callable[[Array, Array], Array]

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux leaves mapped files out of the limit"
)

ROWS, COLUMNS = 2**14, 2**10
FILE = 8 * ROWS * COLUMNS
ROOM = FILE // 4

LIMITED = """
import resource
import sys

import difftool.tensors
from difftool.cli.main import main
from difftool.execute import blocked, lower, schedule
from difftool.operations import registry

registry.names()
with open("/proc/self/status") as lines:
    (used,) = [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")]
limit = used + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """x.npy, t.npy and flat.npy, which has the numbers of x in one row."""
    folder = tmp_path_factory.mktemp("large")
    source = np.random.default_rng(7)
    x = source.standard_normal((ROWS, COLUMNS))
    np.save(folder / "x.npy", x)
    np.save(folder / "flat.npy", x.reshape(-1))
    np.save(folder / "t.npy", source.random((ROWS, COLUMNS)))
    return folder


def limited(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`difftool` with these words where there is room for a quarter of a file."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(ROOM), *words],
        cwd=folder,
        # A library's threads would have memory of their own.
        env=environment(OPENBLAS_NUM_THREADS="1"),
        capture_output=True,
        text=True,
        timeout=300,
    )


def written(folder: Path, *words: str) -> Array:
    done = limited(folder, *words, "--out", "out.npy")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    array: Array = np.load(folder / "out.npy", mmap_mode="r")
    return array


def part(folder: Path, name: str, rows: slice) -> Array:
    array: Array = np.load(folder / f"{name}.npy", mmap_mode="r")
    return np.array(array[rows])


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(-1, keepdims=True))
    shares: Array = powers / powers.sum(-1, keepdims=True)
    return shares


# Places at the beginning, across the middle and at the end.
PLACES = (slice(0, 99), slice(ROWS // 2 - 50, ROWS // 2 + 50), slice(ROWS - 77, ROWS))

# The gradient of x at some places, from x there and all of x.
GRADIENTS: dict[str, Gradient] = {
    "mean(3*(x+2)^3)": lambda x, whole: 9 * (x + 2) ** 2 / whole.size,
    "logsumexp(x, 0)": lambda x, whole: np.exp(x) / np.exp(whole).sum(),
    "var(x)": lambda x, whole: 2 * (x - whole.mean()) / (whole.size - 1),
    "norm(x)": lambda x, whole: x / np.sqrt(np.vdot(whole, whole)),
    "sum(relu(x)*tanh(x))": lambda x, whole: np.where(x > 0, np.tanh(x) + x / np.cosh(x) ** 2, 0),
}


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("expression", GRADIENTS)
def test_a_gradient_needs_no_memory_of_its_size(
    folder: Path, expression: str, threads: str
) -> None:
    words = ["grad", expression, "--x", "@flat.npy", "--threads", threads]
    gradient = written(folder, *words)
    x = np.load(folder / "flat.npy", mmap_mode="r")
    for rows in PLACES:
        places = slice(rows.start * COLUMNS, rows.stop * COLUMNS)
        expected = GRADIENTS[expression](np.array(x[places]), x)
        np.testing.assert_allclose(gradient[places], expected, 1e-9, 1e-18)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_nor_does_one_by_one_of_two_inputs(folder: Path, threads: str) -> None:
    words = ["grad", "mean((softmax(x, 1) - t)^2)", "--x", "@x.npy", "--t", "@t.npy"]
    gradient = written(folder, *words, "--wrt", "x", "--threads", threads)
    for rows in PLACES:
        shares, targets = softmax(part(folder, "x", rows)), part(folder, "t", rows)
        pulls = 2 * (shares - targets) / (ROWS * COLUMNS)
        expected = shares * (pulls - (pulls * shares).sum(1, keepdims=True))
        np.testing.assert_allclose(gradient[rows], expected, 1e-9, 1e-18)


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize(
    ("expression", "value"),
    [("softmax(x, 1)", softmax), ("3*sin(x) - x^2", lambda x: 3 * np.sin(x) - x**2)],
)
def test_nor_does_a_value(
    folder: Path, expression: str, value: Callable[[Array], Array], threads: str
) -> None:
    found = written(folder, "eval", expression, "--x", "@x.npy", "--threads", threads)
    for rows in PLACES:
        np.testing.assert_allclose(found[rows], value(part(folder, "x", rows)), 1e-12)


def test_a_number_of_a_large_file_needs_no_out(folder: Path) -> None:
    done = limited(folder, "eval", "mean(3*(x+2)^3)", "--x", "@x.npy", "--max-memory", "20MiB")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tensor(41.")


def test_without_out_the_estimate_refuses_what_has_no_room(folder: Path) -> None:
    words = ["grad", "mean(3*(x+2)^3)", "--x", "@x.npy"]
    refused = limited(folder, *words, "--max-memory", "32MiB")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "of memory, more than the limit of 32.0 MiB" in refused.stderr
    # Where no limit is known the system has none left in the end.
    without = limited(folder, *words)
    assert (without.returncode, without.stdout) == (2, "")
    assert "no memory for mul of shape (16384, 1024)" in without.stderr
