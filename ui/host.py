"""The server of the app: Streamlit's own application, on a socket of ours and behind a first page of ours.

The socket sends what there is at once. Streamlit's would wait for the browser's word on the packet before, which costs
40 ms for every file of the first page and for many a click after it.
"""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import streamlit as st
import uvicorn
from streamlit.cli_util import open_browser
from streamlit.web import bootstrap, cli
from streamlit.web.server.server_util import get_url

from ui import opening

APP = Path(__file__).resolve().parents[1] / "app.py"
SILENCE_S = 30  # a browser may say nothing for so long, as Streamlit has it; a log at work keeps all else waiting


def opened(arguments: Sequence[str]) -> tuple[st.App, socket.socket]:
    """Give the app and the door it will be served at, where browsers wait from now on.

    Parameters
    ----------
    arguments : sequence of str
        Options of ``streamlit run``.

    Raises
    ------
    SystemExit
        When the options are not understood, or another program is served at that door.
    """
    app = st.App(APP, routes=opening.routes())
    bootstrap.load_config_options(_options(arguments))
    port = st.get_option("server.port")
    try:
        return app, listening(st.get_option("server.address"), port)
    except OSError as error:
        sys.exit(f"desirepath: The app cannot be served: {error.strerror}. Try another port: --port {port + 1}")


def _options(arguments: Sequence[str]) -> dict[str, Any]:
    try:
        given = cli.main_run.make_context("ui.serve", [str(APP), *arguments]).params
    except click.UsageError as error:
        sys.exit(f"desirepath: {error.format_message()}")
    return {name: value for name, value in given.items() if name not in ("target", "args")}


def listening(address: str, port: int) -> socket.socket:
    """Open a door that answers at once."""
    door = socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
    return door


def serve(app: st.App, door: socket.socket) -> None:
    """Serve the app until somebody ends it."""
    settings = uvicorn.Config(
        app,
        log_level="warning",
        ws_ping_interval=SILENCE_S,
        ws_ping_timeout=SILENCE_S,
        ws_per_message_deflate=False,
        ssl_certfile=st.get_option("server.sslCertFile"),
        ssl_keyfile=st.get_option("server.sslKeyFile"),
    )
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: sys.exit())  # raised again by the server when it has ended all that it began
    if not st.get_option("server.headless"):
        open_browser(get_url(st.get_option("browser.serverAddress")))
    uvicorn.Server(settings).run([door])
