// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dataAge, dataAgeLine } from "../../src/config/data-age";
import { PACKAGE_ROOT } from "../../src/package-root";

const tableOf = (path: string) =>
  JSON.parse(readFileSync(join(PACKAGE_ROOT, path), "utf8")) as { readonly asOf?: string };
const READ_TABLES = ["charts", "eks", "images", "instance-types", "ray", "regions", "toolchain"].map(
  (name) => `data/${name}.json`,
);

test("the age is that of the oldest table which ages, in days of the clock that is given", () => {
  const days = [...READ_TABLES, "workflows/pins.json"].map((path) => tableOf(path).asOf as string);
  const [oldest] = days.sort();
  const age = dataAge(new Date(`${oldest}T23:00:00Z`));
  expect(age).toMatchObject({ asOf: oldest, days: 0 });
  expect(dataAge(new Date(Date.parse(age.asOf) + 100 * 86_400_000)).days).toBe(100);
});

test("a clock before that day makes it no negative age", () => {
  expect(dataAge(new Date(0)).days).toBe(0);
});

test("a person is told of an update when the data is older than three months", () => {
  const age = { asOf: "2026-08-23", oldest: "charts.json", days: 90 };
  expect(dataAgeLine(age)).toBe(
    "versions, images and instance types as of 2026-08-23, 90 days ago (charts.json is the oldest table)",
  );
  expect(dataAgeLine({ ...age, days: 91 })).toMatch(/; "npx ray-platform update" brings newer ones$/);
});

/** A digest is that of a tag, whatever the day; prices have their day wherever they are. */
const AGELESS = ["data/image-digests.json", "data/instance-prices.json"];

test("every table with a reader counts", () => {
  const readers = readdirSync(join(PACKAGE_ROOT, "scripts/refresh/readers"))
    .map((name) => readFileSync(join(PACKAGE_ROOT, "scripts/refresh/readers", name), "utf8"))
    .flatMap((text) => [...text.matchAll(/"(data\/[a-z-]+\.json)"/g)].map(([, path]) => path as string));
  expect([...new Set(readers)].sort()).toEqual([...READ_TABLES, ...AGELESS].sort());
});
