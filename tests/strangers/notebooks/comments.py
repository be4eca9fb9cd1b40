# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# What looks like a command behind a hash is a comment.

# %%
with open("kept.txt", "w") as file:
    file.write("kept")

# %%
# rm kept.txt

# %%
# !rm kept.txt
# %rm kept.txt
# cat kept.txt
print("a comment first")

# %%
# copy the table first
# ls ..
import os

sorted(os.listdir())

# %%
# %%bash
# rm kept.txt
