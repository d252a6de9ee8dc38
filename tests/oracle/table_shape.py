"""Shapes: reshape and its kin, squeezes, transposes, and attributes."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *each(
        """
        x.{f}(3, 2)
        x.{f}(6)
        x.{f}(-1)
        x.{f}(2, 3)
        x.{f}(-1, 2)
        x.{f}((3, 2))
        x.{f}([1, 6])
        x.{f}(2, 1, 3)
        x.{f}(1, -1, 1)
        {f}(x, (3, 2))
        {f}(x, (-1,))
        (2 * x).{f}(6)
        x.{f}(6) * x.{f}(6)
        x.{f}(3, 2).{f}(2, 3)
        x.{f}(6)[2]
        x.{f}(x.shape)
        x.{f}(x.shape[1], x.shape[0])
        """,
        "reshape view",
        x="normal(2, 3)",
    ),
    *group(
        """
        torch.reshape(x, (6,))
        np.reshape(x, (3, 2))
        reshape(x, [6])
        reshape(x, shape=(3, 2))
        x.reshape(-1, 3).sum(0)
        """,
        x="normal(2, 3)",
    ),
    *each(
        """
        x.{f}(1)
        x.{f}(1, 1)
        x.{f}(())
        x.{f}(-1)
        """,
        "reshape view",
        x="normal()",
    ),
    *each(
        """
        x.{f}(0)
        x.{f}(-1)
        x.{f}(3, 0)
        x.{f}(-1, 3)
        x.{f}(0, 3, 2)
        """,
        "reshape view",
        x="normal(0, 3)",
    ),
    *each(
        """
        x.{f}(())
        x.{f}(1, 1)
        """,
        "reshape view",
        x="normal(1)",
    ),
    *group(
        """
        x.flatten()
        torch.flatten(x)
        flatten(x)
        x.flatten(0)
        x.flatten(1)
        x.flatten(0, 1)
        x.flatten(start_dim=1)
        x.flatten(start_dim=0, end_dim=1)
        x.flatten(-2, -1)
        x.flatten(1, 1)
        flatten(x, end_dim=-2)
        x.flatten() * 2
        x.mT.flatten()
        x.mT.flatten(1)
        x[0].flatten()
        x[0, 0].flatten()
        x[0, 0, 0].flatten()
        """,
        x="normal(2, 3, 2)",
    ),
    *group(
        """
        x.flatten()
        x.flatten(0)
        x.flatten(0, -1)
        """,
        x="normal()",
    ),
    *group(
        """
        x.flatten()
        x.flatten(0)
        """,
        x="normal(3)",
    ),
    *group(
        """
        x.flatten()
        x.flatten(0, 1)
        """,
        x="normal(0, 3)",
    ),
    *group(
        """
        x.squeeze()
        torch.squeeze(x)
        x.squeeze(0)
        x.squeeze(1)
        x.squeeze(-1)
        x.squeeze(dim=2)
        squeeze(x, 0)
        x.squeeze((0, 2))
        x.squeeze((1, 3))
        squeeze(x, dim=(0, 1, 2, 3))
        np.squeeze(x, axis=0)
        x.squeeze() * 2
        x.squeeze().unsqueeze(0)
        """,
        x="normal(1, 2, 1, 3)",
    ),
    *group(
        """
        x.squeeze()
        x.squeeze(0)
        x.squeeze(-1)
        """,
        x="normal()",
    ),
    *group(
        """
        x.squeeze()
        x.squeeze(0)
        """,
        x="normal(1)",
    ),
    *group("x.squeeze()", x="normal(1, 0)"),
    *group(
        """
        x.unsqueeze(0)
        x.unsqueeze(1)
        x.unsqueeze(2)
        x.unsqueeze(-1)
        x.unsqueeze(-3)
        x.unsqueeze(dim=1)
        torch.unsqueeze(x, 0)
        unsqueeze(x, dim=-2)
        x.unsqueeze(0).unsqueeze(-1)
        x.unsqueeze(1) * x
        x.transpose(0, 1)
        x.transpose(-1, 0)
        x.transpose(1, 1)
        transpose(x, 0, 1)
        torch.transpose(x, dim0=0, dim1=1)
        x.t()
        torch.t(x)
        t(x)
        x.T
        x.T.T
        x.T * 2
        x.mT
        x.mT.T
        (x * 2).T
        x.T @ x
        x.T + x.reshape(3, 2)
        x.T.sum(0)
        x.permute(1, 0)
        x.permute((1, 0))
        x.permute(-1, 0)
        permute(x, (0, 1))
        torch.permute(x, dims=(1, 0))
        x.movedim(0, 1)
        torch.movedim(x, 1, 0)
        x.movedim(0, -1)
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        x.unsqueeze(0)
        x.unsqueeze(-1)
        x.t()
        x.T
        x.transpose(0, 0)
        x.transpose(0, -1)
        x.permute(())
        """,
        x="normal()",
    ),
    *group(
        """
        x.unsqueeze(1)
        x.t()
        x.T
        x.transpose(0, 0)
        x.permute(0)
        x.T @ x
        x.movedim(0, 0)
        """,
        x="normal(3)",
    ),
    *group(
        """
        x.T
        x.mT
        x.unsqueeze(1)
        x.permute(1, 0)
        """,
        x="normal(0, 3)",
    ),
    *group(
        """
        x.transpose(0, 2)
        x.transpose(-2, -1)
        x.mT
        x.T
        x.permute(2, 0, 1)
        x.permute((1, 2, 0))
        x.permute(-1, 0, 1)
        x.permute(2, 0, 1).permute(1, 2, 0)
        torch.permute(x, (2, 1, 0))
        x.movedim(0, 2)
        x.movedim(-1, 0)
        x.movedim((0, 1), (2, 0))
        torch.movedim(x, (0, 1), (1, 2))
        movedim(x, source=0, destination=1)
        np.movedim(x, 2, 0)
        x.mT @ x
        """,
        x="normal(2, 3, 2)",
    ),
    # Attributes give numbers and shapes.
    *group(
        """
        x * x.ndim
        x / x.shape[0]
        x.sum() / (x.shape[0] * x.shape[-1])
        ones(x.shape) * x
        zeros(x.shape[1]) + x
        x.detach() * x
        x.data * x
        x * x.detach()
        (x * 2).detach() + x
        x / x.detach().sum()
        torch.detach(x) - x
        x.T.detach() @ x
        detach(x * x) * x
        """,
        x="normal(2, 3)",
    ),
    # Shapes put together.
    *group(
        """
        x.view(x.shape[:1] + (2, 2))
        x.view(x.size()[:-1] + (2, -1)).sum(1)
        x.reshape((1,) * 2 + x.shape)
        x.reshape(x.shape + 2 * (1,))
        x.expand((2,) + x.shape)
        x.sum((0,) + (1,))
        x * x.shape.numel()
        """,
        x="normal(3, 4)",
    ),
]
