"""Outlets, one a file: facts, hardly any code."""
