# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Exceptions that the notebook expects.

# %% tags=["raises-exception"]
1 / 0

# %%
try:
    raise KeyError("inner")
except KeyError:
    import traceback

    traceback.print_exc(limit=0)

# %%
%%script --no-raise-error sh
echo from a shell; exit 3
