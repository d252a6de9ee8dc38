"""The loss of sequences that are not aligned: connectionist temporal classification.

A. Graves et al., "Connectionist Temporal Classification", ICML 2006: the likelihood of a sequence
of labels is summed over all ways to stretch it to the length of the scores, with blanks between
labels, by forward variables (its eq. 6 to 8); the derivative takes backward variables too (eq. 9 to
15). As PyTorch's it is that by the scores before a log_softmax.
"""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32, int64, is_float
from difftool.graph.node import Node
from difftool.operations.losses.loss_reduction import checked_reduction
from difftool.operations.registry import Array, Operation, Type, composite, constant, is_weak, ops
from difftool.operations.shapes import dtype_name, no_derivative, require_float


class _Sequences(NamedTuple):
    """Labels with blanks around each, a row for each sequence.

    Attributes:
        labels: of each place, (rows, places).
        known: which places the row has.
        skips: which places can follow the one before the last: labels that differ.
        scores: the scores of each place's label, (times, rows, places); -inf at others.
        ends: of each row, its last place.
        lengths: of each row, how many scores count.
    """

    labels: Array
    known: Array
    skips: Array
    scores: Array
    ends: Array
    lengths: Array


def _wrong(what: str, hint: str) -> DifftoolError:
    return DifftoolError(f"ctc_loss {what}", kind="value", hint=hint)


def _sequences(
    x: Array, targets: Array, lengths: Array, counts: Array, blank: int
) -> _Sequences:
    times, rows, classes = x.shape
    lengths, counts = lengths.reshape(-1), counts.reshape(-1)
    if np.any((lengths < 0) | (lengths > times)):
        raise _wrong(f"has {times} scores in a sequence", "no input length can be larger")
    width = int(counts.max(initial=0))
    places = np.arange(width)
    known = places < counts[:, None]
    if targets.ndim == 2:
        if np.any(counts < 0) or targets.shape[1] < width:
            raise _wrong(
                f"has {targets.shape[1]} labels in a sequence", "no target length can be larger"
            )
        own = targets[:, :width]
    else:
        if np.any(counts < 0) or targets.size != counts.sum():
            raise _wrong(
                f"has {targets.size} labels, the target lengths add up to {counts.sum()}",
                "targets of one dimension are all sequences one after the other",
            )
        own = np.full(known.shape, blank, targets.dtype)
        own[known] = targets
    own = np.where(known, own, blank)
    if np.any((own < 0) | (own >= classes)):
        raise _wrong(f"has {classes} classes", f"labels go from 0 to {classes - 1}")
    labels = np.full((rows, 2 * width + 1), blank)
    labels[:, 1::2] = own
    exists = np.arange(2 * width + 1) <= 2 * counts[:, None]
    skips = np.zeros(labels.shape, bool)
    skips[:, 3::2] = labels[:, 3::2] != labels[:, 1:-2:2]
    scores = np.take_along_axis(x, np.broadcast_to(labels, (times, *labels.shape)), 2)
    return _Sequences(
        labels, exists, skips, np.where(exists, scores, -inf), 2 * counts, lengths
    )


def _shifted(x: Array, by: int) -> Array:
    """Each row moved to the right (to the left for a negative `by`), filled up with -inf."""
    result = np.full_like(x, -inf)
    if by > 0:
        result[:, by:] = x[:, :-by]
    else:
        result[:, :by] = x[:, -by:]
    return result


def _forward(rows: _Sequences) -> Array:
    """The logarithms of the likelihoods of each place at each time, given what comes before."""
    found = np.full_like(rows.scores, -inf)
    found[:1, :, :2] = rows.scores[:1, :, :2]
    for time in range(1, len(found)):
        before = found[time - 1]
        total = np.logaddexp(before, _shifted(before, 1))
        total = np.logaddexp(total, np.where(rows.skips, _shifted(before, 2), -inf))
        found[time] = total + rows.scores[time]
    return found


def _backward(rows: _Sequences) -> Array:
    """The same, given what comes after; each row ends at its own time."""
    found = np.full_like(rows.scores, -inf)
    places = np.arange(rows.labels.shape[1])
    last = (places == rows.ends[:, None]) | (places == rows.ends[:, None] - 1)
    skips = np.where(rows.skips, 0.0, -inf)
    after = np.full(rows.labels.shape, -inf, rows.scores.dtype)
    for time in reversed(range(len(found))):
        total = np.logaddexp(after, _shifted(after, -1))
        total = np.logaddexp(total, _shifted(after + skips, -2))
        ending = (rows.lengths == time + 1)[:, None]
        total = np.where(ending, np.where(last, 0.0, -inf), total)
        found[time] = after = total + rows.scores[time]
    return found


def _losses(rows: _Sequences, forward: Array) -> Any:
    """Minus the logarithm of each sequence's likelihood."""
    row = np.arange(len(rows.ends))
    if len(forward) == 0:
        return np.where(rows.ends == 0, 0.0, inf)
    final = forward[np.maximum(rows.lengths, 1) - 1, row]
    total = final[row, rows.ends]
    label = np.where(rows.ends > 0, final[row, rows.ends - 1], -inf)
    # Without scores only the empty sequence is likely.
    nothing = np.where(rows.ends == 0, 0.0, -inf)
    return -np.where(rows.lengths > 0, np.logaddexp(total, label), nothing)


def _ctc(
    x: Array,
    targets: Array,
    lengths: Array,
    counts: Array,
    *,
    blank: int,
    zero_infinity: bool,
) -> Array:
    rows = _sequences(x, targets, lengths, counts, blank)
    losses: Array = _losses(rows, _forward(rows)).astype(x.dtype)
    return losses


def _slopes(
    x: Array,
    targets: Array,
    lengths: Array,
    counts: Array,
    *,
    blank: int,
    zero_infinity: bool,
) -> Array:
    """For each class exp(score) less the share of the likelihood that goes through it."""
    rows = _sequences(x, targets, lengths, counts, blank)
    forward = _forward(rows)
    losses = _losses(rows, forward)
    times, count, _ = x.shape
    through = np.full(x.shape, -inf, x.dtype)
    both = forward + _backward(rows)
    place = np.broadcast_to(rows.labels, both.shape)
    index = (np.arange(times)[:, None, None], np.arange(count)[:, None], place)
    np.logaddexp.at(through, index, both)
    slopes = np.exp(x) - np.exp(through + losses[:, None] - x)
    counted = np.arange(times)[:, None] < rows.lengths
    if zero_infinity:
        counted = counted & (losses != inf)
    return np.where(counted[..., None], slopes, 0)


def _no_rule(g: Node, out: Node, *inputs: Node, **parameters: Any) -> Node:
    raise no_derivative("the gradient of ctc_loss", "take first derivatives of it only", out)


_ctc_slopes = Operation(
    ("ctc_slopes(log_probs, targets, input_lengths, target_lengths)",),
    _slopes,
    lambda x, *given, **parameters: Type(x.shape, x.dtype),
    (_no_rule,),
    scratch=8,
    meaning="",
    example="",
)


def _ctc_rule(g: Node, out: Node, x: Node, *given: Node, blank: int, zero_infinity: bool) -> Node:
    slopes = _ctc_slopes(x, *given, blank=blank, zero_infinity=zero_infinity)
    return slopes * ops.unsqueeze(g, dim=-1)


def _ctc_type(x: Node, targets: Node, *lengths: Node, **parameters: Any) -> Type:
    require_float(x, "ctc_loss")
    for node in (targets, *lengths):
        if node.dtype not in (int32, int64):
            raise DifftoolError(
                f"ctc_loss takes labels and lengths as whole numbers, not {dtype_name(node.dtype)}",
                kind="dtype",
                hint="write tensor([0, 2]), or convert with .long()",
            )
    rows = x.shape[1]
    if targets.ndim not in (1, 2) or (targets.ndim == 2 and targets.shape[0] != rows):
        raise DifftoolError(
            f"ctc_loss takes labels for {rows} sequences, not a tensor of shape {targets.shape}",
            kind="shape",
            hint="give (sequences, labels), or all labels in one dimension",
        )
    for node in lengths:
        if node.size != rows:
            raise DifftoolError(
                f"ctc_loss takes {rows} lengths, one for each sequence, not {node.size}",
                kind="shape",
                hint="the second dimension of the scores is that of the sequences",
            )
    if not 0 <= parameters["blank"] < x.shape[2]:
        raise DifftoolError(
            f"ctc_loss has no class {parameters['blank']} for blanks, of {x.shape[2]}",
            kind="argument",
            hint=f"blank goes from 0 to {x.shape[2] - 1}",
        )
    return Type((rows,), x.dtype)


_ctc_loss = Operation(
    ("ctc_loss(log_probs, targets, input_lengths, target_lengths)",),
    _ctc,
    _ctc_type,
    (_ctc_rule,),
    scratch=4,
    meaning="",
    example="",
)


def _lengths(value: Any) -> Node:
    if isinstance(value, list | tuple):
        lengths: Node = ops.tensor(list(value))
        return lengths
    if isinstance(value, Node) and not is_weak(value):
        return value
    raise DifftoolError(
        "ctc_loss takes a tuple or a tensor of lengths",
        kind="argument",
        hint="(5,) is the length of one sequence",
    )


def sequence_losses(
    log_probs: Node,
    targets: Node,
    input_lengths: Any,
    target_lengths: Any,
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Node:
    if log_probs.ndim not in (2, 3):
        raise DifftoolError(
            f"ctc_loss takes scores (times, sequences, classes), not shape {log_probs.shape}",
            kind="shape",
            hint="one sequence may be (times, classes)",
        )
    single = log_probs.ndim == 2
    if single:
        log_probs = ops.unsqueeze(log_probs, dim=1)
    if is_float(targets.dtype):
        targets = ops.to(targets, dtype=int64)
    counts = _lengths(target_lengths)
    losses = _ctc_loss(
        log_probs,
        targets,
        _lengths(input_lengths),
        counts,
        blank=blank,
        zero_infinity=zero_infinity,
    )
    if zero_infinity:
        losses = ops.where(ops.eq(losses, inf), constant(0.0, losses.dtype), losses)
    if reduction == "none":
        return ops.squeeze(losses, dim=0) if single else losses
    if reduction == "sum":
        return ops.sum(losses)
    least = ops.clamp_min(ops.reshape(counts, (counts.size,)), 1)
    return ops.mean(losses / ops.to(least, dtype=losses.dtype))


@composite(
    "ctc_loss(log_probs, targets: IndexTensor, input_lengths: Any, target_lengths: Any, "
    "blank: int = 0, reduction: str = 'mean', zero_infinity: bool = False)",
    example="ctc_loss(log_softmax(ones(4, 1, 3), 2), tensor([[1, 2]]), (4,), (2,))",
)
def ctc_loss(
    log_probs: Node,
    targets: Node,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Node:
    """Minus the log likelihood of sequences of labels, given log-probabilities at more times."""
    return sequence_losses(
        log_probs,
        targets,
        input_lengths,
        target_lengths,
        blank,
        checked_reduction(reduction),
        zero_infinity,
    )
