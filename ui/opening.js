// Runs before Streamlit's own scripts.
const here = new URL("./", location).href;
window.__streamlit = { BACKEND_BASE_URL: here, MAIN_PAGE_BASE_URL: here };
