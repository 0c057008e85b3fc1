from django.db import migrations

from loyalty_project.core import sql


class Migration(migrations.Migration):
    dependencies = [("redemptions", "0001_initial"), ("core", "0002_sql")]

    operations = [sql.append_only("redemptions_historicalhold")]
