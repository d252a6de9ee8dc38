"""Pooling and patches: windows of every form, their gradients at equal elements and at NaN."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *each(
        """
        F.{f}(x, 2)
        F.{f}(x, 3, 1)
        F.{f}(x, 3, 2, 1)
        F.{f}(x, kernel_size=2, stride=3, padding=1)
        F.{f}(x, 2, ceil_mode=True)
        nn.functional.{f}(x, (3,), [2], padding=(1,), ceil_mode=True)
        F.{f}(x[0], 2)
        F.{f}(x, 2)^2
        F.{f}(x, 5).sum()
        """,
        "max_pool1d avg_pool1d",
        x="normal(2, 2, 5)",
    ),
    *each(
        """
        F.{f}(x, 2)
        torch.nn.functional.{f}(x, 3, 1, 1)
        F.{f}(x, (2, 3))
        F.{f}(x, (2, 1), (1, 2), (1, 0))
        F.{f}(x, 2, stride=2, padding=1, ceil_mode=True)
        F.{f}(x[0], 2, 1)
        F.{f}(x, 2, None)
        F.{f}(x.transpose(2, 3), 2)
        sigmoid(F.{f}(x, 2)).sum()
        """,
        "max_pool2d avg_pool2d",
        x="normal(2, 1, 4, 4)",
    ),
    *each(
        """
        F.{f}(x, 2)
        F.{f}(x, (2, 1, 2), 1, (1, 0, 1))
        F.{f}(x[0], 2, ceil_mode=True)
        F.{f}(x, 2)^2
        """,
        "max_pool3d avg_pool3d",
        x="normal(1, 2, 2, 3, 3)",
    ),
    *group(
        """
        torch.max_pool1d(x, 2)
        F.max_pool1d(x, 2, dilation=2)
        F.max_pool1d(x, 2, 1, 1, 3)
        F.max_pool1d(x, 2, return_indices=True)
        F.max_pool1d_with_indices(x, 3, 2)
        F.max_pool1d(x, 2, return_indices=True)[0]
        F.adaptive_max_pool1d(x, 2)
        F.adaptive_max_pool1d(x, 3, return_indices=True)
        torch.adaptive_max_pool1d(x, 2)
        F.adaptive_max_pool1d(x, 4)^2
        torch.avg_pool1d(x, 2)
        F.avg_pool1d(x, 3, 1, 1, False, False)
        F.avg_pool1d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False)
        F.adaptive_avg_pool1d(x, 2)
        F.adaptive_avg_pool1d(x, 1)
        torch.adaptive_avg_pool1d(x[0], 3)
        F.adaptive_avg_pool1d(x, (8,))
        F.lp_pool1d(x, 2, 2)
        F.lp_pool1d(x, 2, 3, 1, True)
        F.lp_pool1d(x, inf, 2)
        v = F.max_pool1d(x, 2, return_indices=True); F.max_unpool1d(v[0], v[1], 2)
        v = F.max_pool1d(x, 2, return_indices=True); F.max_unpool1d(v[0], v[1], 2, output_size=(5,))
        """,
        x="normal(2, 2, 5)",
    ),
    *group(
        """
        F.max_pool2d(x, 2, 1, 0, 2)
        F.max_pool2d(x, 2, 1, dilation=(1, 3))
        F.max_pool2d(x, 2, return_indices=True)
        F.max_pool2d(x, 3, 1, 1, return_indices=True)
        F.max_pool2d_with_indices(x, 2)[1]
        torch.max_pool2d(x, 2)
        F.adaptive_max_pool2d(x, 2)
        F.adaptive_max_pool2d(x, (3, None))
        F.adaptive_max_pool2d(x, (1, 2), return_indices=True)
        F.adaptive_max_pool2d_with_indices(x, 3)[0]
        F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        F.avg_pool2d(x, 2, divisor_override=3)
        F.avg_pool2d(x, 2, 2, 0, False, True, -1)
        F.avg_pool2d(x, 3, 3, 1, True, False)
        F.adaptive_avg_pool2d(x, 2)
        F.adaptive_avg_pool2d(x, 1)
        F.adaptive_avg_pool2d(x, (1, 1)).flatten(1)
        F.adaptive_avg_pool2d(x, (None, 3))
        F.adaptive_avg_pool2d(x, (3, 5))^2
        F.adaptive_avg_pool2d(x[0], output_size=3)
        F.lp_pool2d(x, 2, 2)
        F.lp_pool2d(x, norm_type=2, kernel_size=(2, 1), stride=1)
        F.lp_pool2d(x, -inf, 2)
        v = F.max_pool2d(x, 2, return_indices=True); F.max_unpool2d(v[0], v[1], 2)
        v = F.max_pool2d(x, 2, 1, return_indices=True); F.max_unpool2d(v[0], v[1], 2, stride=1)^2
        v = F.max_pool2d(x, 3, return_indices=True); F.max_unpool2d(v[0], v[1], 3, None, 0, (4, 4))
        """,
        x="normal(2, 1, 4, 4)",
    ),
    *group(
        """
        F.max_pool3d(x, 2, return_indices=True)
        F.adaptive_max_pool3d(x, 2)
        F.adaptive_max_pool3d(x, (1, None, 2))[0, 0, 0]
        F.adaptive_avg_pool3d(x, 2)
        F.adaptive_avg_pool3d(x, 1)
        F.adaptive_avg_pool3d(x, (None, 1, 2))
        F.avg_pool3d(x, 2, 1, divisor_override=2)
        F.lp_pool3d(x, 2, 2)
        v = F.max_pool3d(x, 2, return_indices=True); F.max_unpool3d(v[0], v[1], 2)
        """,
        x="normal(1, 2, 2, 3, 3)",
    ),
    # Equal elements, and those that are none.
    *group(
        """
        F.max_pool2d(x, 2)
        F.max_pool2d(x, 3, 1, 1, return_indices=True)
        F.max_pool2d(x, 3, 1, 1)
        F.adaptive_max_pool2d(x, 2)
        F.adaptive_max_pool2d(x, 2, True)[1]
        F.avg_pool2d(x, 2, 1)
        """,
        x=[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 2.0, 2.0]]],
    ),
    *each(
        """
        F.max_pool1d(x, {f})
        F.max_pool1d(x, {f}, 1, return_indices=True)
        F.adaptive_max_pool1d(x, 2)
        F.adaptive_max_pool1d(x, {f}, return_indices=True)
        F.avg_pool1d(x, {f})
        F.adaptive_avg_pool1d(x, 3)
        """,
        "2 3",
        x=[[float("nan"), 1.0, 2.0, float("nan"), float("inf"), -float("inf"), -float("inf"), 0.0]],
    ),
    *group("F.max_pool1d(x, 3, 1, 1, return_indices=True)", x=[[-float("inf")] * 4]),
    # Other dtypes.
    *each(
        """
        F.max_pool1d(x, 2)
        F.avg_pool1d(x, 3, 1, 1)
        F.adaptive_avg_pool1d(x, 2)
        F.adaptive_max_pool1d(x, 3)
        F.lp_pool1d(x, 2, 2)
        """,
        ["x"],
        x="normal(1, 2, 5) float32",
    ),
    *group(
        """
        F.max_pool2d(x, 2)
        F.max_pool2d(x, 2, 1, 1, return_indices=True)
        F.avg_pool2d(x, 2)
        F.avg_pool2d(x, 2, 1, 1, divisor_override=-3)
        F.avg_pool1d(x[0], 2)
        F.lp_pool2d(x, 2, 2)
        F.max_pool2d(x.int(), 2)
        """,
        x="ints(1, 1, 4, 3; -9..9)",
    ),
    *each("F.{f}(x, 2)", "max_pool2d avg_pool2d adaptive_avg_pool2d", x="normal(0, 1, 3, 3)"),
    # Patches.
    *group(
        """
        F.unfold(x, 2)
        torch.nn.functional.unfold(x, (2, 1))
        F.unfold(x, 2, 1, 1)
        F.unfold(x, kernel_size=2, dilation=(2, 1), padding=(1, 0), stride=2)
        nn.functional.unfold(x[0], 2, stride=(1, 2))
        F.unfold(x, 2)^2
        F.unfold(x, 3).sum()
        F.fold(F.unfold(x, 2), (3, 4), 2)
        F.fold(F.unfold(x, 2, 1, 1, 2), output_size=(3, 4), kernel_size=2, padding=1, stride=2)
        F.fold(F.unfold(x[0], (1, 2), 2), (3, 4), (1, 2), 2)^2
        torch.nn.functional.fold(x.reshape(2, 2, 6), (3, 4), (1, 2), 1, 0, (1, 2))
        F.unfold(x > 0, 2)
        F.unfold(x.float(), 2)
        """,
        x="normal(2, 1, 3, 4)",
    ),
    *group("F.fold(x, (2, 2), 2)", x="normal(4, 1)"),
]
