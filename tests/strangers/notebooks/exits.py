# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# A notebook that ends itself.

# %%
print("before")

# %%
import sys

sys.exit("enough")

# %%
print("never")
