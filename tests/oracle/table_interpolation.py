"""Interpolation in every mode, to smaller and larger sizes, by size and by factor; grids."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *each(
        """
        F.interpolate(x, 5, mode={f})
        F.interpolate(x, size=(2,), mode={f})
        F.interpolate(x, scale_factor=2, mode={f})
        F.interpolate(x, scale_factor=[1.7], mode={f})
        F.interpolate(x, None, 0.6, {f})
        F.interpolate(x, scale_factor=1.7, mode={f}, recompute_scale_factor=True)
        F.interpolate(x, 3, mode={f})^2
        F.interpolate(x, 1, mode={f}).sum()
        """,
        ["'nearest'", "'nearest-exact'", "'linear'", "'area'"],
        x="normal(2, 1, 3)",
    ),
    *each(
        """
        F.interpolate(x, 4, mode={f})
        F.interpolate(x, (5, 2), mode={f})
        F.interpolate(x, scale_factor=2, mode={f})
        F.interpolate(x, scale_factor=(1.5, 0.7), mode={f})
        torch.nn.functional.interpolate(x, None, (1, 3.0), {f})
        F.interpolate(x, [1, 7], mode={f})
        F.interpolate(x.transpose(2, 3), 3, mode={f})^2
        """,
        ["'nearest'", "'nearest-exact'", "'bilinear'", "'bicubic'", "'area'"],
        x="normal(1, 2, 2, 3)",
    ),
    *each(
        """
        F.interpolate(x, 3, mode={f})
        F.interpolate(x, scale_factor=(2, 1, 1.5), mode={f})
        F.interpolate(x, size=(1, 3, 2), mode={f})^2
        """,
        ["'nearest'", "'nearest-exact'", "'trilinear'", "'area'"],
        x="normal(1, 1, 2, 2, 2)",
    ),
    *group(
        """
        F.interpolate(x, 5, mode='linear', align_corners=True)
        F.interpolate(x, scale_factor=1.5, mode='linear', align_corners=True)
        F.interpolate(x, 2, None, 'linear', False)
        F.interpolate(x, 1, mode='linear', align_corners=True)
        F.interpolate(x, 5)
        F.upsample(x, 4)
        F.upsample(x, scale_factor=2, mode='linear', align_corners=True)
        F.upsample_nearest(x, 5)
        F.interpolate(x, 5, mode='linear').mean()
        """,
        x="normal(2, 1, 3)",
    ),
    *group(
        """
        F.interpolate(x, 4, mode='bilinear', align_corners=True)
        F.interpolate(x, (3, 5), mode='bicubic', align_corners=True)
        F.interpolate(x, scale_factor=1.7, mode='bilinear', align_corners=True)
        F.interpolate(x, scale_factor=1.7, mode='bicubic', recompute_scale_factor=True)
        F.upsample_bilinear(x, scale_factor=2)
        F.upsample_bilinear(x, (3, 2))
        F.upsample_nearest(x, scale_factor=3)
        F.upsample(x, (4, 2), mode='bicubic')
        F.interpolate(x, 2, mode='bilinear', antialias=True)
        F.interpolate(x, 4, mode='bilinear', antialias=True)
        F.interpolate(x, (2, 3), mode='bicubic', antialias=True)
        F.interpolate(x, scale_factor=0.6, mode='bicubic', align_corners=True, antialias=True)
        """,
        x="normal(1, 1, 3, 4)",
    ),
    *group(
        """
        F.interpolate(x, 3, mode='trilinear', align_corners=True)
        F.interpolate(x, (1, 2, 3), mode='trilinear', align_corners=True)
        """,
        x="normal(1, 1, 2, 1, 2)",
    ),
    *each(
        """
        F.interpolate(x, 3, mode={f})
        F.interpolate(x, scale_factor=1.6, mode={f})
        """,
        ["'nearest'", "'bilinear'", "'bicubic'", "'area'"],
        x="normal(1, 1, 2, 3) float32",
    ),
    *each("F.interpolate(x, 5, mode={f})", ["'nearest'", "'linear'"], x="normal(0, 1, 3)"),
    *group("F.interpolate(x, 5)", x="ints(1, 1, 3; 0..9) uint8"),
    *group(
        """
        F.interpolate(x, 5, mode='linear')
        F.interpolate(x, 9, mode='linear', align_corners=True)
        F.interpolate(x, 3)
        """,
        x=[[[float("nan"), 1.0, float("inf"), 2.0, -float("inf")]]],
    ),
    *group(
        """
        F.affine_grid(t, (2, 3, 2, 3))
        F.affine_grid(t, [2, 1, 2, 2], align_corners=True)
        torch.nn.functional.affine_grid(t, size=(2, 1, 1, 3), align_corners=False)
        F.affine_grid(t, (2, 1, 2, 2))^2
        torch.affine_grid_generator(t, (2, 1, 2, 2), False)
        """,
        t="normal(2, 2, 3)",
    ),
    *group(
        """
        F.affine_grid(t, (1, 3, 2, 1, 2))
        F.affine_grid(t, (1, 1, 2, 2, 2), True)
        """,
        t="normal(1, 3, 4)",
    ),
    *group("F.affine_grid(t, (1, 1, 2, 2))", t="normal(1, 2, 3) float32"),
    *each(
        """
        F.grid_sample(x, g, mode={f})
        F.grid_sample(x, g, {f}, 'border', align_corners=True)
        F.grid_sample(x, g, {f}, 'reflection', False)
        F.grid_sample(x, g, {f}, padding_mode='zeros', align_corners=True)^2
        """,
        ["'bilinear'", "'nearest'", "'bicubic'"],
        x="normal(1, 2, 3, 2)",
        g="normal(1, 1, 4, 2)",
    ),
    *group(
        """
        F.grid_sample(x, g)
        F.grid_sample(x, g, padding_mode='reflection', align_corners=True)
        torch.grid_sampler(x, g, 0, 1, False)
        """,
        x="normal(1, 1, 2, 3, 2)",
        g="normal(1, 1, 2, 2, 3)",
    ),
    # Places on pixels, at the edges and outside.
    *each(
        """
        F.grid_sample(x, g, 'bilinear', {f}, align_corners=True)
        F.grid_sample(x, g, 'nearest', {f}, align_corners=False)
        F.grid_sample(x, g, 'bicubic', {f}, align_corners=True)
        """,
        ["'zeros'", "'border'", "'reflection'"],
        x="normal(1, 1, 3, 3)",
        g=[[[[0.0, 0.0], [-1.0, 1.0], [0.5, 1.5], [3.0, -2.0], [1.0, 0.5]]]],
    ),
    *group(
        "F.grid_sample(x, F.affine_grid(t, (1, 1, 2, 3), False), align_corners=False)",
        x="normal(1, 1, 3, 3)",
        t="normal(1, 2, 3)",
    ),
]
