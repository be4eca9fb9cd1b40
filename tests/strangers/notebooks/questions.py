# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# A question that nobody answers.

# %%
print("before")

# %%
input("name? ")
