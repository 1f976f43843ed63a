// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ControlRecord, controlRecords, frameworks, LAYERS } from "../controls/control-record";
import { PACKAGE_VERSION } from "../package-version";
import type { PostureControl } from "../reports/posture-report";
import { fileAddress } from "./file-address";
import { html, Markup } from "./html";
import { PAGE_STYLE } from "./page-style";
import { environmentSection } from "./platform-section";
import { hasEnded, type PostureSubject, repositoryName, STATES } from "./posture-subject";
import { cell, table } from "./table";

type State = keyof typeof STATES;

const SECTIONS = [
  ["summary", "Summary"],
  ["platform", "Platform"],
  ["controls", "Controls"],
  ["frameworks", "Frameworks"],
  ["exceptions", "Exceptions"],
  ["reading", "How to read this"],
] as const;

/** The posture of a repository as one HTML file that loads nothing: the same bytes for the same subject. */
export function posturePage(subject: PostureSubject): string {
  const { platform } = subject;
  const filters = Object.keys(STATES)
    .map(
      (state) =>
        `main:has(#show-${state}:checked) :is(tr[data-state]:not([data-state=${state}]),.layer:not(:has([data-state=${state}]))){display:none}`,
    )
    .join("\n");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="ray-platform ${PACKAGE_VERSION}">
<title>Security posture of ${platform.name}</title>
<style>${new Markup(`${PAGE_STYLE}${filters}\n`)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
${headerOf(subject)}
<nav aria-label="Sections"><div class="wrap"><ul>${SECTIONS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></div></nav>
<main class="wrap">
${summaryOf(subject)}
${platformOf(subject)}
${controlsOf(subject)}
${frameworksOf(subject)}
${exceptionsOf(subject)}
${readingOf(subject)}
</main>
<footer><div class="wrap">Made by ray-platform ${PACKAGE_VERSION} from the files of this repository. Nothing was asked of AWS or GitHub.</div></footer>
</body>
</html>
`;
  return page.text;
}

function countOf(controls: readonly PostureControl[], state: State): number {
  return controls.filter((control) => control.state === state).length;
}

function verdictOf(controls: readonly PostureControl[]): string {
  const violated = countOf(controls, "violated");
  const open = countOf(controls, "unproven") + countOf(controls, "released");
  if (violated > 0) {
    return violated === 1 ? "1 control is violated" : `${violated} controls are violated`;
  }
  return open === 0 ? "Every control is proven, or someone else must prove it" : "No control is violated";
}

function headerOf({ platform, controls, environments, commit }: PostureSubject): Markup {
  const asked = controls.length - countOf(controls, "absent") - countOf(controls, "delegated");
  return html`<header class="top"><div class="wrap">
<p class="kicker">Security posture of <b>${repositoryName(platform)}</b></p>
<h1>${verdictOf(controls)}</h1>
<p class="lead">${countOf(controls, "proven")} of the ${asked} controls that bind here are proven on the files of this repository. The rest say what is missing.</p>
<ul class="facts">
<li><b>Commit</b> ${commit === undefined ? "none" : html`<code>${commit.id.slice(0, 12)}</code>${commit.isChanged ? " with changes that are not committed" : ""}`}</li>
${commit === undefined ? undefined : html`<li><b>Of</b> <time datetime="${commit.date}">${commit.date.slice(0, 10)}</time></li>`}
<li><b>Environments</b> ${environments.length}</li>
<li><b>Version</b> ray-platform ${PACKAGE_VERSION}</li>
</ul>
</div></header>`;
}

function summaryOf({ controls }: PostureSubject): Markup {
  const counts = (Object.keys(STATES) as State[])
    .map((state) => ({ state, count: countOf(controls, state) }))
    .filter(({ count }) => count > 0);
  const choice = (state: string, count: number, checked?: Markup): Markup =>
    html`<label class="${state}"><input type="radio" name="show" id="show-${state}"${checked}><b>${count}</b><span>${state === "all" ? "all controls" : `${STATES[state as State].sign} ${state}`}</span></label>`;
  return html`<section id="summary" aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<div class="bar" aria-hidden="true">${counts.map(({ state, count }) => html`<i class="${state}" style="flex:${count}"></i>`)}</div>
<fieldset><legend>Show these controls below</legend><div class="choices">${choice("all", controls.length, html` checked`)}${counts.map(({ state, count }) => choice(state, count))}</div></fieldset>
</section>`;
}

function platformOf({ environments }: PostureSubject): Markup {
  const index = environments.map(
    ({ environment }) => html`<li><a href="#environment-${environment}">${environment}</a></li>`,
  );
  return html`<section id="platform" aria-labelledby="platform-h">
<h2 id="platform-h">Platform</h2>
<p class="note">Drawn from what was synthesized: what the stacks will create once they are applied.</p>
${environments.length > 1 ? html`<ul class="index" aria-label="Environments">${index}</ul>` : undefined}
${environments.map((facts, position) => environmentSection(facts, position === 0))}
</section>`;
}

function controlsOf(subject: PostureSubject): Markup {
  const records = controlRecords();
  const layers = LAYERS.map((name, index) => {
    const ids = new Map(
      records.filter(({ layer }) => layer === index + 1).map((record): [string, ControlRecord] => [record.id, record]),
    );
    const rows = subject.controls
      .filter(({ id }) => ids.has(id))
      .map((control) => controlRow(control, ids.get(control.id) as ControlRecord, subject));
    return html`<div class="layer"><h3 id="layer-${index + 1}">Layer ${index + 1}: ${name}</h3>
${table(`layer-${index + 1}`, ["Control", "State", "What it says here"], rows, "controls")}</div>`;
  });
  return html`<section id="controls" aria-labelledby="controls-h">
<h2 id="controls-h">Controls</h2>
<p class="note">Each statement of the security document, as the options of this repository make it, from the outside to the inside.</p>
${layers}
</section>`;
}

function badge(state: string): Markup {
  return html`<span class="badge ${state}">${STATES[state as State]?.sign ?? ""} ${state}</span>`;
}

function controlRow(control: PostureControl, record: ControlRecord, subject: PostureSubject): Markup {
  const { id, state, statements } = control;
  const isOne = statements.length === 1;
  const said = statements.map(
    ({ sentence, environments }) => html`<p>${isOne ? "" : html`<b>${environments.join(", ")}:</b> `}${sentence}</p>`,
  );
  const open = state === "violated" ? html` open` : undefined;
  return html`<tr role="row" id="${id}" data-state="${state}"><th scope="row" role="rowheader"><span class="id">${id}</span></th>${cell(badge(state), "state")}${cell(html`${said}<details${open}><summary>Evidence of ${id}</summary>${evidenceOf(control, record, subject)}</details>`)}</tr>
`;
}

function evidenceOf(control: PostureControl, record: ControlRecord, subject: PostureSubject): Markup {
  const found = control.evidence.map(
    ({ file, line, resource, problem }) =>
      html`<li>${fileLink(file, line, subject)}${resource === undefined ? undefined : html` <code>${resource}</code>`}${problem === undefined ? undefined : html` <span class="problem">${problem}</span>`}</li>`,
  );
  const term = (name: string, value: Markup | string | undefined): Markup | undefined =>
    value === undefined || value === "" ? undefined : html`<dt>${name}</dt><dd>${value}</dd>`;
  const codes = (list: readonly string[]): Markup | undefined =>
    list.length === 0
      ? undefined
      : html`${list.map((text, index) => html`${index === 0 ? "" : ", "}<code>${text}</code>`)}`;
  return html`<dl>${[
    term(
      control.state === "violated" ? "Found in" : "Carried out in",
      found.length === 0 ? undefined : html`<ul>${found}</ul>`,
    ),
    term("Rules that were asked", codes(control.rules)),
    term("What this proves", record.proves),
    term("What it does not prove", record.notProven),
    term("What would prove the rest", record.wouldProve),
    term("Options that shape it", codes(record.options)),
  ].filter((part) => part !== undefined)}</dl>`;
}

/** A file of the commit by its address on GitHub; what is synthesized is in no commit. */
function fileLink(file: string, line: number | undefined, subject: PostureSubject): Markup {
  const place = html`<code>${file}${line === undefined ? "" : `:${line}`}</code>`;
  const address = fileAddress(file, line, subject);
  return address === undefined ? place : html`<a href="${address}">${place}</a>`;
}

function frameworksOf({ controls }: PostureSubject): Markup {
  const records = new Map(controlRecords().map((record) => [record.id, record]));
  const list = frameworks().map(({ id, name, source, numbers }) => {
    const rows = numbers.map((number) => {
      const mapped = controls.filter((control) => records.get(control.id)?.mappings[id]?.includes(number));
      const links = mapped.map(
        (control) => html`<li><a href="#${control.id}" class="id">${control.id}</a> ${badge(control.state)}</li>`,
      );
      return html`<tr role="row"><th scope="row" role="rowheader"><span class="id">${number}</span></th>${cell(html`<ul class="index">${links}</ul>`)}</tr>
`;
    });
    return html`<details class="environment"><summary><b>${name}</b><span>${numbers.length} numbers. ${source}</span></summary><div>
${table(`framework-${id}`, ["Number", "Controls that help with it"], rows, "", name)}</div></details>`;
  });
  return html`<section id="frameworks" aria-labelledby="frameworks-h">
<h2 id="frameworks-h">Frameworks</h2>
<p class="note">A mapping shows where a control helps. It says nothing about compliance with the whole.</p>
${list}
</section>`;
}

function exceptionsOf({ exceptions, commit }: PostureSubject): Markup {
  const byDay = [...exceptions].sort((a, b) => {
    const [first, second] = [a, b].map(({ expires, option, id }) => `${expires ?? "9999"} ${option} ${id}`);
    return first < second ? -1 : first > second ? 1 : 0;
  });
  const rows = byDay.map((exception) => {
    const { option, id, reason, expires } = exception;
    const last = expires === null ? html`none` : html`<time datetime="${expires}">${expires}</time>`;
    return html`<tr role="row"><th scope="row" role="rowheader"><code>${id}</code></th>${cell(html`${option}`)}${cell(html`${reason}`)}${cell(hasEnded(exception, commit) ? html`<span class="badge ended">✕ ended ${last}</span>` : last)}</tr>
`;
  });
  return html`<section id="exceptions" aria-labelledby="exceptions-h">
<h2 id="exceptions-h">Exceptions</h2>
<p class="note">Findings that are accepted, each with its reason and its last day. After it, the checks fail again.</p>
${rows.length === 0 ? html`<p>There are none.</p>` : table("exceptions", ["Finding", "Where", "Reason", "Last day"], rows, "")}
</section>`;
}

function readingOf({ environments }: PostureSubject): Markup {
  const rows = Object.entries(STATES).map(
    ([state, { meaning }]) =>
      html`<tr role="row"><th scope="row" role="rowheader">${badge(state)}</th>${cell(html`${meaning}`)}</tr>
`,
  );
  const stacks = environments.flatMap((facts) => facts.stacks.map((name) => html`<li><code>${name}</code></li>`));
  return html`<section id="reading" aria-labelledby="reading-h">
<h2 id="reading-h">How to read this</h2>
<p class="note">This page is made from files alone. Each control names what only the running platform can show, as what would prove the rest.</p>
${table("reading", ["State", "Meaning"], rows, "")}
<details><summary>Stacks that were judged</summary><ul class="index">${[...new Map(stacks.map((item) => [item.text, item])).values()]}</ul></details>
</section>`;
}
