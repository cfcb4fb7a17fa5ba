"""How the report looks and the little that moves in it: no file beside it, nothing from elsewhere."""

STYLE = """
:root { color-scheme: light dark;
  --paper: #fcfcfd; --card: #fff; --ink: #23262d; --faint: #69707d; --rule: #e4e7ec;
  --accent: #0072b2; --warn: #b3261e; --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #cc79a7;
  --s4: #56b4e9; --s5: #e69f00; --s6: #6b6f7a; --s7: #7850be; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15171b; --card: #1d2026; --ink: #e6e8ec; --faint: #9aa1ad; --rule: #2e333c;
  --accent: #5cb8ee; --warn: #ff8a80; --s0: #4aa8e0; --s1: #f0803c; --s2: #2fc79a; --s3: #e29cc4;
  --s4: #8fd0f5; --s5: #f2bb4a; --s6: #a3a8b3; --s7: #a98be8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 22px 60px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 27px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 38px 0 12px; }
.sub, .note { color: var(--faint); margin: 4px 0 0; }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 18px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 8px 16px 9px; }
.tile span { display: block; color: var(--faint); font-size: 13px; }
.tile b { font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
.samples { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 16px; }
.samples img { display: block; max-width: 100%; max-height: 82vh; margin: 0 auto; border-radius: 4px;
  background: repeating-conic-gradient(#fff 0 25%, #e4e4e4 0 50%) 0 0 / 16px 16px; }
.samples img[hidden] { display: none; }
.scrub { display: flex; gap: 14px; align-items: center; margin-bottom: 14px; }
.scrub input { flex: 1; accent-color: var(--accent); }
.scrub output { min-width: 9.5em; text-align: right; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(480px, 100%), 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 12px;
  padding: 12px 14px 10px; }
figcaption { font-weight: 600; margin-bottom: 4px; }
.scale { font-weight: 400; color: var(--faint); border: 1px solid var(--rule); border-radius: 5px;
  padding: 0 5px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.g { stroke: var(--rule); }
.l { fill: none; stroke-width: 1.6; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.raw { opacity: .28; stroke-width: 1; }
.keys { display: flex; flex-wrap: wrap; gap: 2px 16px; padding-top: 4px; font-size: 13px;
  color: var(--faint); }
.keys b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.keys i { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.warn { color: var(--warn); font-size: 13px; margin: 4px 0 0; }
.wide { overflow-x: auto; border: 1px solid var(--rule); border-radius: 12px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px; border-top: 1px solid var(--rule);
  overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; }
th { color: var(--faint); font-weight: 500; white-space: nowrap; }
td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { margin: 0; padding: 12px 16px; overflow-x: auto; background: var(--card); border: 1px solid var(--rule);
  border-radius: 12px; font: 13.5px/1.6 ui-monospace, monospace; }
pre .c { color: var(--faint); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 0 18px;
  align-items: start; }
.two > * { min-width: 0; }
""" + "\n".join(
    f".s{n} {{ stroke: var(--s{n}); background: var(--s{n}); }} circle.s{n} {{ fill: var(--s{n}); }}" for n in range(8)
)

SCRIPT = """
const scrub = document.querySelector('.scrub input');
if (scrub) {
  const pictures = [...document.querySelectorAll('.samples img')];
  scrub.oninput = () => {
    pictures.forEach((picture, place) => { picture.hidden = place != scrub.value; });
    document.querySelector('.scrub output').value = pictures[scrub.value].alt;
  };
  scrub.oninput();
}
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""
