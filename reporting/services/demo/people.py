"""Who works with the demo: one login per role, and the keys of the shops' own programs."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty_project.core.models import KeyRole, Project, User
from loyalty_project.core.models.user import Calendar
from loyalty_project.core.services import api_keys, members, roles
from reporting.services.demo.plan import Shop

_WORDS = (
    "amber anchor autumn basket birch breeze bridge candle canvas cedar cherry clover copper "
    "coral cotton cumin dawn delta ember falcon fennel forest garden ginger harbor hazel "
    "indigo island ivory jasmine juniper lagoon lantern lemon linen maple marble meadow mint "
    "nectar nutmeg olive orchard paper pebble pepper pine plum quartz river saffron sail "
    "sesame silver sparrow spruce summer thistle timber tulip valley velvet walnut willow "
    "winter"
)


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    role: str
    language: str
    shops: tuple[str, ...]
    calendar: str = Calendar.GREGORIAN
    timezone: str = ""


PERSONS = (
    Person("administrator", "Administrator", "", ("roastery", "tehran-mode")),
    Person("manager", "Manager", "", ("roastery", "tehran-mode")),
    Person("marketer", "Marketer", "", ("roastery",)),
    Person("junior", "Junior marketer", "", ("roastery",)),
    Person("support", "Support agent", "", ("roastery",)),
    Person("developer", "Developer", "", ("roastery", "tehran-mode")),
    Person("viewer", "Viewer", "", ("roastery",)),
    Person("bazaryab", "Marketer", "fa", ("tehran-mode",), Calendar.JALALI, "Asia/Tehran"),
    Person("poshtiban", "Support agent", "fa", ("tehran-mode",), Calendar.JALALI, "Asia/Tehran"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Users by their login, with what is to be told about them once."""

    users: dict[str, User]
    logins: list[dict[str, Any]]

    def of(self, shop: Shop, role: str) -> User:
        """Somebody of a role in a shop, preferably one who works there alone."""
        found = [p for p in PERSONS if p.role == role and shop.slug in p.shops]
        return self.users[min(found, key=lambda person: len(person.shops)).username]


@dataclass(frozen=True, slots=True)
class Keys:
    """`channel_id` is the id that orders of the shop come with."""

    channel_id: str
    shown: list[dict[str, str]]


def hire(*, at: datetime, password: str = "") -> Staff:
    """Make the logins, with a password of random words each unless one is given for all."""
    roles.sync()
    users, logins = {}, []
    for person in PERSONS:
        secret = password or _password()
        user = User(
            username=person.username,
            email=f"{person.username}@example.org",
            is_staff=True,
            language=person.language,
            calendar=person.calendar,
            timezone=person.timezone,
            date_joined=at,
        )
        user.set_password(secret)
        user.save()
        users[person.username] = user
        logins.append(
            {
                "role": person.role,
                "username": person.username,
                "password": secret,
                "project": ", ".join(person.shops),
            }
        )
    return Staff(users, logins)


def employ(project: Project, shop: Shop) -> None:
    """Give those who work in the shop their roles."""
    for person in PERSONS:
        if shop.slug in person.shops:
            members.assign(project=project, role=person.role, login=person.username)


def issue_keys(project: Project, shop: Shop) -> Keys:
    """A key for the shop's server and one for its pages."""
    server = api_keys.create(project=project, name="Shop server", role=KeyRole.ADMIN)
    client = api_keys.create(
        project=project,
        name="Shop website",
        role=KeyRole.USER,
        is_client=True,
        origins=[shop.trusted_domain],
    )
    shown = [
        {
            "project": shop.slug,
            "kind": kind,
            "app_id": issued.key.app_id,
            "app_token": issued.secret,
        }
        for kind, issued in (("server", server), ("client", client))
    ]
    return Keys(server.key.app_id, shown)


def _password() -> str:
    """Four words and a number: easy to type, 37 bits."""
    words = _WORDS.split()
    chosen = "-".join(secrets.choice(words) for _ in range(4))
    return f"{chosen}-{secrets.randbelow(9000) + 1000}"
