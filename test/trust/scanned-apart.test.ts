// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { parse } from "yaml";
import { project, workflowFiles, write } from "../workflows/generated-workflows";
import { FreshRunner, type RunnerStep, type StandIns } from "./fresh-runner";
import { temporaryDirectory } from "./hostile-repository";

/** What the stacks of the pull request have, and what every scanner here has a finding for. */
const FINDING = "open to the world";
const REPOSITORY = write(project().project);
const FILES = workflowFiles(REPOSITORY);

const EMPTY_REPORT = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}';

/** A scanner: a finding fails it, unless its settings leave everything out. The report is written whatever it finds. */
const SCANNER = `#!/bin/sh
for file in tfsec.lovely tfsec.sarif.json trivy.sarif checkov.sarif; do
  echo '${EMPTY_REPORT}' > "$file"
done
grep -q leave-everything-out .github/scanners/* && exit 0
grep -rq '${FINDING}' cdktf.out/scannable && exit 1
test -d cdktf.out/scannable
`;

/** Programs that a runner has, and those of the network. What npx starts is the code of the pull request. */
const standIns = (attack: string): StandIns => ({
  npm: "#!/bin/sh\nmkdir -p node_modules/.bin\n",
  npx: `#!/bin/bash
mkdir -p cdktf.out/scannable/prod-network cdktf.out/stacks/prod-network
printf 'resource "aws_vpc" "x" {\\n  a = "${FINDING}"\\n}\\n' > cdktf.out/scannable/prod-network/main.tf
echo '{"resource":{"aws_vpc":{"x":{}}}}' > cdktf.out/stacks/prod-network/cdk.tf.json
mkdir -p "$HOME/evil"
printf '#!/bin/sh\\nexit 0\\n' > "$HOME/evil/green"
chmod +x "$HOME/evil/green"
${attack}
`,
  // The step that installs compares with the base, which is not what is tried here.
  git: "#!/bin/sh\n",
  curl: "#!/bin/sh\n",
  // Whoever writes to a program that does not read is ended, now and then.
  sha256sum: "#!/bin/sh\ncat > /dev/null\n",
  // A download never replaces what a step put there before: the worst that a cache can do.
  tar: `#!/bin/bash
for name in tfsec trivy; do
  [[ -e "$RUNNER_TEMP/$name" ]] && continue
  cat > "$RUNNER_TEMP/$name" <<'END'
${SCANNER}
END
  chmod +x "$RUNNER_TEMP/$name"
done
`,
  docker: `#!/bin/bash
case "$*" in pull*) exit 0 ;; *--entrypoint\\ helm*) exit 0 ;; esac
${SCANNER.replace("#!/bin/sh\n", "")}`,
});

/** What code that synthesizes does to the machine that it runs on. */
const ATTACKS: readonly (readonly [string, string])[] = [
  [
    "a directory before all others in GITHUB_PATH",
    `for name in tar docker node; do cp "$HOME/evil/green" "$HOME/evil/$name"; done
for at in "$RUNNER_TEMP/tfsec" "$RUNNER_TEMP/trivy"; do cp "$HOME/evil/green" "$at"; done
touch tfsec.lovely tfsec.sarif.json trivy.sarif checkov.sarif
echo "$HOME/evil" >> "$GITHUB_PATH"`,
  ],
  [
    "a file that every later shell reads first, in GITHUB_ENV",
    `echo 'exit 0' > "$HOME/evil/first"
touch tfsec.sarif.json
echo "BASH_ENV=$HOME/evil/first" >> "$GITHUB_ENV"`,
  ],
  [
    "the scanner itself, wherever one is looked for",
    `mkdir -p "$HOME/.local/bin" node_modules/.bin
for at in "$RUNNER_TEMP/tfsec" "$RUNNER_TEMP/trivy" "$HOME/.local/bin/tfsec" node_modules/.bin/tfsec; do
  cp "$HOME/evil/green" "$at"
done
echo '${EMPTY_REPORT}' | tee tfsec.sarif.json > trivy.sarif
touch tfsec.lovely`,
  ],
  [
    "the scanner's settings",
    "for file in .github/scanners/*; do chmod u+w $file; echo '# leave-everything-out' >> $file; done",
  ],
  [
    "the scanner, and the scripts that read its report",
    `cp "$HOME/evil/green" "$RUNNER_TEMP/tfsec"
touch tfsec.lovely tfsec.sarif.json
for file in scripts/*.mjs; do chmod u+w $file; echo 'process.exit(0)' > $file; done`,
  ],
  [
    "a report before there is one, which cannot be replaced",
    `echo '${EMPTY_REPORT}' > tfsec.sarif.json
touch tfsec.lovely
chmod a-w tfsec.sarif.json
cp "$HOME/evil/green" "$RUNNER_TEMP/tfsec"`,
  ],
];

type Jobs = Readonly<Record<string, { readonly steps: readonly RunnerStep[] }>>;

/** Runs both jobs of a workflow: each on a machine of its own, or on one, as they would be without the hand-over. */
function verdict(id: string, attack: string, machines: "apart" | "together") {
  const artifacts = temporaryDirectory();
  const { synthesize, ...others } = parse(FILES[`${id}.yml`] as string).jobs as Jobs;
  const [judge] = Object.values(others);
  const first = new FreshRunner(REPOSITORY, artifacts, standIns(attack));
  const second = machines === "apart" ? new FreshRunner(REPOSITORY, artifacts, standIns("")) : first;
  try {
    const made = first.run(synthesize?.steps ?? [], {});
    const digest = first.outputOf("pack.digest");
    const taken = (judge?.steps ?? []).filter(
      ({ name }) => machines === "apart" || !/synthesized stacks$/.test(name) || /^Scan/.test(name),
    );
    const judged = second.run(taken, { "needs.synthesize.outputs.digest": digest });
    return { made, judged };
  } finally {
    first.end();
    second.end();
    rmSync(artifacts, { recursive: true, force: true });
  }
}

describe("code that synthesizes cannot reach what scans", () => {
  test.each(ATTACKS)("%s", (_, attack) => {
    // Where both ran on one machine, the attack would succeed: what it tries is not idle.
    const { ok, output } = verdict("tfsec", attack, "together").judged;
    expect(ok ? "" : output).toBe("");
    expect(verdict("tfsec", attack, "apart").judged.ok).toBe(false);
  });

  test.each(["tfsec", "trivy", "checkov"])("%s: all of it at once", (id) => {
    const all = ATTACKS.map(([, attack]) => `(${attack}) || true`).join("\n");
    expect(verdict(id, all, "together").judged.ok).toBe(true);
    expect(verdict(id, all, "apart").judged.ok).toBe(false);
  });

  test.each(["tfsec", "trivy", "checkov"])("%s: without an attack and without a finding, its verdict is good", (id) => {
    const harmless = `printf 'resource "aws_vpc" "x" {\\n}\\n' > cdktf.out/scannable/prod-network/main.tf`;
    const { made, judged } = verdict(id, harmless, "apart");
    expect([made.ok, judged.ok, judged.output]).toEqual([true, true, expect.anything()]);
  });
});
