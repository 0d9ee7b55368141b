"""The ideas: pure functions on small frames. No files, no database, no Streamlit."""
