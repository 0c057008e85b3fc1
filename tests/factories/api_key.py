from loyalty_project.core.services import api_keys


def server_headers(project, **options):
    """The headers of a new server key; ADMIN unless `role` says otherwise."""
    issued = api_keys.create(project=project, name=options.pop("name", "Till"), **options)
    return {"X-App-Id": issued.key.app_id, "X-App-Token": issued.secret}


def client_headers(project, *, origin="https://shop.example", **options):
    """The headers of a new client key as a browser on `origin` sends them."""
    issued = api_keys.create(
        project=project, name="Web shop", is_client=True, origins=[origin], **options
    )
    return {
        "X-Client-Application-Id": issued.key.app_id,
        "X-Client-Token": issued.secret,
        "Origin": origin,
    }


def management_headers():
    """The headers of a new management key."""
    issued = api_keys.create_management(name="Terraform")
    return {"X-Management-Id": issued.key.management_id, "X-Management-Token": issued.secret}
