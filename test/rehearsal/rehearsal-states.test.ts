// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { RehearsalStates } from "../../src/rehearsal/rehearsal-states";

let states: RehearsalStates;
beforeAll(async () => {
  states = await RehearsalStates.start();
});
afterAll(() => states.close());

const write = (address: string, body: string) => fetch(address, { method: "POST", body });

test("a state is what was written last, and is read back as it was written", async () => {
  const address = states.address("/somewhere/dev/dev-network");
  await write(address, '{"serial":1}');
  await write(address, '{"serial":2,"name":"ü"}');
  expect(states.text("/somewhere/dev/dev-network")).toBe('{"serial":2,"name":"ü"}');
  expect(await (await fetch(address)).text()).toBe('{"serial":2,"name":"ü"}');
});

test("there is none before it is written, which Terraform knows by 404", async () => {
  expect(states.text("dev-cluster")).toBeUndefined();
  expect((await fetch(states.address("dev-cluster"))).status).toBe(404);
});

test("names of two environments are two states", async () => {
  await write(states.address("a/network"), "1");
  await write(states.address("b/network"), "2");
  expect([states.text("a/network"), states.text("b/network")]).toEqual(["1", "2"]);
});

test("nothing is read or written without the address that this run made", async () => {
  const { origin } = new URL(states.address("a"));
  expect((await write(`${origin}/a`, "x")).status).toBe(404);
  expect((await fetch(`${origin}/a`)).status).toBe(404);
});

test("it listens on this machine alone", () => {
  expect(new URL(states.address("a")).hostname).toBe("127.0.0.1");
});
