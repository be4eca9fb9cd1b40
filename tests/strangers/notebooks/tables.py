# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Tables that are long, wide and empty.

# %%
import pandas as pd

table = pd.DataFrame({"a": range(100), "b": ["x"] * 100})
table

# %%
table.describe()

# %%
print(table.head())
pd.DataFrame()
