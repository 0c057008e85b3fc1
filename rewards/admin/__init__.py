from rewards.admin import collection, product, sku

__all__ = ["collection", "product", "sku"]
