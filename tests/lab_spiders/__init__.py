"""Spiders for tests alone."""
