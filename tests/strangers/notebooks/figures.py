# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Figures that are shown by themselves, by a call, and not at all.

# %%
import matplotlib.pyplot as plt

plt.plot([1, 2, 3])

# %%
for number in range(3):
    figure, axes = plt.subplots()
    axes.bar([1, 2], [number, 1])
    plt.show()

# %%
figure, axes = plt.subplots()
plt.close(figure)
