# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Random numbers, warnings of numerical code, and strange values.

# %%
import numpy as np

generator = np.random.default_rng(7)
sample = generator.normal(size=1000)
sample.mean().round(3), np.percentile(sample, [5, 95]).round(3)

# %%
np.array([1.0, -1.0]) / np.zeros(2)

# %%
with np.errstate(all="raise"):
    try:
        np.float64(1) / np.float64(0)
    except FloatingPointError as error:
        print(type(error).__name__, error)

# %%
float("inf"), float("nan"), 2**100, 1e-320, -0.0, 1_000_000j

# %%
import random

random.seed(3)
[random.randint(0, 9) for _ in range(5)]
