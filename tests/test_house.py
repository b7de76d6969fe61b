"""The house stands as it was drawn: imports run downhill, and files are one subject each."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("archive", "crawler", "spiders", "catalogue", "schedule", "alarms", "fleet", "newsroom")
# What each package may import of the others: spiders -> crawler -> archive, and above them what spans many crawls.
BELOW = {
    "archive": set(),
    "crawler": {"archive"},
    "spiders": {"archive", "crawler"},
    "catalogue": {"archive", "crawler"},
    "schedule": {"archive", "crawler", "catalogue"},
    "alarms": {"archive", "crawler"},
    "fleet": {"archive", "crawler", "catalogue", "schedule"},
    "newsroom": {"archive", "crawler", "spiders"},
}
# Rooms of crawler/ that know nothing of Scrapy.
PURE = ("article", "discovery", "extraction", "links", "profile")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def at_import(path: Path) -> set[str]:
    """The packages that are imported as soon as a file is."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in body if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in found} - {"crawler"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downhill(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    rooms = {name.split(".")[0] for name in imported(path)} & {*ROOMS, "settings", "tests"}
    allowed = BELOW[room] | {room}
    if path.parent == ROOT / "crawler" / "commands":  # doors to what stands above, which open when they are used
        allowed |= (
            {"alarms", "catalogue", "fleet", "newsroom", "schedule"}
            if not at_import(path) & set(ROOMS) - BELOW["crawler"]
            else set()
        )
    assert rooms <= allowed


def test_every_room_stands_in_the_picture() -> None:
    drawn = (ROOT / "docs" / "house.svg").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f">{room}/" not in drawn] == []


def test_only_the_fleet_knows_ray() -> None:
    for path in [*FILES, ROOT / "settings.py"]:
        assert "ray" not in {name.split(".")[0] for name in imported(path)} or path.parent == ROOT / "fleet", path


def test_the_archive_knows_neither_scrapy_nor_extraction() -> None:
    for path in (ROOT / "archive").glob("*.py"):
        assert not {name.split(".")[0] for name in imported(path)} & {"scrapy", "twisted", "trafilatura", "w3lib"}


def pure_rooms() -> set[Path]:
    """The pure rooms and everything of crawler/ that they stand on."""
    waiting = [ROOT / "crawler" / f"{name}.py" for name in PURE]
    waiting += (ROOT / "crawler" / "profiles").glob("*.py")
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imported(path):
            below = ROOT / (name.replace(".", "/") + ".py")
            if name.startswith("crawler.") and below.exists():
                waiting.append(below)
    return seen


def test_pure_rooms_import_no_scrapy() -> None:
    for path in pure_rooms():
        assert not {name.split(".")[0] for name in imported(path)} & {"scrapy", "twisted"}, path


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_in_a_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320
