# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Files that are still open at the end, and a hook that runs there.

# %%
import atexit
from pathlib import Path

text = open("text.txt", "w")
text.write("written")
data = open("data.bin", "wb")
data.write(bytes(100))
atexit.register(Path("hook.txt").write_text, "hook")

# %%
import sqlite3

connection = sqlite3.connect("rows.sqlite")
with connection:
    connection.execute("create table t (x)")
    connection.execute("insert into t values (1)")
