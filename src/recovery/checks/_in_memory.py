"""Stores of Great Expectations that keep objects as they are, for as long as a context lives.

Its own stores in memory keep text: each suite and each result is written as JSON, results twice over, and read again
for its page. That was half of the calls of functions that the checks of a small home make. The classes have the names
of those they stand for: by these a context knows which stores it has.
"""

from typing import Any

from great_expectations.data_context.store import expectations_store, validation_results_store
from great_expectations.data_context.types.base import InMemoryStoreBackendDefaults


class ExpectationsStore(expectations_store.ExpectationsStore):
    """Keeps suites as they were added."""

    def serialize(self, value: Any) -> Any:
        return value

    def deserialize(self, value: Any) -> Any:
        return value

    def deserialize_suite_dict(self, suite_dict: Any) -> Any:
        return suite_dict


class ValidationResultsStore(validation_results_store.ValidationResultsStore):
    """Keeps results as they were found."""

    def serialize(self, value: Any) -> Any:
        return value

    def deserialize(self, value: Any) -> Any:
        return value


class StoreDefaults(InMemoryStoreBackendDefaults):
    """The stores of a context that lives in memory, with those of this module."""

    def __init__(self) -> None:
        super().__init__()
        for name in (self.expectations_store_name, self.validation_results_store_name):
            self.stores[name]["module_name"] = __name__
