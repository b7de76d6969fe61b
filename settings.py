"""Every setting that differs from Scrapy's, each group under the question it answers.

Any of them can be changed for one run with `-s NAME=VALUE`; those in USER_SETTINGS also by an
environment variable PRESSMARK_<NAME>.
"""

import os
import sys

from scrapy.settings import default_settings

BOT_NAME = "pressmark"
SPIDER_MODULES = ["spiders"]
COMMANDS_MODULE = "crawler.commands"

# Where do crawls go?
ARCHIVE_DIR = "data"  # a folder, or a URL: s3://bucket/folder
SPOOL_DIR = "data/spool"  # where crawls are written that belong behind a URL, until they are handed over
WARC_MAX_SIZE = 1024**3  # bytes; a new WARC file is begun past it
REVISIT_ACROSS_CRAWLS = False  # a crawl folder stands alone, unless it may refer to what earlier ones hold

# Where is the catalogue? In a file in ARCHIVE_DIR, unless a URL names a database for many machines.
CATALOGUE_URL = None  # postgresql://user@host/database

# What is fetched again?
ONLY_NEW = True  # articles that earlier crawls of the outlet hold are left out, until it is time to look again
LOOK_AGAIN = ["1h", "3h", "8h", "1d", "3d", "7d", "21d"]  # after publication: dense at first, over by three weeks

# When is who crawled?
TIMETABLE = "timetable.toml"  # for `scrapy due` and `scrapy schedule`

# Who are we? Outlets want to know whom to write to: put your own address here.
USER_AGENT = "pressmark/0.1 (news archiving; contact: set USER_AGENT to name yourself)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",  # no zstd: replay tools cannot show it yet
}

METAREFRESH_MAXDELAY = 5  # seconds; a page that refreshes later is a page, as fronts and tickers do

# How gently do we fetch?
ROBOTSTXT_OBEY = True
ROBOTSTXT_MAX_AGE = 24 * 3600  # seconds; then it is asked for again
DOWNLOAD_DELAY = 1.0  # seconds between fetches on a host, at least; robots.txt's Crawl-delay may lengthen it
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
HOST_PATIENCE = 600  # seconds that a crawl waits for a host that asks to be left alone, before it gives the host up
DOWNLOAD_TIMEOUT = 60
DOWNLOADER = "crawler.downloader.PatientDownloader"

# How much may one crawl fetch? 0: as much as there is.
CLOSESPIDER_PAGECOUNT = 0  # responses
CLOSESPIDER_BYTECOUNT = 0  # bytes received, headers included
CLOSESPIDER_TIMEOUT = 0  # seconds

# What may a server do to us?
PRIVATE_ADDRESSES_ALLOWED = False  # a crawler must not be led into its own network
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024**2  # bytes, on the wire and decompressed; what is longer is recorded as truncated
DOWNLOAD_WARNSIZE = 0
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# How is a page read?
EXTRACTION_PROCESSES = max(1, (os.cpu_count() or 1) - 1)  # 0 extracts in the crawling process
EXTRACTION_TIMEOUT = 10  # CPU seconds for one page

# What stands where?
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.RecordingDoor",
    "https": "crawler.handlers.RecordingDoor",
    "ftp": None,
    "s3": None,
    "file": None,
    "data": None,
}
# Scrapy loads even an extension that is None here; this one brings a web server, so ours stands in its place.
_remote_control = "scrapy.extensions.remote_control.RemoteControl"
EXTENSIONS_BASE = {name: order for name, order in default_settings.EXTENSIONS_BASE.items() if name != _remote_control}
EXTENSIONS = {
    "crawler.remote.RemoteControl": 0,
    "catalogue.memory.CatalogueMemory": -1,  # before the crawl has a folder
    "alarms.monitor.Monitor": -1,
    "crawler.metrics.Metrics": -1,
    "crawler.recording.Recorder": 0,
    "catalogue.watch.LeaseWatch": 0,
    "crawler.workers.ExtractionPool": 0,
    "crawler.blocking.FeedsOnly": 0,
    "crawler.budget.ByteBudget": 0,
    "crawler.progress.ProgressBar": 0,
    "crawler.logcontext.LogContext": 0,
    "crawler.politeness.Politeness": 600,  # after AutoThrottle, which knows nothing of Crawl-delay
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.cookies.OfflineCookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.decoding.DecodingMiddleware": 590,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.refusals.Refusals": 90,
    "crawler.robots.RobotsMiddleware": 100,
}
ITEM_PIPELINES = {"crawler.keeper.ArticlePipeline": 900}

# Who watches, and how?
PROGRESS = True  # a bar on standard error, where that is a terminal
LOG_JSON = False  # one JSON object a line in place of Scrapy's log lines
METRICS_PORT = None  # where Prometheus finds a running crawl; 0 is any free port
METRICS_HOST = "127.0.0.1"
METRICS_TEXTFILE = None  # for crawls too short to be found; {outlet} stands for its name
ALARM_URLS = None  # where alarms are sent, beside the log: https://github.com/caronc/apprise tells how to write them

# How does the engine run?
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = None if sys.platform == "win32" else "uvloop.Loop"
CONCURRENT_ITEMS = 1  # a page gives one article at most: spare each of them Scrapy's hundred tasks
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"

USER_SETTINGS = (
    "ARCHIVE_DIR",
    "SPOOL_DIR",
    "CATALOGUE_URL",  # with its password on no command line
    "TIMETABLE",
    "USER_AGENT",
    "DOWNLOAD_DELAY",
    "PRIVATE_ADDRESSES_ALLOWED",
    "EXTRACTION_PROCESSES",
    "ALARM_URLS",  # with its passwords on no command line
)
for _name in USER_SETTINGS:
    if f"PRESSMARK_{_name}" in os.environ:
        globals()[_name] = os.environ[f"PRESSMARK_{_name}"]
