# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Magics of lines and cells, and the shell.

# %%
%env MINE=1
import os

os.environ["MINE"]

# %% language="bash"
echo "from bash: $MINE"
exit 0

# %%
%%writefile written.txt
two
lines

# %%
!cat written.txt
%pwd
%precision 3
3.14159265

# %%
%%capture kept
print("captured")

# %%
kept.stdout

# %%
lines = !printf 'one\\ntwo\\n'
len(lines)
