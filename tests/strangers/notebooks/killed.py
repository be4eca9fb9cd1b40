# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# A kernel that does not survive its second cell.

# %%
print("before")

# %%
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
