"""Texts that a notebook, a branch or a pull request may bring, each of which has broken something somewhere.

A new kind of text is a line here: all that shows text is tested with all of them.
"""

# Of pages, Markdown and Mermaid. Each is short enough to stand in a label uncut, but for the last.
MARKUP = (
    "`</div><script>alert(1)</script>",
    '%%{init: {"theme": "dark"}}%%',
    "end",
    "__proto__",
    "42",
    "",
    "; : # , | \\| ' \" & &lt; #35; \\n",
    'a\nclick n0 href "javascript:alert(1)"',
    '"]:::x\nn99["x"] --> n0',
    "\n```\n# heading\n- item\n\n1. item",
    "[x](javascript:alert(1)) <a href=x>",
    "![i](http://evil.example/i.png)",
    "@everyone a@evil.example #1 GH-1 :tada:",
    "www.evil.example https://evil.example",
    "$$x^2$$ $`x`$ fa:fa-bell",
    "*b* _i_ **b** __b__ ~s~ ~~s~~",
    "x style a:b#c; classDef y fill:#fff;",
    "ﬂ°°60¶ß ﬂ°lt¶ß",
    "\u202egpj.\u200f😀👩\u200d💻 日本語 Größe\x00\x1b[31m\ud800",
    "x" * 5000,
)

# Of terminals: all but the word "text" may do something there.
TERMINAL = {
    "title": "\x1b]0;owned\x07text",
    "title that is never ended": "text\x1b]0;owned",
    "title in one byte": "\x9d0;owned\x9ctext",
    "clipboard": "\x1b]52;c;b3duZWQ=\x1b\\text",
    "answer": "te\x1b[cx\x1b[6nt",
    "device string": "\x1bP$qm\x1b\\text",
    "cursor": "\x1b[2J\x1b[1;1Htext",
    "cursor in one byte": "\x9b2Jtext",
    "private mode": "\x1b[?1049htext",
    "alphabet": "\x1b(0text\x1bc",
    "keys": "te\bx\x07t\x0e\x0f",
    "direction": "te\u202ext\u2069",
    "unfinished": "text\x1b[",
}

# Of encodings and of XML, which lacks some characters.
CHARACTERS = (
    "a\x00b",
    "a\x08b",
    "a\x1bb",
    "a\x7f\x85\x9fb",
    "a\ud800b\udcff",
    "a\ufffe\uffffb",
    "a\u2028\u2029\r\nb\rc",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "\ufeffa\u200bb\u00adc",
    "e\u0301\u0301\u0301 \U000e0041 \U0010ffff",
)

# Of pages that run something. No text holds what it would do: a title "owned" shows that it was done.
SCRIPTS = (
    '<script>document.title = "own" + "ed"</script>',
    """<img src=x onerror="document.title = 'own' + 'ed'">""",
    "\"><svg onload=\"document.title = 'own' + 'ed'\">",
    "' autofocus onfocus='document.title = 1",
    "javascript:document.title='own'+'ed'",
    "</title></textarea></style></script><script>document.title = 'own' + 'ed'</script>",
    "]]>--><!--<iframe srcdoc='<script>parent.document.title = 1</script>'>",
    "{{ 7 * 7 }}{% raw %}",
    '<link rel="stylesheet" href="https://evil.example/x.css"><base href="https://evil.example/">',
    "\\u003cscript\\u003e &#60;script&#62;",
)

# Of programs that take texts for something else.
MEANINGS = (
    "nan",
    "null",
    "-0",
    "1e999",
    "../../x",
    "/etc/passwd",
    "con",
    "%2e%2e%2f",
    "=1+1",
    "$(id)",
    "a" * 70_000,
)

ALL = (*MARKUP, *TERMINAL.values(), *CHARACTERS, *SCRIPTS, *MEANINGS)
