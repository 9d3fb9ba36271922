"""The whole interface against its own description: schemathesis asks, well and badly, and checks each answer.

``CHENGWEN_SCHEMA_EXAMPLES`` is how many requests each route gets (``make fuzz`` sets thousands).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

if TYPE_CHECKING:
    from api_counter import Counter

EXAMPLES = int(os.environ.get("CHENGWEN_SCHEMA_EXAMPLES", "20"))
# A request may be well formed and still name a place or a year that no text is of: that is refused with 400.
REFUSED = {"positive_data_acceptance"}
ROUTES = [
    ("POST", "/ask"),
    ("GET", "/search"),
    ("GET", "/documents"),
    ("GET", "/documents/{name}"),
    ("GET", "/passages/{name}"),
    ("GET", "/figures"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_each_answer_is_as_the_description_says(counter: Counter, method: str, path: str) -> None:
    load_all_checks()
    with counter.client() as client:
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
        assert {(one.ok().method.upper(), one.ok().path) for one in schema.get_all_operations()} == set(
            ROUTES
        )
        key = {"Authorization": client.headers["Authorization"]}
        checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in REFUSED]

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=schema[path][method].as_strategy())
        def answered(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=key, checks=checks)

        answered()
