"""A model of plain steps, read from a file of any kind, as a Petri net."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from mining.bpmn_net import diagram_to_net
from mining.errors import ModelError
from mining.messages import N_, Message
from mining.model_bpmn import read_bpmn
from mining.model_pnml import read_pnml
from mining.model_xml import read_xml
from mining.petri import PetriNet
from mining.process_tree import read_ptml, tree_to_net


def read_petri_net(path: str | Path, *, silent: str | None = None) -> PetriNet:
    """Read a planned model as a Petri net.

    What kind of file it is, is told by its outermost element, not by its name.

    Parameters
    ----------
    path : str or Path
        A PNML, BPMN 2.0 or PTML (process tree) file.
    silent : str, optional
        A regular expression; a transition is silent, too, when it is found anywhere in its name (anchor it with
        ``^`` and ``$`` to match whole names). Which ones that are is said in the notes of the net.

    Returns
    -------
    PetriNet
        A transition is silent when it has no name, is flagged ``$invisible$`` or ``invisible="true"``, or matches
        `silent`. A marking that is missing is inferred where it can be told, and a note says so.

    Raises
    ------
    ModelError
        When the file cannot be read or holds what has no exact meaning here; every problem is named.
    """
    root = read_xml(path)
    if root.tag == "pnml":
        net = read_pnml(root, path)
    elif root.tag == "definitions":
        net = diagram_to_net(read_bpmn(root, path))
    elif root.tag == "ptml":
        net = tree_to_net(read_ptml(root, path))
    else:
        raise ModelError(
            N_(
                "{path} is not a model that can be read: its outermost element is <{tag}>. Give a PNML (<pnml>), "
                "BPMN 2.0 (<definitions>) or process tree (<ptml>) file."
            ),
            path=path,
            tag=root.tag,
        )
    return net if silent is None else hide(net, silent)


def hide(net: PetriNet, silent: str) -> PetriNet:
    """Make the transitions silent in whose label the regular expression `silent` is found.

    Raises
    ------
    ModelError
        When `silent` is not a regular expression.
    """
    try:
        pattern = re.compile(silent)
    except re.error as error:
        raise ModelError(
            N_("{silent!r} is not a regular expression: {reason}."), silent=silent, reason=error.msg
        ) from None
    hidden = [label for label in net.labels if pattern.search(label)]
    transitions = tuple(replace(t, label=None) if t.label in hidden else t for t in net.transitions)
    if hidden:
        note = Message(
            N_("Silent because {silent!r} is found in the name: {names}."), silent=silent, names=", ".join(hidden)
        )
    else:
        note = Message(N_("{silent!r} is found in no name of the model."), silent=silent)
    return replace(net, transitions=transitions, notes=(*net.notes, note))
