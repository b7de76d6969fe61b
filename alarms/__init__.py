"""Alarms: an outlet that changed for the worse is noticed by comparing its visits with its own past."""
