from customers.models.customer import Customer, CustomerSummary

__all__ = ["Customer", "CustomerSummary"]
