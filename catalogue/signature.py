"""Signature: a MinHash of a text's phrases, by which nearly equal texts are found.

A pure function of the text. The phrases are all runs of three words inside a sentence, so sentences may
change places without any effect; a sign of a script that does without spaces counts as a word.
"""

from __future__ import annotations

import re
from array import array

from rensa import RMinHash

SIZE = 128  # values of 32 bits
ALGORITHM = f"R-MinHash {RMinHash.ALGORITHM_VERSION}, 1"  # the library's version of it, and ours of the phrases

_SEED = 1
_PHRASE = 3  # words
_SENTENCE = re.compile(r"[.!?…:;\n。！？؟।။۔]+")
_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+")


def signature(text: str) -> bytes:
    """The MinHash of a text; empty for a text without words, which is like no other."""
    found = phrases(text)
    if not found:
        return b""
    minhash = RMinHash(num_perm=SIZE, seed=_SEED)
    minhash.update(sorted(found))
    return array("I", minhash.digest()).tobytes()


def phrases(text: str) -> set[str]:
    """The phrases of a text; a sentence of fewer words than a phrase is one itself."""
    found = set()
    for sentence in _SENTENCE.split(text.casefold()):
        words = _WORD.findall(sentence)
        for start in range(max(1, len(words) - _PHRASE + 1) if words else 0):
            found.add(" ".join(words[start : start + _PHRASE]))
    return found


def likeness(one: bytes, other: bytes) -> float:
    """How alike two texts are, by their signatures: the share of phrases that both have among all they have."""
    if not one or not other:
        return 0.0
    pairs = zip(array("I", one), array("I", other), strict=True)
    return sum(mine == theirs for mine, theirs in pairs) / SIZE
