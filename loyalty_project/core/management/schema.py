"""Whether the database was made by the initial migrations that are here now."""

from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

_TABLE = "django_migrations"


def fingerprint() -> str:
    """Of the initial migrations of our apps, comments left out."""
    digest = sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        if not Path(app.path).is_relative_to(settings.BASE_DIR):
            continue
        for file in sorted(Path(app.path).glob("migrations/0001_*.py")):
            lines = file.read_text().splitlines()
            digest.update(app.label.encode())
            digest.update("\n".join(line for line in lines if line[:1] != "#").encode())
    return digest.hexdigest()[:32]


def is_of_other_initials() -> bool:
    """Whether the tables were made by other initial migrations than ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [_TABLE])
        (noted,) = cursor.fetchone()
    return bool(noted) and noted != fingerprint()


def note() -> None:
    """Write down, in the database itself, which initial migrations made it."""
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {_TABLE} IS '{fingerprint()}'")


def drop() -> None:
    """Remove every table and what is in it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
