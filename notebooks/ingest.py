# %% [markdown]
# # Ingest: the digits data set
#
# Takes the handwritten digits that come with scikit-learn, checks that they are what the other
# notebooks expect, and hands them on as one file. The hash that is logged tells whether two runs saw
# the same data.
#
# In a run, the first attempts fail on purpose: this is where a source of data would be down or slow,
# so it is where retries and timeouts are worth seeing.

# %%
import nightbook
from shared.digits import DARKEST, bundled_digits, write_digits
from shared.simulated_failures import fail_as_planned, failure_plan

# %% tags=["parameters"]
failures = "off"  # or "dev" or "ci": which attempts fail
output_dir = nightbook.scratch_dir()

# %% [markdown]
# ## Failures on purpose
#
# Drawn from the run's id, so every attempt of a run knows the same plan.

# %%
attempt = nightbook.active_attempt()
if attempt is not None:
    plan = failure_plan(attempt.run_id, failures)
    nightbook.log_value("failure_plan", list(plan))
    fail_as_planned(plan, attempt.number)

# %% [markdown]
# ## The data
#
# An image is a row of 8 x 8 pixels, each from 0 (paper) to 16 (ink).

# %%
digits = bundled_digits()
nightbook.log_params({"pixels_shape": digits.pixels.shape, "labels_shape": digits.labels.shape})
nightbook.log_param("data_sha256", digits.content_sha256)
print(f"{len(digits)} images with the content {digits.content_sha256[:12]}")

# %%
if set(digits.labels.tolist()) != set(range(10)):
    raise ValueError(f"expected the labels 0 to 9, found {sorted(set(digits.labels.tolist()))}")
if digits.pixels.min() < 0 or digits.pixels.max() > DARKEST:
    raise ValueError(f"pixels from {digits.pixels.min()} to {digits.pixels.max()}, not 0 to {DARKEST}")

# %%
write_digits(digits, output_dir / "digits.npz")
