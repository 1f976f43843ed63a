// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Files alone protect no branch. What .github/settings.json does not speak of is left as it is.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { commandLine } from "./command-line.mjs";

const USAGE = `usage: node scripts/github-settings.mjs [--apply] [--repository OWNER/NAME]

Applies .github/settings.json to the repository on GitHub. Needs gh with the login of an administrator of the repository.

  --apply                  make the calls; without it they are only shown
  --repository OWNER/NAME  default: the repository that the options name`;

const values = commandLine(USAGE, { apply: { type: "boolean", default: false }, repository: { type: "string" } });
const settings = JSON.parse(readFileSync(".github/settings.json", "utf8"));
const repository = values.repository ?? settings.repository;
if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? "")) {
  console.error("Which repository? Set githubOwner in .projenrc.ts, or pass --repository OWNER/NAME.");
  process.exit(2);
}
const RULESET = "ray-platform";

for (const call of [...actionsCalls(), ...settings.environments.flatMap(environmentCalls), rulesetCall()]) {
  console.log(`${call.method} ${call.path} ${call.body === undefined ? "" : JSON.stringify(call.body)}`);
  if (values.apply) {
    api(call);
  }
}
if (!values.apply) {
  console.log("\nNothing was changed. Run again with --apply to make these calls.");
}

function actionsCalls() {
  const { actions } = settings;
  const base = `repos/${repository}/actions/permissions`;
  return [
    {
      method: "PUT",
      path: base,
      body: { enabled: true, allowed_actions: "selected", sha_pinning_required: actions.shaPinningRequired },
    },
    {
      method: "PUT",
      path: `${base}/selected-actions`,
      body: { github_owned_allowed: false, verified_allowed: false, patterns_allowed: actions.allowed },
    },
    {
      method: "PUT",
      path: `${base}/workflow`,
      body: {
        default_workflow_permissions: actions.defaultTokenPermissions,
        can_approve_pull_request_reviews: actions.canApprovePullRequests,
      },
    },
  ];
}

/** One environment: who approves, and which branches may deploy to it. */
function environmentCalls({ name, reviewers, preventSelfReview, branches }) {
  const base = `repos/${repository}/environments/${encodeURIComponent(name)}`;
  const existing = values.apply
    ? (api({ method: "GET", path: `${base}/deployment-branch-policies` }, [404])?.branch_policies ?? [])
    : [];
  return [
    {
      method: "PUT",
      path: base,
      body: {
        reviewers: reviewers.map(reviewer),
        prevent_self_review: preventSelfReview,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
    },
    ...branches
      .filter((branch) => !existing.some((policy) => policy.name === branch))
      .map((branch) => ({
        method: "POST",
        path: `${base}/deployment-branch-policies`,
        body: { name: branch, type: "branch" },
      })),
  ];
}

/** GitHub wants the ids of users and teams. */
function reviewer(handle) {
  const [owner, team] = handle.slice(1).split("/");
  const path = team === undefined ? `users/${owner}` : `orgs/${owner}/teams/${team}`;
  const type = team === undefined ? "User" : "Team";
  return values.apply ? { type, id: api({ method: "GET", path }).id } : { type, id: `id of ${handle}` };
}

/** Pull requests with a review, and the required checks, on the default branch. */
function rulesetCall() {
  const rulesets = values.apply ? api({ method: "GET", path: `repos/${repository}/rulesets` }) : [];
  const existing = rulesets.find(({ name }) => name === RULESET);
  return {
    method: existing ? "PUT" : "POST",
    path: `repos/${repository}/rulesets${existing ? `/${existing.id}` : ""}`,
    body: {
      name: RULESET,
      target: "branch",
      enforcement: "active",
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        {
          type: "pull_request",
          parameters: {
            required_approving_review_count: 1,
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: true,
            require_last_push_approval: true,
            required_review_thread_resolution: true,
          },
        },
        {
          type: "required_status_checks",
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: settings.requiredChecks.map((context) => ({ context })),
          },
        },
      ],
    },
  };
}

/** One call by gh, which holds the login. */
function api({ method, path, body }, tolerated = []) {
  const input = body === undefined ? [] : ["--input", "-"];
  const { status, stdout, stderr, error } = spawnSync("gh", ["api", "--method", method, path, ...input], {
    input: body === undefined ? undefined : JSON.stringify(body),
    encoding: "utf8",
  });
  if (status === 0) {
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  }
  if (tolerated.some((code) => stderr?.includes(`HTTP ${code}`))) {
    return undefined;
  }
  console.error(`${method} ${path} failed: ${error?.message ?? stderr}`);
  process.exit(1);
}
