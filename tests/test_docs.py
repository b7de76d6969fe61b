"""What the documents name is there, and what is there is documented."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.commands import ScrapyCommand
from scrapy.commands.crawl import Command as ScrapysCrawl
from scrapy.utils.project import get_project_settings

from crawler.arguments import Arguments

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")} - {"__init__"}


def parser(command: ScrapyCommand) -> ArgumentParser:
    """What reads a command's line; it ends the process where it cannot."""
    command.settings = get_project_settings()
    read = ArgumentParser(allow_abbrev=False)
    command.add_options(read)
    return read


PARSERS = {name: parser(import_module(f"crawler.commands.{name}").Command()) for name in sorted(COMMANDS)}


def options(of: ArgumentParser) -> set[str]:
    return {name for action in of._actions for name in action.option_strings}


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert COMMANDS | {"list"} == set(re.findall(r"^\| `scrapy (\w+)", text, re.MULTILINE))


def test_every_argument_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(Arguments.__slots__) == set(re.findall(r"`-a (\w+)=", text))


@pytest.mark.parametrize("command", PARSERS)
def test_every_option_is_documented(command: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    about = " ".join(re.findall(rf"`scrapy {command}\b.*?(?=`scrapy |\n#|\Z)", text, re.DOTALL))
    own = options(PARSERS[command]) - options(parser(ScrapysCrawl()))
    assert {name for name in own if not re.search(rf"{name}\b", about)} == set()


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_command_lines_in_documents_are_understood(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for line in re.findall(r"^(?:\$ | {4})?scrapy (.+)", text, re.MULTILINE):
        command, *words = shlex.split(line, comments=True)
        if command != "list":
            given, rest = PARSERS[command].parse_known_args(words)
            assert not [word for word in rest if word.startswith("-")], line
            assert {pair.partition("=")[0] for pair in getattr(given, "spargs", ())} <= set(Arguments.__slots__), line
