"""A spider whose profiles do harm to the process that reads by them."""

from crawler.spider import NewsSpider
from tests.hazards import HAZARDS


class HazardSpider(NewsSpider):
    """Asks for what it is told."""

    name = "hazard"
    profiles = HAZARDS
