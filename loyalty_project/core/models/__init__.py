from loyalty_project.core.models.api_call import ApiCall
from loyalty_project.core.models.api_key import ApiKey, KeyRole, ManagementKey, OAuthToken
from loyalty_project.core.models.base import HasMetadata, ProjectOwned, PublicIdField, new_id
from loyalty_project.core.models.idempotency import IdempotencyRecord
from loyalty_project.core.models.job import (
    AsyncAction,
    AsyncActionStatus,
    Heartbeat,
    Job,
    JobStatus,
    RefusedRows,
)
from loyalty_project.core.models.metadata_schema import MetadataSchema
from loyalty_project.core.models.outbox import EventDelivery, OutboxEvent
from loyalty_project.core.models.project import Currency, Membership, Project, SecondFactor
from loyalty_project.core.models.role import Group
from loyalty_project.core.models.user import RecoveryCode, User
from loyalty_project.core.models.webhook import (
    DeliveryStatus,
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "ApiCall",
    "ApiKey",
    "AsyncAction",
    "AsyncActionStatus",
    "Currency",
    "DeliveryStatus",
    "DisabledReason",
    "EventDelivery",
    "Group",
    "HasMetadata",
    "Heartbeat",
    "IdempotencyRecord",
    "Job",
    "JobStatus",
    "KeyRole",
    "ManagementKey",
    "Membership",
    "MetadataSchema",
    "OAuthToken",
    "OutboxEvent",
    "Project",
    "ProjectOwned",
    "PublicIdField",
    "RecoveryCode",
    "RefusedRows",
    "SecondFactor",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "new_id",
]
