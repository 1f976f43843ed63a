// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { beginRun, claimRun, duringRun } from "../../../src/sync/run/only-project";

const twice = () => {
  claimRun({});
  claimRun({});
};

test("outside of a run any number of projects is allowed, also after one", () => {
  expect(twice).not.toThrow();
  duringRun(() => claimRun({}));
  expect(twice).not.toThrow();
});

test("a run has one project, and ends also when it fails", () => {
  expect(() => duringRun(twice)).toThrow(/more than one RayPlatformProject/);
  expect(twice).not.toThrow();
});

test("a run within a run leaves the outer one as it was", () => {
  duringRun(() => {
    claimRun({});
    duringRun(() => claimRun({}));
    expect(() => claimRun({})).toThrow(/more than one RayPlatformProject/);
  });
});

test("a run that only begins lasts until the process ends", () => {
  beginRun();
  expect(twice).toThrow(/more than one RayPlatformProject/);
});
