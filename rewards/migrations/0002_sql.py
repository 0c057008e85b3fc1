from django.db import migrations

from loyalty_project.core import sql


class Migration(migrations.Migration):
    dependencies = [("rewards", "0001_initial"), ("core", "0002_sql")]

    operations = [
        sql.append_only(
            "rewards_historicalcollectionmember",
            "rewards_historicalproduct",
            "rewards_historicalproductcollection",
            "rewards_historicalsku",
            "rewards_ledgerentry",
            "rewards_lotuse",
        )
    ]
