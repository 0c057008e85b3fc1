from customers.admin import customer

__all__ = ["customer"]
