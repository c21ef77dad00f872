"""The door: Streamlit runs this file as the page Inicio, the server imports it as its app."""

import streamlit as st

from lib.model.roles import Permission

if __name__ == "__main__":
    from lib.ui import home, shell

    home.draw(shell.enter("Inicio", ":material/home:", Permission.FIND))
else:
    from lib.ui import server

    app = st.App(
        "Home.py",
        secrets=server.SECRETS,
        routes=server.ROUTES,
        middleware=server.MIDDLEWARE,
        lifespan=server.lifespan,
        on_script_error=server.on_script_error,
    )
