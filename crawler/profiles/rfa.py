"""Radio Free Asia: its own layout before it moved to Pangea, then Pangea's."""

from __future__ import annotations

from crawler.profile import Profile
from crawler.profiles.pangea import PANGEA

RFA_2010 = Profile(
    name="rfa-2010",
    version=1,
    marks=("#storytext", "h1"),
    title=("#storypageheading", "#story h1", "h1"),
    lead=("#storyteaser",),
    body=("#storytext",),
    drop=(
        "figure",
        "#story_inline_youtube",
        ".videoWrapper",
        ".image-richtext",
        "#headerimg",
        ".inlinead",
        ".relatedlinks",
        "#storyfooter",
    ),
    authors=("#storybyline", "#story_byline", ".story_byline"),
    authors_declared=False,
    published=("#story_date",),
    captions=(".lead_image_caption", "figcaption", ".image-caption"),
)
RFA = (*PANGEA, RFA_2010)
