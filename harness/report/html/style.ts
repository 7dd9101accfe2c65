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
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 82rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; }
h3 { font-size: .95rem; margin: 1rem 0 .3rem; }
p { margin: .3rem 0; max-width: 75ch; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre { font: .87em/1.45 ui-monospace, monospace; }
pre { margin: .3rem 0; padding: .6rem .8rem; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.quiet { color: var(--quiet); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.1rem 0 0; padding: 0; }
.facts div { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.facts small { font-size: .85rem; color: var(--quiet); }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .42rem .75rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .82rem; font-weight: 600; color: var(--quiet); white-space: nowrap; }
tbody th { font-weight: 500; }
.badge { display: inline-block; border-radius: 5px; padding: .05rem .5rem; font-size: .85rem; white-space: nowrap; }
.good { background: var(--good-ground); color: var(--good); }
.bad { background: var(--bad-ground); color: var(--bad); }
.odd { background: var(--odd-ground); color: var(--odd); }
.none { color: var(--quiet); }
.matrix { width: auto; }
.matrix thead th { vertical-align: bottom; padding: .5rem .3rem; }
.matrix thead th span { writing-mode: sideways-lr; max-height: 14rem; white-space: normal; overflow-wrap: anywhere; }
@supports not (writing-mode: sideways-lr) { .matrix thead th span { writing-mode: vertical-rl; rotate: 180deg; } }
.matrix tbody th { position: sticky; left: 0; background: var(--surface); white-space: nowrap; }
.matrix td { text-align: center; padding: .25rem .3rem; border-left: 1px solid var(--line); min-width: 2.1rem; }
.matrix .benign { background: color-mix(in srgb, var(--odd-ground) 45%, var(--surface)); }
.matrix thead th.attack, .matrix thead th.benign { border-left: 1px solid var(--line); }
.matrix td .badge { min-width: 1.6rem; padding: 0 .25rem; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: .6rem 0; padding: 0; list-style: none; font-size: .88rem; }
.finding { background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px;
  padding: .55rem .9rem; margin: .5rem 0; }
.finding.minor { border-left-color: var(--odd); }
.finding ul { margin: .25rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; white-space: pre-wrap; }
details.case { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; margin: .45rem 0; }
details.case > summary { cursor: pointer; padding: .5rem .9rem; }
details.case > div { padding: 0 .9rem .8rem; border-top: 1px solid var(--line); }
details summary code { overflow-wrap: anywhere; }
.lineage { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; padding: 0; margin: .3rem 0; }
.lineage li:not(:last-child)::after { content: " ←"; color: var(--quiet); }
.meter { display: inline-block; width: 5rem; height: .5rem; border-radius: 4px; background: var(--line); overflow: hidden;
  vertical-align: middle; margin-right: .5rem; }
.meter i { display: block; height: 100%; background: var(--good); }
.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.search:not([hidden]) { display: flex; gap: .6rem; align-items: center; margin: 1.4rem 0 0; }
.search input { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
  padding: .35rem .6rem; width: min(26rem, 100%); }
footer { padding: 2.5rem 1.25rem 2rem; color: var(--quiet); font-size: .88rem; }
@media print {
  .search:not([hidden]) { display: none; }
  :root { font-size: 11px; }
  body { background: none; font-size: 10px; }
  .scroll { overflow: visible; border: 0; }
  th, td { padding: .2rem .3rem; }
  thead th { white-space: normal; }
  td, tbody th { overflow-wrap: anywhere; }
}
`;
