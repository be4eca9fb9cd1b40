# %% [markdown]
# # Benchmark a model
#
# How good an exported model is on images that no model was trained with, and how fast. Everything is
# computed from what the ONNX file predicts, which is what its users will get.

# %%
import json

import numpy as np
from IPython.display import display
from sklearn import metrics as sklearn_metrics

import nightbook
from shared.digits import read_digits
from shared.inference import Classifier, latency_us
from shared.score_figures import confusion_figure, probability_figure, roc_figure
from shared.scores import confusion_matrix, log_loss, roc_curve
from shared.tables import show_table

# %% tags=["parameters"]
nr_train_images = 600
inputs = {
    "split": nightbook.newest_output("split-train-test"),
    "model": nightbook.newest_output("train-model", nr_train_images=nr_train_images),
}
output_dir = nightbook.scratch_dir()

# %%
test = read_digits(inputs["split"] / "test.npz")
classifier = Classifier(inputs["model"] / "model.onnx")
predicted = classifier.predict(test.pixels)
digits = range(predicted.probabilities.shape[1])
nightbook.log_metric("nr_test_images", len(test))

# %% [markdown]
# ## Scores
#
# The area under a digit's ROC curve is the probability that an image of the digit gets a higher score
# for it than an image of another digit does. The macro average counts all digits alike.

# %%
curves = [roc_curve(test.labels == digit, predicted.probabilities[:, digit]) for digit in digits]
areas = np.array([curve.area for curve in curves])
scores = {
    "accuracy": float((predicted.labels == test.labels).mean()),
    "log_loss": log_loss(test.labels, predicted.probabilities),
    "roc_auc_macro": float(areas.mean()),
    **{f"roc_auc_digit_{digit}": float(areas[digit]) for digit in digits},
}
nightbook.log_metrics(scores)
display(show_table({"score": list(scores), "value": list(scores.values())}, {"value": ".4f"}))

# %% [markdown]
# scikit-learn must come to the same numbers.

# %%
reference = [
    sklearn_metrics.accuracy_score(test.labels, predicted.labels),
    sklearn_metrics.log_loss(test.labels, predicted.probabilities),
    sklearn_metrics.roc_auc_score(test.labels, predicted.probabilities, multi_class="ovr"),
    *sklearn_metrics.roc_auc_score(test.labels, predicted.probabilities, multi_class="ovr", average=None),
]
for (name, score), expected in zip(scores.items(), reference, strict=True):
    if not np.isclose(score, expected, rtol=1e-6):
        raise ValueError(f"{name} is {score}, and {expected} according to scikit-learn")

# %% [markdown]
# ## Speed
#
# Images one by one, as a service would get them, and all in one call.

# %%
speed = {
    "latency_us": latency_us(classifier, test.pixels[:100], batch_size=1),
    "latency_us_in_batch": latency_us(classifier, test.pixels, batch_size=len(test)),
}
nightbook.log_metrics(speed)

# %% [markdown]
# ## Which digits are taken for which
#
# Off the diagonal are the mistakes.

# %%
fig = confusion_figure(confusion_matrix(test.labels, predicted.labels, len(digits)))
nightbook.log_figure(fig, "confusion-matrix.png")
display(fig)

# %% [markdown]
# ## How sure the model is
#
# A row per digit: the probability that the model gives to this digit, for images of the digit and for
# all others. Where the two overlap, the model is in doubt or wrong.

# %%
fig = probability_figure(test.labels, predicted.probabilities)
nightbook.log_figure(fig, "probability-histograms.png")
display(fig)

# %% [markdown]
# ## ROC curves
#
# Each digit against all others. On the logarithmic scale, the left end is where not one image of
# another digit is let through.

# %%
fig = roc_figure(curves)
nightbook.log_figure(fig, "roc-curves.png")
display(fig)

# %% [markdown]
# ## Hand on

# %%
result = {"nr_train_images": nr_train_images, **scores, **speed}
with (output_dir / "scores.json").open("w", encoding="utf-8") as file:
    json.dump(result, file, indent=2)
