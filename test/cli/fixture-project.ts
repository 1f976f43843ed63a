// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../src/explained-error";
import { PACKAGE_VERSION } from "../../src/package-version";
import { type MiniOptions, MiniProject } from "../sync/mini-project";

/** Options of the fixture: version 0.2 calls `title` `heading`. */
export interface FixtureOptions {
  readonly title?: string;
  readonly heading?: string;
  readonly team?: string;
  readonly release?: readonly string[];
}

/** A project type in two versions, by the version of the package that it lies in. */
export class RayPlatformProject extends MiniProject {
  public constructor(options: FixtureOptions) {
    super(process.cwd(), PACKAGE_VERSION === "0.1.0" ? first(options) : second(options));
  }
}

function first({ title, heading, team, release }: FixtureOptions): MiniOptions {
  if (heading !== undefined) {
    throw new ExplainedError("heading: there is no such option");
  }
  return {
    managed: {
      ".github/workflows/build.yml": `name: ${title}\n`,
      "docs/old-name.md": "a document\n",
      "docs/removed.md": "a document that goes\n",
    },
    seeded: { "src/extensions.ts": "one\ntwo\nthree\nfour\nfive\n", "policies/README.md": "alpha\nbeta\n" },
    blocks: { CODEOWNERS: `* ${team ?? "@all"}\n` },
    release,
  };
}

function second({ title, heading, team, release }: FixtureOptions): MiniOptions {
  if (title !== undefined) {
    throw new ExplainedError("title: there is no such option; did you mean heading?");
  }
  return {
    managed: { ".github/workflows/build.yml": `name: ${heading}\non: push\n`, "docs/new-name.md": "a document\n" },
    seeded: { "src/extensions.ts": "one\ntwo\nthree\nfour\nfive, by us\n", "policies/HOWTO.md": "alpha\nbeta\n" },
    blocks: { CODEOWNERS: `* ${team ?? "@all"} @security\n` },
    release,
  };
}
