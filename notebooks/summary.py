# %% [markdown]
# # Summary of all models
#
# Puts the benchmarks of all models side by side: what do more training images gain?

# %%
import json

from IPython.display import display

import nightbook
from shared.figures import BLUE, new_figure
from shared.tables import show_table

# %% tags=["parameters"]
inputs = {"benchmarks": nightbook.newest_outputs("benchmark-model")}

# %%
texts = [(folder / "scores.json").read_text(encoding="utf-8") for folder in inputs["benchmarks"]]
models = sorted(map(json.loads, texts), key=lambda model: model["nr_train_images"])
table = {column: [model[column] for model in models] for column in models[0]}
nightbook.log_table(table, "summary.csv")

# %% [markdown]
# ## Table
#
# The area under each digit's ROC curve is in the logged file too.

# %%
styles = {
    "nr_train_images": "d",
    "accuracy": ".4f",
    "log_loss": ".4f",
    "roc_auc_macro": ".4f",
    "latency_us": ".0f",
}
display(show_table({column: table[column] for column in styles}, styles))

# %% [markdown]
# ## Plot

# %%
fig = new_figure(9, 3.2)
panels = {"accuracy": "Accuracy", "log_loss": "Log loss", "roc_auc_macro": "Macro ROC AUC"}
for ax, (column, title) in zip(fig.subplots(1, 3), panels.items(), strict=True):
    ax.plot(table["nr_train_images"], table[column], "o-", color=BLUE)
    ax.set(title=title, xlabel="training images", xticks=table["nr_train_images"])
nightbook.log_figure(fig, "summary.png")
display(fig)

# %% [markdown]
# ## Learning curves
#
# The same numbers as series, a step per number of training images, for comparing runs.

# %%
for model in models:
    nightbook.log_metrics({column: model[column] for column in panels}, step=model["nr_train_images"])
