// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Where each code is explained. */
const GUIDE = "docs/troubleshooting.md";

/** Exit codes of scripts that check. A wrong command line ends with 2. */
export const EXIT = { fine: 0, broken: 1 };

/**
 * Collects what checks found. Each finding is `ok`, `broken` with a code that docs/troubleshooting.md explains, or `not checked`
 * with the reason.
 */
export class CheckReport {
  #findings = [];
  #json;

  constructor({ json }) {
    this.#json = json;
  }

  get findings() {
    return this.#findings;
  }

  ok(check, detail) {
    this.#add({ check, status: "ok", detail });
  }

  /** @param code heading in docs/troubleshooting.md @param fix what to do first */
  broken(check, code, detail, fix) {
    this.#add({ check, status: "broken", code, detail, fix, see: `${GUIDE}#${code}` });
  }

  notChecked(check, detail) {
    this.#add({ check, status: "not checked", detail });
  }

  /** Whether something is broken that any of these checks found, or they were not made. */
  failed(...checks) {
    return checks.some((check) => {
      const found = this.#findings.filter((finding) => finding.check === check);
      return found.length === 0 || found.some(({ status }) => status !== "ok");
    });
  }

  /** Prints the end of the report. @returns the exit code */
  finish(environment) {
    const broken = this.#findings.filter(({ status }) => status === "broken");
    const code = broken.length === 0 ? EXIT.fine : EXIT.broken;
    if (this.#json) {
      console.log(JSON.stringify({ format: 1, environment, exitCode: code, findings: this.#findings }, null, 2));
      return code;
    }
    const width = Math.max(...this.#findings.map(({ check }) => check.length), 5);
    console.log(`\n${"Check".padEnd(width)}  Result`);
    for (const { check, status, code: name } of this.#findings) {
      console.log(`${check.padEnd(width)}  ${name === undefined ? status : `${status}: ${name}`}`);
    }
    const count = (status) => this.#findings.filter((finding) => finding.status === status).length;
    console.log(`\n${count("ok")} ok, ${count("broken")} broken, ${count("not checked")} not checked.`);
    return code;
  }

  #add(finding) {
    this.#findings.push(finding);
    if (this.#json) {
      return;
    }
    const { check, status, detail, fix, see } = finding;
    console.log(`${status === "ok" ? "ok      " : status === "broken" ? "BROKEN  " : "skipped "} ${check}: ${detail}`);
    if (fix !== undefined) {
      console.log(`         ${fix}\n         ${see}`);
    }
  }
}
