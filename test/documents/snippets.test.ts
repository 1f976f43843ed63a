// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import ts from "typescript";
import { parseAllDocuments } from "yaml";
import { type Snippet, snippets } from "./markdown";
import { documentsOf, OPTION_SETS } from "./option-sets";
import { projectDocuments, sitePages } from "./project-documents";

/** What is wrong with a snippet; undefined if nothing is. Every language that is used has a check. */
const CHECKS: Readonly<Record<string, (code: string) => string | undefined>> = {
  bash: (code) => bashError(code),
  sh: (code) => bashError(code),
  json: (code) => jsonError(code),
  yaml: (code) => parseAllDocuments(code).flatMap(({ errors }) => errors.map(({ message }) => message))[0],
  ts: (code) => typescriptError(code),
  hcl: (code) => balanceError(code.replace(/#.*$/gm, "")),
  mermaid: (code) => mermaidError(code),
  text: () => undefined,
};

interface Case {
  readonly title: string;
  readonly snippet: Snippet;
}

const generated = Object.entries(OPTION_SETS).flatMap(([name, set]) =>
  documentsOf(set)
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, content }) => snippets(content).map((snippet) => ({ title: `${name}: ${path}`, snippet }))),
);
const own = [...projectDocuments(), ...sitePages()].flatMap(({ path, content }) =>
  snippets(content).map((snippet) => ({ title: path, snippet })),
);

/** Each different snippet once, with the first place it was found at. */
const cases: Case[] = [
  ...new Map(
    [...generated, ...own].reverse().map((found) => [`${found.snippet.language}\n${found.snippet.code}`, found]),
  ).values(),
];

test.each(cases.map(({ title, snippet }) => [`${title}:${snippet.line} (${snippet.language})`, snippet] as const))(
  "%s parses",
  (_, { language, code }) => {
    expect(Object.keys(CHECKS)).toContain(language);
    expect(CHECKS[language](code)).toBeUndefined();
  },
);

test.each([
  ["bash", "if true; then"],
  ["json", '{"a": }'],
  ["yaml", "a: [1"],
  ["ts", "const a = {;"],
  ["hcl", "a {"],
  ["mermaid", 'graph TB\n  subgraph A["a"]\n  B --> C'],
  ["mermaid", "graph TB\n  A[a --> B"],
  ["mermaid", "grph TB\n  A --> B"],
])("a broken %s snippet is noticed: %j", (language, code) => {
  expect(CHECKS[language](code)).toBeDefined();
});

function bashError(code: string): string | undefined {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
  return status === 0 ? undefined : stderr;
}

function jsonError(code: string): string | undefined {
  try {
    JSON.parse(code);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Snippets may be properties of an options literal, as a reader would paste them. */
function typescriptError(code: string): string | undefined {
  const errors = [code, `const options = {\n${code}\n};`].map(
    (source) =>
      ts
        .transpileModule(source, {
          reportDiagnostics: true,
          compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
        })
        .diagnostics?.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))[0],
  );
  return errors.includes(undefined) ? undefined : errors[0];
}

/** Brackets outside of quoted text. */
function balanceError(code: string): string | undefined {
  const open: string[] = [];
  for (const character of code.replace(/"[^"\n]*"/g, "")) {
    if ("([{".includes(character)) {
      open.push(character);
    } else if (")]}".includes(character) && open.pop() !== "([{"[")]}".indexOf(character)]) {
      return `'${character}' closes nothing`;
    }
  }
  return open.length === 0 ? undefined : `'${open.join("")}' is not closed`;
}

function mermaidError(code: string): string | undefined {
  const lines = code.trim().split("\n");
  const starts = lines.filter((line) => /^\s*subgraph\b/.test(line)).length;
  const ends = lines.filter((line) => /^\s*end\s*$/.test(line)).length;
  if (!/^(graph|flowchart) (TB|TD|LR|RL|BT)$|^(sequenceDiagram|stateDiagram-v2)$/.test(lines[0].trim())) {
    return `unknown diagram '${lines[0]}'`;
  }
  return starts === ends
    ? lines.map((line) => balanceError(line.replace(/--+>?|==+>?|-\.->/g, ""))).find((error) => error !== undefined)
    : `${starts} subgraphs, ${ends} ends`;
}
