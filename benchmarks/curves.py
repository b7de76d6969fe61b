"""Curves: lines and dots on logarithmic scales, drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

COLORS = ("#1f78c1", "#e24d42", "#508642", "#ba43a9", "#ef843c", "#705da0")
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, UPPER, LOWER = 60, 210, 20, 48  # pixels around the plot
GREY, LINE = "#666666", "#dddddd"

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line, and the dots that are to lie on it."""

    name: str
    line: Points
    dots: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A range of powers of ten, and the pixels over which it stretches."""

    lowest: int
    highest: int
    begin: float
    end: float

    @classmethod
    def of(cls, values: Sequence[float], begin: float, end: float) -> Scale:
        powers = [log10(value) for value in values]
        return cls(lowest=floor(min(powers)), highest=ceil(max(powers)), begin=begin, end=end)

    def at(self, value: float) -> float:
        share = (log10(value) - self.lowest) / (self.highest - self.lowest)
        return self.begin + share * (self.end - self.begin)


def draw(curves: Sequence[Curve], below: str) -> str:
    """The curves as SVG; `below` stands under the horizontal scale."""
    points = [point for curve in curves for point in (*curve.line, *curve.dots)]
    x = Scale.of([one for one, _ in points], LEFT, WIDTH - RIGHT)
    y = Scale.of([two for _, two in points], HEIGHT - LOWER, UPPER)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_grid(x, y),
        _text((x.begin + x.end) / 2, HEIGHT - 8, f"{below}; lines: worked out, dots: simulated", "middle"),
    ]
    taken: list[float] = []
    for color, curve in zip(COLORS, curves, strict=False):
        path = " ".join(f"{x.at(one):.1f},{y.at(two):.1f}" for one, two in curve.line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        parts += [
            f'<circle cx="{x.at(one):.1f}" cy="{y.at(two):.1f}" r="3" fill="{color}"/>' for one, two in curve.dots
        ]
        place = y.at(curve.line[-1][1]) + 4
        while any(abs(place - other) < 14 for other in taken):
            place += 2
        taken.append(place)
        parts.append(_text(x.end + 8, place, curve.name, "start", color))
    return "\n".join([*parts, "</svg>\n"])


def _grid(x: Scale, y: Scale) -> Iterator[str]:
    for power in range(x.lowest, x.highest + 1):
        at = x.at(10.0**power)
        yield f'<path d="M{at:.1f} {y.begin}V{y.end}" stroke="{LINE}"/>'
        yield _text(at, y.begin + 16, f"{10.0**power:,g}", "middle")
    for power in range(y.lowest, y.highest + 1):
        at = y.at(10.0**power)
        yield f'<path d="M{x.begin} {at:.1f}H{x.end}" stroke="{LINE}"/>'
        yield _text(x.begin - 6, at + 4, f"{10.0**power:,g}", "end")


def _text(x: float, y: float, words: str, anchor: str, color: str = GREY) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="11" fill="{color}">{escape(words)}</text>'
