# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# A progress bar of carriage returns, and what follows it.

# %%
import sys

for step in range(101):
    print(f"\r{step:3} %", end="", flush=True)
print()
print("done")

# %%
for step in range(101):
    sys.stderr.write(f"\r{step}/100")
sys.stderr.write("\n")
