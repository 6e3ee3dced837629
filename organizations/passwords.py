"""Password rules of 等保 2.0 that Django does not bring."""

import string

from django.core.exceptions import ValidationError


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
