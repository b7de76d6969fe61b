"""Voice of America: Pangea, and the Drupal layout that some of its pages had around 2020."""

from __future__ import annotations

from crawler.profile import Profile
from crawler.profiles.pangea import PANGEA

VOA_2019 = Profile(
    name="voa-2019",
    version=1,
    marks=("h1.page-header__title", ".article__body"),
    title=("h1.page-header__title",),
    lead=(".article__teaser", ".page-header__intro"),
    body=(".article__body",),
    drop=(
        "figure",
        "aside",
        ".tag_image",
        ".embedded-entity",
        ".media",
        ".article__footer",
        ".teaser",
        ".social-widget",
        ".video",
    ),
    authors=(".page-header__meta-item:first-child",),
    authors_declared=False,
    published=(".page-header__meta-item + .page-header__meta-item", ".page-header__meta"),  # printed only
    captions=(".article__featured-media figcaption figcaption", ".tag_image figcaption", "figcaption"),
    tags=(),
)
VOA = (*PANGEA, VOA_2019)
