"""Padding in all modes; pixels and channels shuffled."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        F.pad(x, (1, 1))
        F.pad(x, (1, 2, 3, 0))
        F.pad(x, (1, 1), 'constant', 2.5)
        F.pad(x, [0, 1], value=-1)
        F.pad(x, (1, 1), mode='constant', value=None)
        F.pad(x, pad=(2, -1))
        F.pad(x, (-1, -1))
        F.pad(x, (-1, -1, 1, 1), value=3.0)
        F.pad(x, (0, 0))
        F.pad(x.T, (0, 0))
        F.pad(x.T, (1, 0))
        F.pad(x.T, (0, 0)).reshape(-1)
        F.pad(x.T, (-1, 0)).reshape(-1)
        F.pad(x, ())
        F.pad(x, (1, 1), 'reflect')
        F.pad(x, (2, 0), mode='reflect')
        F.pad(x, (2, 2), 'reflect')
        F.pad(x, (-1, 1), 'reflect')
        F.pad(x, (1, -1), 'reflect')
        F.pad(x, (1, 1), 'replicate')
        F.pad(x, (5, 0), 'replicate')
        F.pad(x, (-1, 2), 'replicate')
        F.pad(x, (-3, 1), 'replicate')
        F.pad(x, (1, 1), 'circular')
        F.pad(x, (3, 3), 'circular')
        F.pad(x, (-1, 0), 'circular')
        F.pad(x, (-1, 2), 'circular')
        F.pad(x, (2, -1), 'circular')
        F.pad(x, (0, 0), 'circular')
        F.pad(x, (0, 0), 'reflect')
        F.pad(x, (1, 1), 'reflect', 0.0)
        F.pad(x.float(), (1, 1), 'reflect')
        F.pad(x.float(), (1, 1), value=0.1)
        F.pad(x.long(), (1, 1), value=2)
        F.pad(x.long(), (1, 1), value=2.7)
        F.pad(x.long(), (1, 1), 'replicate')
        F.pad(x.long(), (1, 1), 'circular')
        F.pad(x > 0, (1, 1))
        F.pad(x > 0, (1, 1), value=True)
        F.pad(x > 0, (1, 1), value=2.0)
        F.pad(x > 0, (1, 1), 'circular')
        F.pad(x, (1, 1), value=inf)
        F.pad(x, (1, 1), value=nan)
        torch.constant_pad_nd(x, (1, 1), 2)
        torch.constant_pad_nd(x, [1, 0, 0, 1])
        torch.constant_pad_nd(x, pad=(1, 0), value=2)
        np.pad(x, (1, 1))
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        F.pad(x, (1, 1), 'reflect')
        F.pad(x, (1, 1), 'replicate')
        F.pad(x, (1, 2), 'circular')
        F.pad(x, (1, 1, 2, 1), 'reflect')
        F.pad(x, (1, 1, 0, 2), 'replicate')
        F.pad(x, (1, 1, 2, 1), 'circular')
        F.pad(x, (1, 1, 0, 0), 'circular')
        F.pad(x, (-1, 1, 1, -1), 'reflect')
        F.pad(x, (-1, 1, 1, -1), 'replicate')
        F.pad(x, (-1, 1, 1, -1), 'circular')
        F.pad(x, (1, 1, 1, 1, 1, 1))
        F.pad(x, (0, 0, 0, 0, 1, 0), value=2)
        F.pad(x.transpose(1, 2), (1, 1), 'reflect')
        F.pad(x.transpose(1, 2), (1, 1)).reshape(-1)
        F.pad(x, (1, 1), 'reflect').reshape(-1)
        F.pad(x, (1, 1), 'circular').reshape(-1)
        F.pad(x[:0], (1, 1), 'reflect')
        F.pad(x[:0], (1, 1), 'replicate')
        F.pad(x[:0], (1, 1), 'circular')
        F.pad(x[:0], (1, 1))
        F.pad(x[:, :, :0], (1, 1))
        """,
        x="normal(2, 3, 4)",
    ),
    *group(
        """
        F.pad(x, (1, 1, 1, 1), 'reflect')
        F.pad(x, (1, 1, 1, 1), 'replicate')
        F.pad(x, (1, 1, 1, 1), 'circular')
        F.pad(x, (0, 1, 1, 0), 'circular')
        F.pad(x, (1, 1, 1, 1))
        F.pad(x, (1, 0, 0, 1, 0, 1), 'replicate')
        F.pad(x, (1, 0, 0, 1, 0, 1), 'reflect')
        F.pad(x, (1, 0, 0, 1, 0, 1), 'circular')
        F.pad(x, (1, 0, 0, 1, 0, 1, 1, 0), value=1)
        F.pad(x.permute(0, 3, 1, 2), (1, 1, 1, 1)).reshape(-1)
        F.pad(x.permute(0, 3, 1, 2), (1, 1, 1, 1), 'reflect').reshape(-1)
        F.pad(x.permute(0, 3, 1, 2), (1, 0, 0, 1), 'replicate').reshape(-1)
        F.pad(x.permute(0, 3, 1, 2), (1, 0, 0, 1), 'circular').reshape(-1)
        F.pad(x.permute(0, 3, 1, 2), (-1, 0, 0, -1)).reshape(-1)
        F.pixel_unshuffle(x, 2)
        F.pixel_shuffle(x, 1)
        F.channel_shuffle(x, 2)
        torch.channel_shuffle(x, 1)
        torch.channel_shuffle(x, groups=2)
        F.channel_shuffle(x.permute(0, 3, 1, 2), 2).reshape(-1)
        torch.pixel_unshuffle(x.permute(0, 3, 1, 2), 1).reshape(-1)
        F.pixel_unshuffle(x.permute(0, 1, 3, 2), 2)
        """,
        x="normal(1, 2, 2, 4)",
    ),
    *group(
        """
        F.pad(x, (1, 1, 1, 1, 1, 1), 'reflect')
        F.pad(x, (1, 1, 1, 1, 1, 1), 'replicate')
        F.pad(x, (1, 0, 0, 1, 0, 1), 'circular')
        F.pad(x, (0, 0, 0, 1, 0, 0), 'circular')
        """,
        x="normal(1, 1, 2, 2, 2)",
    ),
    *group(
        """
        F.pixel_shuffle(x, 2)
        torch.pixel_shuffle(x, 2)
        torch.pixel_shuffle(x, upscale_factor=2)
        torch.pixel_unshuffle(x, downscale_factor=1)
        F.pixel_shuffle(x.long(), 2)
        F.pixel_shuffle(x[None], 2)
        torch.channel_shuffle(x, 2)
        """,
        x="normal(4, 2, 1)",
    ),
]
