// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";

/** Lets a call of the file system fail for one path, as permissions would for anyone but an administrator. */
export function refuse(call: "lstatSync" | "readFileSync" | "readdirSync" | "renameSync", refused: string): void {
  const original = fs[call].bind(fs) as (...args: unknown[]) => unknown;
  jest.spyOn(fs, call).mockImplementation(((path: unknown, ...rest: unknown[]) => {
    if (path === refused) {
      throw Object.assign(new Error(`EACCES: permission denied, '${refused}'`), { code: "EACCES", syscall: "open" });
    }
    return original(path, ...rest);
  }) as never);
}
