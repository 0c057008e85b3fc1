"""Jobs of this app, by name."""

from customers.services import imports, segment_imports
from loyalty_project.core import bulk, jobs
from loyalty_project.core.models import Job


@jobs.handler(imports.CSV_JOB, give_up=bulk.give_up)
def import_csv(job: Job) -> None:
    bulk.run(job, write=imports.write_csv, message="Customers have been imported.")


@jobs.handler(imports.BULK_JOB, give_up=bulk.give_up)
def bulk_update(job: Job) -> None:
    bulk.run(job, write=imports.write_rows, message="Customers have been updated.")


@jobs.handler(imports.METADATA_JOB, give_up=bulk.give_up)
def metadata_update(job: Job) -> None:
    bulk.run(job, write=imports.write_rows, message="Customers have been updated.")


@jobs.handler(segment_imports.CSV_JOB, give_up=bulk.give_up)
def import_members_csv(job: Job) -> None:
    bulk.run(job, write=segment_imports.write_csv, message="Customers have been added.")
