import factory
from django.contrib.auth.models import Group

from loyalty_project.core.models import Membership, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_staff = True


def member(*, project, role, **values):
    """A person with a role in a project."""
    user = UserFactory(**values)
    Membership.objects.create(user=user, project=project, group=Group.objects.get(name=role))
    return user
