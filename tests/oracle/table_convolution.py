"""Convolutions in one to three dimensions, plain and transposed: every argument, by every name."""

from __future__ import annotations

from tests.oracle.cases import Case, group, without_second

CASES: list[Case] = [
    *group(
        """
        conv1d(x, w)
        F.conv1d(x, w, b)
        torch.conv1d(x, w, bias=b)
        conv1d(x, w, b, 2)
        conv1d(x, w, b, 2, 1)
        conv1d(x, w, b, 2, 1, 2)
        conv1d(x, w, b, 1, 0, 1, 1)
        conv1d(x, w, stride=2, padding=1)
        conv1d(x, w, padding=(2,))
        conv1d(x, w, padding=[1], stride=[3], dilation=[2])
        conv1d(x, w, padding='same')
        conv1d(x, w, b, padding='same', dilation=2)
        conv1d(x, w, padding='valid')
        conv1d(x, w, b, 2, 'valid')
        nn.functional.conv1d(input=x, weight=w, bias=None)
        conv1d(x[0], w, b)
        conv1d(x[0], w, padding='same')
        conv1d(x, w, b).relu().sum()
        conv1d(x, w, b)^2
        conv1d(x.flip(2), w)
        conv1d(x, w, b, padding=3)
        """,
        x="normal(2, 2, 4)",
        w="normal(3, 2, 2)",
        b="normal(3)",
    ),
    *group(
        """
        conv1d(x, w, b, groups=2)
        conv1d(x, w, b, 1, 1, 1, 2)
        conv1d(x, w, b, padding='same', groups=2)
        conv1d(x, w, b, stride=2, groups=2, dilation=2)
        """,
        x="normal(2, 4, 4)",
        w="normal(2, 2, 2)",
        b="normal(2)",
    ),
    *group(
        """
        conv1d(x, w, groups=3)
        conv1d(x, w, padding='same', groups=3)
        """,
        x="normal(1, 3, 4)",
        w="normal(3, 1, 3)",
    ),
    *group(
        """
        conv2d(x, w)
        F.conv2d(x, w, b)
        conv2d(x, w, b, 2, 1)
        conv2d(x, w, b, (1, 2), (1, 0))
        conv2d(x, w, b, [2, 1], [0, 1], [1, 2])
        conv2d(x, w, stride=2)
        conv2d(x, w, padding=1, dilation=2)
        conv2d(x, w, padding=(2, 1), dilation=(2, 1), stride=(2, 2))
        conv2d(x, w, b, padding='same')
        conv2d(x, w, padding='same', dilation=(2, 1))
        conv2d(x, w, padding='valid', stride=2)
        torch.nn.functional.conv2d(x, w, b, padding='valid')
        conv2d(x[0], w, b)
        conv2d(x[1], w, b, padding='same')
        sigmoid(conv2d(x, w, b)).mean()
        conv2d(x.transpose(2, 3), w)
        conv2d(x, w.flip(2).contiguous())
        """,
        x="normal(2, 2, 3, 3)",
        w="normal(2, 2, 2, 2)",
        b="normal(2)",
    ),
    *group(
        """
        conv2d(x, w, b, groups=2)
        conv2d(x, w, padding=1, groups=2, stride=2)
        conv2d(x[0], w, b, 1, 1, 1, 2)
        """,
        x="normal(1, 2, 3, 3)",
        w="normal(4, 1, 2, 3)",
        b="normal(4)",
    ),
    *group(
        """
        conv3d(x, w)
        conv3d(x, w, b, padding=1)
        conv3d(x, w, b, (1, 2, 1), (0, 1, 1), (1, 1, 2))
        conv3d(x, w, padding='same')
        conv3d(x[0], w, b)
        conv3d(x, w, b, stride=2)
        """,
        x="normal(1, 1, 2, 3, 2)",
        w="normal(2, 1, 2, 2, 1)",
        b="normal(2)",
    ),
    *group(
        """
        conv_transpose1d(x, w)
        F.conv_transpose1d(x, w, b)
        conv_transpose1d(x, w, b, 2)
        conv_transpose1d(x, w, b, 2, 1)
        conv_transpose1d(x, w, b, 2, 1, 1)
        conv_transpose1d(x, w, b, 3, 1, 2, 1, 2)
        conv_transpose1d(x, w, stride=1, dilation=3, output_padding=2)
        conv_transpose1d(x, w, padding=(1,), stride=[2])
        conv_transpose1d(x[0], w, b)
        conv_transpose1d(x, w, b)^2
        """,
        x="normal(2, 2, 3)",
        w="normal(2, 3, 2)",
        b="normal(3)",
    ),
    *group(
        """
        conv_transpose2d(x, w)
        conv_transpose2d(x, w, b, 2, 1, 1)
        torch.conv_transpose2d(x, w, b, stride=(2, 1), padding=(0, 1), output_padding=(1, 0))
        conv_transpose2d(x, w, b, dilation=2)
        conv_transpose2d(x[0], w, b, 2)
        conv_transpose2d(x, w, b).sum()
        """,
        x="normal(2, 1, 2, 2)",
        w="normal(1, 2, 2, 2)",
        b="normal(2)",
    ),
    *group(
        """
        conv_transpose2d(x, w, b, groups=2)
        conv_transpose1d(x[..., 0], w[..., 0], b, 2, 0, 0, 2)
        """,
        x="normal(1, 2, 2, 2)",
        w="normal(2, 2, 2, 1)",
        b="normal(4)",
    ),
    *group(
        """
        conv_transpose3d(x, w)
        conv_transpose3d(x, w, b, 2, 1, 1)
        conv_transpose3d(x[0], w, b, (1, 2, 1))
        """,
        x="normal(1, 1, 2, 2, 2)",
        w="normal(1, 1, 2, 2, 2)",
        b="normal(1)",
    ),
    *group(
        """
        convolution(x, w, b, [2], [1], [1], False, [0], 1)
        torch.convolution(x, w, None, (1,), (0,), (2,), True, (0,), 1)
        """,
        x="normal(1, 2, 4)",
        w="normal(2, 2, 2)",
        b="normal(2)",
    ),
    # PyTorch has no second derivative of conv_tbc.
    *without_second(
        group(
            """
            conv_tbc(x, w, b)
            torch.conv_tbc(x, w, b, 1)
            conv_tbc(x, w, b, pad=2).sum()
            """,
            x="normal(3, 2, 2)",
            w="normal(2, 2, 3)",
            b="normal(3)",
        )
    ),
    *group(
        """
        conv1d(x, w, b, padding=1)
        conv1d(x, w, b, padding='same')
        conv_transpose1d(x, w, b, 2)
        """,
        x="normal(1, 2, 3) float32",
        w="normal(2, 2, 2) float32",
        b="normal(2) float32",
    ),
    *group(
        """
        conv1d(x, w)
        conv1d(x, w, b, padding='same')
        conv1d(x, w, b, 2, 1, 2)
        conv_transpose1d(x, w, b)
        conv1d(x.int(), w.int(), padding=1)
        """,
        x="ints(1, 2, 3; -3..3)",
        w="ints(2, 2, 2; -3..3)",
        b="ints(2; -3..3)",
    ),
    *group("conv1d(x, w, padding=1)", x=[[[1.0, float("inf"), 2.0, 3.0]]], w=[[[1.0, -2.0]]]),
    *group("conv1d(x, w)", x="normal(0, 2, 3)", w="normal(2, 2, 2)"),
]
