from datetime import date

from django.db import migrations

from loyalty_project.core import sql

# (code, name, exponent on the wire, digits on screen)
CURRENCIES = (
    ("AED", "UAE dirham", 2, 2),
    ("AUD", "Australian dollar", 2, 2),
    ("BHD", "Bahraini dinar", 3, 3),
    ("BRL", "Brazilian real", 2, 2),
    ("CAD", "Canadian dollar", 2, 2),
    ("CHF", "Swiss franc", 2, 2),
    ("CLP", "Chilean peso", 0, 0),
    ("CNY", "Chinese yuan", 2, 2),
    ("CZK", "Czech koruna", 2, 2),
    ("DKK", "Danish krone", 2, 2),
    ("EGP", "Egyptian pound", 2, 2),
    ("EUR", "Euro", 2, 2),
    ("GBP", "Pound sterling", 2, 2),
    ("HUF", "Hungarian forint", 2, 0),
    ("INR", "Indian rupee", 2, 2),
    ("IQD", "Iraqi dinar", 3, 0),
    ("IRR", "Iranian rial", 2, 0),
    ("JOD", "Jordanian dinar", 3, 3),
    ("JPY", "Japanese yen", 0, 0),
    ("KRW", "South Korean won", 0, 0),
    ("KWD", "Kuwaiti dinar", 3, 3),
    ("LYD", "Libyan dinar", 3, 3),
    ("MAD", "Moroccan dirham", 2, 2),
    ("MXN", "Mexican peso", 2, 2),
    ("NOK", "Norwegian krone", 2, 2),
    ("OMR", "Omani rial", 3, 3),
    ("PLN", "Polish zloty", 2, 2),
    ("QAR", "Qatari riyal", 2, 2),
    ("RON", "Romanian leu", 2, 2),
    ("SAR", "Saudi riyal", 2, 2),
    ("SEK", "Swedish krona", 2, 2),
    ("SGD", "Singapore dollar", 2, 2),
    ("TND", "Tunisian dinar", 3, 3),
    ("TRY", "Turkish lira", 2, 2),
    ("USD", "US dollar", 2, 2),
    ("ZAR", "South African rand", 2, 2),
)
EFFECTIVE_FROM = date(1999, 1, 1)


def load_currencies(apps, _schema_editor):
    currency = apps.get_model("core", "Currency")
    currency.objects.bulk_create(
        currency(
            code=code,
            name=name,
            exponent=exponent,
            display_digits=digits,
            effective_from=EFFECTIVE_FROM,
        )
        for code, name, exponent, digits in CURRENCIES
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(sql.REFUSE_CHANGE, "DROP FUNCTION wafa_refuse_change()"),
        sql.append_only(
            "core_historicalapikey",
            "core_historicalcurrency",
            "core_historicalgroup",
            "core_historicalgroup_permissions",
            "core_historicalmanagementkey",
            "core_historicalmembership",
            "core_historicalmetadataschema",
            "core_historicalproject",
            "core_historicaluser",
            "core_historicalwebhookendpoint",
        ),
        sql.immutable("core_apicall"),
        migrations.RunPython(load_currencies, migrations.RunPython.noop),
    ]
