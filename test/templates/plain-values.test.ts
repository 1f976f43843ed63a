// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const DIRECTORY = join(PACKAGE_ROOT, "templates", "src", "platform");

test("a value that may be missing is written as undefined, which cdktf leaves out, and not as a spread of one key", () => {
  const spreads = readdirSync(DIRECTORY, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(join(DIRECTORY, file), "utf8").matchAll(/\.\.\.\([^()]*\? \{\} : \{ \w+: .*\}\)/g)].map(
        ([spread]) => `${file}: ${spread}`,
      ),
    );
  expect(spreads).toEqual([]);
});
