"""What the service answers once a request is signed in: a small organization, fabrikam, with fixed content."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "https://dev.azure.com/fabrikam"
STORAGE = "fabrikamfiles.blob.core.windows.net"
ATTACHMENT = "the attached file"
PROJECTS = ("Fiber", "Loom", "Tailspin")
TITLES = {7: "Mend the loom", 8: "Oil the loom", 9: "Sell the loom"}
AREAS = {
    "core": "79134c72-4a58-4b42-976c-04e7115f32bf",
    "git": "4e080c62-fa21-4fbc-8fef-2a10a2b38049",
    "wit": "5264459e-e5e0-4bd8-b118-0985e68a4ec5",
    "build": "965220d5-5bb9-42cf-8d67-9b146df2a5a4",
}
LOCATIONS = (
    ("Location", "ResourceAreas", "e81700f7-3be2-46de-8624-2eb35882fcaa", "_apis/{resource}/{areaId}"),
    ("core", "projects", "603fe2ac-9723-48b9-88ad-09305aa6c6e1", "_apis/{resource}/{*projectId}"),
    ("git", "repositories", "225f7195-f9c7-4d14-ab28-a83f7ff77e1f", "{project}/_apis/{area}/{resource}/{repositoryId}"),
    ("wit", "workItems", "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", "{project}/_apis/{area}/{resource}/{id}"),
    ("wit", "wiql", "1a9c53f7-f243-4447-b110-35ef023636e4", "{project}/_apis/{area}/{resource}"),
    ("build", "builds", "0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "{project}/_apis/{area}/{resource}/{buildId}"),
)


class Request(NamedTuple):
    """One request, as far as an answer depends on it; `path` starts behind the organization, `visit` counts
    how often it was asked for by the same name."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    visit: int


class Answer(NamedTuple):
    """Status, content and further headers; content that is no text or bytes is sent as JSON."""

    content: object
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> tuple[str, bytes]:
        """Its content type and bytes."""
        if isinstance(self.content, bytes):
            return "application/octet-stream", self.content
        if isinstance(self.content, str):
            return "text/html; charset=utf-8", self.content.encode()
        return "application/json; charset=utf-8; api-version=7.1", json.dumps(self.content).encode()


def request_of(method: str, target: str, body: bytes, visit: int) -> Request:
    """A request by its target, `/fabrikam/_apis/projects?$top=1`."""
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    path = unquote(parts.path).removeprefix("/fabrikam").strip("/")
    return Request(method, path, query, body, visit)


def answer(request: Request) -> Answer:
    """The service's answer; 404 for what it does not have."""
    for method, pattern, make in _TABLE:
        found = re.fullmatch(pattern, request.path, re.IGNORECASE)
        if found and request.method in method.split("|"):
            return make(request, *found.groups())
    return Answer({"message": f"{request.path} is not found", "typeKey": "NotFound"}, 404)


def _collection(items: list[dict[str, object]], headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer({"count": len(items), "value": items}, headers=headers)


def _projects(request: Request) -> Answer:
    top = int(request.query.get("$top", 100))
    start = int(request.query.get("continuationToken", request.query.get("$skip", 0)))
    shown = PROJECTS[start : start + top]
    more = (("x-ms-continuationtoken", str(start + top)),) if start + top < len(PROJECTS) else ()
    items: list[dict[str, object]] = [{"id": f"p{PROJECTS.index(name)}", "name": name} for name in shown]
    return _collection(items, more)


def _project(_: Request, name: str) -> Answer:
    if name not in PROJECTS:
        return Answer({"message": f"TF200016: there is no project {name}", "typeKey": "ProjectDoesNotExist"}, 404)
    return Answer({"id": f"p{PROJECTS.index(name)}", "name": name, "state": "wellFormed"})


def _work_item(number: int, title: str | None = None) -> dict[str, object]:
    return {"id": number, "rev": 1, "fields": {"System.Title": title or TITLES[number]}}


def _work_items(request: Request) -> Answer:
    return _collection([_work_item(int(number)) for number in request.query["ids"].split(",")])


def _changed_work_item(request: Request, number: str) -> Answer:
    if request.method == "GET":
        return Answer(_work_item(int(number)))
    changes = json.loads(request.body)
    title = next(change["value"] for change in changes if change["path"] == "/fields/System.Title")
    return Answer(_work_item(int(number) if number.isdecimal() else 10, title))


def _query(request: Request) -> Answer:
    if "from workitems" not in json.loads(request.body)["query"].lower():
        return Answer({"message": "TF51006: the query statement is missing a FROM clause"}, 400)
    return Answer({"queryType": "flat", "workItems": [{"id": number} for number in TITLES]})


def _repositories(_: Request) -> Answer:
    return _collection([{"id": f"r{n}", "name": name} for n, name in enumerate(("tools", "web"))])


def _build(request: Request, number: str) -> Answer:
    """A build is under way when it is first looked at, and done at the third look."""
    done = request.visit >= 3
    return Answer({"id": int(number), "status": "completed" if done else "inProgress", "result": "succeeded"})


def _builds(request: Request) -> Answer:
    if request.method == "POST":
        return Answer({"id": 41, "status": "notStarted", "definition": json.loads(request.body)["definition"]})
    return _collection([{"id": 40, "status": "completed", "result": "succeeded", "buildNumber": "20261125.1"}])


def _attachment(_: Request) -> Answer:
    return Answer("", 302, (("Location", f"https://{STORAGE}/attachments/1?sig=signed"),))


def _connection(_: Request) -> Answer:
    user = {"id": "u1", "providerDisplayName": "Build Agent", "subjectDescriptor": "aad.1"}
    return Answer({"authenticatedUser": user, "instanceId": "i1", "deploymentType": "hosted"})


def _locations(_: Request) -> Answer:
    return _collection(
        [
            {
                "id": identity,
                "area": area,
                "resourceName": resource,
                "routeTemplate": template,
                "resourceVersion": 4,
                "minVersion": "1.0",
                "maxVersion": "7.2",
                "releasedVersion": "7.1",
            }
            for area, resource, identity, template in LOCATIONS
        ]
    )


def _areas(_: Request, identity: str | None = None) -> Answer:
    areas: list[dict[str, object]] = [
        {"id": each, "name": name, "locationUrl": f"{BASE}/"} for name, each in AREAS.items()
    ]
    if identity is None:
        return _collection(areas)
    return next((Answer(area) for area in areas if area["id"] == identity.lower()), Answer({"count": 0, "value": None}))


def _users(_: Request) -> Answer:
    return _collection([{"principalName": "ada@fabrikam.example"}, {"principalName": "alan@fabrikam.example"}])


def _index(_: Request) -> Answer:
    return Answer('<!DOCTYPE html><html><body><a href="loom-1.0-py3-none-any.whl">loom-1.0</a></body></html>')


_IN_PROJECT = r"(?:[^/]+/)?_apis"
_TABLE: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("OPTIONS", rf"{_IN_PROJECT}(?:/\w+)?", _locations),
    ("GET", r"_apis/ResourceAreas", _areas),
    ("GET", r"_apis/ResourceAreas/([\w-]+)", _areas),
    ("GET", r"_apis/projects", _projects),
    ("GET", r"_apis/projects/([^/]+)", _project),
    ("GET", r"_apis/connectionData", _connection),
    ("GET", rf"{_IN_PROJECT}/wit/workitems", _work_items),
    ("GET|PATCH|POST", rf"{_IN_PROJECT}/wit/workitems/([$\w]+)", _changed_work_item),
    ("POST", rf"{_IN_PROJECT}/wit/wiql", _query),
    ("GET", rf"{_IN_PROJECT}/wit/attachments/\w+", _attachment),
    ("GET", rf"{_IN_PROJECT}/git/repositories", _repositories),
    ("GET|POST", rf"{_IN_PROJECT}/build/builds", _builds),
    ("GET", rf"{_IN_PROJECT}/build/builds/(\d+)", _build),
    ("GET", r"_apis/graph/users", _users),
    ("GET", r"_packaging/\w+/pypi/simple/\w+", _index),
)
