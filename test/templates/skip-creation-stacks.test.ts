// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Lazy } from "cdktf";
import { skipCreationStacks } from "../../templates/src/platform/skip-creation-stacks";

const SWITCH = "CDKTN_DISABLE_CREATION_STACK";
const stackOfNewToken = () => Lazy.anyValue({ produce: () => 1 }).creationStack;

afterEach(() => {
  delete process.env[SWITCH];
});

test("the engine records stacks unless it is told not to: when it stops, skip-creation-stacks.ts can go", () => {
  expect(stackOfNewToken().length).toBeGreaterThan(1);
});

test("a user who looks for an unresolved token keeps the stacks", () => {
  process.env[SWITCH] = "false";
  skipCreationStacks();
  expect(stackOfNewToken().length).toBeGreaterThan(1);
});

test("no stack is recorded", () => {
  skipCreationStacks();
  expect(stackOfNewToken()).toEqual([]);
});
