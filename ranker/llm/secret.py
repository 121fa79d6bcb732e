"""A key of a provider: it can be used, and is shown nowhere."""

from __future__ import annotations


class Secret:
    """A key. It can be used and not be shown: ``repr``, ``str`` and pickling give nothing away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself, for the request's header and nothing else."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(set)" if self._value else "Secret(not set)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written down")
