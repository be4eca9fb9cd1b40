"""Units of time in nanoseconds, which all times of a record are counted in."""

from typing import Final

NS_PER_MS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000
