"""HTTP exchanges kept as WARC files in crawl folders; knows neither Scrapy nor news."""
