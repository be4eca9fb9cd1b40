# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Several figures in a cell, and one that is only saved.

# %%
import matplotlib.pyplot as plt

for power in (1, 2):
    plt.figure(figsize=(1, 1))
    plt.plot([number**power for number in range(5)])
    plt.show()
print("two figures")

# %%
figure, axes = plt.subplots(1, 2, figsize=(2, 1))
axes[0].hist([1, 2, 2, 3])
axes[1].imshow([[0, 1], [1, 0]]);

# %%
figure = plt.figure(figsize=(1, 1))
figure.savefig("saved.svg", metadata={"Date": None})
plt.close(figure)

# %%
%matplotlib agg
plt.plot([1, 2])
