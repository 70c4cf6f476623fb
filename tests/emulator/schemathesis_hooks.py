"""Completes GitHub's description for schemathesis: it leaves out most errors of these operations.

Each of them responds with 404 for what does not exist, 409 for a selection of repositories that the visibility does not
allow, and 400 and 422 for a body that it does not take. With their schemas, schemathesis checks these responses too.
"""

import schemathesis

ERRORS = {"400": "basic-error", "404": "basic-error", "409": "basic-error", "422": "validation-error"}
METHODS = ("get", "put", "post", "patch", "delete")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path, item in raw_schema["paths"].items():
        for method in METHODS:
            if method in item and concerns(path):
                for status in errors(path, method):
                    item[method]["responses"].setdefault(status, response(ERRORS[status]))


def concerns(path):
    return "secrets" in path or "private-registries" in path or "environments" in path


def errors(path, method):
    yield "404"
    if method in ("put", "post", "patch"):
        yield from ("400", "422")
    if path.endswith("/repositories"):
        yield "409"


def response(schema):
    schema = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": "An error", "content": {"application/json": {"schema": schema}}}
