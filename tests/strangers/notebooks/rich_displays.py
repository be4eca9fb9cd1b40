# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# Every kind of rich output, and an object with several of them.

# %%
from IPython.display import HTML, SVG, JSON, Latex, Markdown, display

display(HTML("<b>bold</b>"), Markdown("*italic*"), Latex("$x^2$"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'))
display(JSON({"a": [1, 2, None]}))


# %%
class Both:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "both", "text/html": "<i>both</i>", "application/x-own": "own"}, {}


Both()

# %%
display({"text/plain": "raw", "text/html": "<p>raw</p>"}, raw=True)
