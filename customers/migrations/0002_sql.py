from django.db import migrations

from loyalty_project.core import sql


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("core", "0002_sql")]

    operations = [sql.append_only("customers_historicalcustomer", "customers_historicalsegment")]
