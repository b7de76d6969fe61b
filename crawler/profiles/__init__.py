"""Profiles: one family of layouts a file, the newest first."""
