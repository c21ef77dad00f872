"""Which version of what an act went by, as a row of the log says it for good.

A policy is `policy 7`, a template `resend/es 3` (0 is the program's own; a + after it says that a
test had changes nobody saved); several stand in a row with a comma.
"""

_POLICY = "policy"
_BETWEEN = ", "


def policy(version: int) -> str:
    """
    >>> policy(7)
    'policy 7'
    """
    return f"{_POLICY} {version}"


def template(ref: str) -> str:
    """Of a template's name on a mail (lib/model/template.py); "" of none.

    >>> template("resend/es@3"), template("resend/es@0+"), template("")
    ('resend/es 3', 'resend/es 0+', '')
    """
    return ref.replace("@", " ")


def named(versions: str) -> list[tuple[str, str]]:
    """Each with its number: "" for the policy, else the template's kind and language.

    >>> named("policy 7, resend/es 3+")
    [('', '7'), ('resend/es', '3+')]
    >>> named("")
    []
    """
    pairs = (each.rpartition(" ") for each in versions.split(_BETWEEN) if each)
    return [("" if of == _POLICY else of, number) for of, _, number in pairs]
