"""How the documentation is built: ``make docs``. It asks no other host, when it is built or when it is read."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

from geo import __version__  # noqa: E402

project = "placeatlas"
author = "The placeatlas contributors"
copyright = author  # noqa: A001  # Sphinx's own name
version = release = __version__
language = "en-GB"

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "registries"]
exclude_patterns = ["_build", "_ext", "jupyter_execute"]

# The tutorials are the notebooks, run as they are built. PLACEATLAS_DOCS_NOTEBOOKS=off leaves them unrun.
nb_execution_mode = os.environ.get("PLACEATLAS_DOCS_NOTEBOOKS", "force")
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_mime_priority_overrides = [("html", "image/png", 0)]
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 88
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = f"placeatlas {version}"
html_static_path = ["_static"]
html_css_files = ["placeatlas.css"]
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "navbar_end": ["theme-switcher"],
    "pygments_light_style": "tango",
    "pygments_dark_style": "monokai",
}

for notebook in sorted((HERE.parent / "notebooks").glob("*.ipynb")):
    goal = HERE / "tutorials" / notebook.name
    if not goal.is_file() or goal.read_bytes() != notebook.read_bytes():
        shutil.copyfile(notebook, goal)
