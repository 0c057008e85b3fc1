from customers.admin import customer, segment

__all__ = ["customer", "segment"]
