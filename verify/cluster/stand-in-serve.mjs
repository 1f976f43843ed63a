// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer } from "node:http";

/** Where KubeRay asks for the applications of Serve, and for the health of its proxy. */
const PORTS = [8265, 8000];

const APPLICATIONS = {
  applications: {
    app: {
      name: "app",
      status: "RUNNING",
      message: "",
      deployments: { d: { name: "d", status: "HEALTHY", message: "" } },
    },
  },
};

/**
 * Stands in for Ray Serve on every head: all that is asked of it is well.
 *
 * @param {string} address the one that all pods have
 */
export async function startStandInServe(address) {
  const servers = PORTS.map((port) =>
    createServer((request, response) => {
      const isApplications = request.method === "GET" && request.url.startsWith("/api/serve/applications");
      response.setHeader("Content-Type", "application/json");
      response.end(isApplications ? JSON.stringify(APPLICATIONS) : '"success"');
    }).listen(port, address),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    async stop() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all(servers.map((server) => once(server, "close")));
    },
  };
}
