"""What is not there to be tested is no test: the golden model knows one state per fabric clock alone."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if not asks_the_model_for_half_a_state(item)]


def asks_the_model_for_half_a_state(item: pytest.Item) -> bool:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return given.get("ratio", 1) != 1 and "reference" in (given.get("at_board"), given.get("xt_board"))
