# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Newer parts of the language, and cells that end without a value.

# %%
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@cache
def fibonacci(number: int) -> int:
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


if (value := fibonacci(30)) > 1000:
    print(f"{value=:,}")


# %%
@contextmanager
def noted(name: str) -> Iterator[None]:
    print("begin", name)
    try:
        yield
    finally:
        print("end", name)


with noted("outer"), noted("inner"):
    print("within")

# %%
match {"kind": "circle", "radius": 2}:
    case {"kind": "circle", "radius": radius}:
        area = 3 * radius**2
area;

# %%
_ + value

# %%
try:
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])
except* ValueError as group:
    print(group.exceptions)
except* TypeError as group:
    print(group.exceptions)
