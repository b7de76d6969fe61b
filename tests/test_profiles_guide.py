"""The walk-through of docs/profiles.md does what it says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture import Capture
from crawler.article import Article
from crawler.extraction import extract
from crawler.profile import Profile

GUIDE = (Path(__file__).parent.parent / "docs" / "profiles.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(html|json|python)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def profile() -> Profile:
    namespace: dict[str, Profile] = {}
    exec(BLOCKS["python"], namespace)
    return namespace["LAKESIDE_2024"]


def test_the_guides_profile_reads_the_guides_page_as_the_guide_expects(profile: Profile) -> None:
    expected = json.loads(BLOCKS["json"])
    assert expected.pop("family") == "lakeside"
    capture = Capture(url=expected["url"], started=datetime(2024, 5, 3, tzinfo=UTC))
    article = extract(BLOCKS["html"].encode(), capture, (profile,), "lakeside")
    assert isinstance(article, Article)
    found = article.as_dict() | {"text": article.text.split("\n\n")}
    assert {key: found[key] for key in expected} == expected
    assert article.extractor.startswith("lakeside-2024/1 ")
