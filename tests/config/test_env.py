"""Settings out of the environment: a wrong value stops the start with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import env_url


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("https://ballot.example.org", "https://ballot.example.org"),
        ("http://10.0.0.5:8000/", "http://10.0.0.5:8000"),
    ],
)
def test_an_address_is_read_without_its_last_slash(monkeypatch, given, read):
    monkeypatch.setenv("PUBLIC_URL", given)

    assert env_url("PUBLIC_URL") == read


@pytest.mark.parametrize(
    "wrong", ["ballot.example.org", "ftp://host", "https://", "https://host/b/", "https://host?x=1"]
)
def test_what_is_no_address_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("PUBLIC_URL", wrong)

    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        env_url("PUBLIC_URL")
