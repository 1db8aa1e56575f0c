"""The API under calls that schemathesis thinks of: it never breaks, and answers as OpenAPI says."""

from __future__ import annotations

from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

CALLS = 60
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
QUIET = settings(
    max_examples=CALLS,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_calls_that_nobody_thought_of(client: httpx.Client) -> None:
    """Each operation is called with values that fit its schema, and with ones that do not."""
    schema = schemathesis.openapi.from_url(str(client.base_url.join("/api/v1/openapi.json")))
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 7
    for operation in operations:
        cases = operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

        @QUIET
        @given(case=cases)
        def call(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        call()
