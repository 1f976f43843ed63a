#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Writes the fixes of the rules' METADATA as Rego, lists the rules in rules.json, compiles the policies to policy.wasm.br,
// and records in policy.wasm.json what both were built from. Needs OPA of the version that
// workflows/pins.json pins: as $OPA or on PATH. `--check` builds to compare instead of to write.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

/** The OPA release that the checked-in bundle is built with. */
const OPA_VERSION = JSON.parse(readFileSync(new URL('../workflows/pins.json', import.meta.url), 'utf8')).tools.opa.version;

const MARKER = 'Generated from the Rego beside it by policies/build.mjs: change that.';
/** The fixes in Rego: WebAssembly has no METADATA. */
const FIXES = 'lib/rules/rules.rego';
/** Compressed, as everybody downloads it. What is compared is what was compressed: Node.js may change how. */
const WASM = 'policy.wasm.br';
const directory = fileURLToPath(new URL('.', import.meta.url));
const PACKAGES = ['controls', 'lib', 'ray', 'terraform'];
const ENTRYPOINTS = [
  ...['terraform', 'ray'].flatMap((name) => ['deny', 'warn', 'coverage'].map((rule) => `${name}/${rule}`)),
  ...['deny', 'absent'].map((rule) => `controls/${rule}`),
];

/**
 * What Rego that somebody else wrote cannot do: the network, the environment, and the configuration of OPA. A schema can
 * refer to any file of the machine, one without an end included.
 */
const REFUSED = ['http.send', 'json.match_schema', 'json.verify_schema', 'net.lookup_ip_addr', 'opa.runtime'];

export function build(opa = process.env.OPA ?? 'opa') {
  const version = /^Version: (\S+)/m.exec(execFileSync(opa, ['version'], { encoding: 'utf8' }))?.[1];
  if (version !== OPA_VERSION) throw new Error(`the bundle is built with OPA ${OPA_VERSION}, but ${opa} is ${version}`);
  const annotations = ruleAnnotations(opa);
  const fixes = fixesInRego(opa, annotations);
  const wasm = compile(opa, fixes);
  const rules = `${JSON.stringify({ '//': MARKER, rules: ruleList(annotations) }, null, 2)}\n`;
  const manifest = {
    '//': MARKER,
    opa: OPA_VERSION,
    entrypoints: ENTRYPOINTS,
    wasm: sha256(wasm),
    rules: sha256(rules),
    sources: Object.fromEntries(sources().map((file) => [file, sha256(file === FIXES ? fixes : readFileSync(join(directory, file)))])),
  };
  return {
    [FIXES]: fixes,
    [WASM]: wasm,
    'rules.json': rules,
    'policy.wasm.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'custom-capabilities.json': customCapabilities(opa),
  };
}

/** What the bundle is compiled from, relative to this directory. */
function sources() {
  const files = PACKAGES.flatMap((name) => regoFiles(join(directory, name)));
  return [...new Set(['capabilities.json', FIXES, ...files.map((file) => relative(directory, file))])].sort();
}

function regoFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return regoFiles(path);
    return entry.name.endsWith('.rego') && !entry.name.endsWith('_test.rego') ? [path] : [];
  });
}

function compile(opa, fixes) {
  const scratch = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    for (const name of PACKAGES) cpSync(join(directory, name), join(scratch, name), { recursive: true });
    mkdirSync(join(scratch, dirname(FIXES)), { recursive: true });
    writeFileSync(join(scratch, FIXES), fixes);
    const bundle = join(scratch, 'bundle.tar.gz');
    const entrypoints = ENTRYPOINTS.flatMap((name) => ['-e', name]);
    const options = ['-t', 'wasm', '--capabilities', join(directory, 'capabilities.json'), '--ignore', '*_test.rego', '--prune-unused'];
    execFileSync(opa, ['build', ...options, ...entrypoints, '-o', bundle, ...PACKAGES], { cwd: scratch });
    execFileSync('tar', ['-xzf', bundle, '-C', scratch, '/policy.wasm'], { stdio: ['ignore', 'ignore', 'ignore'] });
    return withoutCustomSections(readFileSync(join(scratch, 'policy.wasm')));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The same module without the names of its functions, which only a debugger reads: a tenth of it. */
function withoutCustomSections(wasm) {
  const kept = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const start = at;
    const id = wasm[at++];
    let size = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = wasm[at++];
      size += (byte & 0x7f) * 2 ** shift;
    }
    at += size;
    if (id !== 0) kept.push(wasm.subarray(start, at));
  }
  return Buffer.concat(kept);
}

/** All that OPA can do, but for what is refused: Rego of a repository is judged by it, and so is its tests' Rego. */
function customCapabilities(opa) {
  const { builtins, ...rest } = JSON.parse(execFileSync(opa, ['capabilities', '--current'], { encoding: 'utf8' }));
  for (const name of REFUSED) {
    if (!builtins.some((builtin) => builtin.name === name)) throw new Error(`OPA has no ${name} any more`);
  }
  const kept = builtins.filter(({ name }) => !REFUSED.includes(name)).map(({ description: _, categories: __, ...builtin }) => builtin);
  const lines = kept.map((builtin) => `    ${JSON.stringify(withoutDescriptions(builtin))}`);
  const others = Object.entries({ ...rest, allow_net: [] }).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n  "builtins": [\n${lines.join(',\n')}\n  ],\n${others.join(',\n')}\n}\n`;
}

function withoutDescriptions(value) {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'description').map(([key, inner]) => [key, withoutDescriptions(inner)]));
}

/** The METADATA of every rule that has an id, in order of id. */
function ruleAnnotations(opa) {
  const inspected = execFileSync(opa, ['inspect', '-a', '-f', 'json', '.'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(inspected)
    .annotations.map(({ annotations }) => annotations)
    .filter(({ custom }) => custom?.id)
    .map(({ title, description, custom }) => ({ title, description: description.trim(), ...custom }))
    .sort((a, b) => (a.id + a.severity < b.id + b.severity ? -1 : 1));
}

/** The rules for people: a fix names no value there. */
function ruleList(annotations) {
  return annotations.map(({ id, title, description, row, controls, severity, fix }) => {
    return { id, title, description, row, controls, severity, fix: fix.replace(/ \(\{limit\}[^)]*\)/, '') };
  });
}

/**
 * The fixes by id and cause. A rule that denies and warns under one id has the fix of its warning under `warning`.
 */
function fixesInRego(opa, annotations) {
  const fixes = {};
  for (const { id, severity, fix, fixes: others } of annotations) {
    const cause = fixes[id] === undefined ? 'default' : severity;
    for (const [key, sentence] of Object.entries({ [cause]: fix, ...others })) {
      if (fixes[id]?.[key] !== undefined) throw new Error(`${id} has two fixes for ${key}`);
      fixes[id] = { ...fixes[id], [key]: sentence };
    }
  }
  const text = `# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Generated from the METADATA of the rules by policies/build.mjs: change that.

# METADATA
# title: Fixes
# description: |
#   How to fix what a rule reports, by the id of the rule and the cause. \`{limit}\` stands
#   for the limit that is broken.
package lib.rules

fixes := ${JSON.stringify(fixes, null, '\t')}
`;
  return execFileSync(opa, ['fmt'], { input: text, encoding: 'utf8' });
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outputs = build();
  const isCheck = process.argv.includes('--check');
  for (const [name, content] of Object.entries(outputs)) {
    const path = join(directory, name);
    if (!isCheck) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, name === WASM ? brotliCompressSync(content) : content);
    } else if (!stored(path).equals(Buffer.from(content))) {
      throw new Error(`${name} does not belong to the sources; run node policies/build.mjs`);
    }
  }
}

function stored(path) {
  return path.endsWith('.br') ? brotliDecompressSync(readFileSync(path)) : readFileSync(path);
}
