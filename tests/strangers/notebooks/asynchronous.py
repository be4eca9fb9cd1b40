# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Code that waits at the top level, and tasks that run between cells.

# %%
import asyncio

await asyncio.sleep(0.01)
results = []
task = asyncio.ensure_future(asyncio.sleep(0.01, "done"))

# %%
results.append(await task)
results
