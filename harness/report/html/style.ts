// The page's style sheet: light and dark, readable on paper too; state is never told by colour alone.

export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14171c);
  --surface: light-dark(#ffffff, #1c2027);
  --line: light-dark(#d8dce3, #343b47);
  --text: light-dark(#1b1f27, #e6e9ef);
  --quiet: light-dark(#5a6372, #9aa4b5);
  --accent: light-dark(#1f5fbf, #7db1ff);
  --good: light-dark(#146c2e, #63d486);
  --good-ground: light-dark(#def3e3, #163322);
  --bad: light-dark(#b3261e, #ff8a80);
  --bad-ground: light-dark(#fde7e5, #421c1b);
  --odd: light-dark(#7a5200, #f2c14e);
  --odd-ground: light-dark(#fdf0d2, #3a2d10);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
  display: grid; grid-template-columns: 14.5rem minmax(0, 1fr); }
main { max-width: 92rem; padding: 0 1.5rem; min-width: 0; outline: none; }
main > header { padding-top: 1.4rem; }
.skip { position: absolute; left: -100vw; z-index: 3; background: var(--surface); padding: .5rem .8rem; }
.skip:focus { left: .5rem; top: .5rem; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.4rem 1rem; border-right: 1px solid var(--line);
  background: var(--surface); font-size: .92rem; z-index: 2; }
.contents { list-style: none; margin: 0 0 1.2rem; padding: 0; }
.contents a { display: flex; justify-content: space-between; gap: .5rem; padding: .22rem .5rem; border-radius: 5px;
  color: inherit; text-decoration: none; }
.contents a:hover { background: var(--ground); }
.count { color: var(--quiet); font-variant-numeric: tabular-nums; }
#filters > summary { cursor: pointer; font-weight: 600; margin-bottom: .3rem; }
#filters label { font-size: .85rem; color: var(--quiet); }
#filters input { display: block; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: 6px; padding: .3rem .5rem; width: 100%; margin: .2rem 0 .7rem; }
#chips { display: flex; flex-wrap: wrap; gap: .3rem; }
button { font: inherit; font-size: .85rem; color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: 6px; padding: .15rem .5rem; cursor: pointer; text-align: left; overflow-wrap: anywhere; }
button[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--surface); }
button[aria-pressed="true"] .count { color: inherit; }
h1 { font-size: 1.05rem; font-weight: 600; color: var(--quiet); margin: 0; overflow-wrap: anywhere; }
.verdict { font-size: 1.35rem; line-height: 1.35; margin: .15rem 0 .3rem; max-width: none; }
h2 { font-size: 1.15rem; margin: 1.9rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.1rem 0 .3rem; }
h2, details { scroll-margin-top: .6rem; }
p { margin: .3rem 0; max-width: 75ch; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre { font: .87em/1.45 ui-monospace, monospace; }
code, .name, td, li { overflow-wrap: anywhere; }
pre { margin: .3rem 0; padding: .6rem .8rem; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
ul { padding-left: 1.2rem; margin: .25rem 0; }
.quiet { color: var(--quiet); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .7rem; margin: .9rem 0 0; padding: 0; }
.facts div { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .8rem; }
.facts dt { color: var(--quiet); font-size: .82rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.facts small { font-size: .82rem; color: var(--quiet); }
.abreast { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2rem; }
.abreast > section { min-width: 0; }
.event-id { white-space: nowrap; }
.links { max-width: none; }
.links a { margin-right: .5rem; }
.sentence { font-weight: 600; }
.well { color: var(--good); }
.ill { color: var(--bad); }
.techniques { list-style: none; padding: 0; }
.techniques li { margin: .25rem 0; }
.technique { display: inline-block; min-width: 5.5rem; font-weight: 600; }
.names { display: block; font-size: .9rem; overflow-wrap: anywhere; padding-left: 5.8rem; }
.names a { margin-right: .35rem; }
.scroll { position: relative; overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .32rem .65rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .82rem; font-weight: 600; color: var(--quiet); }
tbody th { font-weight: 500; }
tr.more { height: 1px; }
.badge { display: inline-block; border-radius: 5px; padding: .05rem .5rem; font-size: .85rem; white-space: nowrap; }
a.badge { text-decoration: none; }
a.badge:hover { outline: 2px solid currentColor; }
.good { background: var(--good-ground); color: var(--good); }
.bad { background: var(--bad-ground); color: var(--bad); }
.odd { background: var(--odd-ground); color: var(--odd); }
.none { color: var(--quiet); }
.short { white-space: nowrap; }
td.list { min-width: 9rem; }
.matrix, .mitigations, .narrow { width: auto; }
.scroll:has(> .matrix, > .mitigations, > .narrow) { width: fit-content; max-width: 100%; }
/* So that its head is in sight with each of its rows. */
.scroll:has(> .matrix) { max-height: 90vh; overflow: auto; }
.matrix thead th { position: sticky; top: 0; background: var(--surface); z-index: 1; }
.axes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 0 2rem; }
.axes .technique { font-weight: 500; }
.matrix thead th { vertical-align: bottom; padding: .5rem .3rem; }
.matrix thead th span { writing-mode: sideways-lr; max-height: 14rem; overflow-wrap: anywhere; }
.matrix thead th a { color: inherit; }
@supports not (writing-mode: sideways-lr) { .matrix thead th span { writing-mode: vertical-rl; rotate: 180deg; } }
.matrix tbody th, .matrix thead th:first-child { position: sticky; left: 0; background: var(--surface); z-index: 1; }
.matrix thead th:first-child { z-index: 2; }
.matrix tbody th { white-space: nowrap; }
.matrix td { text-align: center; padding: .15rem .25rem; border-left: 1px solid var(--line); min-width: 2.1rem; }
.matrix td .badge { min-width: 1.6rem; padding: 0 .25rem; }
.matrix tr:hover > *, .by-sensor tr:hover > * { background: var(--ground); }
.matrix-of { margin: .6rem 0; }
.matrix-of > summary, details.kept > summary { cursor: pointer; padding: .25rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: .4rem 0; padding: 0; list-style: none; font-size: .85rem; }
.finding { background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px;
  padding: .55rem .9rem; margin: .5rem 0; overflow-wrap: anywhere; }
.finding.minor { border-left-color: var(--odd); }
.finding.better { border-left-color: var(--good); }
.finding li { white-space: pre-wrap; }
details.case, details.rule { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; margin: .35rem 0; }
details.case > summary, details.rule > summary { cursor: pointer; padding: .4rem .8rem; overflow-wrap: anywhere; }
details[open].case > summary, details[open].rule > summary { border-bottom: 1px solid var(--line); }
.body { padding: 0 .9rem .8rem; }
details.detection, details.event, details.triage, details.source, details.kept { margin: .25rem 0; }
details.detection > summary, details.event > summary, details.triage > summary, details.source > summary { cursor: pointer;
  overflow-wrap: anywhere; }
details.detection > div, details.event > dl, details.triage > *:not(summary) { margin-left: 1.1rem; }
.fields { font: .85em/1.45 ui-monospace, monospace; margin: .3rem 0; }
.fields div { display: grid; grid-template-columns: minmax(9rem, 17rem) minmax(0, 1fr); gap: .2rem 1rem; padding: .05rem 0; }
.fields dt { color: var(--quiet); overflow-wrap: anywhere; }
.fields dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.timeline, .tree, .tests { list-style: none; padding: 0; margin: .3rem 0; }
.timeline { border-left: 3px solid var(--line); padding-left: .8rem; }
.timeline li { display: grid; grid-template-columns: 5.5rem 6.2rem minmax(0, 1fr) auto; gap: .1rem .7rem; padding: .12rem 0; }
.timeline code { white-space: pre-wrap; }
.timeline .when { text-align: right; color: var(--quiet); font-variant-numeric: tabular-nums; }
.timeline .payload b, .tree .payload b { color: var(--bad); }
.timeline .scheduler b, .tree .scheduler b, .tree .job b { color: var(--odd); }
.timeline .rule b { color: var(--good); }
.tree li { padding: .1rem 0 .1rem calc(var(--depth) * 1.15rem); }
.tree .payload code, .tree .scheduler code { background: var(--odd-ground); }
.tree .payload code { background: var(--bad-ground); }
.tests .holds, .lines .holds .note { color: var(--good); }
.tests .fails, .lines .fails .note { color: var(--bad); }
.lines .partly .note { color: var(--odd); }
.lines { font: .85em/1.45 ui-monospace, monospace; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
  margin: .3rem 0; padding: .4rem .6rem .4rem 3.2rem; color: var(--quiet); }
.lines code { font: inherit; white-space: pre-wrap; color: var(--text); }
.lines .holds { background: var(--good-ground); }
.lines .fails { background: var(--bad-ground); }
.lines .partly { background: var(--odd-ground); }
.lines .note { display: block; font-family: system-ui, sans-serif; }
.lineage { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; padding: 0; margin: .3rem 0; }
.lineage li:not(:last-child)::after { content: " ←"; color: var(--quiet); }
.meter { display: inline-block; width: 6rem; height: .5rem; border-radius: 4px; background: var(--bad); overflow: hidden;
  vertical-align: middle; margin-right: .5rem; }
.meter i { display: block; height: 100%; background: var(--good); }
.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { padding: 2.5rem 0 2rem; color: var(--quiet); font-size: .88rem; }
@media screen and (max-width: 60rem) {
  body { grid-template-columns: minmax(0, 1fr); }
  nav { height: auto; max-height: 70vh; padding: .45rem 1rem; border: 0; border-bottom: 1px solid var(--line); }
  h2, details { scroll-margin-top: 5.5rem; }
  .contents { display: flex; overflow-x: auto; margin: 0 0 .3rem; gap: .2rem; }
  .contents a { white-space: nowrap; background: var(--ground); }
  main { padding: 0 1rem; }
  .timeline li { grid-template-columns: 4.6rem minmax(0, 1fr); }
  .timeline code, .timeline a { grid-column: 2; }
  .fields div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .names { padding-left: 0; }
  .lines { padding-left: 2.2rem; }
  /* A cell is as wide as the screen, or else a letter. */
  .stacked :is(tr, th, td) { display: block; border: 0; padding: .1rem .65rem; }
  .stacked thead { display: none; }
  .stacked tr { border-bottom: 1px solid var(--line); padding: .35rem 0; }
  .stacked tr.more { padding: 0; }
  .stacked td:empty { display: none; }
  .stacked td::before { content: attr(data-title) ": "; color: var(--quiet); font-size: .85rem; }
  .matrix tbody th { white-space: normal; min-width: 9rem; max-width: 11rem; overflow-wrap: anywhere; }
}
.paper { display: none; }
@page { margin: 12mm; }
@media print {
  :root { font-size: 10px; }
  nav, .skip { display: none; }
  .paper { display: block; }
  body { display: block; background: none; font-size: 10px; }
  main { padding: 0; max-width: none; }
  .scroll, .scroll:has(> .matrix) { overflow: visible; max-height: none; border: 0; }
  th, td { padding: .15rem .3rem; }
  .matrix { font-size: 8px; }
  .matrix thead th span { max-height: 17rem; }
  .matrix thead th { padding: .2rem .1rem; }
  .matrix td { min-width: 0; padding: .1rem; }
  .matrix td .badge { min-width: 0; padding: 0 .1rem; }
  .matrix tbody th, .matrix thead th, .matrix thead th:first-child { position: static; white-space: normal; }
  /* A name on two lines at most: a word on each made of twenty rows a page. */
  .matrix tbody th { min-width: 13em; overflow-wrap: break-word; }
  .fields div { display: block; }
  .fields dt, .fields dd { display: inline; }
  .fields dt::after { content: ": "; }
  .badge, .meter, .meter i, .lines li, .tree code { print-color-adjust: exact; }
  h2, h4, summary { break-after: avoid; }
  tr, .finding, .timeline li { break-inside: avoid; }
}
`;
