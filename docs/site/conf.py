"""The documentation as a site: `make site` builds it, without a network.

The pages are the repository's own, where they are and as GitHub shows them, so the folder of sources is the repository.
What the site adds is in this folder: the reference, made from the docstrings, and the examples, shown as they run. Its
contents are those of docs/README.md; a page that is missing there is in no list of the site, which is an error.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.util import logging

from pulumi_entra_policies import __version__

HERE = "docs/site"

project = "pulumi-entra-policies"
author = "pulumi-entra-policies contributors"
project_copyright = "pulumi-entra-policies contributors, Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "README"
include_patterns = ["*.md", "docs/*.md", f"{HERE}/**"]
exclude_patterns = ["build", "dist", "provider", "tests", ".*"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"pulumi\b.*")]  # others' names, as the docstrings have them
suppress_warnings = ["myst.header"]  # the contents begin below the page's own heading

default_role = "code"  # docstrings are Markdown, as in every Pulumi SDK: one backtick is code
highlight_language = "none"
smartquotes_action = "D"  # dashes, which Sphinx writes itself; quotes stay as they are on GitHub
myst_heading_anchors = 4  # under the names that GitHub gives them
autodoc_typehints = "none"  # types are in the docstrings, as in every Pulumi SDK
autoclass_content = "both"
autodoc_preserve_defaults = True
autodoc_docstring_signature = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

templates_path = ["templates"]
html_additional_pages = {"index": "index.html"}
html_domain_indices = False
html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
pygments_dark_style = "a11y-high-contrast-dark"

PLACES = {  # what pages link to in the repository and is no page: where the site shows it
    r"examples/([\w-]+)(?:/[\w./-]*)?": rf"/{HERE}/examples.md#\1",
    r"LICENSE": f"/{HERE}/license.md",
}
SHOWN = {".py": "python", ".yaml": "yaml", ".ini": "ini", ".txt": "none"}  # files of an example, and their language
ADDED = {"Python API": "reference/index", "Examples": "examples", "Licence": "license"}
_ENTRY = re.compile(r"^## (.+)$|^- \[([^\]]+)\]\(([^)#]+\.md)\)", re.MULTILINE)
_INDENTED = re.compile(r"\n\n((?: {4}.+\n?)+)(?=\n|\Z)")
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def setup(app: Sphinx) -> None:
    app.connect("source-read", lead_to_places)
    app.connect("source-read", add_contents)
    app.connect("source-read", add_examples)
    app.connect("autodoc-process-docstring", read_markdown)
    app.connect("doctree-read", refuse_downloads)
    app.connect("build-finished", list_external_links)


def lead_to_places(app: Sphinx, docname: str, source: list[str]) -> None:
    """Links to files of the repository lead to where the site shows them."""
    for file, place in PLACES.items():
        source[0] = re.sub(rf"\]\((?:\.\./)*{file}\)", f"]({place})", source[0])


def add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """The first page gets the list of all pages, unseen: the theme shows it at the side."""
    if docname == root_doc:
        contents = Path(app.srcdir, "docs", "README.md").read_text("utf-8")
        source[0] += "\n\n" + "\n".join(toctrees(contents))


def add_examples(app: Sphinx, docname: str, source: list[str]) -> None:
    """Every example, a section each, as it is in its folder."""
    if docname == f"{HERE}/examples":
        for folder in sorted(filter(Path.is_dir, Path(app.srcdir, "examples").glob("*"))):
            shown = [_shown(folder, file) for file in sorted(folder.rglob("*")) if file.suffix in SHOWN]
            source[0] += "\n".join([f"\n## {folder.name}\n", *shown, ""]) if shown else ""


def _shown(folder: Path, file: Path) -> str:
    name = file.relative_to(folder).as_posix()
    options = f":caption: '`{name}`'\n:language: {SHOWN[file.suffix]}"
    return f"```{{literalinclude}} /examples/{folder.name}/{name}\n{options}\n```\n"


def toctrees(contents: str) -> list[str]:
    """The headings of docs/README.md and the links of their lists, as Sphinx wants them."""
    lines: list[str] = []
    for heading, title, page in _ENTRY.findall(contents):
        if heading:
            lines += ["```", ""] if lines else []
            lines += ["```{toctree}", ":hidden:", f":caption: {heading}", ""]
        else:
            lines.append(f"{title} <{_from_root(page)}>")
    added = (f"{title} </{HERE}/{page}>" for title, page in ADDED.items())
    return [*lines, "```", "", "```{toctree}", ":hidden:", ":caption: Reference", "", *added, "```"]


def _from_root(page: str) -> str:
    """How the first page calls a page of which docs/README.md says where it is."""
    path = page.removeprefix("../") if page.startswith("../") else f"docs/{page}"
    return "self" if path == f"{root_doc}.md" else path


def read_markdown(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Headings and code of a docstring, fenced or indented, as reStructuredText has them."""
    text = re.sub(r"^#+ (.+)$", r".. rubric:: \1", "\n".join(lines), flags=re.MULTILINE)
    text = _INDENTED.sub(r"\n\n.. code-block:: python\n\n\1", text)
    lines[:] = _FENCED.sub(_code, text).splitlines()


def _code(fenced: re.Match[str]) -> str:
    indented = "".join(f"   {line}\n" for line in fenced[2].splitlines())
    return f".. code-block:: {fenced[1]}\n\n{indented}"


def refuse_downloads(app: Sphinx, doctree: nodes.document) -> None:
    """A link to a file would be a copy of it to download, which nobody expects."""
    for link in doctree.findall(download_reference):
        words = "%s is no page: say in docs/site/conf.py where the site shows it"
        logging.getLogger(__name__).warning(words, link["reftarget"], location=link, type="site")


def list_external_links(app: Sphinx, exception: Exception | None) -> None:
    """Beside the site, since nothing is fetched to see whether they are there."""
    if exception is None:
        trees = map(app.env.get_doctree, sorted(app.env.found_docs))
        links = {link.get("refuri", "") for tree in trees for link in tree.findall(nodes.reference)}
        external = sorted(link for link in links if link.startswith(("http:", "https:")))
        Path(app.outdir, "external-links.txt").write_text("\n".join([*external, ""]), "utf-8")
