"""A door that keeps nothing: what recording is measured against."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler


class BareDoor(HTTP11DownloadHandler):
    """Scrapy's own handler, under the settings of our crawls."""
