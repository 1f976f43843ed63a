// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { manifestEntry } from "../templates/manifest-entry";

const ROOT = join(__dirname, "..", "..");
export const LAYERS = ["bootstrap", "network", "cluster", "workloads"] as const;
export const COMMIT = "a".repeat(40);
export const PLAN_NAME = /^(dev|prod):[0-9a-f]{64}$/m;
const KEY = Buffer.alloc(32, 7).toString("base64");

export const change = (address: string, actions: readonly string[], after: object | null = null) => ({
  address,
  type: address.split(".")[0],
  change: { actions, before: null, after },
});
export const plan = (...changes: object[]) => ({ resource_changes: changes });

/** A bucket in a directory, as the AWS CLI shows it. */
export const AWS = `#!/bin/bash
declare -A options
command="$2"
shift 2
while [[ "$#" -gt 1 ]]; do options["$1"]="$2"; shift 2; done
file="store/\${options[--bucket]:-}/\${options[--key]:-}"
case "$command" in
  generate-data-key) echo '{"Plaintext":"${KEY}","CiphertextBlob":"c2VhbGVk"}' ;;
  get-role-policy)
    [[ -f bootstrap ]] || exit 0
    echo "An error occurred ($(cat bootstrap)) when calling the GetRolePolicy operation: \${options[--role-name]} \${options[--policy-name]}" >&2
    exit 254 ;;
  put-object)
    [[ -f denied-put ]] && { echo "An error occurred ($(cat denied-put)) when calling the PutObject operation: no" >&2; exit 254; }
    mkdir -p "$(dirname "$file")"
    cp "\${options[--body]}" "$file"
    echo "\${options[--key]}" >> puts ;;
  get-object)
    [[ -e "$file" || -L "$file" ]] || { echo "An error occurred (NoSuchKey) when calling the GetObject operation: none" >&2; exit 254; }
    if [[ -L "$file" ]]; then cp -P "$file" "$1"; else range="\${options[--range]#bytes=0-}"; head -c "$((range + 1))" "$file" > "$1"; fi ;;
esac
`;

/** Its plan files hold the plan in JSON, and so show what was applied. An apply makes the state a newer one. */
export const TERRAFORM = `#!/bin/bash
stack="\${1#-chdir=cdktf.out/stacks/}"
echo "$stack $2" >> calls
case "$2" in
  plan)
    part=plan
    for argument in "$@"; do
      [[ "$argument" == -target=* ]] && part=part
      [[ "$argument" == -out=* ]] && out="\${argument#-out=}"
    done
    cat "answers/$stack.$part" > "$out" ;;
  show) cat "$4" ;;
  output) cat "answers/$stack.output" ;;
  state) cat "answers/$stack.state" ;;
  apply)
    echo "$stack $(cat "\${*: -1}")" >> applied
    [[ -f "answers/$stack.next" ]] && cp "answers/$stack.next" "answers/$stack.state" ;;
esac
exit 0
`;

export interface World {
  readonly environment?: "dev" | "prod";
  readonly deployed?: readonly string[];
}

/** A repository of one environment that can plan, save, fetch and apply. */
export class PlanRepository {
  public readonly directory = mkdtempSync(join(tmpdir(), "saved-plans-"));
  public readonly environment: string;

  constructor({ environment = "prod", deployed = LAYERS }: World = {}) {
    this.environment = environment;
    const stack = (layer: string): string => `${environment}-${layer}`;
    const reads: Readonly<Record<string, string[]>> = { cluster: [stack("network")], workloads: [stack("cluster")] };
    this.write(
      "cdktf.out/manifest.json",
      JSON.stringify({
        stacks: Object.fromEntries(LAYERS.map((layer) => [stack(layer), manifestEntry(stack(layer), reads[layer])])),
      }),
    );
    for (const layer of LAYERS) {
      this.write(`cdktf.out/stacks/${stack(layer)}/cdk.tf.json`, "{}");
      this.plan(layer, plan());
      this.write(`answers/${stack(layer)}.output`, deployed.includes(layer) ? '{"some":{}}' : "{}");
      this.state(layer, deployed.includes(layer) ? { serial: 4 } : undefined);
    }
    this.write("bin/terraform", TERRAFORM);
    this.write("bin/aws", AWS);
    this.write(
      "node_modules/ray-platform/bin/ray-platform",
      `if (process.argv[2] === "order") {
  require(${JSON.stringify(join(ROOT, "bin", "ray-platform"))});
} else if (process.argv[2] === "policy") {
  const denied = require("node:fs").existsSync("denied");
  console.log(JSON.stringify({ format: 1, exitCode: 0, files: [] }));
  process.exitCode = denied ? 2 : 0;
}
`,
    );
    const state = { kmsKeyAlias: "k", region: "us-east-1", bucket: "states" };
    this.write(
      "src/platform/platform.json",
      JSON.stringify({
        environments: [
          { name: environment, state, production: environment === "prod", deployment: { driftRoleName: "prod-drift" } },
        ],
      }),
    );
    cpSync(join(ROOT, "templates", "scripts"), join(this.directory, "scripts"), { recursive: true });
    symlinkSync(join(ROOT, "lib"), join(this.directory, "node_modules", "ray-platform", "lib"));
  }

  public path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  public write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
    chmodSync(this.path(path), text.startsWith("#!") ? 0o755 : 0o644);
  }

  /** What Terraform would plan from now on, of all and of some resources. */
  public plan(layer: string, whole: object, part = whole): void {
    this.write(`answers/${this.environment}-${layer}.plan`, JSON.stringify(whole));
    this.write(`answers/${this.environment}-${layer}.part`, JSON.stringify(part));
  }

  public state(
    layer: string,
    facts: { serial: number; lineage?: string; outputs?: object } | undefined,
    when = "state",
  ) {
    const text =
      facts === undefined ? "" : JSON.stringify({ lineage: "1-2", outputs: { id: { value: layer } }, ...facts });
    this.write(`answers/${this.environment}-${layer}.${when}`, text);
  }

  public run(command: readonly string[], more: Record<string, string> = {}) {
    const { PATH } = process.env;
    const env = { PATH: `${this.path("bin")}:${PATH}`, PLATFORM_ENVIRONMENT: this.environment, GITHUB_RUN_ID: "7" };
    const result = spawnSync(command[0] as string, command.slice(1), {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...env, STACKS: "network cluster", GITHUB_SHA: COMMIT, GITHUB_OUTPUT: "output", ...more },
    });
    return { ...result, said: result.stdout + result.stderr };
  }

  /** Plans and saves. @returns the plan's name */
  public save(more: Record<string, string> = {}): string {
    const result = this.run(["bash", "scripts/terraform-plan.sh", "summaries"], { SAVE_PLANS: "true", ...more });
    expect([result.status, result.stderr]).toEqual([0, ""]);
    return PLAN_NAME.exec(result.stdout)?.[0] as string;
  }

  public apply(name: string, more: Record<string, string> = {}) {
    rmSync(this.path("applied"), { force: true });
    const result = this.run(["bash", "scripts/terraform-apply.sh", "kept"], { APPROVED_PLAN: name, ...more });
    const applied = existsSync(this.path("applied"))
      ? readFileSync(this.path("applied"), "utf8").trim().split("\n")
      : [];
    return { ...result, applied };
  }

  public fetch(name: string, more: Record<string, string> = {}) {
    return this.run(["node", "scripts/plan-store.mjs", "fetch", name, "fetched"], more);
  }

  /** A path in the bucket's directory. */
  public stored(...parts: string[]): string {
    return this.path("store", "states", "_plans", this.environment, ...parts);
  }
}
