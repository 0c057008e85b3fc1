"""Jobs of this app, by name."""

import structlog
from celery import shared_task
from django.db import DatabaseError

from loyalty_project.core import bulk, clock, jobs, tenancy
from loyalty_project.core.models import Job, Project
from rewards.ledger import audit, expiry
from rewards.models import LedgerAccount, Lot
from rewards.services import imports

log = structlog.get_logger(__name__)


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


@shared_task(name="rewards.expire", ignore_result=True)
def expire() -> None:
    """Take what has expired off the balances of all projects."""
    with tenancy.all_projects():
        due = Lot.objects.filter(left__gt=0, expires_at__lte=clock.now())
        projects = list(Project.objects.filter(pk__in=due.order_by().values("project")))
    for project in projects:
        with tenancy.scope(project):
            try:
                expiry.expire_due(project=project, at=clock.now())
            except DatabaseError:
                log.exception("expiry_failed", project=project.public_id)


@shared_task(name="rewards.audit", ignore_result=True)
def audit_ledgers() -> None:
    """Check all balances against their entries; a difference is logged, counted and shown."""
    with tenancy.all_projects():
        kept = LedgerAccount.objects.order_by().values("project").distinct()
        projects = list(Project.objects.filter(pk__in=kept))
    for project in projects:
        with tenancy.scope(project):
            try:
                found = audit.verify(project=project, at=clock.now())
            except DatabaseError:
                log.exception("audit_failed", project=project.public_id)
                continue
            if found.differences:
                log.error("ledger_differs", project=project.public_id, found=found.differences)
