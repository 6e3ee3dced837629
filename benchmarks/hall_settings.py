"""The production settings with one more door: the stream that the hall screen might have followed instead."""

from tests.production.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.hall_urls"
