import pytest


@pytest.fixture
def person(staff, project):
    """`person("Support agent")`: a client whose forms name the project, as those of pages do."""

    def log_in(role):
        http = staff(role)
        send = http.post

        def post(url, data=(), **options):
            return send(url, {"_project": project.public_id, **dict(data)}, **options)

        http.post = post
        return http

    return log_in
