"""Jobs of this app, by name."""

from loyalty_project.core import bulk, jobs
from loyalty_project.core.models import Job
from rewards.services import imports


@jobs.handler(imports.CSV_JOB, give_up=bulk.give_up)
def import_products_csv(job: Job) -> None:
    bulk.run(job, write=imports.write_products_csv, message="Products have been imported.")


@jobs.handler(imports.SKUS_CSV_JOB, give_up=bulk.give_up)
def import_skus_csv(job: Job) -> None:
    bulk.run(job, write=imports.write_skus_csv, message="SKUs have been imported.")


@jobs.handler(imports.BULK_JOB, give_up=bulk.give_up)
def bulk_update_products(job: Job) -> None:
    bulk.run(job, write=imports.write_products, message="Products have been updated.")


@jobs.handler(imports.METADATA_JOB, give_up=bulk.give_up)
def update_product_metadata(job: Job) -> None:
    bulk.run(job, write=imports.write_products, message="Products have been updated.")
