# %% [markdown]
# # Train a model
#
# A linear support vector machine on some of the training images, with probabilities fitted to its
# decisions, exported as an ONNX file. The file is published only if it predicts what scikit-learn
# predicts.

# %%
import warnings

import numpy as np
from IPython.display import display
from skl2onnx import to_onnx
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC

import nightbook
from shared.digits import read_digits
from shared.inference import Classifier
from shared.onnx_models import describe_model

# %% tags=["parameters"]
nr_train_images = 600
inputs = {"split": nightbook.newest_output("split-train-test")}
output_dir = nightbook.scratch_dir()

# %%
available = read_digits(inputs["split"] / "train.npz")
if nr_train_images > len(available):
    raise ValueError(f"there are {len(available)} training images, and {nr_train_images} are asked for")
train = available[:nr_train_images]

# %% [markdown]
# ## Train
#
# A support vector machine decides, but gives no probabilities: a sigmoid per digit, fitted by
# cross-validation, makes them from its decision values.

# %%
model = CalibratedClassifierCV(SVC(kernel="linear", C=0.001), ensemble=False)
model.fit(train.pixels, train.labels)
nightbook.log_metric("train_accuracy", model.score(train.pixels, train.labels))

# %% [markdown]
# After that, the most probable digit need not be the label that the machine itself decides for. This
# should be rare; many such images would mean that the probabilities are not to be trusted.

# %%
machine = model.calibrated_classifiers_[0].estimator
most_probable = model.predict_proba(train.pixels).argmax(axis=1)
nightbook.log_metric("nr_max_prob_neq_label", (most_probable != machine.predict(train.pixels)).sum())
nightbook.log_metric("nr_support_vectors", machine.n_support_.sum())

# %% [markdown]
# ## Export
#
# Without the `zipmap` step the probabilities come as one array and not as a list of dictionaries.

# %%
with warnings.catch_warnings():
    # skl2onnx 1.20 still looks at attributes that scikit-learn 1.9 deprecates.
    warnings.simplefilter("ignore", FutureWarning)
    onnx_model = to_onnx(model, train.pixels[:1], options={"zipmap": False})

# %% [markdown]
# ## Check
#
# On all training images, also those that this model has not seen. ONNX computes with 32-bit floats:
# probabilities may differ by rounding, labels may not.

# %%
MAX_DIFFERENCE = 1e-4
exported = Classifier(onnx_model.SerializeToString()).predict(available.pixels)
same_label = exported.labels == model.predict(available.pixels)
difference = np.abs(exported.probabilities - model.predict_proba(available.pixels))
nightbook.log_metric("onnx_max_probability_difference", difference.max())

# %%
if not (same_label.all() and (difference <= MAX_DIFFERENCE).all()):
    raise ValueError(
        f"the ONNX model differs from scikit-learn's: {(~same_label).sum()} other labels, "
        f"probabilities by up to {difference.max():.1e} (allowed: {MAX_DIFFERENCE:.0e})"
    )

# %% [markdown]
# ## Publish

# %%
model_file = output_dir / "model.onnx"
model_file.write_bytes(onnx_model.SerializeToString())
description = describe_model(onnx_model)
nightbook.log_artifact(model_file, metadata=description)
display(description)
