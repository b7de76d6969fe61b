"""The model of docs/scale.md: what is worked out is what comes of playing it."""

from __future__ import annotations

import pytest

from benchmarks.constants import Constants
from benchmarks.model import Assumptions, closed_form, needs, simulated


@pytest.mark.parametrize("articles", [1, 20, 300])
def test_the_closed_form_is_what_the_simulation_comes_to(articles: float) -> None:
    given = Assumptions(articles=articles)
    worked_out, played = (needs(day, given, Constants()) for day in (closed_form(given, 40), simulated(given, 40, 30)))
    for name, value in worked_out.items():
        assert played[name] == pytest.approx(value, rel=0.4 if "catching up" in name else 0.25), name
