// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Says what a stack's state is right now, in one line that changes with it: "free" or "locked", then the state's version. Ends with
// 3 if the lock is older than any run: nobody will free it.
//
//   node scripts/state-object.mjs STACK
//
// Needs s3:ListBucket on the bucket of states.
import { execFileSync } from "node:child_process";
import { logText } from "./log-text.mjs";
import { parseJson, readObject } from "./read-json.mjs";

/** Hours; the longest job that deploys has less than three. */
const LONGEST_RUN = 4;

const [stack] = process.argv.slice(2);
if (stack === undefined) {
  console.error("usage: state-object.mjs STACK");
  process.exit(2);
}
const SHAPE = { terraform: { backend: { s3: { bucket: "", key: "", region: "" } } } };
const { bucket, key, region } = readObject(`cdktf.out/stacks/${stack}/cdk.tf.json`, SHAPE).terraform.backend.s3;
const listed = asked(["--bucket", bucket, "--prefix", key, "--region", region]);
// The CLI prints nothing where no object is.
const objects = listed.trim() === "" ? [] : (parseJson(listed).Contents ?? []);
const lock = objects.find((object) => object.Key === `${key}.tflock`);
const state = objects.find((object) => object.Key === key);
console.log(`${lock === undefined ? "free" : "locked"} ${state?.ETag ?? "no state"}`);
if (lock !== undefined && Date.now() - Date.parse(lock.LastModified) > LONGEST_RUN * 3_600_000) {
  process.exit(3);
}

/** What AWS answers. It has said itself what is wrong where it has no answer. */
function asked(args) {
  try {
    return execFileSync("aws", ["s3api", "list-objects-v2", ...args, "--output", "json"], { encoding: "utf8" });
  } catch (error) {
    console.error(logText(`state-object.mjs: there is no answer: ${error.message.split("\n")[0]}`));
    return process.exit(1);
  }
}
