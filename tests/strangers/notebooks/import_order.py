# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# A variable that a library reads when it is imported, and a module that prints.

# %%
import os

os.environ["MPLBACKEND"] = "svg"

# %%
import matplotlib

print(matplotlib.get_backend())

# %%
import this
