# %% [markdown]
# # Exploratory data analysis
#
# A first look at the digits: how many there are of each, how much ink they have, and what they look
# like.

# %%
import numpy as np
from IPython.display import display

import nightbook
from shared.digits import DARKEST, image_grid, read_digits
from shared.figures import BLUE, GREY, new_figure

# %% tags=["parameters"]
inputs = {"digits": nightbook.newest_output("ingest")}

# %%
digits = read_digits(inputs["digits"] / "digits.npz")
classes, counts = np.unique(digits.labels, return_counts=True)

# %% [markdown]
# ## Pixels
#
# About half of all pixels are blank, and a few of the 64 positions have the same value in every image:
# a model can learn nothing from these.

# %%
nightbook.log_metrics(
    {
        "nr_images": len(digits),
        "nr_pixels_per_image": digits.pixels.shape[1],
        "nr_constant_pixels": (np.ptp(digits.pixels, axis=0) == 0).sum(),
        "pixel_min": digits.pixels.min(),
        "pixel_max": digits.pixels.max(),
        "pixel_mean": digits.pixels.mean(),
        "blank_share": (digits.pixels == 0).mean(),
    }
)

# %% [markdown]
# ## Labels
#
# The classes are balanced: a constant guess would be right in one of ten cases.

# %%
fig = new_figure(8, 3.6)
ax = fig.subplots()
bars = ax.bar(classes, counts, color=BLUE)
ax.bar_label(bars, padding=2, color=GREY)
ax.set(title=f"{len(digits)} images", xlabel="digit", ylabel="images", xticks=classes)
ax.grid(visible=False, axis="x")
nightbook.log_figure(fig, "label-distribution.png")
display(fig)

# %%
nightbook.log_table({"digit": classes.tolist(), "images": counts.tolist()}, "label-distribution.csv")

# %% [markdown]
# ## Samples of each digit

# %%
COLUMNS, ROWS = 12, 3
for digit in classes:
    images = digits.pixels[digits.labels == digit]
    fig = new_figure(6, 1.9)
    ax = fig.subplots()
    ax.imshow(image_grid(images[: ROWS * COLUMNS], COLUMNS), cmap="gray_r", vmin=0, vmax=DARKEST)
    ax.set_title(f"digit {digit}: {ROWS * COLUMNS} of {len(images)} images")
    ax.set_axis_off()
    nightbook.log_figure(fig, f"digit-{digit}.png")
    display(fig)
