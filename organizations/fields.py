"""A text column that sorts by bytes on every database, so that a subtree is one index range."""

from django.db import models


class PathField(models.CharField):
    """A tree path such as ``1/34/5678/``. PostgreSQL would sort it by language without COLLATE "C"."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
