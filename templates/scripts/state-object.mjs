// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Says what a stack's state is right now, in one line that changes with it: "free" or "locked", then the state's version. Ends with
// 3 if the lock is older than any run: nobody will free it.
//
//   node scripts/state-object.mjs STACK
//
// Needs s3:ListBucket on the bucket of states.
import { outputOf } from "./program-output.mjs";
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
const query = ["--bucket", bucket, "--prefix", key, "--region", region];
const listed = outputOf("aws", ["s3api", "list-objects-v2", ...query, "--output", "json"]);
// The CLI prints nothing where no object is.
const objects = listed.trim() === "" ? [] : (parseJson(listed).Contents ?? []);
const lock = objects.find((object) => object.Key === `${key}.tflock`);
const state = objects.find((object) => object.Key === key);
console.log(`${lock === undefined ? "free" : "locked"} ${state?.ETag ?? "no state"}`);
if (lock !== undefined && Date.now() - Date.parse(lock.LastModified) > LONGEST_RUN * 3_600_000) {
  process.exit(3);
}
