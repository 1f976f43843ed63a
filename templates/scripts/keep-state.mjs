// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Keeps what must not be read by everybody who can read the repository, such as Terraform state that could not be written to its
// bucket: encrypted under the key that encrypts the bucket.
//
//   node scripts/keep-state.mjs prepare ENVIRONMENT KEY_FILE          while the credentials are fresh: gets a data key
//   node scripts/keep-state.mjs keep KEY_FILE STATE ENCRYPTED         encrypts a state; needs nothing but the data key
//   node scripts/keep-state.mjs seal ENVIRONMENT FILE ENCRYPTED       both at once
//   node scripts/keep-state.mjs open ENVIRONMENT ENCRYPTED            prints what was kept; needs kms:Decrypt
import { execFileSync } from "node:child_process";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { environmentNamed } from "./platform-environment.mjs";
import { readObject } from "./read-json.mjs";

const CIPHER = "aes-256-gcm";
const [action, ...args] = process.argv.slice(2);
const actions = { prepare: [prepare, 2], keep: [keep, 3], seal: [seal, 3], open: [open, 2] };
const [run, count] = Object.hasOwn(actions, action ?? "") ? actions[action] : [];
if (run === undefined || args.length !== count) {
  console.error(
    "usage: keep-state.mjs prepare ENVIRONMENT KEY_FILE | keep KEY_FILE STATE ENCRYPTED | seal ENVIRONMENT FILE ENCRYPTED | " +
      "open ENVIRONMENT ENCRYPTED",
  );
  process.exit(2);
}
run(...args);

function prepare(environment, keyFile) {
  writeFileSync(keyFile, JSON.stringify(dataKey(environment)), { mode: 0o600 });
}

function keep(keyFile, stateFile, encryptedFile) {
  encrypt(readObject(keyFile), stateFile, encryptedFile);
}

function seal(environment, file, encryptedFile) {
  encrypt(dataKey(environment), file, encryptedFile);
}

function dataKey(environment) {
  const { kmsKeyAlias, region } = environmentNamed(environment).state;
  const key = kms(region, "generate-data-key", "--key-id", `alias/${kmsKeyAlias}`, "--key-spec", "AES_256");
  return { plain: key.Plaintext, encrypted: key.CiphertextBlob };
}

function encrypt({ plain, encrypted }, stateFile, encryptedFile) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(CIPHER, Buffer.from(plain, "base64"), nonce);
  const content = Buffer.concat([cipher.update(readFileSync(stateFile)), cipher.final()]);
  const parts = { key: encrypted, nonce, tag: cipher.getAuthTag(), content };
  const text = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, Buffer.isBuffer(part) ? part.toString("base64") : part]),
  );
  writeFileSync(encryptedFile, JSON.stringify(text), { mode: 0o600 });
}

function open(environment, encryptedFile) {
  const { region } = environmentNamed(environment).state;
  const { key, nonce, tag, content } = readObject(encryptedFile);
  const plain = kms(region, "decrypt", "--ciphertext-blob", key).Plaintext;
  const decipher = createDecipheriv(CIPHER, Buffer.from(plain, "base64"), Buffer.from(nonce, "base64"));
  decipher.setAuthTag(Buffer.from(tag, "base64"));
  process.stdout.write(Buffer.concat([decipher.update(Buffer.from(content, "base64")), decipher.final()]));
}

function kms(region, ...command) {
  return JSON.parse(
    execFileSync("aws", ["kms", ...command, "--region", region, "--output", "json"], { encoding: "utf8" }),
  );
}
