from rewards.models.product import SHIPPING_ID, Product, Sku

__all__ = ["SHIPPING_ID", "Product", "Sku"]
