"""The demo's outlets: the real spiders, with the facts of the newsroom's invented sites."""

from __future__ import annotations

from typing import Any

from crawler.links import site_of
from newsroom.sites import SITES
from spiders.dw import DW
from spiders.france24 import France24
from spiders.rferl import RFERL
from spiders.site import Site
from spiders.upi import UPI

_SITES = {site.imitates: site for site in SITES}


def _facts(imitated: str) -> dict[str, Any]:
    """Class attributes that move a spider to the invented site that imitates its outlet."""
    site = _SITES[imitated]
    return {
        "name": site.name,
        "allowed_domains": [site_of(site.host)],
        "feeds": site.feeds,
        "sitemaps": site.sitemaps,
        "sections": site.sections,
        "languages": ("en",),
        "editions": {},
        "sisters": (),
    }


class Hafenkurier(DW):
    """An invented outlet whose pages are laid out as Deutsche Welle's are."""

    locals().update(_facts("dw"))


class SteppeWind(RFERL):
    """An invented outlet on the system of Radio Free Europe."""

    locals().update(_facts("rferl"))


class Wirepost(UPI):
    """An invented outlet whose pages are laid out as UPI's are."""

    locals().update(_facts("upi"))


class Phare(France24):
    """An invented outlet whose pages are laid out as France 24's are."""

    locals().update(_facts("france24"))


class GlobalMirror(Site):
    """An invented WordPress site that republishes by machine translation, and that nobody described."""

    locals().update({**_facts("site"), "allowed_domains": []})
