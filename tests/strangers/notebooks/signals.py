# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Signals that a cell sends to itself.

# %%
import signal
import time


def late(_number, _frame):
    raise TimeoutError("late")


signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    time.sleep(5)
except TimeoutError as error:
    print("caught", error)

# %%
try:
    raise KeyboardInterrupt
except KeyboardInterrupt:
    print("interrupted")

# %%
import threading

done = threading.Event()
threading.Timer(0.05, done.set).start()
done.wait(5)

# %%
raise KeyboardInterrupt
