from typing import Any, ClassVar

from django.db import models

from loyalty_project.core.models.base import ProjectOwned


class IdempotencyRecord(ProjectOwned):
    """The first answer to a write with an Idempotency-Key, kept 24 hours.

    The row is inserted in the transaction of the effect and its answer is filled in before COMMIT.
    Writes of the management API that concern no project have none.
    """

    project: Any = models.ForeignKey(
        "core.Project", on_delete=models.CASCADE, null=True, related_name="+"
    )
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "key"], name="core_idempotency_key", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="core_idempotency_expiry")]

    def __str__(self) -> str:
        return self.key
