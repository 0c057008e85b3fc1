from django.db import migrations

from loyalty_project.core import sql


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("core", "0002_sql")]

    operations = [
        sql.append_only(
            "campaigns_apology",
            "campaigns_historicalapologypolicy",
            "campaigns_historicalbudget",
            "campaigns_historicalcampaign",
            "campaigns_historicalcategory",
            "campaigns_historicalholidaycalendar",
            "campaigns_historicaljurisdiction",
            "campaigns_historicallimit",
            "campaigns_historicalmarginfloor",
            "campaigns_historicalpromotionstack",
            "campaigns_historicalpromotiontier",
            "campaigns_historicalruleassignment",
            "campaigns_historicalstackedtier",
            "campaigns_historicalstackingrules",
            "campaigns_historicalvalidationrule",
            "campaigns_historicalvoucher",
        ),
        sql.immutable("campaigns_definitionversion"),
    ]
