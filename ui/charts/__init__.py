"""The pictures: pure functions from a frame to an Altair chart or to DOT text. They know nothing of Streamlit."""
