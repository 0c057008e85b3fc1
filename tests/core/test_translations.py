"""Every text of ours is there in every language, and so are the words of others on our pages."""

import ast
import gettext
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import dates, translation

from tests.architecture import source

LOCALES = source.ROOT / "loyalty_project" / "locale"
LANGUAGES = ["fa", "ar", "tr"]
# As %(name)s or %s, where %% is a mere sign; as {name}, but not an example in JSON; as <b>.
PERCENT = re.compile(r"%%|%(?:\(\w+\))?[-+#0-9.]*[a-z]")
BRACES_AND_TAGS = re.compile(r"\{\w*(?:[!:][^{}]*)?\}|</?\w+[^<>]*>")
FOREIGN = {
    "django": [
        "Constraint “%(name)s” is violated.",
        "Select this object for an action - {}",
        "Set password: %s",
        (
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
        ),
    ],
    "guardian": ["Object permissions", "Permissions saved."],
    "simple_history": ["Created", "Changed", "Deleted", "Deleted %(type_name)s"],
    "import_export": [
        (
            "%(exc_name)s encountered while trying to read file. "
            "Ensure you have chosen the correct format for the file."
        ),
        "Export",
        "Export selected %(verbose_name_plural)s",
        "File to import",
        "Format",
        "Import",
        "Import finished: {} new, {} updated, {} deleted and {} skipped {}.",
        "No valid data to import. Ensure your file has the correct headers or data for import.",
        "Resource",
        'Select at least 1 field for "%(resource_name)s" to export',
        (
            "The following fields are declared in 'import_id_fields' "
            "but are not present in the file headers: %s"
        ),
        "Value could not be parsed.",
    ],
    "django_filters": [
        "Multiple values may be separated by commas.",
        "Range query expects two values.",
        "Select a lookup.",
        "contains",
        "is in",
        "is null",
    ],
}


def catalogue(language, ending="po"):
    path = LOCALES / language / "LC_MESSAGES" / f"django.{ending}"
    return polib.pofile(str(path)) if ending == "po" else polib.mofile(str(path))


def entries(found):
    return [entry for entry in found if not entry.obsolete]


def key(entry):
    return (entry.msgctxt, entry.msgid)


def listed(texts):
    return "".join(f"\n  {text!r}" for text in texts)


def advice(language):
    path = (LOCALES / language / "LC_MESSAGES" / "django.po").relative_to(source.ROOT)
    return f"\nFill them in {path}, then run: make messages"


def forms(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text, entry):
    found = Counter(BRACES_AND_TAGS.findall(text))
    if "python-format" in entry.flags:
        found.update(sign for sign in PERCENT.findall(text) if sign != "%%")
    return found


def agrees(text, entry, *, one_number):
    """The same placeholders; a form for one number, as the Arabic dual, may leave that out."""
    found = placeholders(text, entry)
    for original in filter(None, (entry.msgid, entry.msgid_plural)):
        lacking, more = placeholders(original, entry) - found, found - placeholders(original, entry)
        if not more and (not lacking or (one_number and lacking.total() == 1)):
            return True
    return False


def numbers_of_forms(found):
    """How many numbers each plural form is for, up to 1,000."""
    rule = re.search(r"plural=(.+?);?$", found.metadata["Plural-Forms"])[1]
    return Counter(map(gettext.c2py(rule), range(1001)))


def test_the_languages_are_those_of_the_settings():
    assert sorted(LANGUAGES) == sorted(code for code, _ in settings.LANGUAGES if code != "en")
    assert sorted(LANGUAGES) == sorted(path.name for path in LOCALES.iterdir() if path.is_dir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_translated(language):
    found = catalogue(language)
    count = int(re.search(r"nplurals=(\d)", found.metadata["Plural-Forms"])[1])
    wanting = [
        entry.msgid
        for entry in entries(found)
        if not all(forms(entry)) or (entry.msgid_plural and len(forms(entry)) != count)
    ]

    assert len(entries(found)) > 600
    assert not wanting, f"{language}: without translation:{listed(wanting)}{advice(language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_a_guess(language):
    fuzzy = [entry.msgid for entry in entries(catalogue(language)) if entry.fuzzy]

    assert not fuzzy, f"{language}: marked fuzzy:{listed(fuzzy)}{advice(language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_source(language):
    found = catalogue(language)
    numbers = numbers_of_forms(found)
    wrong = [
        f"{entry.msgid} -> {text}"
        for entry in entries(found)
        for place, text in enumerate(forms(entry))
        if text
        and not agrees(text, entry, one_number=bool(entry.msgid_plural) and numbers[place] == 1)
    ]

    assert not wrong, f"{language}: other placeholders:{listed(wrong)}{advice(language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_readable_one(language):
    found = catalogue(language)
    readable = {key(entry): forms(entry) for entry in entries(found) if entry.translated()}
    compiled = {key(entry): forms(entry) for entry in catalogue(language, "mo")}
    differing = sorted(
        text
        for context, text in readable.keys() | compiled.keys()
        if readable.get((context, text)) != compiled.get((context, text))
    )

    assert not differing, f"{language}: the .mo is not current:{listed(differing)}\nmake messages"
    assert catalogue(language, "mo").metadata["Plural-Forms"] == found.metadata["Plural-Forms"]


# gettext's tools are no dependency: catalogues are shipped compiled.
if shutil.which("xgettext"):

    def test_every_text_of_the_sources_is_in_the_catalogues(tmp_path):
        extracted = [key(entry) for entry in entries(extraction(tmp_path))]
        report = []
        for language in LANGUAGES:
            known = {key(entry) for entry in entries(catalogue(language))}
            missing = [text for context, text in extracted if (context, text) not in known]
            if missing:
                report.append(f"{language}: not in the catalogue:{listed(missing)}")

        assert len(extracted) > 600
        assert not report, "\n".join([*report, "make messages adds them; then translate them."])


def extraction(folder):
    for path in source.tracked("*.py", "*.html", "*.txt"):
        place = path.relative_to(source.ROOT)
        if place.parts[0] in {*source.CHAIN, "templates"}:
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / place)
    (folder / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=en", "--no-location"],
        cwd=folder,
        # Without settings everything goes to the catalogue of the folder.
        env={name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        check=True,
    )
    return polib.pofile(str(folder / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def test_texts_are_marked_by_names_that_the_extraction_knows():
    known = re.compile(r"_|(n|np|p)?gettext(_lazy|_noop)?")
    unknown = [
        f"{source.place(path, node)}: {name.name} as {name.asname}"
        for path in source.modules()
        for node in ast.walk(source.parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname and not known.fullmatch(name.asname)
    ]

    assert not unknown, f"makemessages does not find texts in these:{listed(unknown)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", FOREIGN)
def test_texts_of_packages_that_a_page_shows_are_translated(package, language):
    missing = [text for text in FOREIGN[package] if not is_translated(text, language)]

    assert not missing, (
        f"{language}: from {package}, and not translated there:{listed(missing)}"
        f"{advice(language)} (with the comment `#. from {package}`, which keeps them)"
    )


def is_translated(text, language):
    with translation.override(language):
        if isinstance(text, tuple):
            return translation.ngettext(text[0], text[1], 3) not in text
        return translation.gettext(text) != text


@pytest.mark.parametrize("package", FOREIGN)
def test_the_listed_texts_are_those_of_the_packages(package):
    folder = Path(importlib.util.find_spec(package).origin).parent
    said = {
        node.value
        for path in folder.rglob("*.py")
        for node in ast.walk(source.parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    wanted = {text[0] if isinstance(text, tuple) else text for text in FOREIGN[package]}

    assert wanted - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_words_do_not_stand_in_for_names_of_months(language):
    """Django looks "May" up without a context: a verb of ours would become the month."""
    folder = Path(translation.__file__).parents[2] / "conf" / "locale" / language
    django = {
        entry.msgid: entry.msgstr
        for entry in polib.mofile(str(folder / "LC_MESSAGES" / "django.mo"))
        if not entry.msgctxt
    }
    with translation.override(None):
        names = [str(name) for name in dates.MONTHS.values()]
    with translation.override(language):
        hidden = [
            f"{name} -> {translation.gettext(name)}, a date needs {django[name]}"
            for name in names
            if translation.gettext(name) != django[name]
        ]

    assert not hidden, f"{language}: give the text of ours a msgctxt (pgettext):{listed(hidden)}"
