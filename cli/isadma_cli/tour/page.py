"""The tour as a page that stands alone: text, figures as SVG in it, and each of them as PNG to take away."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from isadma_cli.errors import CommandError
from isadma_cli.files import reason, write_atomically
from isadma_cli.tour.claim import Result
from isadma_cli.tour.plots import as_png, as_svg

__all__ = ["page", "write_figures"]

_CSS = """
:root { --ink: #222; --soft: #666; --line: #ddd; --good: #00704f; --bad: #b03000; --paper: #fff; --tint: #f6f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--tint); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .5rem; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .6rem; }
.lead { font-size: 1.05rem; color: var(--soft); max-width: 46rem; }
nav { columns: 2 20rem; padding: 0; margin: 1.5rem 0 2rem; font-size: .95rem; }
nav div { break-inside: avoid; padding: .15rem 0 .15rem 1.6em; text-indent: -1.6em; }
a { color: #00578a; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem 1.4rem;
  margin: 0 0 1.25rem; }
.mark { display: inline-block; min-width: 1.4em; font-weight: 700; text-indent: 0; }
.good { color: var(--good); } .bad { color: var(--bad); }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .35rem .8rem; margin: .8rem 0 0; font-size: .95rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0 0; } figure svg { width: 100%; height: auto; }
figcaption { font-size: .85rem; color: var(--soft); }
footer { color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: .1rem; } dt { margin-top: .5rem; } }
@media print { body { background: #fff; } section { break-inside: avoid; } }
"""
_LEAD = (
    "A chapter on direct memory access makes claims: what a modem costs by interrupts, how fast DMA is, which memory it"
    " reaches, who owns a channel. Here each of them is an experiment. What runs is the hardware description of the"
    " PC's two 8237A controllers, clock by clock; around it are memory, interrupt controllers, devices with their real"
    " registers, and the drivers. Every figure on this page was measured in the run that wrote it."
)


def page(results: Sequence[Result], engine: str) -> str:
    """Return the page as HTML; it needs no other file and no network."""
    passed = sum(result.finding.passed for result in results)
    entries = "".join(
        f'<div>{_mark(result)} <a href="#{result.claim.name}">{escape(result.claim.sentence)}</a></div>'
        for result in results
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>ISA DMA, measured</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>ISA DMA, measured</h1>\n<p class="lead">{escape(_LEAD)}</p>\n<nav>{entries}</nav>\n'
        + "".join(map(_section, results))
        + f"<footer>{passed} of {len(results)} claims hold as measured. Engine: {escape(engine)};"
        f" {sum(result.seconds for result in results):.0f} s.</footer>\n</main>\n</body>\n</html>\n"
    )


def _mark(result: Result) -> str:
    good = result.finding.passed
    return f'<span class="mark {"good" if good else "bad"}">{"✓" if good else "✗"}</span>'


def _section(result: Result) -> str:
    claim, finding = result.claim, result.finding
    figure = ""
    if claim.plot is not None and finding.figures:
        drawn = claim.plot(finding)
        png = base64.b64encode(as_png(drawn)).decode("ascii")
        # Ids inside an SVG are the page's ids too: figures must not find each other's clip paths.
        svg = as_svg(drawn).replace('id="', f'id="{claim.name}-').replace("url(#", f"url(#{claim.name}-")
        svg = svg.replace('href="#', f'href="#{claim.name}-')
        figure = (
            f"<figure>{svg}<figcaption>"
            f'<a download="{claim.name}.png" href="data:image/png;base64,{png}">As PNG</a></figcaption></figure>\n'
        )
    return (
        f'<section id="{claim.name}">\n<h2>{_mark(result)} {escape(claim.sentence)}</h2>\n'
        f"<p>{escape(claim.lesson)}</p>\n"
        f"<dl><dt>measured</dt><dd>{escape(finding.measured)}</dd>"
        f"<dt>expected</dt><dd>{escape(finding.expected)}</dd></dl>\n{figure}</section>\n"
    )


def write_figures(results: Sequence[Result], folder: Path) -> list[Path]:
    """Write every figure as SVG and as PNG to a folder, which is made if it is not there; return the files.

    Raises
    ------
    CommandError
        One of them cannot be written; it is named.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot make the folder '{folder}': {reason(error)}; name another one") from None
    written = []
    for result in results:
        if result.claim.plot is None or not result.finding.figures:
            continue
        drawn = result.claim.plot(result.finding)
        for ending, data in ((".svg", as_svg(drawn).encode()), (".png", as_png(drawn))):
            path = folder / f"{result.claim.name}{ending}"
            write_atomically(path, data)
            written.append(path)
    return written
