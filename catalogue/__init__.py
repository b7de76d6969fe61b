"""Catalogue: what is known across crawls, in a database that can be rebuilt from their folders."""
