# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Classes of a notebook, pickled and used by other processes.

# %%
import pickle
from dataclasses import dataclass, field
from enum import Enum


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)


Point(1), Colour.RED, __name__

# %%
pickle.loads(pickle.dumps([Point(3, 4, ["a"]), Colour.BLUE]))


# %%
def squared(number):
    return number * number


import multiprocessing

with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(squared, range(5)))

# %%
import concurrent.futures

with concurrent.futures.ThreadPoolExecutor(4) as threads:
    print(list(threads.map(squared, range(5))))
