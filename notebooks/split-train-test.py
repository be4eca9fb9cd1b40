# %% [markdown]
# # Split into training and test images
#
# Sets a part of the images aside before any model sees them. Every digit has its share of both parts,
# and a fixed seed makes the split the same in every run, so scores can be compared between runs.

# %%
import numpy as np
from IPython.display import display
from sklearn.model_selection import train_test_split

import nightbook
from shared.digits import read_digits, write_digits
from shared.tables import show_table

# %% tags=["parameters"]
train_test_ratio = 0.7  # share of the images to train with
inputs = {"digits": nightbook.newest_output("ingest")}
output_dir = nightbook.scratch_dir()

# %%
SEED = 123
digits = read_digits(inputs["digits"] / "digits.npz")

# %% [markdown]
# ## Split
#
# The images come out shuffled: the first n training images are a random sample too.

# %%
train_rows, test_rows = train_test_split(
    np.arange(len(digits)), train_size=train_test_ratio, stratify=digits.labels, random_state=SEED
)
train, test = digits[train_rows], digits[test_rows]
nightbook.log_metrics({"nr_train_images": len(train), "nr_test_images": len(test)})

# %% [markdown]
# ## Check
#
# An image in both parts would make every score too good. Compared by their pixels, copies are found too.

# %%
leaked = {image.tobytes() for image in train.pixels} & {image.tobytes() for image in test.pixels}
if leaked:
    raise ValueError(f"{len(leaked)} images are in both the training and the test set")
if len(train) + len(test) != len(digits):
    raise ValueError(f"{len(train)} + {len(test)} images after the split, {len(digits)} before")

# %%
train_counts, test_counts = np.bincount(train.labels), np.bincount(test.labels)
display(show_table({"digit": range(10), "training images": train_counts, "test images": test_counts}))

# %%
write_digits(train, output_dir / "train.npz")
write_digits(test, output_dir / "test.npz")
