"""Picture: a dashboard and the answers to its queries, drawn as SVG."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

COLORS = ("#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0")
LEVELS = {"green": "#73bf69", "orange": "#ff9830", "red": "#f2495c"}
GREEN = {"steps": [{"color": "green", "value": None}]}
BRIGHT, GREY, LINE = "#d8d9da", "#8e8e8e", "#2c3235"
COLUMN, ROW, GAP, EDGE = 50, 30, 8, 12  # pixels of the dashboard's grid, and around its panels
LEFT, UPPER, LOWER = 58, 34, 58  # pixels around a graph, for its scales and its legend

Size = tuple[float, float]
Area = list[tuple[float, float, float]]  # time, lower and upper edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line of a panel: its name, and values by time; times are seconds since 1970."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where times and values stand in a graph."""

    began: float
    span: float
    top: float
    size: Size

    def x(self, at: float) -> float:
        return LEFT + (at - self.began) / self.span * (self.size[0] - EDGE - LEFT)

    def y(self, value: float) -> float:
        return self.bottom - value / self.top * (self.bottom - UPPER)

    @property
    def bottom(self) -> float:
        return self.size[1] - LOWER


def draw(title: str, panels: Sequence[tuple[dict[str, Any], list[Series]]]) -> str:
    """The dashboard as SVG."""
    width = 24 * COLUMN
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel, _ in panels) * ROW + 48
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="#111217"/>',
        _text(GAP, 28, title, size=18),
    ]
    for panel, series in panels:
        place = panel["gridPos"]
        size = (place["w"] * COLUMN - GAP, place["h"] * ROW - GAP)
        parts.append(f'<g transform="translate({place["x"] * COLUMN + GAP / 2} {place["y"] * ROW + 44})">')
        parts.append(f'<rect width="{size[0]}" height="{size[1]}" rx="3" fill="#181b1f" stroke="{LINE}"/>')
        parts.append(_text(EDGE, 20, panel["title"], size=13))
        parts += _stat(panel, series, size) if panel["type"] == "stat" else _graph(panel, series, size)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>\n"])


def _stat(panel: dict[str, Any], series: list[Series], size: Size) -> Iterator[str]:
    """A number for each series, coloured by the panel's thresholds."""
    defaults = panel["fieldConfig"]["defaults"]
    step = (size[0] - 2 * EDGE) / max(len(series), 1)
    for number, one in enumerate(series):
        value = one.points[-1][1]
        steps = defaults.get("thresholds", GREEN)["steps"]
        color = [level["color"] for level in steps if level["value"] is None or value >= level["value"]][-1]
        x = EDGE + step * (number + 0.5)
        yield _text(x, size[1] * 0.6, _shown(value, defaults["unit"]), size=26, fill=LEVELS[color], anchor="middle")
        yield _text(x, size[1] * 0.82, one.name, size=10, fill=GREY, anchor="middle")


def _graph(panel: dict[str, Any], series: list[Series], size: Size) -> Iterator[str]:
    """A line for each series, or an area on top of the others."""
    defaults = panel["fieldConfig"]["defaults"]
    stacked = defaults["custom"]["stacking"]["mode"] == "normal"
    areas = _areas(series, stacked=stacked)
    times = [at for area in areas for at, _, _ in area]
    if not times:
        yield _text(size[0] / 2, size[1] / 2, "No data", size=12, fill=GREY, anchor="middle")
        return
    top = max(above for area in areas for _, _, above in area) or 1.0
    scale = Scale(began=min(times), span=max(times) - min(times) or 1.0, top=top, size=size)
    yield from _axes(scale, defaults["unit"])
    for number, area in enumerate(areas):
        yield from _line(area, scale, COLORS[number % len(COLORS)], filled=stacked)
    yield from _legend([one.name for one in series], size)


def _areas(series: list[Series], *, stacked: bool) -> list[Area]:
    """Each series' lower and upper edge."""
    levels: dict[float, float] = {}
    areas = []
    for one in series:
        area = []
        for at, value in one.points:
            below = levels.get(at, 0.0) if stacked else 0.0
            levels[at] = below + value
            area.append((at, below, below + value))
        areas.append(area)
    return areas


def _axes(scale: Scale, unit: str) -> Iterator[str]:
    right = scale.size[0] - EDGE
    for part in range(4):
        value, at = scale.top * part / 3, scale.began + scale.span * part / 3
        anchor = ("start", "middle", "middle", "end")[part]
        yield f'<path d="M{LEFT} {scale.y(value):.1f}H{right}" stroke="{LINE}"/>'
        yield _text(LEFT - 6, scale.y(value) + 4, _shown(value, unit), size=10, fill=GREY, anchor="end")
        clock = time.strftime("%H:%M:%S", time.gmtime(at))
        yield _text(scale.x(at), scale.bottom + 14, clock, size=10, fill=GREY, anchor=anchor)


def _line(area: Area, scale: Scale, color: str, *, filled: bool) -> Iterator[str]:
    for piece in _pieces(area):
        over = " ".join(f"{scale.x(at):.1f},{scale.y(above):.1f}" for at, _, above in piece)
        if filled:
            under = " ".join(f"{scale.x(at):.1f},{scale.y(below):.1f}" for at, below, _ in reversed(piece))
            yield f'<polygon points="{over} {under}" fill="{color}" fill-opacity="0.25"/>'
        yield f'<polyline points="{over}" fill="none" stroke="{color}" stroke-width="1.5"/>'


def _pieces(area: Area) -> Iterator[Area]:
    """The parts between which there is a gap in time."""
    piece: Area = []
    for point in area:
        if piece and point[0] - piece[-1][0] > 1.5:
            yield piece
            piece = []
        piece.append(point)
    yield piece


def _legend(names: list[str], size: Size) -> Iterator[str]:
    """The series' names, in two rows where one is too short."""
    x, y = float(LEFT), size[1] - 26
    for number, name in enumerate(names):
        width = 26 + 5.6 * len(name)
        if x + width > size[0]:
            x, y = float(LEFT), y + 14
        yield f'<rect x="{x:.0f}" y="{y - 5:.0f}" width="10" height="3" fill="{COLORS[number % len(COLORS)]}"/>'
        yield _text(x + 14, y, name, size=10)
        x += width


def _text(x: float, y: float, words: str, *, size: int, fill: str = BRIGHT, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}" font-size="{size}">{escape(words)}</text>'


def _shown(value: float, unit: str) -> str:
    match unit:
        case "percentunit":
            return f"{value:.0%}"
        case "bytes":
            return f"{value / 1000:.0f} kB"
        case "s":
            return f"{value:.0f} s"
        case "reqps":
            return f"{value:.1f}/s"
        case _:
            return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
