"""Cells of recurrent networks, with and without biases."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *group(
        """
        torch.lstm_cell(x, (h, c), w, u)
        torch.lstm_cell(x, (h, c), w, u)[0]
        lstm_cell(x, (h, c), w, u)[1]
        lstm_cell(x, [h, c], w, u, a, b)[0]
        lstm_cell(x, (h, c), w, u, a)[1]
        torch.lstm_cell(input=x, hx=(h, c), w_ih=w, w_hh=u, b_ih=a, b_hh=b)[1]
        s = lstm_cell(x, (h, c), w, u, a, b); lstm_cell(x, s, w, u, a, b)[0]
        s = lstm_cell(x, (h, c), w, u, a, b); (s[0] * s[1]).sum()
        """,
        x="normal(2, 3)",
        h="normal(2, 2)",
        c="normal(2, 2)",
        w="normal(8, 3)",
        u="normal(8, 2)",
        a="normal(8)",
        b="normal(8)",
    ),
    *group(
        """
        torch.gru_cell(x, h, w, u)
        gru_cell(x, h, w, u, a, b)
        gru_cell(x, h, w, u, b_hh=b)
        gru_cell(x, gru_cell(x, h, w, u, a, b), w, u, a, b)
        gru_cell(x, hx=h, w_ih=w, w_hh=u).sum()
        """,
        x="normal(2, 3)",
        h="normal(2, 2)",
        w="normal(6, 3)",
        u="normal(6, 2)",
        a="normal(6)",
        b="normal(6)",
    ),
    *each(
        """
        torch.{f}(x, h, w, u)
        {f}(x, h, w, u, a, b)
        {f}(x, h, w, u, a)
        {f}(x, {f}(x, h, w, u, a, b), w, u, a, b)^2
        """,
        "rnn_tanh_cell rnn_relu_cell",
        x="normal(2, 3)",
        h="normal(2, 2)",
        w="normal(2, 3)",
        u="normal(2, 2)",
        a="normal(2)",
        b="normal(2)",
    ),
    *group(
        "rnn_tanh_cell(x, h, w, u, a, a)",
        x="normal(1, 2) float32",
        h="normal(1, 1) float32",
        w="normal(1, 2) float32",
        u="normal(1, 1) float32",
        a="normal(1) float32",
    ),
]
