// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sample, { FINDING, ID, OPTION, TOUCHED } from "../sample-changes/kinds/gate.mjs";
import { SampleTree } from "../sample-changes/sample-tree.mjs";

/** Tests that walk the gates and their options. */
const TESTS = [
  "test/gates",
  "test/workflows/workflow-files",
  "test/workflows/gates-fail",
  "test/options/effects",
  "test/options/options-doc",
];

/** Test files that must have a test of the new gate, with what is in its title. */
const WALKED = {
  "test/gates/records.test.ts": ID,
  "test/workflows/workflow-files.test.ts": ID,
  "test/workflows/gates-fail.test.ts": ID,
  "test/options/effects.test.ts": `workflows.${OPTION}.`,
};

const EXCEPTION = { id: FINDING, reason: "accepted for the verification", expires: "2099-01-31" };

export default {
  id: "new-gate",
  title:
    "A gate is added by its record, its workflow, its option, its line in the list and its pin, and is found everywhere",
  tools: [],
  async run({ repo, exec, log }) {
    const tree = await SampleTree.make(repo, mkdtempSync(join(tmpdir(), "new-gate-")), exec);
    const copy = tree.directory;
    await sample.change(tree);
    assertEqual(await tree.touched(), TOUCHED, "files that a new gate touches");

    await tree.compile(log);
    for (const document of ["options-doc", "workflows-doc"]) {
      await exec("npx", ["tsx", `projenrc/${document}.ts`], { cwd: copy, note: log });
    }
    const lists = [
      ...(await findInRepository(copy)),
      ...findInDocument(copy),
      ...(await findInVerification(copy)),
      ...(await findInTests(copy, exec, log)),
    ];
    return `a gate of ${TOUCHED.length} files is in ${lists.join(", ")}`;
  },
};

/** Generates a repository with an exception of the gate. */
async function findInRepository(copy) {
  const { RayPlatformProject } = await import(pathToFileURL(join(copy, "lib", "index.js")));
  const outdir = mkdtempSync(join(tmpdir(), "new-gate-platform-"));
  const platform = (exception) =>
    new RayPlatformProject({
      name: "platform",
      outdir,
      githubOwner: "acme",
      workflows: { [OPTION]: { exceptions: [exception] } },
    });
  withoutPost(() => platform(EXCEPTION).synth());
  const read = (path) => readFileSync(join(outdir, path), "utf8");
  const places = {
    "the workflows": [`.github/workflows/${ID}.yml`, `name: ${ID}\n`],
    "the required checks": [".github/settings.json", `"${ID}"`],
    "the badges": ["README.md", `/actions/workflows/${ID}.yml/badge.svg`],
    "the table of gates": ["docs/security-architecture.md", `| **${ID}** | [\`${ID}.yml\`]`],
    "the listed exceptions": ["docs/security-architecture.md", `| ${OPTION} | \`${EXCEPTION.id}\` |`],
    "the scanner's configuration": [`.github/scanners/${ID}.yml`, `- ${EXCEPTION.id} # ${EXCEPTION.reason}`],
    "the exceptions whose day is compared": [".ray-platform/exceptions.json", `"workflows.${OPTION}.exceptions"`],
  };
  for (const [name, [path, text]] of Object.entries(places)) {
    assertContains(read(path), text, `${name}, ${path}`);
  }
  const refusal = refusalOf(() => platform({ ...EXCEPTION, path: "docs" }));
  assertContains(
    refusal,
    `workflows.${OPTION}.exceptions[0].path`,
    "the refusal of an exception that it does not take",
  );
  return Object.keys(places);
}

function withoutPost(work) {
  const before = process.env.PROJEN_DISABLE_POST;
  process.env.PROJEN_DISABLE_POST = "true";
  try {
    work();
  } finally {
    if (before === undefined) delete process.env.PROJEN_DISABLE_POST;
    else process.env.PROJEN_DISABLE_POST = before;
  }
}

function refusalOf(work) {
  try {
    work();
  } catch (error) {
    return error.message;
  }
  return "";
}

function findInDocument(copy) {
  const guide = readFileSync(join(copy, "docs/workflows.md"), "utf8");
  assertContains(guide, `| \`${ID}.yml\` |`, "the table of docs/workflows.md");
  return ["docs/workflows.md"];
}

async function findInVerification(copy) {
  const { optionSets } = await import(pathToFileURL(join(copy, "verify", "workflows", "option-sets.mjs")));
  const { GATES } = await import(pathToFileURL(join(copy, "lib", "gates", "index.js")));
  const { exceptions } = optionSets(GATES);
  assertEqual(
    exceptions.workflows[OPTION]?.exceptions.map(({ id }) => id) ?? [],
    [EXCEPTION.id],
    "option sets of verify",
  );
  return ["the option sets of verify"];
}

async function findInTests(copy, exec, log) {
  const report = join(copy, "jest.json");
  await exec("npx", ["jest", "--ci", "--silent", "--json", `--outputFile=${report}`, ...TESTS], {
    cwd: copy,
    note: log,
  });
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  for (const [file, title] of Object.entries(WALKED)) {
    const tests = testResults.find(({ name }) => name.endsWith(file))?.assertionResults ?? [];
    assertContains(tests.map(({ fullName }) => fullName).join("\n"), title, `the tests of ${file}`);
  }
  return Object.keys(WALKED);
}

function assertContains(text, expected, what) {
  if (!text.includes(expected)) {
    throw new Error(`${what}: '${expected}' is not there`);
  }
}

function assertEqual(actual, expected, what) {
  const [is, should] = [actual, expected].map((list) => [...list].sort().join(", "));
  if (is !== should) {
    throw new Error(`${what} are ${is}; they should be ${should}`);
  }
}
