"""The verdict as one page of HTML, its pictures inside."""

from html import escape

from isadma_verify.conform.report.picture import as_svg
from isadma_verify.conform.run.verdicts import BROKEN, RuleVerdict, Verdict

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; margin: 2rem auto; max-width: 72rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .35rem .7rem; vertical-align: top; }
tr { border-top: 1px solid #d5dbe1; } .broken { background: #f6c9bf; } .held { background: #dbe7f3; }
.word { white-space: nowrap; border-radius: .3rem; padding: .1rem .45rem; } code { font-size: 90%; }
section { border-top: 2px solid #d5dbe1; margin-top: 2rem; } svg { max-width: 100%; height: auto; }
"""


def _row(one: RuleVerdict) -> str:
    name = escape(one.rule.name)
    link = f'<a href="#{name}">{name}</a>' if one.state == BROKEN else name
    first = one.first
    where = f"{escape(first.where)}" if first is not None else ""
    cells = [f"<code>{link}</code>", escape(one.rule.sentence), escape(one.rule.place)]
    cells += [f'<span class="word {one.state.split()[0]}">{one.state}</span>', str(one.benches), where]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _section(one: RuleVerdict) -> str:
    first = one.first
    assert first is not None
    lines = [f'<section id="{escape(one.rule.name)}"><h2>{escape(one.rule.sentence)}</h2>']
    lines.append(f"<p>{escape(one.rule.place)}. First in <code>{escape(first.test)}</code>, {escape(first.where)}:</p>")
    lines.append(f"<p><b>{escape(first.said)}</b></p>")
    if first.expected or first.got:
        lines.append(f"<p>expected <code>{escape(first.expected)}</code>, got <code>{escape(first.got)}</code></p>")
    lines.append("<ul>")
    lines += [f"<li>{escape(said)}: {count} benches</li>" for said, count in one.causes.most_common(8)]
    lines.append("</ul>")
    svg = as_svg(first, f"{one.rule.name}: {first.where}")
    lines.append(svg[svg.find("<svg") :] if svg else "")
    lines.append("</section>")
    return "\n".join(lines)


def as_page(verdict: Verdict) -> str:
    """Return the page."""
    rows = "\n".join(_row(one) for one in verdict.rules)
    sections = "\n".join(_section(one) for one in verdict.rules if one.state == BROKEN and one.first is not None)
    lacks = f"<p>It lacks {escape(', '.join(verdict.lacks))}.</p>" if verdict.lacks else ""
    gated = f"<p>It cannot float {escape(', '.join(verdict.gated))}: AEN gates them.</p>" if verdict.gated else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(verdict.core)}: rules</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(verdict.core)}</h1>\n"
        f"<p>{verdict.count('held')} rules held, {verdict.count('broken')} broken, {verdict.count('not reached')} not "
        f"reached, {verdict.count('left out')} left out; {verdict.benches} benches on {escape(verdict.simulator)} in "
        f"{verdict.seconds:.0f} s, profile {escape(verdict.profile)}.</p>\n{lacks}{gated}\n"
        "<table><tr><th>rule</th><th>sentence</th><th>data sheet</th><th>verdict</th><th>benches</th><th>first broken"
        f"</th></tr>\n{rows}</table>\n{sections}\n</body></html>\n"
    )
