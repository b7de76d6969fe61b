"""Begins each process of a test at the moment that TEST_MOMENT names; from there the clock goes on as it does."""

import os

import time_machine

time_machine.travel(os.environ["TEST_MOMENT"], tick=True).start()
