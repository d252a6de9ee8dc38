"""The Mersenne Twister MT19937: a stream of random 32-bit words from a seed.

M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM Transactions on Modeling and Computer
Simulation 8 (1998). `generator` makes numbers of the words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

WORDS = 624  # the length of the Mersenne Twister's state
HAND_OVER = 1 << 17  # from this many words on, importing numpy.random costs less than it saves


class MersenneTwister:
    """The stream of 32-bit words that `init_genrand(seed)` starts (MT19937, reference C code).

    Short draws are made here in a few NumPy steps for each 624 words; `expect` hands the state
    over to numpy.random, which is ten times faster but takes some 15 ms to import.
    """

    __slots__ = ("_ready", "_state", "_stream")

    def __init__(self, seed: int) -> None:
        words = [seed & 0xFFFFFFFF]
        for position in range(1, WORDS):
            last = words[-1]
            words.append((1812433253 * (last ^ (last >> 30)) + position) & 0xFFFFFFFF)
        self._state = np.array(words, dtype=np.uint32)
        self._ready: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._stream: Any = None

    def expect(self, count: int) -> None:
        """Choose the faster source when `count` words are going to be taken."""
        if self._stream is None and count >= HAND_OVER:
            from numpy.random import MT19937

            self._stream = MT19937()
            self._stream.state = {
                "bit_generator": "MT19937",
                "state": {"key": self._state, "pos": WORDS},
            }

    def take(self, count: int) -> NDArray[np.uint32]:
        """The next `count` words of the stream."""
        parts = [self._ready[:count]]
        self._ready = self._ready[count:]
        missing = count - len(parts[0])
        if missing and self._stream is not None:
            parts.append(self._stream.random_raw(missing).astype(np.uint32))
        while missing > 0 and self._stream is None:
            self._twist()
            fresh = self._tempered()
            parts.append(fresh[:missing])
            self._ready = fresh[missing:]
            missing -= len(parts[-1])
        return np.concatenate(parts)

    def _twist(self) -> None:
        """Replace the whole state. A word needs the word 397 places on, which for the later ones
        is already new: hence the stretches, none longer than 624 - 397 = 227."""
        state = self._state
        for start, stop in ((0, 227), (227, 454), (454, 623), (623, 624)):
            after = np.arange(start + 1, stop + 1) % WORDS
            mixed = (state[start:stop] & 0x80000000) | (state[after] & 0x7FFFFFFF)
            far = np.arange(start + 397, stop + 397) % WORDS
            state[start:stop] = state[far] ^ (mixed >> 1) ^ ((mixed & 1) * np.uint32(0x9908B0DF))

    def _tempered(self) -> NDArray[np.uint32]:
        words = self._state.copy()
        words ^= words >> 11
        words ^= (words << 7) & 0x9D2C5680
        words ^= (words << 15) & 0xEFC60000
        words ^= words >> 18
        return words
