# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Standard output and error, mixed, with and without ends of lines.

# %%
import sys

print("to output")
sys.stdout.flush()
print("to error", file=sys.stderr)
sys.stderr.flush()
print("no newline", end="")

# %%
sys.stdout.write("text\n")

# %%
print("äöü – 漢字 – 🎉", "tab\there", sep="\n")
