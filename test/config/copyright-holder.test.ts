// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveOptions } from "../../src/config/resolve-options";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";

const licenseOf = (options: Partial<RayPlatformProjectOptions>) =>
  resolveOptions({ name: "gpu", ...options }, { argv: [], env: {} }).workflows.settings.license;

test("the owner is named once it is known, and what was named before stays right", () => {
  expect(licenseOf({})).toMatchObject({ holder: "the gpu authors", formerHolder: "the gpu authors" });
  expect(licenseOf({ githubOwner: "acme" })).toMatchObject({ holder: "acme", formerHolder: "the gpu authors" });
});

test.each([{ documents: { copyrightHolder: "Acme Ltd" } }, { workflows: { licenseHeader: { holder: "Acme Ltd" } } }])(
  "a holder that is chosen is the only one: %j",
  (options) => {
    expect(licenseOf({ githubOwner: "acme", ...options })).toMatchObject({
      holder: "Acme Ltd",
      formerHolder: undefined,
    });
  },
);
