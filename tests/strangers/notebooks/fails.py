# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# The second cell fails, and the third is not run.

# %%
file = open("begun.txt", "w")
file.write("begun")

# %%
raise ValueError("on purpose")

# %%
print("never")
