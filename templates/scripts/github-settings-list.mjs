// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { call, find, GitHubError, list } from "./github-api.mjs";
import { readObject } from "./read-json.mjs";

const RULESET = "ray-platform";
/** Name of the secret that has the private key of the GitHub App. */
const APP_KEY = "APP_PRIVATE_KEY";

/**
 * Every setting that .github/settings.json speaks of. Each compares what GitHub has with what is wanted:
 * `compare()` gives the differences, and `todo` where a person has to act;
 * `write()` writes them, and gives a text if a part could not be written.
 */
export function settingsOf(wanted, repository, about) {
  const base = `repos/${repository}`;
  return [
    repositoryFacts(wanted, repository, about),
    actions(wanted, base),
    allowedActions(wanted, base),
    workflowToken(wanted, base),
    forks(base, about),
    ...wanted.environments.map((environment) => environmentSetting(environment, base)),
    ruleset(wanted, base),
    rulesetBypass(base),
    ...(wanted.codeqlWorkflow ? [codeqlDefaultSetup(base)] : []),
    ...(wanted.codeSecurity && about.visibility !== "public" ? [codeSecurity(about)] : []),
    ...wanted.variables.map((variable) => variableSetting(variable, base)),
    straySecrets(wanted, base),
    ...(wanted.app === null ? [] : [appKey(wanted.app, base), appInstallation(base, about)]),
  ];
}

/** A difference, or none. `weakens`: whether the wanted value protects less than the current one. */
function difference(what, current, wanted, weakens = false) {
  return same(current, wanted) ? [] : [{ what, current, wanted, weakens }];
}

function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The same value with keys in one order. */
function sorted(value) {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return value !== null && typeof value === "object"
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, sorted(value[key])]),
      )
    : value;
}

/** What the options say of the repository. GitHub is not changed to fit: one of the two is wrong, and a person knows which. */
function repositoryFacts(wanted, repository, about) {
  return {
    title: "the repository",
    compare: () => ({
      differences: [
        // GitHub leads from a former name to the new one; roles in AWS trust one name, letter by letter.
        ...difference("name", about.full_name, repository),
        ...difference("archived", about.archived ?? false, false),
        ...difference("visibility", about.visibility, wanted.visibility),
        ...difference("default branch", about.default_branch, wanted.defaultBranch),
      ],
      todo: "Change the name, githubOwner, workflows.visibility or defaultBranch in .projenrc.ts, or the repository on GitHub.",
    }),
  };
}

function actions(wanted, base) {
  const path = `${base}/actions/permissions`;
  const body = {
    enabled: true,
    allowed_actions: "selected",
    sha_pinning_required: wanted.actions.shaPinningRequired,
  };
  return {
    title: "GitHub Actions",
    compare: () => {
      const current = call("GET", path);
      return {
        differences: [
          // Somebody who turned Actions off, or to local ones only, had a reason.
          ...difference("enabled", current.enabled, true, current.enabled === false),
          ...difference(
            "allowed actions",
            current.allowed_actions,
            "selected",
            current.allowed_actions === "local_only",
          ),
          ...difference("pins by commit required", current.sha_pinning_required, body.sha_pinning_required),
        ],
      };
    },
    write: () => void call("PUT", path, body),
  };
}

function allowedActions(wanted, base) {
  const path = `${base}/actions/permissions/selected-actions`;
  return {
    title: "allowed actions",
    compare: () => {
      // Without a selection GitHub has no list, and says 404 or 409.
      let current = {};
      try {
        current = find(path) ?? {};
      } catch (error) {
        if (!(error instanceof GitHubError) || error.status !== 409) {
          throw error;
        }
      }
      return {
        differences: [
          ...difference("all of GitHub's own", current.github_owned_allowed, false),
          ...difference("all of verified creators", current.verified_allowed, false),
          ...difference("patterns", [...(current.patterns_allowed ?? [])].sort(), [...wanted.actions.allowed].sort()),
        ],
      };
    },
    write: () =>
      void call("PUT", path, {
        github_owned_allowed: false,
        verified_allowed: false,
        patterns_allowed: wanted.actions.allowed,
      }),
  };
}

function workflowToken(wanted, base) {
  const path = `${base}/actions/permissions/workflow`;
  const body = {
    default_workflow_permissions: wanted.actions.defaultTokenPermissions,
    can_approve_pull_request_reviews: wanted.actions.canApprovePullRequests,
  };
  return {
    title: "the workflows' token",
    compare: () => {
      const current = call("GET", path);
      return { differences: Object.keys(body).flatMap((key) => difference(key, current[key], body[key])) };
    },
    write: () => void call("PUT", path, body),
  };
}

/**
 * Pull requests from forks get no secrets and no token that can write, and a stranger's run waits for approval. Settings that are
 * already stricter stay.
 */
function forks(base, about) {
  const isPublic = about.visibility === "public";
  const path = `${base}/actions/permissions/${isPublic ? "fork-pr-contributor-approval" : "fork-pr-workflows-private-repos"}`;
  return {
    title: "pull requests from forks",
    compare: () => {
      // A person's repository has no such setting, and forks of it get nothing.
      const current = isPublic ? find(path) : unlessForbidden(() => find(path));
      if (current instanceof GitHubError) {
        const unseen = `GitHub does not show this setting, as where an organization decides it. It says: ${current.message}`;
        return { differences: [], unseen };
      }
      if (current === undefined) {
        return { differences: [] };
      }
      const body = isPublic
        ? { approval_policy: "all_external_contributors" }
        : {
            run_workflows_from_fork_pull_requests: current.run_workflows_from_fork_pull_requests === true,
            send_write_tokens_to_workflows: false,
            send_secrets_and_variables: false,
            require_approval_for_fork_pr_workflows: true,
          };
      const runs = isPublic || body.run_workflows_from_fork_pull_requests;
      return {
        body,
        differences: runs
          ? Object.keys(body).flatMap((key) => difference(key.replaceAll("_", " "), current[key], body[key]))
          : [],
      };
    },
    write: ({ body }) => void call("PUT", path, body),
  };
}

/** What a call gives, or the 403 that GitHub documents for it. One for the login, or for too many calls, is no answer. */
function unlessForbidden(read) {
  try {
    return read();
  } catch (error) {
    const isAnswer = error instanceof GitHubError && error.status === 403;
    if (isAnswer && !/rate limit|not accessible by|admin rights/i.test(error.message)) {
      return error;
    }
    throw error;
  }
}

/** Who approves, and which branches may use it. Reviewers and timers that somebody set by hand stay. */
function environmentSetting({ name, reviewers, preventSelfReview, branches }, base) {
  const path = `${base}/environments/${encodeURIComponent(name)}`;
  return {
    title: `environment ${name}`,
    compare: () => {
      const current = find(path);
      const rules = current?.protection_rules ?? [];
      const review = rules.find(({ type }) => type === "required_reviewers");
      const present = (review?.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id }));
      const handles = (review?.reviewers ?? []).map(({ type, reviewer }) =>
        type === "Team" ? `@${base.split("/")[1]}/${reviewer.slug}` : `@${reviewer.login}`,
      );
      const prevents = review?.prevent_self_review === true;
      const policy = current?.deployment_branch_policy;
      const policies = current === undefined ? [] : list(`${path}/deployment-branch-policies`, "branch_policies");
      const missing = reviewers.filter((handle) => !handles.some((one) => one.toLowerCase() === handle.toLowerCase()));
      // Administrators may bypass reviewers and timers, unless that is forbidden.
      const bypass = current?.can_admins_bypass !== false;
      const waitTimer = rules.find(({ type }) => type === "wait_timer")?.wait_timer ?? 0;
      const waits = handles.length + missing.length > 0 || waitTimer > 0;
      const admitted = policy?.custom_branch_policies
        ? policies.map(policyName).sort()
        : policy?.protected_branches
          ? "every protected one"
          : "every one";
      return {
        present,
        missing,
        waitTimer,
        selfReview: prevents || preventSelfReview,
        bypass: bypass && !waits,
        policies,
        differences: [
          ...difference("exists", current !== undefined, true),
          ...difference("reviewers", handles, [...handles, ...missing]),
          ...(handles.length + missing.length > 0
            ? difference("approval of one's own deployment is refused", prevents, prevents || preventSelfReview)
            : []),
          ...(waits ? difference("administrators may bypass reviewers and timers", bypass, false) : []),
          // Policies without a branch admit none: somebody closed the environment.
          ...difference("branches", admitted, [...branches].sort(), admitted.length === 0),
        ],
      };
    },
    write: ({ present, missing, waitTimer, selfReview, bypass, policies }) => {
      const { found, problems } = reviewersOf(missing);
      const body = (all) => ({
        wait_timer: waitTimer,
        reviewers: all,
        prevent_self_review: all.length > 0 && selfReview,
        can_admins_bypass: bypass,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      });
      try {
        call("PUT", path, body([...present, ...found]));
      } catch (error) {
        if (!(error instanceof GitHubError) || error.status !== 422 || found.length === 0) {
          throw error;
        }
        // Required reviewers need GitHub Enterprise in private repositories; the branches do not.
        problems.push(`GitHub refused the reviewers: ${error.message}`);
        call("PUT", path, body(present));
      }
      const isWanted = (one) => branches.includes(policyName(one));
      const there = policies.filter(isWanted).map(({ name: branch }) => branch);
      for (const branch of branches.filter((one) => !there.includes(one))) {
        call("POST", `${path}/deployment-branch-policies`, { name: branch, type: "branch" });
      }
      for (const { id } of policies.filter((one) => !isWanted(one))) {
        call("DELETE", `${path}/deployment-branch-policies/${id}`);
      }
      return problems.length > 0 ? problems.join("\n") : undefined;
    },
  };
}

/** A tag may be called as a branch is, and is none. */
function policyName({ name, type }) {
  return type === "tag" ? `the tag ${name}` : name;
}

/** What GitHub calls the reviewers; one that it does not know keeps no other, and no branch, from being written. */
function reviewersOf(handles) {
  const found = [];
  const problems = [];
  for (const handle of handles) {
    try {
      found.push(reviewer(handle));
    } catch (error) {
      if (!(error instanceof GitHubError)) {
        throw error;
      }
      problems.push(`The reviewer ${handle} was not found: ${error.message}`);
    }
  }
  return { found, problems };
}

/** GitHub wants the ids of users and teams. */
function reviewer(handle) {
  const [owner, team] = handle.slice(1).split("/");
  const path = team === undefined ? `users/${owner}` : `orgs/${owner}/teams/${team}`;
  return { type: team === undefined ? "User" : "Team", id: call("GET", path).id };
}

/** Pull requests with a review, and the required checks, on the default branch. What is stricter already stays so. */
function ruleset(wanted, base) {
  return {
    title: `ruleset ${RULESET}`,
    compare: () => {
      const entry = rulesetEntry(base);
      const current = entry === undefined ? undefined : call("GET", `${base}/rulesets/${entry.id}`);
      // Only GitHub Actions may report the checks: any token with the right to write statuses could otherwise.
      const integration = call("GET", "apps/github-actions").id;
      const rules = rulesOf(wanted, integration, current?.rules ?? []);
      const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
      const byType = (all) => Object.fromEntries(all.map(({ type, parameters }) => [type, parameters ?? true]));
      const [before, after] = [byType(current?.rules ?? []), byType(rules)];
      return {
        id: entry?.id,
        body: {
          name: RULESET,
          target: "branch",
          enforcement: "active",
          conditions,
          rules,
          ...(current?.bypass_actors === undefined ? {} : { bypass_actors: current.bypass_actors }),
        },
        differences: [
          ...difference("enforcement", current?.enforcement, "active"),
          ...difference("branches", current?.conditions, conditions, reaches(current, wanted)),
          ...Object.keys(after).flatMap((type) =>
            difference(type, before[type], after[type], losesChecks(before[type], after[type])),
          ),
        ],
      };
    },
    write: ({ id, body }) =>
      void call(
        id === undefined ? "POST" : "PUT",
        id === undefined ? `${base}/rulesets` : `${base}/rulesets/${id}`,
        body,
      ),
  };
}

/**
 * Whoever may bypass the ruleset merges without review and without checks. One who may only in a pull request is seen there, and
 * somebody chose that on purpose.
 */
function rulesetBypass(base) {
  return {
    title: `who may bypass the ruleset ${RULESET}`,
    compare: () => {
      const entry = rulesetEntry(base);
      const current = entry === undefined ? undefined : call("GET", `${base}/rulesets/${entry.id}`);
      const actors = current?.bypass_actors ?? [];
      const isInPullRequests = ({ bypass_mode: mode }) => mode === "pull_request";
      const deliberate = actors.filter(isInPullRequests).map(actorName);
      return {
        differences: difference("who", actors.filter((actor) => !isInPullRequests(actor)).map(actorName), []),
        todo: "They merge without review and without checks. Remove them from the ruleset in the repository's settings. If someone must bypass it once, add them for that time only.",
        ...(deliberate.length === 0
          ? {}
          : {
              remark: `In pull requests, this may: ${deliberate.join(", ")}. Each merges there without review and without checks.`,
            }),
      };
    },
  };
}

function actorName({ actor_type: type, actor_id: id, bypass_mode: mode }) {
  return `${type} ${id ?? ""} (${mode ?? "always"})`.replace("  ", " ");
}

function rulesetEntry(base) {
  return list(`${base}/rulesets`).find(
    ({ name, source_type: source }) => name === RULESET && (source ?? "Repository") === "Repository",
  );
}

/** Whether a ruleset protects more branches than the default one. */
function reaches(current, { defaultBranch }) {
  const include = current?.conditions?.ref_name?.include ?? [];
  return include.some((name) => !["~DEFAULT_BRANCH", `refs/heads/${defaultBranch}`].includes(name));
}

/** Whether a check that is required would not be any more. */
function losesChecks(before, after) {
  const contexts = (rule) => (rule?.required_status_checks ?? []).map(({ context }) => context);
  const kept = contexts(after);
  return contexts(before).some((context) => !kept.includes(context));
}

/** The wanted rules, joined with those that are there: the stricter value of each, and every rule beyond. */
function rulesOf(wanted, integration, current) {
  const there = (type) => current.find((rule) => rule.type === type)?.parameters ?? {};
  const review = there("pull_request");
  const checks = there("required_status_checks");
  const ours = wanted.requiredChecks.map((context) => ({ context, integration_id: integration }));
  // A check of a workflow that the options have turned off never comes: every pull request would wait for it.
  const gone = wanted.checksTurnedOff ?? [];
  const further = (checks.required_status_checks ?? []).filter(
    ({ context, integration_id: by }) =>
      !wanted.requiredChecks.includes(context) && !(gone.includes(context) && (by ?? integration) === integration),
  );
  const rules = [
    { type: "deletion" },
    { type: "non_fast_forward" },
    {
      type: "pull_request",
      parameters: {
        ...review,
        required_approving_review_count: Math.max(1, review.required_approving_review_count ?? 0),
        dismiss_stale_reviews_on_push: true,
        require_code_owner_review: true,
        require_last_push_approval: true,
        required_review_thread_resolution: true,
      },
    },
    {
      type: "required_status_checks",
      parameters: {
        ...checks,
        strict_required_status_checks_policy: checks.strict_required_status_checks_policy ?? false,
        required_status_checks: [...ours, ...further],
      },
    },
  ];
  return [...rules, ...current.filter(({ type }) => !rules.some((rule) => rule.type === type))];
}

/** GitHub takes no results of codeql.yml while its own setup analyzes the same code. */
function codeqlDefaultSetup(base) {
  const path = `${base}/code-scanning/default-setup`;
  return {
    title: "default setup of CodeQL",
    compare: () => ({ differences: difference("state", defaultSetup(path), "not-configured") }),
    write: () => void call("PATCH", path, { state: "not-configured" }),
  };
}

function defaultSetup(path) {
  try {
    return find(path)?.state ?? "not-configured";
  } catch (error) {
    // There is none without GitHub Code Security, which is a line of its own.
    if (error instanceof GitHubError && error.status === 403 && /Security must be enabled/i.test(error.message)) {
      return "not-configured";
    }
    throw error;
  }
}

/** It costs money, so a person turns it on. */
function codeSecurity(about) {
  const { code_security: bought, advanced_security: bundled } = about.security_and_analysis ?? {};
  return {
    title: "GitHub Code Security",
    compare: () => ({
      differences: difference(
        "status",
        [bought, bundled].some((product) => product?.status === "enabled") ? "enabled" : "disabled",
        "enabled",
      ),
      todo: "Turn it on in the repository's settings, or set workflows.codeSecurity: false in .projenrc.ts.",
    }),
  };
}

function variableSetting({ name, until }, base) {
  return {
    title: `variable ${name}`,
    compare: () => ({
      differences: difference("is set", variable(name, base) !== undefined, true),
      todo: `${until} See docs/operations.md, 'Set up GitHub'.`,
    }),
  };
}

/** Of the repository, or of the organization for it. */
function variable(name, base) {
  const own = find(`${base}/actions/variables/${name}`);
  return own ?? ofOrganization(`${base}/actions/organization-variables`, "variables").find((one) => one.name === name);
}

/** What an organization shares with the repository; a person shares nothing, and has no such list. */
function ofOrganization(path, key) {
  try {
    return list(path, key);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) {
      return [];
    }
    throw error;
  }
}

function appKey({ environment, keyInRepository }, base) {
  const where = keyInRepository ? "the repository" : `the environment ${environment}`;
  const path = keyInRepository
    ? `${base}/actions/secrets/${APP_KEY}`
    : `${base}/environments/${encodeURIComponent(environment)}/secrets/${APP_KEY}`;
  return {
    title: "the App's private key",
    compare: () => ({
      differences: difference(`a secret of ${where}`, find(path) !== undefined, true),
      todo: "Register the GitHub App: docs/github-app.md.",
    }),
  };
}

/** What a key of AWS is called, also with more behind it, such as `_PROD`. A region or an account id is no key. */
const AWS_KEY = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)(_|$)/;

/**
 * Secrets in the wrong place. Every workflow of every branch can read those of the repository and the organization, and Dependabot's
 * pull requests those stored for Dependabot. No deployment needs an AWS key.
 * Dependabot itself can log in to a registry of AWS with a key alone.
 */
function straySecrets({ app }, base) {
  return {
    title: "secrets that too many can read",
    compare: () => {
      const isAppKey = ({ name }) => name === APP_KEY;
      const isKey = (secret) => AWS_KEY.test(secret.name) || isAppKey(secret);
      const of = (secrets, owner, isMeant = () => false) =>
        secrets
          .filter((secret) => isKey(secret) && !isMeant(secret))
          .flatMap(({ name }) => difference(name, `a secret of the ${owner}`, "none"));
      const inRepository = (secret) => app?.keyInRepository === true && isAppKey(secret);
      const dependabot = list(`${base}/dependabot/secrets`, "secrets");
      const registry = dependabot.map(({ name }) => name).filter((name) => AWS_KEY.test(name));
      const environments = list(`${base}/environments`, "environments");
      return {
        differences: [
          ...of(list(`${base}/actions/secrets`, "secrets"), "repository", inRepository),
          ...of(ofOrganization(`${base}/actions/organization-secrets`, "secrets"), "organization, shared with it"),
          ...of(
            dependabot,
            "repository, for Dependabot",
            (secret) => registry.includes(secret.name) || inRepository(secret),
          ),
          ...environments.flatMap(({ name }) =>
            of(
              list(`${base}/environments/${encodeURIComponent(name)}/secrets`, "secrets"),
              `environment ${name}`,
              (secret) => app?.environment.toLowerCase() === name.toLowerCase() && isAppKey(secret),
            ),
          ),
        ],
        todo: "AWS roles are assumed without a key, and the App's key belongs only in its environment. Create new keys, store the App's there, and delete these.",
        ...(registry.length === 0
          ? {}
          : {
              remark: `Dependabot's pull requests can read ${registry.join(", ")}. That is right for a registry in CodeArtifact or ECR, if the key may do nothing but read packages.`,
            }),
      };
    },
  };
}

function appInstallation(base, about) {
  const [, owner] = base.split("/");
  const { default_permissions: permissions } = readObject(".github/app/manifest.json");
  return {
    title: "the App's installation",
    compare: () => {
      const id = variable("APP_ID", base)?.value;
      if (id === undefined) {
        return { differences: [] }; // the variable is a line of its own
      }
      if (about.owner?.type === "User") {
        const unseen = `gh cannot list the Apps of a person's repository. Check https://github.com/settings/installations.`;
        return { differences: [], unseen };
      }
      const installation = list(`orgs/${owner}/installations`, "installations").find(
        (one) => one.client_id === id || String(one.app_id) === id,
      );
      const granted = installation?.permissions ?? {};
      return {
        differences: [
          ...difference("is installed", installation !== undefined, true),
          ...(installation === undefined
            ? []
            : [
                ...difference("suspended", Boolean(installation.suspended_at), false),
                ...difference("repositories", installation.repository_selection, "selected"),
                ...difference("permissions", granted, permissions),
              ]),
        ],
        todo: "See docs/github-app.md: install the App on this repository only, with the permissions of .github/app/permissions.md.",
      };
    },
  };
}
