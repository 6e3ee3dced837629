"""The product's settings with one more door: an empty POST view, the framework's own limit."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
