"""SQL that migrations write by hand."""

from django.db.migrations.operations import RunSQL

REFUSE_CHANGE = """
CREATE FUNCTION wafa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('wafa.erase', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
"""


def immutable(*tables: str) -> RunSQL:
    """Refuse UPDATE on the tables; what nothing refers to may be deleted."""
    return RunSQL(
        sql=[
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION wafa_refuse_change()"
            for table in tables
        ],
        reverse_sql=[f"DROP TRIGGER {table}_immutable ON {table}" for table in tables],
    )


def append_only(*tables: str) -> RunSQL:
    """Refuse UPDATE and DELETE on the tables, unless the transaction has set `wafa.erase` to on."""
    return RunSQL(
        sql=[
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION wafa_refuse_change()"
            for table in tables
        ],
        reverse_sql=[f"DROP TRIGGER {table}_append_only ON {table}" for table in tables],
    )
