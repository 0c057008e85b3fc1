from reporting.models.export import Export

__all__ = ["Export"]
