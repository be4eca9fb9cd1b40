# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Programs, shells and pools.

# %%
import subprocess

subprocess.run(["printf", "from a program"], capture_output=True, text=True).stdout

# %%
!echo from the shell
answer = !echo kept
answer

# %%
import multiprocessing

with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))
