"""What the documents name is there, and what is there is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.arguments import Arguments

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")} - {"__init__"}


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert COMMANDS | {"list"} == set(re.findall(r"^\| `scrapy (\w+)", text, re.MULTILINE))


def test_every_argument_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(Arguments.__slots__) == set(re.findall(r"`-a (\w+)=", text))


def test_documented_settings_are_as_they_are() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    settings = get_project_settings()
    documented = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", text, re.MULTILINE)
    assert len(documented) >= 7
    for name, default in documented:
        assert name in settings, name
        if default.isdigit():
            assert settings.getint(name) == int(default), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_links_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"^scrapy (\w+)", text, re.MULTILINE))
    assert named <= COMMANDS | {"list"}
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (document.parent / target).exists(), target
    for target in re.findall(r"^make ([\w-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), target
