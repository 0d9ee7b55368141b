"""The pictures: pure functions from a frame to a Vega-Lite chart or to DOT text. They know nothing of Streamlit."""
