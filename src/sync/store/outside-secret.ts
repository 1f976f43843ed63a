// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join, relative } from "node:path";

/**
 * What a run leaves in a project for the next one, a journal or a rendering, is believed only if it carries a seal made
 * with a secret that is outside the project: whoever can put files into a repository cannot make one.
 */
export type Purpose = "journal" | "rendering";

const SECRET_BYTES = 32;

/** Makes a secret for what is about to be left in a project; seals of an earlier one no longer hold. */
export function makeSecret(root: string, purpose: Purpose): Buffer | undefined {
  const secret = randomBytes(SECRET_BYTES);
  for (const directory of places(root)) {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      if (!isOurs(directory)) {
        continue;
      }
      const file = fileIn(directory, root, purpose);
      rmSync(file, { force: true }); // Whatever lies there is not written through.
      const descriptor = openSync(file, "wx", 0o600);
      try {
        writeSync(descriptor, secret);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      return secret;
    } catch {
      // A home that cannot be written to: the next place will do.
    }
  }
  return undefined;
}

/** Whether a seal was made for this text, in this project, with the secret that was made last. */
export function isSealed(root: string, purpose: Purpose, text: Buffer | string, seal: unknown): boolean {
  const secret = readSecret(root, purpose);
  if (secret === undefined || typeof seal !== "string") {
    return false;
  }
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(secret, root, purpose, text))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The seal of a text that is left in a project. */
export function sealOf(secret: Buffer, root: string, purpose: Purpose, text: Buffer | string): string {
  return createHmac("sha256", secret)
    .update(`${purpose}\0${realpathSync(root)}\0`)
    .update(text)
    .digest("hex");
}

/** Makes every seal of that kind invalid: what was left is used up. */
export function forgetSecret(root: string, purpose: Purpose): void {
  for (const directory of places(root)) {
    try {
      rmSync(fileIn(directory, root, purpose), { force: true });
    } catch {
      // Not a place of ours.
    }
  }
}

function readSecret(root: string, purpose: Purpose): Buffer | undefined {
  for (const directory of places(root)) {
    try {
      const file = fileIn(directory, root, purpose);
      if (isOurs(directory) && lstatSync(file).isFile() && lstatSync(file).size === SECRET_BYTES) {
        return readFileSync(file);
      }
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** The user's directory for state, and where there is none, one of theirs among the temporary ones. Never in the project. */
function places(root: string): string[] {
  const state = process.env.XDG_STATE_HOME;
  const home = state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local", "state");
  const candidates = [join(home, "ray-platform"), join(tmpdir(), `ray-platform-state-${userInfo().uid}`)];
  const project = realpathSync(root);
  return candidates.filter((directory) => isAbsolute(directory) && !isBelow(project, resolved(directory)));
}

/** Where a path leads once it is made: the links above it are followed. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = join(path, "..");
    return above === path ? path : join(resolved(above), relative(above, path));
  }
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

/** Others can neither write to it nor have made it. */
function isOurs(directory: string): boolean {
  const stat = lstatSync(directory);
  const isPrivate = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
  return stat.isDirectory() && isPrivate;
}

function fileIn(directory: string, root: string, purpose: Purpose): string {
  const project = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 32);
  return join(directory, `${purpose}-${project}`);
}
