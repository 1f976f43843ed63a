// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Calls of the API server that are to succeed: they give the object that is answered, and throw what the server says of a
 * refusal. A path that does not exist is undefined for `get`, and no error for `remove`.
 *
 * @param {import("./control-plane.mjs").ControlPlane["call"]} call
 */
export function checkedApi(call) {
  const ask = async (method, path, body, contentType) => {
    const { status, body: answer } = await call(method, path, body, contentType);
    if (status === 404 && (method === "GET" || method === "DELETE")) {
      return undefined;
    }
    if (status >= 300) {
      throw new Error(`${method} ${path}: ${answer.message ?? answer}`);
    }
    return answer;
  };
  return {
    get: (path) => ask("GET", path),
    list: async (path) => (await ask("GET", path)).items,
    create: (path, object) => ask("POST", path, object),
    patch: (path, change) => ask("PATCH", path, change, "application/merge-patch+json"),
    edit: (path, operations) => ask("PATCH", path, operations, "application/json-patch+json"),
    remove: (path) => ask("DELETE", path),
  };
}
