// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { PACKAGE_VERSION } from "../../src/package-version";
import { MiniProject } from "../sync/mini-project";

/** Options of the fixture: version 0.2 calls `title` `heading`. */
export interface UpgradeFixtureOptions {
  readonly title?: string;
  readonly heading?: string;
  readonly team?: string;
}

const isFirst = PACKAGE_VERSION === "0.1.0";

/** What a generated repository has of each kind of file, in two versions, with a package.json that names the version. */
export class RayPlatformProject extends MiniProject {
  public constructor({ title, heading, team }: UpgradeFixtureOptions) {
    const manifest = {
      name: "gpu-platform",
      private: true,
      devDependencies: { helper: "^1.0.0", "ray-platform": PACKAGE_VERSION },
    };
    super(process.cwd(), {
      managed: {
        "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
        ".npmrc": "ignore-scripts=true\n",
        ".github/workflows/build.yml": `name: ${isFirst ? title : heading}\n${isFirst ? "" : "on: push\n"}`,
        "policies/base.rego": `package base\n# ${PACKAGE_VERSION}\n`,
        [isFirst ? "docs/old.md" : "docs/new.md"]: "a document\n",
      },
      programs: {
        "scripts/deploy.sh": `#!/bin/sh\necho ${PACKAGE_VERSION}\n`,
        "scripts/install-dependencies.mjs": readFileSync(
          join(PACKAGE_ROOT, "templates/scripts/install-dependencies.mjs"),
          "utf8",
        ),
      },
      seeded: {
        "src/extensions.ts": `one\ntwo\nthree\nfour\nfive${isFirst ? "" : ", by us"}\n`,
        [isFirst ? "policies/README.md" : "policies/HOWTO.md"]: "alpha\nbeta\ngamma\n",
      },
      blocks: { CODEOWNERS: `* ${team ?? "@all"}${isFirst ? "" : " @security"}\n` },
    });
    this.gitignore.exclude("/node_modules/");
  }
}
