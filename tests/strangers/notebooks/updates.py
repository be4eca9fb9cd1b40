# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Displays that change, in their own cell and in a later one.

# %%
from IPython.display import clear_output, display

handle = display("first", display_id="handle")
for step in range(20):
    handle.update(step)

# %%
handle.update("from another cell")
twin = display("twin", display_id="handle")

# %%
for step in range(20):
    clear_output(wait=True)
    print("step", step)

# %%
print("gone")
clear_output()
print("stays")
