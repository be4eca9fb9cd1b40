# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Logging, warnings, and a progress bar of carriage returns.

# %%
import logging
import sys

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
logging.info("begun")
logging.getLogger("mine").warning("careful")

# %%
import warnings

warnings.warn("once", UserWarning)
warnings.warn("old", DeprecationWarning)

# %%
for step in range(5):
    print(f"\r{step + 1}/5", end="", flush=True)
print()

# %%
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("mine").error("failed")
