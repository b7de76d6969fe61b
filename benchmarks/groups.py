"""How well wire copies are told from other texts: precision and recall on pairs.

    python -m benchmarks.groups

Our own invented stories, each with copies of which 10 to 40 of 100 sentences were reworded, cut or moved under a local
opening, and as noise the texts of the real pages in `../shared/data`, where they are there. A pair is any two
texts; it is right to group two that come from one story. Pairs are counted by their likeness alone, and as
`scrapy articles --groups` has them: what such pairs connect.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from catalogue.catalogue import Catalogue, rebuild
from catalogue.groups import LIKENESS, groups
from catalogue.search import Wanted
from catalogue.signature import likeness, signature
from newsroom.sites import SITES
from tests.archives import told, visited
from tests.running import SHARED
from tests.wirecopies import wire_copy

SHARES = (0.1, 0.2, 0.3, 0.4)
COPIES = 5  # of each story and share
SHORTEST = 60  # words
LEVELS = (0.05, 0.1, 0.15, LIKENESS, 0.25, 0.3, 0.4)

Pair = tuple[str, str]


def main() -> None:
    """Print both tables."""
    texts = dict(_texts(random.Random(1)))
    stories = {name.partition("/")[0] for name in texts if "/" in name}
    print(
        f"{len(stories)} stories, {len(texts)} texts, {len(texts) - len(stories) * (1 + len(SHARES) * COPIES)} of noise"
    )
    signatures = {name: signature(text) for name, text in texts.items()}
    alike = {pair: likeness(signatures[pair[0]], signatures[pair[1]]) for pair in combinations(sorted(texts), 2)}
    right = {pair for pair in alike if _is_right(pair)}
    print(f"{len(alike):,} pairs, {len(right):,} of them of one story\n")
    print(f"{'':32} {'precision':>10} {'recall':>8}")
    for level in LEVELS:
        _row(f"likeness of at least {level}", {pair for pair, value in alike.items() if value >= level}, right)
    _row("groups", set(_grouped(texts)), right)
    print("\nlikeness of a copy to its story: share edited, the lowest, one in twenty below, the median")
    for share in SHARES:
        values = sorted(value for (one, other), value in alike.items() if _is_copy(one, other, share))
        print(f"{share:>32.0%} {values[0]:>10.2f} {values[len(values) // 20]:>8.2f} {values[len(values) // 2]:>8.2f}")
    others = max(value for pair, value in alike.items() if pair not in right)
    print(f"{'texts of their own, the highest':>32} {others:>10.2f}")


def _texts(chance: random.Random) -> Iterator[tuple[str, str]]:
    for story in (story for site in SITES for story in site.stories):
        if len(story.text.split()) >= SHORTEST:
            name = story.path.replace("/", "_")
            yield f"{name}/original", story.text
            for share in SHARES:
                for number in range(COPIES):
                    yield f"{name}/{share}.{number}", wire_copy(story.text, share, chance)
    gold = SHARED / "pages" / "gold.jsonl"
    for line in gold.read_text(encoding="utf-8").splitlines() if gold.exists() else ():
        page = json.loads(line)
        yield page["file"].replace("/", "_"), "\n\n".join(page.get("body") or [])


def _is_right(pair: Pair) -> bool:
    one, other = (name.partition("/") for name in pair)
    return bool(one[1]) and one[0] == other[0]


def _is_copy(one: str, other: str, share: float) -> bool:
    return _is_right((one, other)) and other.endswith("/original") and f"/{share}." in one


def _grouped(texts: dict[str, str]) -> Iterator[Pair]:
    names = list(texts)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        visited(root, {f"https://news.test/{number}": told(texts[name]) for number, name in enumerate(names)})
        rebuild(root)
        with Catalogue.open(root) as catalogue:
            for group in groups(catalogue, Wanted()):
                held = sorted(names[int(one.article.url.rpartition("/")[2])] for one in group.articles)
                yield from combinations(held, 2)


def _row(name: str, found: set[Pair], right: Iterable[Pair]) -> None:
    true = len(found & set(right))
    print(f"{name:32} {true / max(1, len(found)):>10.4f} {true / len(set(right)):>8.4f}")


if __name__ == "__main__":
    main()
