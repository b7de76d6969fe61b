"""The Scrapy side: spiders' common ground, discovery, extraction, the two doors, the commands."""
