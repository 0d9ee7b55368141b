"""Reads the XML of model files without trusting it: no entities, no network, every fault with its line; and writes it.

The trees that come out carry plain tag names, without name spaces, since tools do not agree on theirs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

from mining.errors import ModelError, Problem
from mining.messages import N_, Message

Element: TypeAlias = Any
"""An element of lxml, which comes without types."""


def read_xml(path: str | Path) -> Element:
    """Give the outermost element of an XML file.

    Raises
    ------
    ModelError
        When there is no such file, when it is not well-formed XML (with the line), or when it declares entities.
    """
    import lxml.etree as xml

    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise ModelError(N_("{path} does not exist. Check the name."), path=path) from None
    except OSError as error:
        raise ModelError(N_("{path} cannot be read: {reason}."), path=path, reason=error.strerror) from None
    parser = xml.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = xml.fromstring(content, parser)
    except xml.XMLSyntaxError as error:
        problem = Problem(Message("{reason}", reason=error.msg), line=error.lineno)
        raise ModelError(N_("{path} is not well-formed XML."), path=path, problems=[problem]) from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise ModelError(
            N_("{path} declares XML entities, which are not read, for safety. Save the model without them."), path=path
        )
    return _without_name_spaces(root)


def _without_name_spaces(root: Element) -> Element:
    """Strip the name space off every tag; what is not an element (an entity left alone) goes."""
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
        else:
            element.getparent().remove(element)
    return root


def text_of(element: Element | None, child: str) -> str:
    """Give the words inside `child` (its ``<text>`` or its own) on one line; "" when there are none."""
    found = None if element is None else element.find(child)
    return "" if found is None else one_line("".join(found.itertext()))


def one_line(text: str) -> str:
    """Put a name that a tool broke over lines on one; other blanks inside are part of the name."""
    return re.sub(r"\s*[\r\n\t]\s*", " ", text).strip()


def xml_safe(text: str) -> str:
    """Put U+FFFD in the place of characters that no XML file may hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def problem(element: Element, template: str, **values: Any) -> Problem:
    """Give what is wrong with `element`, with its line."""
    return Problem(Message(template, **values), line=element.sourceline)


def shown(element: Element) -> str:
    """Name an element for a person: its name if it has one, else its id."""
    name = one_line(element.get("name") or text_of(element, "name"))
    return name or element.get("id") or N_("(without name or id)")


def xml_bytes(root: ElementTree.Element) -> bytes:
    """Write a document, indented, for people and for diffs."""
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
