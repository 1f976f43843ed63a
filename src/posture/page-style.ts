// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { DARK_COLORS, LIGHT_COLORS, PICTURE_STYLE } from "./picture-style";

/** Style of the page: light and dark, from a phone to a wide screen and to paper. No font, image or script is loaded. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${LIGHT_COLORS}}
@media (prefers-color-scheme:dark){:root{${DARK_COLORS}}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
code,.id{font-family:var(--mono);font-size:.875em;overflow-wrap:anywhere}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;z-index:3;background:var(--panel);padding:.5rem 1rem}
.wrap{max-width:88rem;margin:0 auto;padding:0 clamp(1rem,3vw,2.5rem)}
header.top{padding:clamp(2rem,5vw,4rem) 0 1.5rem}
.kicker{margin:0;color:var(--muted);font-size:.9375rem}
h1{margin:.25rem 0 .75rem;font-size:clamp(1.75rem,1.2rem + 2.4vw,3rem);line-height:1.12;letter-spacing:-.02em;font-weight:680;text-wrap:balance}
.lead{margin:0;max-width:62ch;font-size:1.125rem;color:var(--muted)}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:1.5rem 0 0;padding:0;list-style:none;font-size:.875rem;color:var(--muted)}
.facts b{color:var(--ink);font-weight:600}
nav{position:sticky;top:0;z-index:2;background:var(--bg);border-block:1px solid var(--line)}
nav ul{display:flex;gap:.25rem;margin:0;padding:.375rem 0;list-style:none;overflow-x:auto;scrollbar-width:thin}
nav a{display:block;padding:.5rem .75rem;border-radius:6px;color:var(--ink);text-decoration:none;white-space:nowrap;font-size:.9375rem}
nav a:hover{background:var(--soft)}
section{padding-top:clamp(2.5rem,5vw,4rem)}
h2{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;font-weight:650}
h3{margin:2.5rem 0 .75rem;font-size:1.125rem;line-height:1.35;font-weight:620}
h3::first-letter{text-transform:uppercase}
p.note{margin:0 0 1.25rem;max-width:68ch;color:var(--muted)}
.bar{display:flex;gap:3px;height:12px;margin:2rem 0 1rem;padding:0;border-radius:6px;overflow:hidden}
.bar i{background:var(--c);min-width:4px}
fieldset{margin:0;padding:0;border:0;min-width:0}
legend{padding:0;margin-bottom:.5rem;font-size:.875rem;color:var(--muted)}
.choices{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.25rem,1fr));gap:.75rem}
.choices label{display:block;position:relative;padding:.75rem 1rem;border:1px solid var(--line);border-radius:10px;background:var(--panel);cursor:pointer}
.choices label:hover{border-color:var(--muted)}
.choices input{position:absolute;opacity:0}
.choices label:has(:checked){border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.choices label:has(:focus-visible){outline:3px solid var(--accent);outline-offset:2px}
.choices b{display:block;font-size:1.75rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums;color:var(--c)}
.choices span{font-size:.875rem}
.all{--c:var(--ink)}.proven{--c:var(--good);--b:var(--good-bg)}.violated,.ended{--c:var(--bad);--b:var(--bad-bg)}.unproven{--c:var(--warn);--b:var(--warn-bg)}
.released{--c:var(--moved);--b:var(--moved-bg)}.delegated{--c:var(--calm);--b:var(--calm-bg)}.absent{--c:var(--none);--b:var(--none-bg)}
.badge{display:inline-block;padding:.0625rem .5rem;border-radius:99px;background:var(--b);color:var(--c);font-size:.8125rem;font-weight:600;white-space:nowrap}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;background:var(--panel);border:1px solid var(--line);font-size:.9375rem}
th,td{padding:.75rem 1rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;font-size:.8125rem;font-weight:600;color:var(--muted);background:var(--soft)}
tbody th{font-weight:600}
.controls .id{white-space:nowrap}.controls th:first-child{width:8rem}.controls th:nth-child(2){width:8.5rem}
time{white-space:nowrap}.many{min-width:38rem}
td p{margin:0 0 .25rem;max-width:72ch}
tr:target{background:var(--calm-bg)}
details>summary{cursor:pointer;color:var(--accent);font-size:.875rem;padding:.25rem 0;width:fit-content;max-width:100%}
details>summary::marker{color:var(--muted)}
dl{margin:.5rem 0;font-size:.875rem}
dt{margin-top:.75rem;color:var(--muted);font-weight:600}dd{margin:.125rem 0 0}
dd ul,td ul{margin:0;padding:0;list-style:none}dd li,td li{padding:.125rem 0}
.problem{color:var(--bad)}
.environment{margin-top:1rem;border:1px solid var(--line);border-radius:12px;background:var(--panel)}
.environment>summary{width:100%;padding:1rem 1.25rem;color:var(--ink);font-size:1rem}
.environment>summary b{font-size:1.0625rem}.environment>summary span{display:block;color:var(--muted);font-size:.875rem}
.environment>div{padding:0 1.25rem 1.25rem}
.index{display:flex;flex-wrap:wrap;gap:.5rem;margin:0;padding:0;list-style:none}
.index a{display:block;padding:.25rem .75rem;border:1px solid var(--line);border-radius:99px;background:var(--panel);text-decoration:none;font-size:.875rem}
.picture{display:block;width:100%;height:auto;margin:0 auto 1rem}
.wide{max-width:66rem}.narrow{max-width:28rem}
@media (max-width:47.49rem){.wide{display:none}}@media (min-width:47.5rem){.narrow{display:none}}${PICTURE_STYLE}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem;padding:0;list-style:none;font-size:.8125rem;color:var(--muted)}
.key i{display:inline-block;width:.875rem;height:.875rem;margin-right:.375rem;border:1px solid var(--c);border-radius:3px;background:var(--b);vertical-align:-.125rem}
footer{margin-top:5rem;padding:2rem 0 4rem;border-top:1px solid var(--line);color:var(--muted);font-size:.875rem}
@media (max-width:47.49rem){
.controls thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.controls,.controls tbody,.controls tr,.controls th,.controls td{display:block;width:auto!important}
.controls tr{padding:.875rem 1rem;border-top:1px solid var(--line)}.controls tr:first-child{border-top:0}
.controls th,.controls td{padding:0;border:0}.controls tbody th,.controls td.state{display:inline-block;margin:0 .5rem .375rem 0}
th,td{padding:.5rem .625rem}.environment>div{padding:0 .75rem .75rem}}
@media print{
:root{color-scheme:light;--bg:#fff;--panel:#fff;--ink:#000;--muted:#444;--line:#bbb;--soft:#f2f2f2;--accent:#000}
nav,.skip,.choices input,.index{display:none}body{font-size:9.5pt}section{padding-top:1.5rem}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;display:block;height:auto}
tr,.environment>summary,svg{break-inside:avoid}h2,h3{break-after:avoid}
.wide{display:block;max-width:100%}.narrow{display:none}}
`;
