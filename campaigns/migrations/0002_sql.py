from django.db import migrations

from loyalty_project.core import sql


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("core", "0002_sql")]

    operations = [
        sql.append_only(
            "campaigns_historicalcampaign",
            "campaigns_historicalcategory",
            "campaigns_historicalvoucher",
        ),
        sql.immutable("campaigns_definitionversion"),
    ]
