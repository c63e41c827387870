"""The site: the guide's pages, the decisions and the API, by Sphinx (`make docs`)."""

import isadma

project = "isadma"
copyright = "the isadma contributors, BSD-2-Clause"
version = release = isadma.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples/sigrok/**", "build/**"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
#: Fences without a language are command lines.
highlight_language = "console"

html_theme = "furo"
html_title = f"isadma {version}"
html_static_path = []
html_theme_options = {"light_css_variables": {"color-brand-primary": "#1f5fa8", "color-brand-content": "#1f5fa8"}}

napoleon_google_docstring = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": False}
#: Two packages have a class `Format`; a docstring's bare word cannot say which. Nothing else is of this kind.
suppress_warnings = ["ref.python"]
#: A copied command has no prompt; the commands here have none.
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True
