# SPDX-License-Identifier: Apache-2.0
"""Whether the document of the API is one of OpenAPI 3.1.0: of those parts of it that it uses, and with nothing in it
that refers to nowhere, or that nobody refers to."""
import re

import jsonschema
from document import METHODS

TEXT = {"type": "string", "minLength": 1}
REFERENCE = {"type": "object", "required": ["$ref"], "additionalProperties": False, "properties": {"$ref": TEXT}}


def members(required, optional=None):
    """An object with these members, those named x-… and no other."""
    return {"type": "object", "required": [*required], "properties": {**required, **(optional or {})},
            "patternProperties": {"^x-": True}, "additionalProperties": False}


def named(value, names=".+"):
    return {"type": "object", "patternProperties": {names: value}, "additionalProperties": False}


def or_reference(value):
    return {"if": {"required": ["$ref"]}, "then": REFERENCE, "else": value}


SCHEMA = {"type": ["object", "boolean"]}
MEDIA = members({}, {"schema": SCHEMA, "example": True, "examples": named({"type": "object"})})
CONTENT = named(MEDIA, "^[a-z]+/[a-z0-9.+-]+$")
HEADER = members({"schema": SCHEMA}, {"description": TEXT, "required": {"type": "boolean"}, "example": True})
PARAMETER = {
    **members({"name": TEXT, "in": {"enum": ["path", "query", "header", "cookie"]}, "schema": SCHEMA},
              {"description": TEXT, "required": {"type": "boolean"}, "example": True, "style": TEXT,
               "explode": {"type": "boolean"}, "allowEmptyValue": {"type": "boolean"}}),
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"required": ["required"], "properties": {"required": {"const": True}}},
    "not": {"properties": {"in": {"const": "header"},
                           "name": {"pattern": "^([Aa]ccept|[Cc]ontent-[Tt]ype|[Aa]uthorization)$"}}}}
BODY = members({"content": CONTENT}, {"description": TEXT, "required": {"type": "boolean"}})
RESPONSE = members({"description": TEXT}, {"headers": named(or_reference(HEADER)), "content": CONTENT})
SECURITY = {"type": "array", "items": named({"type": "array", "items": TEXT})}
OPERATION = members(
    {"responses": {**named(or_reference(RESPONSE), "^[1-5][0-9][0-9]$"), "minProperties": 1},
     "operationId": TEXT, "summary": TEXT},
    {"tags": {"type": "array", "items": TEXT}, "parameters": {"type": "array", "items": or_reference(PARAMETER)},
     "requestBody": or_reference(BODY), "callbacks": named(or_reference({"type": "object"})), "security": SECURITY})
ITEM = members({}, {method: OPERATION for method in METHODS})
MUTUAL_TLS = members({"type": {"const": "mutualTLS"}}, {"description": TEXT})
DOCUMENT = members(
    {"openapi": {"pattern": r"^3\.1\.[0-9]+$"},
     "info": members({"title": TEXT, "version": TEXT}, {
         "summary": TEXT, "description": TEXT, "license": members({"name": TEXT}, {"identifier": TEXT})}),
     "paths": named(ITEM, "^/"),
     "components": members({}, {
         "schemas": named(SCHEMA, "^[A-Za-z0-9._-]+$"), "parameters": named(PARAMETER, "^[A-Za-z0-9._-]+$"),
         "headers": named(HEADER, "^[A-Za-z0-9._-]+$"), "requestBodies": named(BODY, "^[A-Za-z0-9._-]+$"),
         "responses": named(RESPONSE, "^[A-Za-z0-9._-]+$"), "callbacks": named(named(ITEM), "^[A-Za-z0-9._-]+$"),
         "securitySchemes": named(MUTUAL_TLS, "^[A-Za-z0-9._-]+$")})},
    {"servers": {"type": "array", "items": members({"url": TEXT}, {"variables": named(members({"default": TEXT}))})},
     "security": SECURITY, "tags": {"type": "array", "items": members({"name": TEXT}, {"description": TEXT})}})


def walk(value):
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from walk(member)
    elif isinstance(value, list):
        for member in value:
            yield from walk(member)


def wrong_references(document):
    used = set()
    for value in walk(document.all):
        if not isinstance(value.get("$ref"), str):
            continue
        used.add(value["$ref"])
        try:
            document.find(value["$ref"])
        except KeyError:
            yield f"{value['$ref']} refers to nothing"
    for kind, components in document.all["components"].items():
        for name in components:
            reference = f"#/components/{kind}/{name}"
            # 405 is of no resource: its method is none of it.
            if kind != "securitySchemes" and reference not in used and name != "Problem405":
                yield f"{reference}: nobody refers to it"


def wrong_schemas(document):
    for name, schema in document.all["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            yield f"the schema {name}: {error.message}"
            continue
        for example in schema.get("examples", []):
            for complaint in document.wrong_with(schema, example):
                yield f"the example of {name}: {complaint}"
    for kind in ("parameters", "headers"):
        for name, one in document.all["components"][kind].items():
            if "example" in one:
                wrong = document.wrong_with(one["schema"], one["example"])
                yield from (f"the example of {name}: {what}" for what in wrong)


def open_objects(document):
    """Whoever has a member that is not named has to be told: each object of ours says whether there are others."""
    for name, schema in document.all["components"]["schemas"].items():
        for one in walk(schema):
            if "properties" in one and one.get("type") == "object" and one.get("additionalProperties") is not False:
                yield f"the schema {name} has an object that says nothing of other members"


def wrong_operations(document):
    ids = [operation["operationId"] for _, _, operation in document.operations()]
    yield from (f"the operationId {one} is there twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    tags = {tag["name"] for tag in document.all["tags"]}
    for method, path, operation in document.operations():
        parameters = [document.resolve(one) for one in operation["parameters"]]
        of_path = [one["name"] for one in parameters if one["in"] == "path"]
        if sorted(of_path) != sorted(re.findall(r"\{([^}]+)\}", path)):
            yield f"{method} {path}: its parameters are not those of its path"
        if len({(one["name"], one["in"]) for one in parameters}) != len(parameters):
            yield f"{method} {path}: a parameter is there twice"
        if not set(operation.get("tags", [])) <= tags:
            yield f"{method} {path}: a tag that is none"


def check(document, _files):
    schema = jsonschema.Draft202012Validator(DOCUMENT)
    wrong = [f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
             for error in schema.iter_errors(document.all)]
    if not wrong:
        wrong = [complaint for look in (wrong_references, wrong_schemas, open_objects, wrong_operations)
                 for complaint in look(document)]
    return wrong, f"{len(list(document.operations()))} operations"
