// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { issuesOf } from "../options/resolve";

const header = (spdxId: string) => issuesOf({ workflows: { licenseHeader: { spdxId } } });

test.each(["Apache-2.0", "MIT", "GPL-2.0-only", "GPL-2.0+", "0BSD", "LicenseRef-Acme-Internal"])(
  "%s is a license",
  (id) => {
    expect(header(id)).toEqual([]);
    expect(issuesOf({ workflows: { codeSecurity: true, dependencyCheck: { allowLicenses: [id] } } })).toEqual([]);
  },
);

test.each([
  ["Apche-2.O", "Apache-2.0"],
  ["apache-2.0", "Apache-2.0"],
  ["Apache-2", "Apache-2.0"],
  ["MITT", "MIT"],
])("%s is none, and %s is meant", (id, meant) => {
  expect(header(id)[0]).toMatchObject({ path: "workflows.licenseHeader.spdxId", fix: `did you mean "${meant}"?` });
});

test.each(["proprietary software of ours", "", "LicenseRef-", "MIT OR Apache-2.0"])("%j is none", (id) => {
  expect(header(id)[0]?.rule).toBe("an id of the SPDX license list");
});
