// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Files alone protect no branch. What .github/settings.json does not speak of is left as it is.
import { commandLine } from "./command-line.mjs";
import { call, GitHubError, isOtherHost, OTHER_HOST } from "./github-api.mjs";
import { settingsOf } from "./github-settings-list.mjs";
import { readObject } from "./read-json.mjs";

const USAGE = `usage: node scripts/github-settings.mjs [--check | --apply [--force]] [--json] [--repository OWNER/NAME]

Compares the repository on GitHub with .github/settings.json: what is, what is wanted, and the difference. Needs gh with
the login of an administrator of the repository, at github.com.

  --check                  end with 1 if anything differs or is left to do
  --apply                  write what differs; what a person has to do is listed
  --force                  with --apply: write also what takes a protection away that somebody set by hand
  --json                   print the settings as JSON
  --repository OWNER/NAME  default: the repository that the options name

Ends with 0 if all is well, with 1 if something is left (without --check or --apply it is only shown), with 2 if the
repository could not be read.`;

const values = commandLine(USAGE, {
  apply: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  repository: { type: "string" },
});
if (values.check && values.apply) {
  stop("--check changes nothing: leave --apply out, or --check.");
}
if (values.force && !values.apply) {
  stop("--force is for --apply.");
}
const wanted = readObject(".github/settings.json");
const repository = values.repository ?? wanted.repository;
if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? "")) {
  stop("Which repository? Set the option githubOwner, or pass --repository OWNER/NAME.");
}
const about = reading(() => call("GET", `repos/${repository}`));
if (isOtherHost(about)) {
  stop(OTHER_HOST);
}
if (about.permissions?.admin !== true) {
  stop(`The login of gh is not an administrator of ${repository}. Log in as one: gh auth login`);
}

let unreadable = false;
const settings = settingsOf(wanted, repository, about).map(state);
if (values.json) {
  console.log(JSON.stringify({ format: 1, repository, settings }, null, 2));
} else {
  settings.forEach(print);
}
const left = settings.filter(({ state }) => !["as wanted", "written", "not to be seen"].includes(state));
if (!values.json) {
  console.log(left.length === 0 ? "\nNothing is left to do." : `\n${left.length} left to do.`);
  if (!values.check && !values.apply && left.some(({ state }) => state === "differs")) {
    console.log("Nothing was changed. Run again with --apply to write what differs.");
  }
}
process.exitCode = unreadable ? 2 : left.length > 0 && (values.check || values.apply) ? 1 : 0;

/** Reads one setting, compares it, and writes it if that was asked for. One that fails keeps no other from its turn. */
function state(setting) {
  const { title } = setting;
  let compared;
  try {
    compared = setting.compare();
  } catch (error) {
    if (!(error instanceof GitHubError)) {
      throw error;
    }
    unreadable = true;
    return { title, state: "unreadable", reason: error.message, differences: [] };
  }
  const { differences, todo, unseen, remark } = compared;
  if (unseen !== undefined) {
    return { title, state: "not to be seen", reason: unseen, differences };
  }
  // What was chosen on purpose is said, and leaves nothing to do.
  const said = (...texts) => texts.filter((text) => text !== undefined).join("\n") || undefined;
  if (differences.length === 0) {
    return { title, state: "as wanted", reason: said(remark), differences };
  }
  if (todo !== undefined) {
    return { title, state: "to do by a person", reason: said(todo, remark), differences };
  }
  if (!values.apply) {
    return { title, state: "differs", differences };
  }
  const weaker = differences.filter(({ weakens }) => weakens);
  if (weaker.length > 0 && !values.force) {
    const reason = `${weaker.map(({ what }) => what).join(", ")}: this would protect less; --force does it`;
    return { title, state: "not written", reason, differences };
  }
  try {
    const reason = setting.write(compared);
    return reason === undefined
      ? { title, state: "written", differences }
      : { title, state: "written in part", reason, differences };
  } catch (error) {
    if (!(error instanceof GitHubError)) {
      throw error;
    }
    return { title, state: "not written", reason: error.message, differences };
  }
}

function print({ title, state, reason, differences }) {
  console.log(`${title}: ${state}${reason === undefined ? "" : `\n  ${reason.replace(/\n/g, "\n  ")}`}`);
  for (const { what, current, wanted, weakens } of differences) {
    console.log(`  ${what}${weakens ? " (protects less)" : ""}`);
    console.log(`    is      ${shown(current)}`);
    console.log(`    wanted  ${shown(wanted)}`);
  }
}

function shown(value) {
  return value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
}

function reading(read) {
  try {
    return read();
  } catch (error) {
    return error instanceof GitHubError ? stop(error.message) : stop(String(error));
  }
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
