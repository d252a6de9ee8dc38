"""The requests of a session for products with derivatives and for whole derivatives.

`session.Session` is one of these; what they compute stands in `derivatives`, which is loaded when
the first of them is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from difftool.errors import DifftoolError
from difftool.problem import Problem

if TYPE_CHECKING:
    from difftool.report.derivatives import (
        HessianRecord,
        HvpRecord,
        JacobianRecord,
        JvpRecord,
        VjpRecord,
    )

Asked = TypeVar("Asked")


class DerivativeRequests:
    """What can be asked of an expression beside its value and its gradients."""

    def problem(
        self, expression: str, inputs: Mapping[str, Any], wrt: Sequence[str] | None
    ) -> Problem:
        """An expression run to its graph, with what it is to be differentiated by.

        Raises:
            DifftoolError: if its result is no tensor, or it has nothing to differentiate by.
        """
        raise NotImplementedError

    def jvp(
        self, expression: str, inputs: Mapping[str, Any], tangents: Mapping[str, Any]
    ) -> JvpRecord:
        """The derivative of an expression as its inputs move along tangents.

        Args:
            expression: the text.
            inputs: an array for each free name.
            tangents: for each input that moves its direction, of its shape.
        """
        from difftool.derivatives import jvp

        return self._asked(expression, inputs, None, jvp, tangents)

    def vjp(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        grad_output: Any = None,
        wrt: Sequence[str] | None = None,
    ) -> VjpRecord:
        """The product of a vector with the Jacobian of an expression, for each input.

        Args:
            expression, inputs, wrt: as for `grad`.
            grad_output: the vector, of the output's shape; None: 1, for an output that is a scalar.
        """
        from difftool.derivatives import vjp

        return self._asked(expression, inputs, wrt, vjp, grad_output)

    def hvp(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        tangents: Mapping[str, Any],
        wrt: Sequence[str] | None = None,
    ) -> HvpRecord:
        """The product of the Hessian of a scalar expression with tangents, for each input.

        Args:
            expression, inputs, wrt: as for `grad`.
            tangents: as for `jvp`.
        """
        from difftool.derivatives import hvp

        return self._asked(expression, inputs, wrt, hvp, tangents)

    def jacobian(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        wrt: Sequence[str] | None = None,
        matrix: bool = False,
    ) -> JacobianRecord:
        """All derivatives of an expression by all elements of its inputs.

        Args:
            expression, inputs, wrt: as for `grad`.
            matrix: whether they are wanted as one matrix as well.
        """
        from difftool.derivatives import jacobian

        return self._asked(expression, inputs, wrt, jacobian, matrix)

    def hessian(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        wrt: Sequence[str] | None = None,
        matrix: bool = False,
    ) -> HessianRecord:
        """All second derivatives of a scalar expression by all pairs of elements of its inputs.

        Args:
            expression, inputs, wrt: as for `grad`.
            matrix: whether they are wanted as one matrix as well.
        """
        from difftool.derivatives import hessian

        return self._asked(expression, inputs, wrt, hessian, matrix)

    def _asked(
        self,
        expression: str,
        inputs: Mapping[str, Any],
        wrt: Sequence[str] | None,
        compute: Callable[[Problem, Any], Asked],
        argument: Any,
    ) -> Asked:
        """What `compute` makes of an expression and its argument."""
        try:
            return compute(self.problem(expression, inputs, wrt), argument)
        except DifftoolError as error:
            raise error.at(None, expression) from None
