"""Cookies without a network fetch: Scrapy's middleware would load the public suffix list at its first cookie."""

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# The list that is packed with tldextract: the same in every run, and none fetched, now or at replay.
cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


class OfflineCookiesMiddleware(cookies.CookiesMiddleware):
    """Scrapy's cookies middleware, with the public suffix list that came with its package."""
