"""check --deploy finds a demo password on a real system."""

import pytest

from organizations.checks import demo_password_is_gone
from organizations.demo_accounts import DEMO_PASSWORD
from tests.make import make_person

pytestmark = pytest.mark.django_db


def test_a_demo_account_with_the_demo_password_stops_a_real_start(settings):
    settings.DEMO = False
    make_person("经办", username="zuzhi", password=DEMO_PASSWORD)
    make_person("负责", username="fuze", password="Own-Password-1")
    make_person("审核", username="shenhe", password=DEMO_PASSWORD, is_active=False)

    errors = demo_password_is_gone()

    assert [error.id for error in errors] == ["organizations.E001"]
    assert "zuzhi" in errors[0].msg


def test_the_demo_itself_may_start(settings):
    settings.DEMO = True
    make_person("经办", username="zuzhi", password=DEMO_PASSWORD)

    assert demo_password_is_gone() == []
