"""The records of products with derivatives and of whole derivatives: `jvp` to `hessian`.

`difftool.derivatives` makes them, `report.json_lines` writes their JSON and `render.derivatives`
draws them. They stand beside `report.record`, whose records every request loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from difftool.report.record import GradientRecord, OutputRecord

if TYPE_CHECKING:
    from difftool.report.record import Array


class JvpRecord(NamedTuple):
    """What `difftool jvp` computed.

    Attributes:
        expression, seed, output, warnings: as in `GradRecord`.
        tangent: the product of the Jacobian with the tangents, of the output's shape.
        still: the inputs that no tangent was given for: theirs is zero.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    tangent: Array
    still: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "jvp"

    @property
    def arrays(self) -> Mapping[str, Array]:
        """What a file of the result holds."""
        return {"tangent": self.tangent}


class VjpRecord(NamedTuple):
    """What `difftool vjp` computed.

    Attributes:
        expression, seed, output, warnings: as in `GradRecord`.
        gradients: for each input the product of the vector with its Jacobian, of its shape.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    gradients: Mapping[str, GradientRecord]
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "vjp"

    @property
    def arrays(self) -> Mapping[str, Array]:
        """What a file of the result holds."""
        return {name: found.array for name, found in self.gradients.items()}


class HvpRecord(NamedTuple):
    """What `difftool hvp` computed.

    Attributes:
        expression, seed, output, warnings: as in `GradRecord`.
        products: for each input its part of the Hessian times the tangents, of its shape.
        still: the inputs that no tangent was given for: theirs is zero.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    products: Mapping[str, Array]
    still: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "hvp"

    @property
    def arrays(self) -> Mapping[str, Array]:
        """What a file of the result holds."""
        return self.products


class MatrixRecord(NamedTuple):
    """A Jacobian or a Hessian as one matrix.

    Attributes:
        rows, columns: what each stands for: "x[0]", "W[1,2]", "s" for a 0-d tensor.
        data: the numbers, a row for each of `rows`.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    data: Array


class JacobianRecord(NamedTuple):
    """What `difftool jacobian` computed.

    Attributes:
        expression, seed, output, warnings: as in `GradRecord`.
        jacobians: for each input the derivatives of all elements of the output by all of its own:
            the output's shape, then the input's.
        unused: the inputs that the output does not depend on; their Jacobians are zeros.
        matrix: all of them side by side, if that was asked for.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    jacobians: Mapping[str, Array]
    unused: tuple[str, ...]
    matrix: MatrixRecord | None = None
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "jacobian"

    @property
    def arrays(self) -> Mapping[str, Array]:
        """What a file of the result holds: the Jacobians, or the matrix if that was asked for."""
        return self.jacobians if self.matrix is None else {"matrix": self.matrix.data}


class HessianRecord(NamedTuple):
    """What `difftool hessian` computed.

    Attributes:
        expression, seed, output, warnings: as in `GradRecord`.
        hessians: for each pair of inputs the second derivatives of the output by an element of
            the first and one of the second: the shape of the first, then that of the second.
        unused: the inputs that the output does not depend on; their blocks are zeros.
        matrix: the blocks put together, if that was asked for.
    """

    expression: str
    seed: int | None
    output: OutputRecord
    hessians: Mapping[str, Mapping[str, Array]]
    unused: tuple[str, ...]
    matrix: MatrixRecord | None = None
    warnings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that made it."""
        return "hessian"

    @property
    def arrays(self) -> Mapping[str, Array]:
        """What a file of the result holds: each block as "x,y", or the matrix if asked for."""
        if self.matrix is not None:
            return {"matrix": self.matrix.data}
        return {
            f"{first},{second}": block
            for first, row in self.hessians.items()
            for second, block in row.items()
        }


ProductRecord: TypeAlias = JvpRecord | VjpRecord | HvpRecord
DerivativeRecord: TypeAlias = ProductRecord | JacobianRecord | HessianRecord
