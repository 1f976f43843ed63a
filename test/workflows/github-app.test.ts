// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { WORKFLOWS_DIRECTORY } from "../../src/workflow-rules/pin-table";
import { steps } from "../../src/workflow-rules/rule";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { snippets } from "../documents/markdown";
import { documentsOf, OPTION_SETS } from "../documents/option-sets";
import { FakeGitHub } from "./fake-github";
import { generated } from "./generated-workflows";

const document = (path: string): string => {
  const found = documentsOf(OPTION_SETS["GitHub and AWS named"] as never).find((item) => item.path === path);
  if (!found) {
    throw new Error(`no document ${path}`);
  }
  return found.content;
};

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env: Record<string, string>; onOutput?: (text: string) => void },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { PATH: process.env.PATH as string, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      options.onOutput?.(stdout);
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

let github: FakeGitHub;
let api: string;
beforeEach(async () => {
  github = new FakeGitHub();
  api = await github.start();
});
afterEach(() => github.stop());

describe("the commands of auth-flow.md", () => {
  const [sign, exchange, use, revoke] = snippets(document(".github/app/auth-flow.md"))
    .filter(({ language }) => language === "bash")
    .map(({ code }) => code) as [string, string, string, string];
  const bash = (script: string, env: Record<string, string> = {}) =>
    run("bash", ["-c", script], {
      env: {
        GITHUB_API_URL: api,
        APP_ID: github.app.id,
        APP_PRIVATE_KEY: github.privateKey,
        INSTALLATION_ID: github.app.installationId,
        ...env,
      },
    });

  test("sign, exchange, use and revoke, one after the other", async () => {
    const { status, stdout, stderr } = await bash(`${sign}${exchange}${use}${revoke}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("may contents: read, pull_requests: write");
    expect(stdout).toContain("acme/platform\n");
    expect(github.tokens.size).toBe(0);
  });

  test("ask for a token of this repository with these permissions, and no more", async () => {
    await bash(`${sign}${exchange}`);
    expect([...github.tokens.values()]).toEqual([
      { permissions: { contents: "read", pull_requests: "write" }, repositories: ["platform"] },
    ]);
  });

  test("make a JWT of three base64url parts that is valid for ten minutes", async () => {
    const { stdout } = await bash(`${sign}printf '%s' "$jwt"`);
    expect(stdout).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
    const [header, payload] = stdout.split(".").map((part) => Buffer.from(part, "base64url").toString());
    expect(JSON.parse(header as string)).toEqual({ alg: "RS256", typ: "JWT" });
    const { iat, exp, iss } = JSON.parse(payload as string);
    expect([exp - iat, iss]).toEqual([600, github.app.id]);
    expect(Math.abs(iat + 60 - Date.now() / 1000)).toBeLessThan(10);
  });

  test("bear a clock that is a minute behind or ahead of GitHub's", async () => {
    for (const skew of [-50, 50]) {
      github.clockSkew = skew;
      expect((await bash(`${sign}${exchange}`)).status).toBe(0);
    }
  });

  test("never put key, JWT or token on a command line", () => {
    for (const code of [exchange, use, revoke]) {
      expect(code).not.toMatch(/--header ["'][^"']*\$(jwt|token)|-H ["'][^"']*\$(jwt|token)/);
    }
  });

  const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
  test.each<readonly [string, string, (fake: FakeGitHub) => Record<string, string> | undefined, string]>([
    ["another App's key", "A JSON web token could not be decoded", () => ({ APP_PRIVATE_KEY: otherKey }), "as it is"],
    ["an unknown App", "Integration not found", () => ({ APP_ID: "Iv0000000000" }), "as it is"],
    ["another App's installation", "Not Found", () => ({ INSTALLATION_ID: "9999" }), "as it is"],
    ["a suspended installation", "This installation has been suspended", (fake) => fake.suspend(), "as it is"],
    ["a clock ten minutes ahead", "must be an Integer", (fake) => fake.setClock(-660), "as it is"],
    ["a lifetime that is too long", "is too far in the future", () => undefined, "+ 1540"],
    ["a permission that was not granted", "not granted to this installation", () => undefined, "administration"],
    ["a repository without the App", "not accessible to the parent installation", () => undefined, "other-repository"],
  ])("end with GitHub's message and without a token for %s", async (_title, expected, prepare, change) => {
    const env = prepare(github) ?? {};
    const script = `${sign}${exchange}`
      .replace("+ 540", change === "+ 1540" ? change : "+ 540")
      .replace('contents: "read"', change === "administration" ? 'administration: "write"' : 'contents: "read"')
      .replace('"platform"', change === "other-repository" ? '"other"' : '"platform"');
    const { status, stderr } = await bash(`${script}echo "the token is $token"`, env);
    expect(status).not.toBe(0);
    expect(stderr).toContain(expected);
    expect(github.tokens.size).toBe(0);
    expect(document(".github/app/auth-flow.md")).toContain(expected);
  });

  test("end at once when the token was revoked", async () => {
    const { status, stdout } = await bash(`${sign}${exchange}kept="$token"\n${revoke}token="$kept"\n${use}`);
    expect(status).not.toBe(0);
    expect(stdout).not.toContain("acme/platform");
  });
});

describe("the App's permissions", () => {
  const workflows = WORKFLOWS.flatMap(filesOfWorkflow).map((name) =>
    parseWorkflow(`${name}.yml`, readFileSync(join(WORKFLOWS_DIRECTORY, `${name}.yml`), "utf8")),
  );
  const asked = new Map<string, string>();
  for (const workflow of workflows) {
    for (const { step } of steps(workflow)) {
      for (const [input, level] of step.uses?.startsWith("actions/create-github-app-token@") ? step.with : []) {
        if (input.startsWith("permission-")) {
          asked.set(input.slice("permission-".length).replace(/-/g, "_"), level);
        }
      }
    }
  }

  test("in the manifest are those that jobs ask for, and metadata", () => {
    const manifest = JSON.parse(document(".github/app/manifest.json"));
    expect(manifest.default_permissions).toEqual({ ...Object.fromEntries(asked), metadata: "read" });
    expect(manifest).toMatchObject({ public: false, default_events: [], hook_attributes: { active: false } });
    expect(manifest.name.length).toBeLessThanOrEqual(34);
  });

  test("in permissions.md are the same, with the jobs that ask for them", () => {
    const rows = [...document(".github/app/permissions.md").matchAll(/^\| ([A-Z][a-z ]+) \| (read|write) \|/gm)].map(
      ([, label, level]) => [label?.toLowerCase().replace(/ /g, "_"), level],
    );
    expect(Object.fromEntries(rows)).toEqual({ ...Object.fromEntries(asked), metadata: "read" });
  });

  test("are never together with a role in AWS", () => {
    for (const workflow of workflows) {
      for (const job of workflow.jobs) {
        const uses = job.steps.map((step) => step.uses?.split("@")[0]);
        expect(
          uses.includes("actions/create-github-app-token") && uses.includes("aws-actions/configure-aws-credentials"),
        ).toBe(false);
      }
    }
  });
});

describe("register-github-app.mjs", () => {
  const script = join(__dirname, "..", "..", "templates", "scripts", "register-github-app.mjs");
  const PEM = "-----BEGIN RSA PRIVATE KEY-----\nkey\n-----END RSA PRIVATE KEY-----\n";

  /** A repository in which all is ready for the App. */
  const repositoryFor = (refusals: readonly object[]) => ({
    repository: { full_name: "acme/gpu-platform", permissions: { admin: true } },
    variables: {},
    secrets: [],
    ids: {},
    environments: {
      "github-app": {
        secrets: [],
        policies: [{ id: 1, name: "main" }],
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
    },
    refusals,
  });

  /** Register with a browser that does as told, and a stand-in for gh. */
  async function register(
    browse: (address: string, state: string, redirect: string) => Promise<void>,
    args: readonly string[] = [],
    refusals: readonly object[] = [],
  ) {
    const directory = mkdtempSync(join(tmpdir(), "register-"));
    mkdirSync(join(directory, ".github/app"), { recursive: true });
    writeFileSync(join(directory, ".github/app/manifest.json"), document(".github/app/manifest.json"));
    writeFileSync(join(directory, ".github/settings.json"), generated(".github/settings.json"));
    writeFileSync(join(directory, "state.json"), JSON.stringify(repositoryFor(refusals)));
    let started = false;
    const result = await run(
      process.execPath,
      ["--require", join(__dirname, "gh-stand-in.cjs"), script, "--owner", "acme", "--no-open", ...args],
      {
        cwd: directory,
        env: {
          GITHUB_API_URL: api,
          GITHUB_SERVER_URL: "https://github.example",
        },
        onOutput: (text) => {
          const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
          if (address && !started) {
            started = true;
            void fetch(address)
              .then((response) => response.text())
              .then((page) => {
                const decoded = page.replace(/&#(\d+);/g, (_match, code) => String.fromCharCode(Number(code)));
                expect(decoded).toContain(
                  `https://github.example/${args.includes("--user") ? "" : "organizations/acme/"}settings/apps/new?state=`,
                );
                return browse(
                  address,
                  /state=([\w-]+)/.exec(decoded)?.[1] ?? "",
                  /"redirect_url":"([^"]+)"/.exec(decoded)?.[1] ?? "",
                );
              });
          }
        },
      },
    );
    const stored = existsSync(join(directory, "stored"))
      ? readFileSync(join(directory, "stored"), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as { parameters: string[]; value: string })
      : [];
    const secret = (name: string) => stored.find(({ parameters }) => parameters[2] === name)?.value;
    const calls = stored.map(({ parameters }) => parameters.join(" "));
    return { ...result, secret, calls };
  }

  beforeEach(() => github.conversions.set("c0de", { slug: "acme-platform", client_id: "Iv23liNEW", pem: PEM }));

  test("stores id and key and shows neither", async () => {
    const { status, stdout, stderr, secret } = await register(
      async (_address, state, redirect) => void (await fetch(`${redirect}?code=c0de&state=${state}`)),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect([secret("APP_ID"), secret("APP_PRIVATE_KEY")]).toEqual(["Iv23liNEW", PEM]);
    expect(stdout).toContain("https://github.example/apps/acme-platform/installations/new");
    expect(stdout).not.toContain("PRIVATE KEY");
  });

  test("puts the key into the environment, and registers for a person", async () => {
    const { calls } = await register(
      async (_address, state, redirect) => void (await fetch(`${redirect}?code=c0de&state=${state}`)),
      ["--user"],
    );
    expect(calls).toEqual([
      "secret set APP_PRIVATE_KEY --env github-app --repo acme/gpu-platform",
      "variable set APP_ID --repo acme/gpu-platform",
    ]);
  });

  test("says where to get another key when GitHub does not take the secret", async () => {
    const { status, stderr, stdout } = await register(
      async (_address, state, redirect) => void (await fetch(`${redirect}?code=c0de&state=${state}`)),
      [],
      [{ method: "secret" }],
    );
    expect(status).toBe(1);
    expect(stderr).toContain("https://github.example/organizations/acme/settings/apps/acme-platform");
    expect(`${stdout}${stderr}`).not.toContain("PRIVATE KEY-----");
  });

  test("ignores an answer that it did not ask for", async () => {
    const { secret } = await register(async (_address, state, redirect) => {
      expect((await fetch(`${redirect}?code=c0de&state=forged`)).status).toBe(403);
      expect(github.conversions.size).toBe(1);
      await fetch(`${redirect}?code=c0de&state=${state}`);
    });
    expect(secret("APP_ID")).toBe("Iv23liNEW");
  });

  test("stores nothing when GitHub refuses the code", async () => {
    const { status, stderr, secret } = await register(
      async (_address, state, redirect) => void (await fetch(`${redirect}?code=used&state=${state}`)),
    );
    expect(status).toBe(1);
    expect(stderr).toContain("GitHub refused the code: 404");
    expect(secret("APP_ID")).toBeUndefined();
  });
});
