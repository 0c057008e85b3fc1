"""A person in the admin, who posts each form from a page of their project."""


class Person:
    def __init__(self, http, project):
        self.http, self.project = http, project

    def get(self, path, params=None):
        return self.http.get(path, params)

    def post(self, path, data):
        return self.http.post(path, {"_project": self.project.public_id, **data})
