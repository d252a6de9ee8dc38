"""The package as it is shipped: what a wheel holds, where the grammar is found, what imports what.

Everything is built and run without a network: from a copy of the checkout, into a directory that
holds difftool, its declared dependencies and nothing else.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import difftool
from difftool.operations.registry import FAMILIES
from difftool.version import VERSION

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "difftool"
SHIPPED = (".build", ".ci", "difftool", "grammar", "tests")
# What is made when the package is built, and is no part of the checkout.
MADE = (
    "difftool/language/tables.py",
    "difftool/language/program_tables.py",
    "difftool/operations/function_families.py",
)
SHIPPED_FILES = ("pyproject.toml", "README.md", "LICENSE", ".gitignore")

MAIN_JOB = ["grad", "mean(3*(x+2)^3)", "--x", "ones(2,2)", "--json"]
ANSWER = '"data": [[20.25, 20.25], [20.25, 20.25]], "used": true'

# Prints the exit status of a request and, on standard error, the modules it loaded.
REPORT = """
import sys
from difftool.cli.main import main
status = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(status)
"""


def project() -> dict[str, Any]:
    with open(ROOT / "pyproject.toml", "rb") as file:
        found: dict[str, Any] = tomllib.load(file)["project"]
    return found


# ----- Builds -----


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout as git has it: without the parsers' tables."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in SHIPPED:
        shutil.copytree(
            ROOT / name,
            copy / name,
            ignore=shutil.ignore_patterns("__pycache__", *[Path(path).name for path in MADE]),
        )
    for name in SHIPPED_FILES:
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with difftool's declared dependencies, theirs in turn, and nothing else."""
    folder = tmp_path_factory.mktemp("dependencies")
    names = [Requirement(line).name for line in project()["dependencies"]]
    for name in names:
        installed = distribution(name)
        place = Path(str(installed.locate_file("")))
        for entry in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
            link = folder / entry
            if not link.exists():
                link.symlink_to(place / entry)
        for line in installed.requires or ():
            requirement = Requirement(line)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and requirement.name not in names:
                names.append(requirement.name)
    return folder


def build(source: Path, target: str, folder: Path) -> Path:
    """Build one distribution of `source` into `folder`; "wheel:editable" is a target too."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr.decode()
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that holds what the wheel installs."""
    return unpack(wheel, tmp_path_factory.mktemp("installed"))


def unpack(wheel: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(
    code: str, arguments: Sequence[str], paths: Sequence[Path], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run Python code in `folder`, where only `paths` and the standard library can be imported."""
    return subprocess.run(
        [sys.executable, "-P", "-S", "-W", "error", "-c", code, *arguments],
        cwd=folder,
        env={"PYTHONPATH": ":".join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_the_package_with_its_grammar_and_tables(wheel: Path) -> None:
    names = names_in(wheel)
    for name in ("grammar/expression.lark", "grammar/program.lark", "py.typed", "__main__.py"):
        assert f"difftool/{name}" in names
    assert set(MADE) <= names
    modules = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py")}
    assert modules <= names
    assert {name.partition("/")[0] for name in names} == {
        "difftool",
        f"difftool-{VERSION}.dist-info",
    }


def test_a_wheel_names_its_command_license_and_dependencies(wheel: Path) -> None:
    folder = f"difftool-{VERSION}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        commands = archive.read(f"{folder}/entry_points.txt").decode()
        metadata = archive.read(f"{folder}/METADATA").decode()
        license_text = archive.read(f"{folder}/licenses/LICENSE").decode()
    assert "difftool = difftool.cli.main:start" in commands
    assert "[pytest11]\ndifftool = difftool.plugin" in commands
    assert "\nLicense-Expression: MIT\n" in metadata
    assert license_text.startswith("MIT License")
    required = re.findall(r"^Requires-Dist: ([a-z]+)[^;\n]*$", metadata, re.MULTILINE)
    assert sorted(required) == ["click", "lark", "numpy", "rich"]


def test_a_clean_install_of_the_wheel_does_the_main_job(
    installed: Path, dependencies: Path, tmp_path: Path
) -> None:
    done = run(REPORT, MAIN_JOB, [installed, dependencies], tmp_path)
    assert (done.returncode, ANSWER in done.stdout) == (0, True), done.stderr
    assert "lark" not in done.stderr.split()
    where = run(
        "import difftool; print(difftool.__file__)", [], [installed, dependencies], tmp_path
    )
    assert Path(where.stdout.strip()).parent == installed / "difftool"
    table = run(REPORT, MAIN_JOB[:-1], [installed, dependencies], tmp_path)
    assert (table.returncode, "20.25" in table.stdout) == (0, True), table.stderr


def test_a_clean_install_of_the_wheel_runs_programs(
    installed: Path, dependencies: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "x = ones(2, requires_grad=True)\nfor i in range(2): (x * x).sum().backward()\nx.grad\n"
    )
    done = run(REPORT, ["run", str(program)], [installed, dependencies], tmp_path)
    assert (done.returncode, done.stdout) == (0, "tensor([4., 4.])\n"), done.stderr
    loaded = set(done.stderr.split())
    assert {"lark", "difftool.language.tables"}.isdisjoint(loaded)
    expression = run(REPORT, MAIN_JOB, [installed, dependencies], tmp_path)
    assert "difftool.language.program_tables" not in expression.stderr.split()


def test_a_clean_install_loads_only_the_families_it_uses(
    wheel: Path, dependencies: Path, tmp_path: Path
) -> None:
    installed = unpack(wheel, tmp_path / "site")
    words = ["eval", "torch.special.erf(x) + 1", "--x", "[0.]"]
    done = run(REPORT, words, [installed, dependencies], tmp_path)
    assert (done.returncode, done.stdout) == (0, "tensor([1.])\n"), done.stderr
    loaded = {name.removeprefix("difftool.operations.") for name in done.stderr.split()}
    families = loaded & set(FAMILIES)
    assert {"elementwise.arithmetic", "special.error_functions"} <= families
    assert not {"activations.common", "arrangement.joining", "linear.products"} & families
    # Without the list the families are searched, and found all the same.
    (installed / "difftool/operations/function_families.py").unlink()
    again = run(REPORT, words, [installed, dependencies], tmp_path)
    assert (again.returncode, again.stdout) == (0, "tensor([1.])\n"), again.stderr


def test_a_wheel_without_tables_finds_its_grammar(
    wheel: Path, dependencies: Path, tmp_path: Path
) -> None:
    installed = unpack(wheel, tmp_path / "site")
    (installed / "difftool/language/tables.py").unlink()
    (installed / "difftool/language/program_tables.py").unlink()
    done = run(REPORT, MAIN_JOB, [installed, dependencies], tmp_path)
    assert (done.returncode, ANSWER in done.stdout) == (0, True), done.stderr
    assert "lark" in done.stderr.split()
    program = tmp_path / "program.py"
    program.write_text("for i in range(2):\n    print(i)\n")
    done = run(REPORT, ["run", str(program)], [installed, dependencies], tmp_path)
    assert (done.returncode, done.stdout) == (0, "0\n1\n"), done.stderr


def test_an_editable_install_does_the_main_job_with_tables(
    checkout: Path, dependencies: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "checkout"
    shutil.copytree(checkout, copy)
    installed = unpack(build(copy, "wheel:editable", tmp_path / "wheel"), tmp_path / "site")
    code = f"import site; site.addsitedir({str(installed)!r})\n" + REPORT
    done = run(code, MAIN_JOB, [dependencies], tmp_path)
    assert (done.returncode, ANSWER in done.stdout) == (0, True), done.stderr
    assert "lark" not in done.stderr.split()
    assert all((copy / name).exists() for name in MADE)
    with open(copy / "grammar/expression.lark", "a") as grammar:
        grammar.write("\n// changed\n")
    again = run(code, MAIN_JOB, [dependencies], tmp_path)
    assert (again.returncode, "lark" in again.stderr.split()) == (0, True)


def test_a_bare_checkout_does_the_main_job(
    checkout: Path, dependencies: Path, tmp_path: Path
) -> None:
    done = run(REPORT, MAIN_JOB, [checkout, dependencies], tmp_path)
    assert (done.returncode, ANSWER in done.stdout) == (0, True), done.stderr
    assert "lark" in done.stderr.split()


def test_an_sdist_holds_what_building_and_testing_needs(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / f"difftool-{VERSION}"
    for name in SHIPPED_FILES:
        assert (source / name).is_file()
    assert (source / "tests" / Path(__file__).name).is_file()
    assert not [name for name in MADE if (source / name).exists()]
    assert names_in(build(source, "wheel", tmp_path / "wheel")) == names_in(wheel)


# ----- Imports -----

# Each room may import those before it; rooms of one row may import each other.
ORDER = (
    ("errors", "version", "collector"),
    ("language",),
    ("graph",),
    ("operations",),
    ("execute",),
    ("autodiff",),
    ("language.members", "language.scalars", "language.aliases", "language.builtins"),
    ("language.interpreter", "language.memory", "language.program"),
    ("tensors",),
    ("report",),
    ("render",),
    (
        "compiled",
        "evaluation",
        "nonfinite",
        "problem",
        "directions",
        "derivatives",
        "requests",
        "running",
        "session",
    ),
    ("diagnosis", "proof", "verdict", "causes", "by_hand", "trial", "checking"),
    ("checklist", "carrying_out"),
    ("arguments", "api", "api_check", "api_compile", "api_derivatives"),
    ("cli", "plugin"),
)
PLACE = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PACKAGE.rglob("*.py")
)


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Every module that `tree` imports when it runs, wherever the import stands."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = str(node.module)
            names = [f"{module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else module for name in names)
        yield from imports_of(node)


def source_of(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def place_of(module: str) -> int:
    room = module.removeprefix("difftool.").removesuffix(".__init__")
    return PLACE[room] if room in PLACE else PLACE[room.partition(".")[0]]


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m not in ("difftool.__init__", "difftool.__main__")]
)
def test_nothing_imports_to_its_right_or_the_package_root(module: str) -> None:
    for imported in imports_of(source_of(module)):
        if imported.partition(".")[0] == "difftool":
            assert imported != "difftool", "the package root"
            assert place_of(imported) <= place_of(module), imported


@pytest.mark.parametrize("module", MODULES)
def test_only_declared_packages_are_imported(module: str) -> None:
    declared = {Requirement(line).name for line in project()["dependencies"]}
    if module == "difftool.plugin":
        # Only pytest itself imports it.
        declared |= {"pytest"}
    optional = {"safetensors"}
    for imported in imports_of(source_of(module)):
        root = imported.partition(".")[0]
        if root != "difftool" and root not in sys.stdlib_module_names:
            assert root in declared | optional
    for statement in source_of(module).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            assert optional.isdisjoint(name.partition(".")[0] for name in imports_of(statement))


NUMERIC = {"numpy", "click"}


@pytest.mark.parametrize(
    ("arguments", "status", "packages"),
    [
        (["--help"], 0, {"click"}),
        (["--version"], 0, {"click"}),
        ([], 2, {"click"}),
        (["grad", "--help"], 0, {"click"}),
        (["functions", "--help"], 0, {"click"}),
        (["grad", "mean(x)", "--help"], 0, {"click"}),
        (["grda"], 2, {"click"}),
        (["grad", "x", "--jsn"], 2, {"click"}),
        (["schema"], 0, NUMERIC | {"json"}),
        (MAIN_JOB, 0, NUMERIC),
        (["eval", "x + 1", "--x", "3", "--json"], 0, NUMERIC),
        (["eval", "x + 1", "--x", "3"], 0, NUMERIC),
        (["jvp", "x^2", "--x", "3", "--tangent", "x=1"], 0, NUMERIC),
        (["hessian", "x^2", "--x", "3", "--matrix"], 0, NUMERIC),
        (["hessian", "--help"], 0, {"click"}),
        (["check", "--help"], 0, {"click"}),
        (["check", "x^2", "--x", "3", "--json"], 0, NUMERIC | {"json"}),
        (["check", "--file", "nowhere.toml"], 2, NUMERIC),
        (["eval", "randn(3)", "--json"], 0, NUMERIC),
        (["eval", "3x"], 2, NUMERIC),
        (["functions", "mean", "--json"], 0, NUMERIC),
        (MAIN_JOB[:-1], 0, NUMERIC | {"rich"}),
    ],
)
def test_a_request_loads_only_what_it_needs(
    arguments: list[str],
    status: int,
    packages: set[str],
    installed: Path,
    dependencies: Path,
    tmp_path: Path,
) -> None:
    done = run(REPORT, arguments, [installed, dependencies], tmp_path)
    assert done.returncode == status, done.stderr
    loaded = {name.partition(".")[0] for name in done.stderr.splitlines()[-1].split()}
    assert loaded & {"numpy", "click", "lark", "rich", "safetensors", "json"} <= packages
    assert "difftool.cli.main" in done.stderr.split()


def test_the_version_is_said_in_one_place(wheel: Path) -> None:
    assert re.fullmatch(r"difftool-\d+\.\d+\.\d+-py3-none-any\.whl", wheel.name)
    assert wheel.name.split("-")[1] == difftool.__version__ == VERSION
