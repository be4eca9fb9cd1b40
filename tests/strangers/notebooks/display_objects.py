# ---
# jupyter:
#   jupytext:
#     comment_magics: false
#   kernelspec:
#     name: python3
#     display_name: python3
# ---

# %% [markdown]
# What IPython can display.

# %%
from IPython.display import HTML, JSON, SVG, Code, IFrame, Javascript, Latex, Markdown, Math, display

display(HTML("<b>bold</b>"), Markdown("*text*"), Latex("$x^2$"), Math("x^2"))

# %%
display(JSON({"a": [1, None]}), SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"), Javascript("1"))

# %%
display(Code("x = 1", language="python"), IFrame("https://example.org", 10, 10))


# %%
class Own:
    def _repr_html_(self):
        return "<i>own</i>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "own", "application/x.own+json": {"a": 1}}


Own()


# %%
class Broken:
    def _repr_html_(self):
        raise ValueError("no repr")


Broken()
