// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { environment, generated } from "./generated-workflows";

const SCRIPTS = join(PACKAGE_ROOT, "templates", "scripts");
const STAND_IN = join(__dirname, "gh-stand-in.cjs");
const PERMISSIONS = {
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  workflows: "write",
};
/** GitHub's number for its own App, as the stand-in has it: the script asks for it. */
const ACTIONS_APP = 15_368;

type State = any;

const SETTINGS = generated(
  ".github/settings.json",
  { environmentReviewers: { prod: ["@octocat", "@acme/platform"] } },
  { environments: [environment("prod", { accountId: "111122223333" })] },
);
const WANTED = JSON.parse(SETTINGS);

/** A private repository on which nobody has set anything. */
const newRepository = (): State => ({
  repository: {
    full_name: "acme/gpu-platform",
    visibility: "private",
    default_branch: "main",
    permissions: { admin: true },
  },
  actions: { enabled: true, allowed_actions: "all", sha_pinning_required: false },
  workflowToken: { default_workflow_permissions: "write", can_approve_pull_request_reviews: true },
  forks: {
    run_workflows_from_fork_pull_requests: true,
    send_write_tokens_to_workflows: true,
    send_secrets_and_variables: true,
    require_approval_for_fork_pr_workflows: false,
  },
  variables: {},
  secrets: [],
  environments: {},
  rulesets: [],
  installations: [],
  actionsApp: ACTIONS_APP,
  ids: { "users/octocat": 7, "users/mallory": 8, "orgs/acme/teams/platform": 9 },
});

let applied: State | undefined;

/** The same with everything in its place. */
function setUp(): State {
  applied ??= apply(newRepository(), ["--apply"]).state;
  const state = structuredClone(applied);
  state.variables = { BOOTSTRAPPED_PROD: "true", APP_ID: "Iv23liEXAMPLE" };
  state.environments["github-app"].secrets.push("APP_PRIVATE_KEY");
  state.installations = [
    { client_id: "Iv23liEXAMPLE", repository_selection: "selected", permissions: PERMISSIONS, suspended_at: null },
  ];
  return state;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly state: State;
  readonly calls: readonly { method: string; path: string; body?: unknown }[];
  readonly reads: readonly string[];
  readonly stored: readonly { parameters: string[]; value: string }[];
  readonly settings: readonly { title: string; state: string; reason?: string }[];
}

/** Run a script against a repository. */
function apply(
  state: State,
  parameters: readonly string[],
  script = "github-settings.mjs",
  settings = SETTINGS,
): Outcome {
  const directory = mkdtempSync(join(tmpdir(), "settings-"));
  mkdirSync(join(directory, ".github", "app"), { recursive: true });
  writeFileSync(join(directory, ".github/settings.json"), settings);
  writeFileSync(join(directory, ".github/app/manifest.json"), JSON.stringify({ default_permissions: PERMISSIONS }));
  writeFileSync(join(directory, "state.json"), JSON.stringify(state));
  const run = (extra: readonly string[]) =>
    spawnSync(process.execPath, ["--require", STAND_IN, join(SCRIPTS, script), ...parameters, ...extra], {
      cwd: directory,
      encoding: "utf8",
    });
  const { status, stdout, stderr } = run(script === "github-settings.mjs" ? ["--json"] : []);
  const lines = (name: string) =>
    existsSync(join(directory, name))
      ? readFileSync(join(directory, name), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  return {
    status,
    stdout,
    stderr,
    state: JSON.parse(readFileSync(join(directory, "state.json"), "utf8")),
    calls: lines("calls").filter(({ method }: { method: string }) => method !== "GET"),
    reads: lines("calls")
      .filter(({ method }: { method: string }) => method === "GET")
      .map(({ path }: { path: string }) => path),
    stored: lines("stored"),
    settings: stdout.startsWith("{") ? JSON.parse(stdout).settings : [],
  };
}

const stateOf = ({ settings }: Outcome, title: string): string | undefined =>
  settings.find((setting) => setting.title === title)?.state;
const reasonOf = ({ settings }: Outcome, title: string): string | undefined =>
  settings.find((setting) => setting.title === title)?.reason;

describe("github-settings.mjs", () => {
  test("without --apply it reads and writes nothing", () => {
    for (const parameters of [[], ["--check"]]) {
      const { state, calls } = apply(newRepository(), parameters);
      expect([state, calls]).toEqual([newRepository(), []]);
    }
  });

  test("--check ends with 0 when nothing is left, 1 when something is, 2 when it cannot know", () => {
    expect(apply(setUp(), ["--check"]).status).toBe(0);
    expect(apply(newRepository(), ["--check"]).status).toBe(1);
    expect(apply({ ...setUp(), variables: { APP_ID: "Iv23liEXAMPLE" } }, ["--check"]).status).toBe(1);
    const refusals = [{ method: "GET", path: "repos/acme/gpu-platform/rulesets", status: 500, message: "down" }];
    expect(apply({ ...setUp(), refusals }, ["--check"]).status).toBe(2);
    const nobody = newRepository();
    nobody.repository.permissions.admin = false;
    const refused = apply(nobody, ["--check"]);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("not an administrator")]);
    expect(apply(newRepository(), ["--check", "--apply"]).status).toBe(2);
    expect(apply(newRepository(), ["--nonsense"]).status).toBe(2);
  });

  test("--apply writes what is wanted, and what is left are a person's tasks", () => {
    const outcome = apply(newRepository(), ["--apply"]);
    const { state } = outcome;
    expect(outcome.status).toBe(1);
    expect(state.actions).toEqual({ enabled: true, allowed_actions: "selected", sha_pinning_required: true });
    expect(state.selectedActions.patterns_allowed).toEqual(WANTED.actions.allowed);
    expect(state.workflowToken).toEqual({
      default_workflow_permissions: "read",
      can_approve_pull_request_reviews: false,
    });
    expect(state.environments.prod).toMatchObject({
      reviewers: [
        { type: "User", id: 7 },
        { type: "Team", id: 9 },
      ],
      prevent_self_review: true,
      can_admins_bypass: false,
      policies: [{ name: "main" }],
    });
    expect(state.forks).toEqual({
      run_workflows_from_fork_pull_requests: true,
      send_write_tokens_to_workflows: false,
      send_secrets_and_variables: false,
      require_approval_for_fork_pr_workflows: true,
    });
    expect(
      outcome.settings.filter(({ state: found }) => found === "to do by a person").map(({ title }) => title),
    ).toEqual(["variable BOOTSTRAPPED_PROD", "variable APP_ID", "the App's private key"]);
  });

  test("only GitHub Actions may report the required checks", () => {
    const [{ rules }] = apply(newRepository(), ["--apply"]).state.rulesets;
    const { parameters } = rules.find(({ type }: { type: string }) => type === "required_status_checks");
    expect(parameters.required_status_checks).toEqual(
      WANTED.requiredChecks.map((context: string) => ({ context, integration_id: ACTIONS_APP })),
    );
  });

  test("a second run finds nothing to write", () => {
    expect(apply(setUp(), ["--apply"]).calls).toEqual([]);
  });

  describe("takes nothing away that somebody set by hand", () => {
    test("reviewers and timers of environments", () => {
      const state = setUp();
      Object.assign(state.environments.prod, { reviewers: [{ type: "User", id: 8 }], wait_timer: 30 });
      const { prod } = apply(state, ["--apply"]).state.environments;
      expect(prod.reviewers).toEqual([
        { type: "User", id: 8 },
        { type: "User", id: 7 },
        { type: "Team", id: 9 },
      ]);
      expect(prod.wait_timer).toBe(30);
    });

    test("reviewers of the App's environment, of which the options name none", () => {
      const state = setUp();
      Object.assign(state.environments["github-app"], {
        reviewers: [{ type: "User", id: 8 }],
        prevent_self_review: true,
        policies: [{ id: 1, name: "*" }],
      });
      expect(apply(state, ["--apply"]).state.environments["github-app"]).toMatchObject({
        reviewers: [{ type: "User", id: 8 }],
        prevent_self_review: true,
        policies: [{ name: "main" }],
      });
    });

    test("a ban on passing an environment's rules by, though nothing there waits", () => {
      const state = setUp();
      Object.assign(state.environments["github-app"], { can_admins_bypass: false, policies: [{ id: 1, name: "*" }] });
      expect(apply(state, ["--apply"]).state.environments["github-app"]).toMatchObject({
        can_admins_bypass: false,
        policies: [{ name: "main" }],
      });
    });

    test("workflows of forks that do not run at all", () => {
      const state = setUp();
      const off = Object.fromEntries(Object.keys(state.forks).map((key) => [key, false]));
      Object.assign(state, { forks: off });
      const outcome = apply(state, ["--apply"]);
      expect([outcome.status, outcome.calls, outcome.state.forks]).toEqual([0, [], off]);
    });

    test("more reviews, more checks and more rules", () => {
      const state = setUp();
      const [ruleset] = state.rulesets;
      const rule = (type: string) => ruleset.rules.find((one: { type: string }) => one.type === type);
      rule("pull_request").parameters.required_approving_review_count = 2;
      rule("required_status_checks").parameters.required_status_checks.push({ context: "by hand" });
      rule("required_status_checks").parameters.strict_required_status_checks_policy = true;
      ruleset.rules.push({ type: "required_signatures" });
      ruleset.enforcement = "disabled";
      const [after] = apply(state, ["--apply"]).state.rulesets;
      expect(after.enforcement).toBe("active");
      expect(after.rules).toEqual(ruleset.rules);
    });

    test.each<readonly [string, string, (state: State) => void]>([
      ["Actions that are off", "GitHub Actions", (state) => Object.assign(state.actions, { enabled: false })],
      [
        "Actions of this organization alone",
        "GitHub Actions",
        (state) => Object.assign(state.actions, { allowed_actions: "local_only" }),
      ],
      [
        "an environment that admits no branch",
        "environment prod",
        (state) => Object.assign(state.environments.prod, { policies: [] }),
      ],
      [
        "a ruleset for every branch",
        "ruleset ray-platform",
        (state) => Object.assign(state.rulesets[0].conditions.ref_name, { include: ["~ALL"] }),
      ],
    ])("%s, without --force", (_title, title, prepare) => {
      const state = setUp();
      prepare(state);
      const kept = apply(state, ["--apply"]);
      expect([kept.status, stateOf(kept, title), kept.calls]).toEqual([1, "not written", []]);
      expect(reasonOf(kept, title)).toContain("--force");
      const forced = apply(state, ["--apply", "--force"]);
      expect([forced.status, stateOf(forced, title)]).toEqual([0, "written"]);
    });

    test("other rulesets", () => {
      const state = newRepository();
      state.rulesets = [{ id: 1, name: "other", rules: [] }];
      expect(apply(state, ["--apply"]).state.rulesets[0]).toEqual({ id: 1, name: "other", rules: [] });
    });
  });

  test.each<readonly [string, string, (state: State) => void, (state: State) => unknown, unknown]>([
    [
      "administrators may pass the reviewers by",
      "environment prod",
      (state) => Object.assign(state.environments.prod, { can_admins_bypass: true }),
      (state) => state.environments.prod.can_admins_bypass,
      false,
    ],
    [
      "administrators may pass a timer by that somebody set",
      "environment github-app",
      (state) => Object.assign(state.environments["github-app"], { can_admins_bypass: true, wait_timer: 5 }),
      (state) => state.environments["github-app"].can_admins_bypass,
      false,
    ],
    [
      "a fork's pull request gets secrets",
      "pull requests from forks",
      (state) => Object.assign(state.forks, { send_secrets_and_variables: true }),
      (state) => state.forks.send_secrets_and_variables,
      false,
    ],
    [
      "a fork's pull request gets a token that writes",
      "pull requests from forks",
      (state) => Object.assign(state.forks, { send_write_tokens_to_workflows: true }),
      (state) => state.forks.send_write_tokens_to_workflows,
      false,
    ],
    [
      "a stranger's pull request runs on a public repository's runners",
      "pull requests from forks",
      (state) => {
        Object.assign(state.repository, { visibility: "public" });
        Object.assign(state, { forksOfPublic: { approval_policy: "first_time_contributors_new_to_github" } });
      },
      (state) => state.forksOfPublic.approval_policy,
      "all_external_contributors",
    ],
  ])("%s, until --apply", (_title, title, prepare, read, wanted) => {
    const state = setUp();
    prepare(state);
    const shown = apply(state, ["--check"]);
    expect([shown.status, stateOf(shown, title), shown.calls]).toEqual([1, "differs", []]);
    const written = apply(state, ["--apply"]);
    expect([stateOf(written, title), read(written.state)]).toEqual(["written", wanted]);
  });

  test("a branch policy for every branch goes", () => {
    const state = setUp();
    state.environments.prod.policies.push({ id: 5, name: "*", type: "branch" });
    expect(apply(state, ["--check"]).status).toBe(1);
    expect(
      apply(state, ["--apply"]).state.environments.prod.policies.map(({ name }: { name: string }) => name),
    ).toEqual(["main"]);
  });

  test("an environment without reviewers gets its branches though GitHub refuses the reviewers", () => {
    const refusals = [
      {
        method: "PUT",
        path: "repos/acme/gpu-platform/environments/prod",
        where: '"id":7',
        status: 422,
        message: "Failed to create the environment protection rule",
      },
    ];
    const outcome = apply({ ...newRepository(), refusals }, ["--apply"]);
    expect([outcome.status, stateOf(outcome, "environment prod")]).toEqual([1, "written in part"]);
    expect(outcome.state.environments.prod.policies).toMatchObject([{ name: "main" }]);
    expect(stateOf(outcome, "ruleset ray-platform")).toBe("written");
  });

  test.each([
    ["actions/permissions/workflow", "the workflows' token"],
    ["rulesets", "ruleset ray-platform"],
    ["environments/prod", "environment prod"],
  ])("one refusal (%s) keeps nothing else from being written", (path, title) => {
    const method = path === "rulesets" ? "POST" : "PUT";
    const refusals = [
      { method, path: `repos/acme/gpu-platform/${path}`, status: 403, message: "Upgrade to GitHub Team" },
    ];
    const outcome = apply({ ...newRepository(), refusals }, ["--apply"]);
    expect([outcome.status, stateOf(outcome, title)]).toEqual([1, "not written"]);
    expect(reasonOf(outcome, title)).toContain("Upgrade to GitHub Team");
    const others = outcome.settings.filter((setting) => setting.title !== title && setting.state === "not written");
    expect(others).toEqual([]);
  });

  test.each<readonly [string, string, (state: State) => void]>([
    [
      "a key that every branch can read",
      "secrets that too many can read",
      (state) => state.secrets.push("APP_PRIVATE_KEY"),
    ],
    ["a key of AWS", "secrets that too many can read", (state) => state.secrets.push("AWS_SECRET_ACCESS_KEY")],
    [
      "a key of AWS in an environment that deploys",
      "secrets that too many can read",
      (state) => state.environments.prod.secrets.push("AWS_ACCESS_KEY_ID"),
    ],
    [
      "a key of AWS with the name of an environment",
      "secrets that too many can read",
      (state) => state.secrets.push("AWS_SECRET_ACCESS_KEY_PROD"),
    ],
    [
      "a token of AWS",
      "secrets that too many can read",
      (state) => Object.assign(state, { organization: { secrets: ["AWS_SESSION_TOKEN"], variables: [] } }),
    ],
    [
      "the App's key in an environment that deploys",
      "secrets that too many can read",
      (state) => state.environments.prod.secrets.push("APP_PRIVATE_KEY"),
    ],
    [
      "the App's key in an environment that nobody speaks of",
      "secrets that too many can read",
      (state) => Object.assign(state.environments, { old: { policies: [], secrets: ["APP_PRIVATE_KEY"] } }),
    ],
    [
      "the App's key where Dependabot's pull requests read it",
      "secrets that too many can read",
      (state) => Object.assign(state, { dependabotSecrets: ["APP_PRIVATE_KEY"] }),
    ],
    [
      "somebody who merges past the ruleset",
      "who may bypass the ruleset ray-platform",
      (state) =>
        Object.assign(state.rulesets[0], {
          bypass_actors: [{ actor_type: "RepositoryRole", actor_id: 5, bypass_mode: "always" }],
        }),
    ],
    [
      "an App that merges past the ruleset",
      "who may bypass the ruleset ray-platform",
      (state) =>
        Object.assign(state.rulesets[0], {
          bypass_actors: [{ actor_type: "Integration", actor_id: 4711, bypass_mode: "exempt" }],
        }),
    ],
    ["an App that is not installed", "the App's installation", (state) => state.installations.pop()],
    [
      "an App on every repository",
      "the App's installation",
      (state) => Object.assign(state.installations[0], { repository_selection: "all" }),
    ],
    [
      "an App that may do more",
      "the App's installation",
      (state) => Object.assign(state.installations[0], { permissions: { ...PERMISSIONS, administration: "write" } }),
    ],
    [
      "a repository that became public",
      "the repository",
      (state) => Object.assign(state.repository, { visibility: "public" }),
    ],
  ])("%s is said, and left to a person", (_title, title, prepare) => {
    const state = setUp();
    prepare(state);
    const outcome = apply(state, ["--apply"]);
    expect([outcome.status, stateOf(outcome, title), outcome.calls]).toEqual([1, "to do by a person", []]);
  });

  test.each<readonly [string, string, (state: State) => void, string | undefined]>([
    [
      "a region among the secrets",
      "secrets that too many can read",
      (state) => state.secrets.push("AWS_REGION"),
      undefined,
    ],
    [
      "a role and an account in an environment",
      "secrets that too many can read",
      (state) => state.environments.prod.secrets.push("AWS_ROLE_ARN", "AWS_ACCOUNT_ID"),
      undefined,
    ],
    [
      "a key with which Dependabot reads a registry",
      "secrets that too many can read",
      (state) => Object.assign(state, { dependabotSecrets: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] }),
      "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
    ],
    [
      "an App that may pass the ruleset in a pull request",
      "who may bypass the ruleset ray-platform",
      (state) =>
        Object.assign(state.rulesets[0], {
          bypass_actors: [{ actor_type: "Integration", actor_id: 4711, bypass_mode: "pull_request" }],
        }),
      "Integration 4711 (pull_request)",
    ],
  ])("%s leaves nothing to do", (_title, title, prepare, said) => {
    const state = setUp();
    prepare(state);
    const outcome = apply(state, ["--check"]);
    expect([outcome.status, stateOf(outcome, title)]).toEqual([0, "as wanted"]);
    expect(reasonOf(outcome, title)).toEqual(said && expect.stringContaining(said));
  });

  test("what was chosen on purpose does not hide what was not", () => {
    const state = setUp();
    state.rulesets[0].bypass_actors = [
      { actor_type: "Integration", actor_id: 4711, bypass_mode: "pull_request" },
      { actor_type: "OrganizationAdmin", actor_id: null, bypass_mode: "always" },
    ];
    state.dependabotSecrets = ["AWS_ACCESS_KEY_ID", "APP_PRIVATE_KEY"];
    const outcome = apply(state, ["--check"]);
    for (const [title, deliberate, other] of [
      ["who may bypass the ruleset ray-platform", "Integration 4711", "OrganizationAdmin (always)"],
      ["secrets that too many can read", "AWS_ACCESS_KEY_ID", "APP_PRIVATE_KEY"],
    ] as const) {
      const setting = outcome.settings.find((one) => one.title === title) as State;
      expect([outcome.status, setting.state]).toEqual([1, "to do by a person"]);
      expect(setting.reason).toContain(deliberate);
      const differences = JSON.stringify(setting.differences);
      expect([differences.includes(other), differences.includes(deliberate)]).toEqual([true, false]);
    }
  });

  test.each([
    ["Forbidden", 0, "not to be seen"],
    ["Upgrade your plan to change this setting", 0, "not to be seen"],
    ["API rate limit exceeded for user ID 7.", 2, "unreadable"],
    ["Resource not accessible by personal access token", 2, "unreadable"],
  ])("where GitHub does not tell what forks get (%s), it ends with %s", (message, status, state) => {
    const path = "repos/acme/gpu-platform/actions/permissions/fork-pr-workflows-private-repos";
    const refusals = [{ method: "GET", path, status: 403, message, exact: true }];
    const outcome = apply({ ...setUp(), refusals }, ["--check"]);
    expect([outcome.status, stateOf(outcome, "pull requests from forks")]).toEqual([status, state]);
    expect(reasonOf(outcome, "pull requests from forks")).toContain(message);
  });
});

describe("github-settings.mjs, whatever GitHub answers", () => {
  const refusing = (method: string, path: string, status: number, message: string) => ({
    ...(method === "GET" ? setUp() : newRepository()),
    refusals: [{ method, path, status, message, exact: true }],
  });
  const STATUSES: readonly (readonly [number, string])[] = [
    [403, "API rate limit exceeded for user ID 7."],
    [429, "You have exceeded a secondary rate limit"],
    [500, "Server Error"],
    [403, "Resource not accessible by personal access token"],
    [422, "Validation Failed"],
  ];

  test("what cannot be read is never called well, is not written, and keeps nothing else from being read", () => {
    const reads = [...new Set(apply(setUp(), ["--check"]).reads)];
    expect(reads.length).toBeGreaterThan(12);
    reads.forEach((path, index) => {
      const [status, message] = STATUSES[index % STATUSES.length] as (typeof STATUSES)[number];
      const outcome = apply(refusing("GET", path, status, message), ["--apply"]);
      expect([path, outcome.status, outcome.calls]).toEqual([path, 2, []]);
      expect(`${outcome.stdout}${outcome.stderr}`).toContain(message);
      expect(outcome.stderr).not.toMatch(/\n +at /);
    });
  });

  test.each(["rulesets", "actions/secrets"])("a list that the login may not see is not an empty one: %s", (path) => {
    const outcome = apply(refusing("GET", `repos/acme/gpu-platform/${path}`, 404, "Not Found"), ["--apply"]);
    expect([outcome.status, outcome.calls]).toEqual([2, []]);
  });

  test("what cannot be written is said, and everything else is written", () => {
    const undisturbed = apply(newRepository(), ["--apply"]);
    const writes = undisturbed.calls.map(({ method, path }) => [method, path] as const);
    expect(writes.length).toBeGreaterThan(7);
    writes.forEach(([method, path], index) => {
      const [status, message] = [...STATUSES, [404, "Not Found"] as const][index % 6] as readonly [number, string];
      const outcome = apply(refusing(method, path, status, message), ["--apply"]);
      const different = outcome.settings.filter(({ title, state }) => state !== stateOf(undisturbed, title));
      expect([method, path, outcome.status, different.length]).toEqual([method, path, 1, 1]);
      expect(different[0]).toMatchObject({ state: expect.stringMatching(/^(not written|written in part)$/) });
      expect(different[0]?.reason).toContain(message);
    });
  });

  test("a reviewer that GitHub does not know keeps neither the others nor the branches from being written", () => {
    const state = newRepository();
    delete state.ids["users/octocat"];
    const outcome = apply(state, ["--apply"]);
    expect([outcome.status, stateOf(outcome, "environment prod")]).toEqual([1, "written in part"]);
    expect(reasonOf(outcome, "environment prod")).toContain("@octocat was not found");
    expect(outcome.state.environments.prod).toMatchObject({
      reviewers: [{ type: "Team", id: 9 }],
      policies: [{ name: "main" }],
    });
  });

  test("lists go on behind their first page", () => {
    const state = setUp();
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);
    state.secrets = [...many(230).map((index) => `OTHER_${index}`), "AWS_SECRET_ACCESS_KEY"];
    state.rulesets.unshift(...many(140).map((id) => ({ id, name: `other ${id}`, rules: [] })));
    state.environments.prod.policies.unshift(...many(120).map((id) => ({ id, name: `release/${id}` })));
    const outcome = apply(state, ["--apply"]);
    expect(outcome.state.rulesets).toHaveLength(141);
    expect(outcome.state.environments.prod.policies.map(({ name }: { name: string }) => name)).toEqual(["main"]);
    expect(stateOf(outcome, "ruleset ray-platform")).toBe("as wanted");
    expect(stateOf(outcome, "secrets that too many can read")).toBe("to do by a person");
  });

  test.each(["Prod EU", "prod/eu", "prod?x=1#y", "produção", "100%"])("an environment may be called %s", (name) => {
    const settings = JSON.stringify({ ...WANTED, environments: [{ ...WANTED.environments[0], name }] });
    const { state } = apply(newRepository(), ["--apply"], "github-settings.mjs", settings);
    expect(Object.keys(state.environments)).toEqual([name]);
    expect(state.environments[name].policies).toMatchObject([{ name: "main" }]);
  });

  test("a tag that is called as the branch is no branch", () => {
    const state = setUp();
    state.environments.prod.policies = [{ id: 1, name: "main", type: "tag" }];
    const { policies } = apply(state, ["--apply"]).state.environments.prod;
    expect(policies).toMatchObject([{ name: "main", type: "branch" }]);
  });

  test("a check of a workflow that was turned off goes, with --force, and one of somebody else's stays", () => {
    const state = setUp();
    const rule = state.rulesets[0].rules.find(({ type }: { type: string }) => type === "required_status_checks");
    const [gone, foreign] = [
      { context: "CodeQL (actions)", integration_id: ACTIONS_APP },
      { context: "Dependency review", integration_id: 1 },
    ];
    rule.parameters.required_status_checks.push(gone, foreign);
    expect(WANTED.checksTurnedOff).toEqual(expect.arrayContaining([gone.context, foreign.context]));
    const kept = apply(state, ["--apply"]);
    expect([kept.status, stateOf(kept, "ruleset ray-platform"), kept.calls]).toEqual([1, "not written", []]);
    const after = apply(state, ["--apply", "--force"]).state.rulesets[0].rules.find(
      ({ type }: { type: string }) => type === "required_status_checks",
    ).parameters.required_status_checks;
    expect(after).toEqual(expect.arrayContaining([foreign]));
    expect(after).not.toEqual(expect.arrayContaining([gone]));
  });

  test("without Code Security GitHub has no default setup of CodeQL", () => {
    const wanted = JSON.stringify({ ...WANTED, codeqlWorkflow: true, codeSecurity: true });
    const refusals = [
      {
        method: "GET",
        path: "repos/acme/gpu-platform/code-scanning/default-setup",
        status: 403,
        message: "Code Security must be enabled for this repository to use code scanning.",
      },
    ];
    const outcome = apply({ ...setUp(), refusals }, ["--check"], "github-settings.mjs", wanted);
    expect(outcome.status).toBe(1);
    expect(stateOf(outcome, "default setup of CodeQL")).toBe("as wanted");
    expect(stateOf(outcome, "GitHub Code Security")).toBe("to do by a person");
  });

  test("what an organization shares counts: variables that are set, and secrets that every branch can read", () => {
    const state = setUp();
    const shared = Object.entries(state.variables).map(([name, value]) => ({ name, value }));
    Object.assign(state, { variables: {}, organization: { variables: shared, secrets: [] } });
    expect(apply(state, ["--check"]).status).toBe(0);
    state.organization.secrets = ["APP_PRIVATE_KEY"];
    const outcome = apply(state, ["--check"]);
    expect([outcome.status, stateOf(outcome, "secrets that too many can read")]).toEqual([1, "to do by a person"]);
  });

  test("of a person's repository the installation cannot be seen, which is said and leaves nothing to do", () => {
    const state = setUp();
    Object.assign(state.repository, { owner: { type: "User" } });
    state.installations = [];
    const outcome = apply(state, ["--check"]);
    expect([outcome.status, stateOf(outcome, "the App's installation")]).toEqual([0, "not to be seen"]);
  });

  test.each<readonly [string, object]>([
    ["renamed", { full_name: "Acme/gpu-platform" }],
    ["archived", { archived: true }],
  ])("a repository that was %s is said", (_title, facts) => {
    const state = setUp();
    const { full_name: name } = state.repository;
    Object.assign(state, { answers: { [`repos/${name}`]: { ...state.repository, ...facts } } });
    expect(stateOf(apply(state, ["--check"]), "the repository")).toBe("to do by a person");
  });

  test.each(["github-settings.mjs", "register-github-app.mjs"])("%s refuses another host than github.com", (script) => {
    const state = setUp();
    state.repository.url = "https://github.acme.example/api/v3/repos/acme/gpu-platform";
    const { status, stderr, calls } = apply(
      state,
      script === "github-settings.mjs" ? ["--apply"] : ["--owner", "acme"],
      script,
    );
    expect(status).toBe(script === "github-settings.mjs" ? 2 : 1);
    expect([calls, stderr]).toEqual([[], expect.stringContaining("github.com only")]);
  });
});

describe("register-github-app.mjs, before it asks GitHub for anything", () => {
  const register = (state: State, ...parameters: string[]) =>
    apply(state, ["--owner", "acme", "--no-open", ...parameters], "register-github-app.mjs");
  const ready = (): State => {
    const state = setUp();
    state.variables = {};
    return state;
  };

  test.each<readonly [string, (state: State) => void, string]>([
    [
      "an environment that does not exist",
      (state) => {
        delete state.environments["github-app"];
      },
      "the environment github-app does not exist",
    ],
    [
      "an environment for every branch",
      (state) => state.environments["github-app"].policies.push({ id: 9, name: "*" }),
      "admits other branches than main",
    ],
    [
      "an environment without policies",
      (state) => Object.assign(state.environments["github-app"], { deployment_branch_policy: null }),
      "admits other branches than main",
    ],
    [
      "an environment for a tag of the branch's name",
      (state) => Object.assign(state.environments["github-app"], { policies: [{ id: 1, name: "main", type: "tag" }] }),
      "admits other branches than main",
    ],
    [
      "an environment for no branch",
      (state) => Object.assign(state.environments["github-app"], { policies: [] }),
      "admits no branch",
    ],
    [
      "an owner who is a person",
      (state) => Object.assign(state.repository, { owner: { type: "User" } }),
      "acme is a person's account: pass --user",
    ],
    [
      "a login that may not",
      (state) => Object.assign(state.repository.permissions, { admin: false }),
      "not an administrator",
    ],
    [
      "an App that is there",
      (state) => Object.assign(state.variables, { APP_ID: "Iv1" }),
      "an App is registered already",
    ],
    [
      "secrets that cannot be written",
      (state) =>
        Object.assign(state, {
          refusals: [
            {
              method: "GET",
              path: "repos/acme/gpu-platform/environments/github-app/secrets/public-key",
              status: 403,
              message: "Resource not accessible",
            },
          ],
        }),
      "Resource not accessible",
    ],
  ])("refuses %s", (_title, prepare, expected) => {
    const state = ready();
    prepare(state);
    const { status, stderr, stdout, stored } = register(state);
    expect([status, stdout, stored]).toEqual([1, "", []]);
    expect(stderr.toLowerCase()).toContain(expected.toLowerCase());
  });
  test("refuses an owner on whose Apps the repository cannot count", () => {
    const { status, stderr } = apply(ready(), ["--owner", "other", "--no-open"], "register-github-app.mjs");
    expect([status, stderr]).toEqual([1, expect.stringContaining("pass --owner acme")]);
  });
});
