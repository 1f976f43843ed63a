#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long the compiled policies take (the best of five, because whatever else the machine
// does only adds), beside `opa eval` on the same input ($OPA or opa on PATH; left out without
// it). Needs the compiled package: npx projen compile.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largePlan, usualDocuments } from './policy-inputs.mjs';

const require = createRequire(import.meta.url);
const { loadPolicies } = require('../lib/policy/load-policies.js');
const directory = fileURLToPath(new URL('../policies', import.meta.url));
const opa = process.env.OPA ?? 'opa';
const hasOpa = spawnSync(opa, ['version']).status === 0;

const started = performance.now();
const policies = await loadPolicies();
report('load policy.wasm', performance.now() - started);

const usual = usualDocuments();
const large = [{ policy: 'terraform', document: largePlan(5000) }];
for (const [title, documents, limit] of [
  ['a default repository', usual, 200],
  ['a plan of 5,000 resources', large, 2000],
]) {
  const samples = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (const { policy, document } of documents) policies.evaluate(policy, document, undefined);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  report(`${title}: policy.wasm, best of 5`, samples[0], limit);
  if (hasOpa) report(`${title}: opa eval, with its start`, documents.reduce((sum, entry) => sum + opaTime(entry), 0));
}
report('memory after all of it (MiB)', process.memoryUsage().rss / 2 ** 20, 1024, '');

function opaTime({ policy, document }) {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const input = join(scratch, 'input.json');
  writeFileSync(input, JSON.stringify(document));
  const data = ['lib', 'ray', 'terraform'].flatMap((name) => ['--data', join(directory, name)]);
  const start = performance.now();
  execFileSync(opa, ['eval', ...data, '--input', input, `[data.${policy}.deny, data.${policy}.warn]`], { stdio: 'ignore' });
  const time = performance.now() - start;
  rmSync(scratch, { recursive: true });
  return time;
}

function report(title, value, limit, unit = ' ms') {
  const verdict = limit === undefined ? '' : value <= limit ? `  (limit ${limit})` : `  OVER the limit of ${limit}`;
  console.log(`${title.padEnd(52)} ${value.toFixed(0).padStart(6)}${unit}${verdict}`);
  if (limit !== undefined && value > limit) process.exitCode = 1;
}
