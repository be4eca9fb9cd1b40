# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Files of several kinds, read again in a later cell.

# %%
import csv
import json
import os
import sqlite3
import zipfile

os.makedirs("data", exist_ok=True)
os.chdir("data")
with open("rows.csv", "w", newline="") as file:
    csv.writer(file).writerows([["a", "b"], [1, "ü"]])
json.dump({"a": [1, 2]}, open("values.json", "w"))
connection = sqlite3.connect("rows.db")
connection.execute("create table rows (a integer)")
connection.execute("insert into rows values (1)")

# %%
connection.commit()
with zipfile.ZipFile("all.zip", "w") as archive:
    archive.write("rows.csv")
sorted(os.listdir())

# %%
list(csv.reader(open("rows.csv"))), connection.execute("select * from rows").fetchall()

# %%
open("missing.txt")
