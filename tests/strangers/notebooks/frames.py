# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Tables with pandas, wide and long, with missing values.

# %%
import numpy as np
import pandas as pd

frame = pd.DataFrame({"name": list("abcab"), "value": [1.5, np.nan, 3, 4, 5], "day": pd.date_range("2026-01-01", periods=5)})
frame

# %%
frame.groupby("name")["value"].agg(["mean", "count"])

# %%
frame.info()

# %%
frame.style.highlight_null().set_uuid("fixed")

# %%
pd.set_option("display.max_rows", 4)
pd.DataFrame(np.arange(400).reshape(100, 4))

# %%
frame.to_csv("frame.csv", index=False)
pd.read_csv("frame.csv", parse_dates=["day"]).dtypes
