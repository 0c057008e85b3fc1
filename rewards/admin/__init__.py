from rewards.admin import product, sku

__all__ = ["product", "sku"]
