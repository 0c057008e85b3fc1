import io
import stat
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import tasks
from customers.models import Customer
from customers.services import imports
from loyalty_project.core import bulk, csv_files, jobs, uploads
from loyalty_project.core.models import AsyncAction, Job, MetadataSchema, OutboxEvent

FILE = """Source_id,Name,Email,Phone,Birthdate,Address_City,Line_1,tier,orders
ada,Ada Lovelace,ada@example.com,'+49 30,1815-12-10,London,"12, Square",gold,12
grace,Grace Hopper,grace@example.com,,,New York,,,
"""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(in_project):
    return in_project


def csv(text):
    return SimpleUploadedFile("customers.csv", text.encode())


def imported(project, at, text=FILE):
    action = imports.start_csv(project=project, upload=csv(text), at=at)
    jobs.run_due()
    action.refresh_from_db()
    return action


class TestCsv:
    def test_makes_a_customer_of_each_row(self, project, at):
        action = imported(project, at)

        ada, grace = Customer.objects.order_by("source_id")
        assert (ada.name, ada.phone, ada.city, ada.address_line_1) == (
            "Ada Lovelace",
            "+49 30",
            "London",
            "12, Square",
        )
        assert ada.metadata == {"tier": "gold", "orders": "12"}
        assert (ada.birth_on.isoformat(), ada.search_name) == (
            "1815-12-10",
            "ada lovelace ada example com 49 30 4930 ada",
        )
        assert (grace.name, grace.metadata) == ("Grace Hopper", {})
        assert (action.status, action.total, action.done, action.failed) == ("DONE", 2, 2, 0)
        assert action.result == {
            "message": "Customers have been imported.",
            "done_count": 2,
            "failed_count": 0,
            "failed": [],
        }

    def test_writes_history_and_no_events(self, project, at):
        imported(project, at)

        assert Customer.history.count() == 2
        assert not OutboxEvent.objects.exists()

    def test_changes_nothing_when_the_same_file_comes_again(self, project, at):
        imported(project, at)
        before = list(Customer.objects.order_by("pk").values())

        action = imported(project, at)

        assert list(Customer.objects.order_by("pk").values()) == before
        assert Customer.history.count() == 2
        assert (action.done, action.failed) == (2, 0)

    def test_overwrites_what_the_columns_name(self, project, at):
        imported(project, at)

        imported(project, at, "source_id,name,phone\nada,Ada King,\n")

        ada = Customer.objects.get(source_id="ada")
        assert (ada.name, ada.phone, ada.email) == ("Ada King", "", "ada@example.com")
        assert ada.metadata == {"tier": "gold", "orders": "12"}
        assert list(ada.history.values_list("history_type", flat=True)) == ["~", "+"]

    def test_reads_cells_as_the_schema_says(self, project, at):
        MetadataSchema.objects.create(
            related_object="customer",
            properties={
                "orders": {"type": "number"},
                "tags": {"type": "string", "array": True},
                "vip": {"type": "boolean"},
            },
        )

        action = imported(
            project, at, 'source_id,orders,tags,vip\nada,12,"a, b",TRUE\neve,many,a,true\n'
        )

        assert Customer.objects.get().metadata == {"orders": 12, "tags": ["a", "b"], "vip": True}
        assert action.result["failed"] == [
            {
                "source_id": "eve",
                "row": 2,
                "reason": "orders: must be a number (actual value is 'many')",
            }
        ]

    def test_reports_each_wrong_row_and_writes_the_others(self, project, at):
        text = "id;source_id;birthdate\n;ada;soon\n;eve;1990-01-02\ncust_x;;\n;a;b;c\n"

        action = imported(project, at, text)

        assert [customer.source_id for customer in Customer.objects.all()] == ["eve"]
        assert (action.status, action.done, action.failed) == ("DONE", 1, 3)
        assert action.result["failed"] == [
            {
                "source_id": "ada",
                "row": 1,
                "reason": 'Property .birthdate must match format "date"',
            },
            {"source_id": "", "row": 3, "reason": "Cannot find customer with id cust_x"},
            {"source_id": None, "row": 4, "reason": "has 4 cells where the header names 3"},
        ]

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            (r'{"a": "\u0000"}', "Texts must not contain NUL or lone surrogates"),
            (r'{"a": "\ud800"}', "Texts must not contain NUL or lone surrogates"),
            ('{"a": NaN}', "The text cannot be read as JSON"),
            ("[" * 100_000, "The text cannot be read as JSON"),
            ("[" * 41 + "]" * 41, "The text is nested deeper than 40 levels"),
        ],
    )
    def test_metadata_that_cannot_be_stored_fails_its_row_alone(self, project, at, cell, reason):
        quoted = cell.replace('"', '""')

        action = imported(project, at, f'source_id,metadata\nada,"{quoted}"\neve,{{}}\n')

        assert [customer.source_id for customer in Customer.objects.all()] == ["eve"]
        assert (action.status, action.done) == ("DONE", 1)
        assert action.result["failed"] == [
            {
                "source_id": "ada",
                "row": 1,
                "reason": f"Property .metadata must be object: {reason}",
            }
        ]

    def test_refuses_a_line_that_no_memory_should_hold(self, project, at):
        upload = csv("source_id,name\nada," + "x" * uploads.MAX_LINE_BYTES)

        with pytest.raises(uploads.UnreadableFile, match="Line 2 is longer than 1048576 bytes"):
            imports.start_csv(project=project, upload=upload, at=at)

        assert not AsyncAction.objects.exists()

    def test_nobody_else_reads_the_stored_file(self, project, at):
        action = imports.start_csv(project=project, upload=csv(FILE), at=at)

        file = Path(default_storage.path(action.params["file"]))
        assert [stat.S_IMODE(place.stat().st_mode) for place in (file, file.parent)] == [
            0o600,
            0o700,
        ]

    def test_goes_on_behind_the_last_chunk_after_a_crash(self, project, at, monkeypatch):
        monkeypatch.setattr(bulk, "CHUNK", 2)
        rows = "".join(f'c{n},"Name\nof {n}"\n' for n in range(5))
        action = imports.start_csv(project=project, upload=csv(f"source_id,name\n{rows}"), at=at)
        written = []

        def crash_in_the_second_chunk(*, action, lines):
            written.append([line.number for line in lines])
            if len(written) == 2:
                raise RuntimeError
            return imports.write_csv(action=action, lines=lines)

        job = Job.objects.get()
        with pytest.raises(RuntimeError):
            bulk.run(_leased(job), write=crash_in_the_second_chunk, message="")
        action.refresh_from_db()
        assert (action.status, action.done, action.progress) == ("IN_PROGRESS", 2, 20)

        bulk.run(_leased(job), write=crash_in_the_second_chunk, message="Done")

        assert written == [[1, 2], [3, 4], [3, 4], [5]]
        assert Customer.objects.count() == Customer.history.count() == 5
        assert Customer.objects.filter(name="Name\nof 4").exists()

    def test_refuses_to_write_for_a_worker_that_lost_its_lease(self, project, at):
        imports.start_csv(project=project, upload=csv(FILE), at=at)
        job = _leased(Job.objects.get())
        job.fence -= 1

        with pytest.raises(jobs.LeaseLost):
            tasks.import_csv(job)

        assert not Customer.objects.exists()

    def test_removes_the_file_at_the_end(self, project, at):
        action = imports.start_csv(project=project, upload=csv(FILE), at=at)
        assert default_storage.exists(action.params["file"])

        jobs.run_due()

        assert not default_storage.exists(action.params["file"])

    def test_takes_as_many_queries_for_ten_rows_as_for_two(self, project, at):
        def queries_for(names):
            rows = "".join(f"{name},{name}\n" for name in names)
            upload = csv(f"source_id,name\n{rows}")
            imports.start_csv(project=project, upload=upload, at=at)
            job = _leased(Job.objects.latest("pk"))
            with CaptureQueriesContext(connection) as captured:
                tasks.import_csv(job)
            return len(captured)

        queries_for("z")
        assert queries_for("ab") == queries_for("cdefghijkl")

    @pytest.mark.parametrize(
        ("content", "details"),
        [
            (b"", "The file is empty"),
            (b"name\nAda\n\xff\xfe\n", "Line 3 of the file is not UTF-8"),
            (b"name\n\x00\n", "Line 2 of the file holds a NUL character"),
        ],
    )
    def test_refuses_what_is_no_csv_file(self, project, at, content, details):
        upload = SimpleUploadedFile("customers.csv", content)

        with pytest.raises(uploads.UnreadableFile) as caught:
            imports.start_csv(project=project, upload=upload, at=at)

        assert caught.value.details == details
        assert not AsyncAction.objects.exists()

    def test_reads_a_byte_order_mark(self, project, at):
        imported(project, at, "\ufeffsource_id,name\r\nada,Ada\r\n")

        assert Customer.objects.get().source_id == "ada"


def _leased(job):
    jobs.lease_next(at=job.run_at) if job.status == "QUEUED" else None
    job.refresh_from_db()
    return job


def test_headers_are_read_without_the_rows():
    assert csv_files.headers(io.BytesIO(b"a, b ,c\n1,2,3\n")) == ["a", "b", "c"]
