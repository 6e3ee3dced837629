"""Password rules of 等保 2.0 that Django does not bring, and passwords made for one use."""

import secrets
import string

from django.core.exceptions import ValidationError

from organizations.demo_accounts import DEMO_PASSWORD

# No 0 O 1 l I: a one-time password is read out or copied from paper.
LETTERS = "abcdefghijkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


class ThreeKinds:
    """Three of: small letters, capitals, digits, other signs."""

    message = "密码须包含小写字母、大写字母、数字、符号中的至少三种。"

    def validate(self, password, user=None):
        kinds = [string.ascii_lowercase, string.ascii_uppercase, string.digits]
        found = sum(any(c in kind for c in password) for kind in kinds)
        found += any(c not in string.ascii_letters + string.digits for c in password)
        if found < 3:
            raise ValidationError(self.message, code="password_too_plain")

    def get_help_text(self):
        return self.message


class NotTheShownOne:
    """The demo's password stands on its login page, so nobody may choose it."""

    message = "这是演示用的公开密码，不能使用。"

    def validate(self, password, user=None):
        if password == DEMO_PASSWORD:
            raise ValidationError(self.message, code="password_is_public")

    def get_help_text(self):
        return ""


def make_one_time_password() -> str:
    """Twelve random characters of three kinds (about 65 bits), to be changed at the first login."""
    kinds = [LETTERS, CAPITALS, DIGITS]
    signs = [secrets.choice(kind) for kind in kinds]
    signs += [secrets.choice("".join(kinds)) for _ in range(9)]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)
