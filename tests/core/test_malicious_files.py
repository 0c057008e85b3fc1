"""Files that harm: refused with the reason, or reported row by row, and never read whole."""

import csv
import io

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import Customer
from customers.services import imports
from loyalty_project.core import jobs, uploads
from loyalty_project.core.models import AsyncAction


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def started(project, at, content):
    upload = SimpleUploadedFile("people.csv", content)
    return imports.start_csv(project=project, upload=upload, at=at)


def imported(project, at, content):
    action = started(project, at, content)
    jobs.run_due()
    action.refresh_from_db()
    assert action.status == "DONE"
    return action


@pytest.mark.parametrize(
    ("content", "details"),
    [
        (b"", "The file is empty"),
        (b"source_id\nada\x00\n", "Line 2 of the file holds a NUL character"),
        ("source_id\nada\n".encode("utf-16"), "Line 1 of the file is not UTF-8"),
        ("source_id,name\nada,Zoë\n".encode("latin-1"), "Line 2 of the file is not UTF-8"),
        ("source_id,name\nada,علي\n".encode("cp1256"), "Line 2 of the file is not UTF-8"),
        (b"PK\x03\x04\x14\x00\x00\x00", "Line 1 of the file holds a NUL character"),
        (b"\x89PNG\r\n\x1a\n", "Line 1 of the file is not UTF-8"),
        (
            b"<html><script>alert(1)</script></html>\n",
            "The file should have at least one of the columns id, source_id, name, email, phone",
        ),
        (b"Source_id,name,source_ID\n", "The file has the column 'source_id' twice"),
        (b"source_id" + b",x" * 1000 + b"\n", "The file has more than 1000 columns"),
        (b"name," * 300_000, "Line 1 is longer than 1048576 bytes"),
        (b'"source_id\nada\n', "The first line of the file cannot be read: unexpected end of data"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_is_refused(in_project, at, content, details):
    with pytest.raises(uploads.UnreadableFile) as caught:
        started(in_project, at, content)

    assert caught.value.details == details
    assert not AsyncAction.objects.exists()


def test_a_line_without_an_end_is_read_no_further_than_needed(in_project, at, tmp_path):
    file = tmp_path / "long.csv"
    file.write_bytes(b"source_id\n")
    with file.open("r+b") as long:
        long.truncate(50_000_000)
    with file.open("rb") as source:
        with pytest.raises(uploads.UnreadableFile, match="Line 2 is longer than 1048576 bytes"):
            uploads.check(File(source))

        assert source.tell() < 1_200_000


@pytest.mark.parametrize(
    ("text", "names", "report"),
    [
        ("\ufeffsource_id\r\nada\r\n", ["ada"], []),
        ("source_id\n+AD0-1\n", ["+AD0-1"], []),
        (
            'source_id,name\nada,"x" y\neve,z\n',
            ["eve"],
            [["2", "", "cannot be read up to line 2: ',' expected after '\"'", ""]],
        ),
        (
            'source_id,name\neve,z\nada,"x\nbob,y\n',
            ["eve"],
            [["3", "", "cannot be read up to line 4: unexpected end of data", ""]],
        ),
        (
            f'source_id,name\nada,"{"x" * 200_000}\nbob,y\n',
            ["bob"],
            [["2", "", "cannot be read up to line 2: field larger than field limit (131072)", ""]],
        ),
        (
            "source_id,name\nada\neve,1,2,3\n\nbob,\n",
            ["ada", "bob"],
            [["3", "", "has 4 cells where the header names 2", ""]],
        ),
        (
            'Source_id,Address City,Birthdate\na,"x\ny",\nb,,soon\n=c,,31.31.1990\n',
            ["a"],
            [
                ["4", "Birthdate", 'Property .birthdate must match format "date"', "b"],
                ["5", "Birthdate", 'Property .birthdate must match format "date"', "'=c"],
            ],
        ),
    ],
    ids=["mark", "utf-7", "quote", "open quote", "huge cell", "too many cells", "wrong cells"],
)
def test_a_wrong_row_stands_in_the_report_and_the_others_are_imported(
    in_project, at, staff, text, names, report
):
    action = imported(in_project, at, text.encode())

    assert list(Customer.objects.order_by("pk").values_list("source_id", flat=True)) == names
    assert (action.done, action.failed) == (len(names), len(report))
    http = staff("Marketer")
    answer = http.get(reverse("admin:core_asyncaction_report", args=[action.pk]))
    rows = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline=""))
    assert list(rows) == [["line", "column", "reason", "id"], *report]
    page = http.get(reverse("admin:core_asyncaction_change", args=[action.pk])).content.decode()
    assert ("Download all refused rows" in page) == bool(report)


def test_the_report_holds_more_than_the_api_tells(in_project, at, staff, other_project):
    rows = "".join(f"c{n},soon\n" for n in range(1_500))
    action = imported(in_project, at, f"source_id,birthdate\n{rows}".encode())
    address = reverse("admin:core_asyncaction_report", args=[action.pk])

    assert len(action.result["failed"]) == 1_000
    report = staff("Marketer").get(address).getvalue().decode()
    assert (report.count("\n"), "c1499\r\n" in report) == (1_501, True)
    stranger = staff("Marketer", in_project=other_project)
    assert stranger.get(address).status_code == 404
