r"""Names of artifacts on their way through GitHub, which refuses some characters and hidden files.

``actions/upload-artifact`` refuses a name with one of ``" : < > | * ? \`` or an end of line, and skips a
name that begins with a dot. Such characters, and a percent sign that would look like one, are
percent-encoded; any other name stays as it is. https://github.com/actions/toolkit/tree/main/packages/artifact
"""

import re

_REFUSED = re.compile(r'[":<>|*?\\\r\n\t]|(?:^|(?<=/))\.|%(?=[0-9A-Fa-f]{2})')
_ENCODED = re.compile(r"%(22|3A|3C|3E|7C|2A|3F|5C|0D|0A|09|2E|25)")


def pack_name(name: str) -> str:
    """Return an artifact's name in a packed record, and on the tracker's site."""
    return _REFUSED.sub(lambda found: f"%{ord(found[0]):02X}", name)


def unpack_name(packed: str) -> str:
    """Return the name that ``pack_name`` was given."""
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), packed)
