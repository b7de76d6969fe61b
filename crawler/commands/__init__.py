"""Commands, one a file: `scrapy demo`, `scrapy replay` and so on."""
