# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Output that a cell catches and shows later.

# %%
%%capture caught
print("not shown yet")
display(1)

# %%
print(caught.stdout, len(caught.outputs))
caught.show()

# %%
import contextlib, io

with contextlib.redirect_stdout(io.StringIO()) as text:
    print("hidden")
text.getvalue()
