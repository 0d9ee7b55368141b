"""The frame of the app: page config, language, what is open, navigation, the page; errors are said here, once."""

from mining.errors import DesirePathError
from ui import frame

frame.page_config()
frame.language()
page, path = frame.navigation()
try:
    frame.sidebar(path)
    page.run()
except DesirePathError as error:
    frame.show_error(error)
