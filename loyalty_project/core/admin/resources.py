"""Import and export of a tenant's rows: in its project, with history, without formulas."""

from typing import Any

from django.utils.translation import gettext as _
from import_export import resources
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from loyalty_project.core import csv_files, tenancy

MAX_ROWS = 1000


class TooManyRows(ValueError):
    """A file that would keep a web process busy for too long."""


class ProjectResource(resources.ModelResource):
    """Base of all resources. `Meta.fields` lists every column: nothing is exported by accident."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        if len(dataset) > MAX_ROWS:
            raise TooManyRows(
                _("The file has %(rows)s rows; at most %(limit)s fit here.")
                % {"rows": len(dataset), "limit": MAX_ROWS}
            )
        super().before_import(dataset, **kwargs)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, value in list(row.items()):
            row[name] = csv_files.original(value)
        super().before_import_row(row, **kwargs)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.project = tenancy.current_project()
        super().before_save_instance(instance, row, **kwargs)

    def export_resource(self, instance: Any, **kwargs: Any) -> list[Any]:
        return [csv_files.neutral(value) for value in super().export_resource(instance, **kwargs)]

    def bulk_create(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """As the library's, with a history row for each."""
        del raise_errors, result
        if self.create_instances and (using_transactions or not dry_run):
            bulk_create_with_history(self.create_instances, self._meta.model, batch_size=batch_size)
        self.create_instances.clear()

    def bulk_update(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """As the library's, with a history row for each."""
        del raise_errors, result
        if self.update_instances and (using_transactions or not dry_run):
            bulk_update_with_history(
                self.update_instances,
                self._meta.model,
                self.get_bulk_update_fields(),
                batch_size=batch_size,
            )
        self.update_instances.clear()
