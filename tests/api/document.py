# SPDX-License-Identifier: Apache-2.0
"""The document of the server's API, and whether an exchange with the server is one that it describes.

Exchanges are written down by the function `api` of the stories, and by server.py: status, method, target, head, whether
there is a body, and the body where it is JSON. 1F stands between them, and 1E behind each exchange: JSON has neither.
"""
import json
import warnings
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

warnings.simplefilter("ignore", DeprecationWarning)  # of a newer jsonschema, about names that the older one needs
import jsonschema  # noqa: E402

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"
METHODS = ("get", "put", "post", "delete", "patch")
OF_HTTP = {"content-type", "content-length", "date", "connection", "transfer-encoding"}
# What the server says before it knows, or because nobody knows, which resource is meant.
OF_NOTHING = {400, 401, 403, 404, 405, 408, 413, 414, 429, 431}


class Exchange(NamedTuple):
    status: int
    method: str
    target: str
    headers: list  # names in lower case, values
    has_body: bool
    body: str  # where it is JSON

    def values(self, name):
        return [value for its_name, value in self.headers if its_name == name]


def read_exchanges(text):
    for one in text.split("\x1e")[:-1]:
        status, method, target, head, has_body, body = one.split("\x1f")
        last = head.replace("\r\n", "\n").strip().split("\n\n")[-1].split("\n")  # behind those of 100 (Continue)
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in last[1:])]
        yield Exchange(int(status), method, target, headers, has_body == "1", body)


def print_exchange(exchange):
    head = f"HTTP/1.1 {exchange.status}\n" + "".join(f"{name}: {value}\n" for name, value in exchange.headers)
    parts = [str(exchange.status), exchange.method, exchange.target, head, str(int(exchange.has_body)), exchange.body]
    return "\x1f".join(parts) + "\x1e"


def each_once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member comes twice")
    return dict(pairs)


class Document:
    def __init__(self, path=DOCUMENT):
        self.all = json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=each_once)

    def resolve(self, value):
        while "$ref" in value:
            value = self.find(value["$ref"])
        return value

    def find(self, reference):
        found = self.all
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found

    def operations(self):
        for path, item in self.all["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method]

    def operation_of(self, method, target):
        """(path, operation), or None: there is none."""
        segments = [unquote(part) for part in target.partition("?")[0].split("/")[1:]]
        for its_method, path, operation in self.operations():
            if its_method == ("GET" if method == "HEAD" else method) and takes(path.split("/")[1:], segments):
                return path, operation
        return None

    def validator(self, schema):
        return jsonschema.Draft202012Validator({**schema, "components": self.all["components"]},
                                               format_checker=jsonschema.FormatChecker())

    def wrong_with(self, schema, value):
        for error in self.validator(schema).iter_errors(value):
            place = "/".join(str(part) for part in error.absolute_path)
            yield f"{place or 'the whole'}: {error.message[:300]}"


def takes(parts, segments):
    if parts[-1] == "{path}" and len(segments) > len(parts):
        segments = segments[:len(parts)]
    return len(parts) == len(segments) and all(
        part == segment or part.startswith("{") and segment for part, segment in zip(parts, segments))


def wrong_headers(document, response, exchange):
    said = {name.lower(): document.resolve(header) for name, header in response.get("headers", {}).items()}
    for name in {name for name, _ in exchange.headers} - OF_HTTP - set(said):
        yield f"the header {name} is not in the document"
    for name, header in said.items():
        values = exchange.values(name)
        if len(values) > 1 or header.get("required") and not values:
            yield f"the header {name} is there {len(values)} times"
        for value in values:
            for complaint in document.wrong_with(header["schema"], value):
                yield f"the header {name}: {complaint}"


def wrong_body(document, response, exchange):
    content = response.get("content", {})
    media_type = "".join(exchange.values("content-type")).partition(";")[0].strip()
    if exchange.method == "HEAD":
        return
    if not content:
        if exchange.has_body or media_type:
            yield f"a body ({media_type}), where the document has none"
        return
    if media_type not in content:
        yield f"a body of the type '{media_type}', of which the document knows nothing"
    elif "schema" in content[media_type]:
        try:
            value = json.loads(exchange.body, object_pairs_hook=each_once)
        except ValueError as error:
            yield f"the body is no JSON: {error}"
            return
        yield from document.wrong_with(content[media_type]["schema"], value)


def wrong_with(document, exchange):
    """What in this exchange is not as the document has it."""
    found = document.operation_of(exchange.method, exchange.target)
    status = str(exchange.status)
    if found and status in found[1]["responses"]:
        response = document.resolve(found[1]["responses"][status])
    elif exchange.status in OF_NOTHING and (not found or exchange.status != 404):
        response = document.all["components"]["responses"][f"Problem{status}"]
    else:
        return [f"the status {status} is not in the document"]
    return [*wrong_headers(document, response, exchange), *wrong_body(document, response, exchange)]
