// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { DataAccess } from "../../src/options/data-access";
import type { EnvironmentConfig, NodePoolConfig } from "../../templates/src/platform/platform-config";
import { platform } from "../templates/configs";
import { type Answer, fails, json, type Outcome, runChecks, runForReal } from "./simulated-platform";

const ACCOUNT = "111122223333";
const CLUSTER = "ml-platform-dev";
const config = platform({
  awsAccountId: ACCOUNT,
  ray: { data: { buckets: [{ name: "acme-models", prefixes: ["tests/"], access: DataAccess.READ_WRITE }] } },
});
const environment = config.environments[0] as EnvironmentConfig;
const { pools, ray } = environment;

/** Terraform ends the name of each of a pool's groups with digits of its own. */
const SUFFIX = "20260801120000000000000001";
const groupsOf = (pool: NodePoolConfig): string[] => pool.nodeGroups.map(({ name }) => `${name}-${SUFFIX}`);
const error = (operation: string, code: string, message: string): string =>
  `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
const list = (items: readonly object[]): object => ({ apiVersion: "v1", kind: "List", items });
const condition = (type: string, status: string, more: object = {}): object => ({ type, status, ...more });

const node = (name: string, pool: string, status: object = {}): object => ({
  metadata: { name, labels: { "eks.amazonaws.com/nodegroup": `${pool}-a-${SUFFIX}` } },
  status: { conditions: [condition("Ready", "True")], allocatable: {}, ...status },
});
const pod = (
  name: string,
  namespace: string,
  more: { labels?: object; spec?: object; status?: object } = {},
): object => ({
  metadata: { name, namespace, labels: more.labels ?? {}, creationTimestamp: "2026-08-01T12:00:00Z" },
  spec: more.spec ?? {},
  status: { phase: "Running", conditions: [condition("Ready", "True")], containerStatuses: [], ...more.status },
});
const head = (more: { spec?: object; status?: object } = {}): object =>
  pod(`${ray.clusterName}-head`, ray.namespace, {
    labels: { "ray.io/node-type": "head" },
    spec: { serviceAccountName: "ray-head" },
    ...more,
  });
const waiting = (reason: string, message: string, image = "registry/ray:1"): object => ({
  phase: "Pending",
  containerStatuses: [{ name: "main", image, restartCount: 3, state: { waiting: { reason, message } } }],
});
const unschedulable = (message: string): object => ({
  phase: "Pending",
  conditions: [condition("PodScheduled", "False", { reason: "Unschedulable", message })],
});
const describeCluster = (more: object = {}): Answer =>
  json("aws", "eks describe-cluster", {
    cluster: { name: CLUSTER, status: "ACTIVE", version: environment.cluster.version, health: { issues: [] }, ...more },
  });
const groupIssue = (pool: string, code: string, message: string): Answer =>
  json("aws", `eks describe-nodegroup *--nodegroup-name ${pool}-a-${SUFFIX}`, {
    nodegroup: { status: "DEGRADED", health: { issues: [{ code, message, resourceIds: [] }] }, scalingConfig: {} },
  });
const rayPods = (...items: readonly object[]): Answer =>
  json("kubectl", `get pods --namespace ${ray.namespace}`, list(items));
const rayCluster = (more: object = {}, status: object = {}): Answer =>
  json("kubectl", "get raycluster", {
    spec: { rayVersion: ray.version, authOptions: { mode: "token" }, ...more },
    status,
  });
const deployments = (namespace: string, items: readonly object[]): Answer =>
  json("kubectl", `get deployments --namespace ${namespace}`, list(items));
const running = { spec: { replicas: 1 }, status: { readyReplicas: 1 } };
const RESULT =
  "pi is about 3.1416, by 4 tasks on 1 workers: w\nwrote, listed and read 4 objects of s3://x/\nresult: ok";

/** A platform on which everything is as it should be. */
const HEALTHY: readonly Answer[] = [
  json("aws", "sts get-caller-identity", { Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/x/me` }),
  json("aws", "s3api list-objects-v2", { Contents: [{ Key: "dev/cluster.tfstate", LastModified: "2026-08-01" }] }),
  describeCluster(),
  json("aws", "eks describe-addon", { addon: { status: "ACTIVE", health: { issues: [] } } }),
  json("aws", "eks list-nodegroups", { nodegroups: pools.flatMap(groupsOf) }),
  json("aws", "eks describe-nodegroup", {
    nodegroup: { status: "ACTIVE", health: { issues: [] }, scalingConfig: { minSize: 0, maxSize: 5 } },
  }),
  { program: "aws", when: "s3api head-bucket" },
  { program: "kubectl", when: "config view", stdout: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/${CLUSTER}` },
  { program: "kubectl", when: "get --raw /readyz", stdout: "ok" },
  json("kubectl", "get nodes", list([node("a", "cpu"), node("b", "cpu")])),
  json("kubectl", "get customresourcedefinitions", list([])),
  deployments("kuberay-system", [running]),
  deployments("kube-system", [running]),
  json("kubectl", "get configmap cluster-autoscaler-status", { data: { status: "health: Healthy" } }),
  rayCluster(),
  json("kubectl", "get events", list([])),
  rayPods(head()),
  json("kubectl", "get pods", list([pod("p", "any")])),
  json("kubectl", `get secret ${ray.clusterName}`, { data: { auth_token: "dG9rZW4=" } }),
  ...ray.identities.map(({ serviceAccount, roleName }) =>
    json("kubectl", `get serviceaccount ${serviceAccount} `, {
      metadata: {
        annotations: {
          "eks.amazonaws.com/role-arn": `arn:aws:iam::${ACCOUNT}:role/${CLUSTER}/stacks/${CLUSTER}-${roleName}-irsa`,
        },
      },
    }),
  ),
  {
    program: "kubectl",
    when: `--namespace ${ray.namespace} port-forward`,
    stdout: "Forwarding from 127.0.0.1:43210 -> 8265",
    stays: true,
  },
  { program: "ray", when: "job submit *cpu_job.py", stdout: RESULT },
  { program: "ray", when: "job submit *gpu_job.py", stdout: "device: Tesla T4 of w\nresult: ok" },
];

const JSON_ARGS = ["--environment", "dev", "--json"];
const verify = (answers: readonly Answer[], args: readonly string[] = []): Outcome =>
  runChecks("verify-platform.mjs", HEALTHY, [{ args: [...JSON_ARGS, ...args], config, answers }])[0] as Outcome;

/** What is wrong, how AWS, Kubernetes or Ray show it, and the code that names the cause. */
const BROKEN: readonly (readonly [title: string, answers: readonly Answer[], code: string])[] = [
  [
    "nobody is logged in",
    [
      fails(
        "aws",
        "sts get",
        '\nUnable to locate credentials. You can configure credentials by running "aws login".\n',
      ),
    ],
    "credentials-missing",
  ],
  [
    "the login has expired",
    [
      fails(
        "aws",
        "sts get",
        error("GetCallerIdentity", "ExpiredToken", "The security token included in the request is expired"),
      ),
    ],
    "credentials-expired",
  ],
  [
    "no network",
    [fails("aws", "sts get", '\nCould not connect to the endpoint URL: "https://sts.us-east-1.amazonaws.com/"\n')],
    "aws-unreachable",
  ],
  [
    "another account",
    [json("aws", "sts get-caller-identity", { Account: "999988887777", Arn: "arn:aws:iam::999988887777:user/x" })],
    "account-wrong",
  ],
  [
    "no state bucket",
    [fails("aws", "s3api list", error("ListObjectsV2", "NoSuchBucket", "The specified bucket does not exist"))],
    "state-missing",
  ],
  [
    "a lock of last week",
    [
      json("aws", "s3api list", {
        Contents: [{ Key: "dev/cluster.tfstate.tflock", LastModified: "2026-01-01T00:00:00Z" }],
      }),
    ],
    "state-locked",
  ],
  [
    "no cluster",
    [
      fails(
        "aws",
        "eks describe-cluster",
        error("DescribeCluster", "ResourceNotFoundException", `No cluster found for name: ${CLUSTER}.`),
      ),
    ],
    "cluster-missing",
  ],
  [
    "no right to look",
    [
      fails(
        "aws",
        "eks describe-cluster",
        error("DescribeCluster", "AccessDeniedException", "User is not authorized to perform: eks:DescribeCluster"),
      ),
    ],
    "cluster-denied",
  ],
  ["a cluster that failed", [describeCluster({ status: "FAILED" })], "cluster-not-active"],
  [
    "a disabled key",
    [describeCluster({ health: { issues: [{ code: "KmsKeyDisabled", message: "The key is disabled" }] } })],
    "kms-key-unusable",
  ],
  [
    "a subnet removed by hand",
    [describeCluster({ health: { issues: [{ code: "Ec2SubnetNotFound", message: "subnet-1 does not exist" }] } })],
    "cluster-unhealthy",
  ],
  ["an older Kubernetes", [describeCluster({ version: "1.33" })], "version-differs"],
  [
    "an add-on that was never made",
    [
      fails(
        "aws",
        "eks describe-addon *--addon-name coredns",
        error("DescribeAddon", "ResourceNotFoundException", "No addon: coredns found"),
      ),
    ],
    "addon-missing",
  ],
  [
    "an add-on without nodes",
    [
      json("aws", "eks describe-addon *--addon-name coredns", {
        addon: {
          status: "DEGRADED",
          health: { issues: [{ code: "InsufficientNumberOfReplicas", message: "no pods" }] },
        },
      }),
    ],
    "addon-degraded",
  ],
  [
    "a pool without its node group",
    [
      json("aws", "eks list-nodegroups", {
        nodegroups: pools.flatMap(groupsOf).filter((name) => !name.startsWith("gpu-a-")),
      }),
    ],
    "nodegroup-missing",
  ],
  [
    "no GPU quota",
    [
      groupIssue(
        "gpu",
        "AsgInstanceLaunchFailures",
        "Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded.",
      ),
    ],
    "quota-exceeded",
  ],
  [
    "no on-demand quota",
    [
      groupIssue(
        "gpu",
        "AsgInstanceLaunchFailures",
        "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 0 allows",
      ),
    ],
    "quota-exceeded",
  ],
  [
    "no spot capacity",
    [
      groupIssue(
        "gpu",
        "AsgInstanceLaunchFailures",
        "UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration.",
      ),
    ],
    "capacity-missing",
  ],
  [
    "no on-demand capacity",
    [
      groupIssue(
        "cpu",
        "AsgInstanceLaunchFailures",
        "InsufficientInstanceCapacity - We currently do not have sufficient m5.2xlarge capacity",
      ),
    ],
    "capacity-missing",
  ],
  [
    "volumes whose key admits nobody",
    [
      groupIssue(
        "cpu",
        "AsgInstanceLaunchFailures",
        "Instance became unhealthy: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
      ),
    ],
    "kms-key-unusable",
  ],
  [
    "spot's role is missing",
    [
      groupIssue(
        "gpu",
        "AsgInstanceLaunchFailures",
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted - The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
      ),
    ],
    "service-role-missing",
  ],
  [
    "nodes that cannot join",
    [groupIssue("cpu", "NodeCreationFailure", "Instances failed to join the kubernetes cluster")],
    "nodes-not-joined",
  ],
  [
    "a drain that waits for the head",
    [groupIssue("cpu", "PodEvictionFailure", "Reached max retries while trying to evict pods")],
    "drain-stuck",
  ],
  [
    "no free addresses",
    [groupIssue("cpu", "InsufficientFreeAddresses", "not enough free addresses in subnet-1")],
    "addresses-exhausted",
  ],
  [
    "a launch template changed by hand",
    [groupIssue("cpu", "Ec2LaunchTemplateVersionMismatch", "version 2 does not match")],
    "nodegroup-unhealthy",
  ],
  [
    "kubectl without a context",
    [fails("kubectl", "config view", "error: current-context must exist in order to minify")],
    "context-missing",
  ],
  [
    "kubectl at another cluster",
    [{ program: "kubectl", when: "config view", stdout: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/other-${CLUSTER}` }],
    "context-wrong",
  ],
  [
    "a tunnel that ended",
    [
      fails(
        "kubectl",
        "get --raw",
        "The connection to the server localhost:8443 was refused - did you specify the right host or port?",
      ),
    ],
    "tunnel-closed",
  ],
  [
    "no tunnel at all",
    [fails("kubectl", "get --raw", "Unable to connect to the server: dial tcp 10.0.3.4:443: i/o timeout")],
    "api-unreachable",
  ],
  [
    "a tunnel without the API's name",
    [
      fails(
        "kubectl",
        "get --raw",
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for *.eks.amazonaws.com, not localhost",
      ),
    ],
    "api-certificate",
  ],
  [
    "no access entry",
    [
      fails(
        "kubectl",
        "get --raw",
        "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
      ),
    ],
    "api-unauthorized",
  ],
  [
    "an API that is starting",
    [
      fails(
        "kubectl",
        "get --raw",
        "Error from server (InternalError): an error on the server has prevented the request",
      ),
    ],
    "api-not-ready",
  ],
  ["too few nodes", [json("kubectl", "get nodes", list([node("a", "cpu")]))], "nodes-not-joined"],
  [
    "a node that is silent",
    [
      json(
        "kubectl",
        "get nodes",
        list([
          node("a", "cpu"),
          node("b", "cpu", {
            conditions: [condition("Ready", "Unknown", { message: "Kubelet stopped posting node status." })],
          }),
        ]),
      ),
    ],
    "node-not-ready",
  ],
  [
    "a node without network",
    [
      json(
        "kubectl",
        "get nodes",
        list([
          node("a", "cpu"),
          node("b", "cpu", {
            conditions: [
              condition("Ready", "False", {
                message: "container runtime network not ready: cni plugin not initialized",
              }),
            ],
          }),
        ]),
      ),
    ],
    "node-network",
  ],
  [
    "a full disk",
    [
      json(
        "kubectl",
        "get nodes",
        list([
          node("a", "cpu"),
          node("b", "cpu", { conditions: [condition("Ready", "True"), condition("DiskPressure", "True")] }),
        ]),
      ),
    ],
    "node-pressure",
  ],
  [
    "a GPU node without GPUs",
    [json("kubectl", "get nodes", list([node("a", "cpu"), node("b", "cpu"), node("g", "gpu")]))],
    "gpu-not-offered",
  ],
  [
    "nodes that may not be seen",
    [
      fails(
        "kubectl",
        "get nodes",
        'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes"',
      ),
    ],
    "api-forbidden",
  ],
  [
    "no definitions",
    [
      fails(
        "kubectl",
        "get customres",
        'Error from server (NotFound): customresourcedefinitions.apiextensions.k8s.io "rayclusters.ray.io" not found',
      ),
    ],
    "crds-missing",
  ],
  ["no operator", [deployments("kuberay-system", [])], "operator-missing"],
  [
    "an operator that does not run",
    [deployments("kuberay-system", [{ spec: { replicas: 1 }, status: {} }])],
    "operator-not-ready",
  ],
  ["no autoscaler", [deployments("kube-system", [])], "autoscaler-missing"],
  [
    "an autoscaler that does not run",
    [deployments("kube-system", [{ spec: { replicas: 1 }, status: {} }])],
    "autoscaler-not-ready",
  ],
  [
    "a group that the autoscaler gave up",
    [
      json("kubectl", "get configmap", {
        data: { status: "scaleUp:\n  status: Backoff\n  backoffInfo:\n    errorMessage: no instances in time" },
      }),
    ],
    "capacity-missing",
  ],
  [
    "images that were never mirrored",
    [
      json(
        "kubectl",
        "get pods --namespace gpu-system",
        list([pod("dp", "gpu-system", { status: waiting("ImagePullBackOff", "registry/dp:1: not found") })]),
      ),
    ],
    "image-pull",
  ],
  [
    "a controller that crashes",
    [
      json(
        "kubectl",
        "get pods --namespace kube-system",
        list([
          pod("ca", "kube-system", { status: waiting("CrashLoopBackOff", "back-off restarting failed container") }),
        ]),
      ),
    ],
    "pod-crashing",
  ],
  [
    "a worker out of memory",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, {
          labels: { "ray.io/node-type": "worker" },
          status: {
            containerStatuses: [
              {
                name: "ray-worker",
                state: { waiting: { reason: "CrashLoopBackOff" } },
                lastState: { terminated: { reason: "OOMKilled" } },
              },
            ],
          },
        }),
      ),
    ],
    "pod-out-of-memory",
  ],
  [
    "no room for a worker",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, { status: unschedulable("0/2 nodes are available: 2 Insufficient cpu.") }),
      ),
    ],
    "pod-pending",
  ],
  [
    "no GPU for a worker",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, { status: unschedulable("0/2 nodes are available: 2 Insufficient nvidia.com/gpu.") }),
      ),
    ],
    "pod-pending-gpu",
  ],
  [
    "a pod for no pool",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, {
          status: unschedulable("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
        }),
      ),
    ],
    "pod-pending-selector",
  ],
  [
    "a volume in another zone",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, { status: unschedulable("pod has unbound immediate PersistentVolumeClaims") }),
      ),
    ],
    "pod-pending-volume",
  ],
  [
    "no Ray cluster",
    [
      fails(
        "kubectl",
        "get raycluster",
        `Error from server (NotFound): rayclusters.ray.io "${ray.clusterName}" not found`,
      ),
    ],
    "ray-missing",
  ],
  [
    "a cluster whose pods are refused",
    [
      rayCluster(
        {},
        {
          conditions: [
            condition("ReplicaFailure", "True", { reason: "FailedCreateHeadPod", message: "pods is forbidden" }),
          ],
        },
      ),
    ],
    "ray-pods-refused",
  ],
  ["another Ray version", [rayCluster({ rayVersion: "2.50.0" })], "version-differs"],
  ["a cluster without token", [rayCluster({ authOptions: undefined })], "token-disabled"],
  [
    "a full quota",
    [
      json(
        "kubectl",
        "get events",
        list([{ message: 'pods "w" is forbidden: exceeded quota: ray, requested: limits.cpu=8' }]),
      ),
    ],
    "namespace-quota",
  ],
  [
    "a pod that is not restricted",
    [
      json(
        "kubectl",
        "get events",
        list([{ message: 'pods "j" is forbidden: violates PodSecurity "restricted:latest": seccompProfile' }]),
      ),
    ],
    "pod-security",
  ],
  [
    "a Ray resource that breaks a rule, which a workflow applies",
    [
      json(
        "kubectl",
        "get events",
        list([
          {
            message:
              "rayclusters.ray.io \"c\" is forbidden: ValidatingAdmissionPolicy 'ray-platform-ray' with binding 'ray-platform-ray' denied request: ray/max-workers at spec.workerGroupSpecs: 51 workers in all are over 50.",
          },
        ]),
      ),
    ],
    "ray-admission",
  ],
  ["no head", [rayPods()], "head-missing"],
  [
    "a head that does not answer",
    [
      rayPods(
        head({ spec: { serviceAccountName: "ray-head" }, status: { conditions: [condition("Ready", "False")] } }),
      ),
    ],
    "head-not-ready",
  ],
  ["a head of before", [rayPods(head({ spec: { serviceAccountName: ray.clusterName } }))], "pods-outdated"],
  [
    "a worker that waits for the head",
    [
      rayPods(
        head(),
        pod("w", ray.namespace, {
          labels: { "ray.io/node-type": "worker" },
          status: { phase: "Pending", initContainerStatuses: [{ name: "wait-gcs-ready", state: { running: {} } }] },
        }),
      ),
    ],
    "worker-not-connecting",
  ],
  [
    "no token",
    [fails("kubectl", "get secret", `Error from server (NotFound): secrets "${ray.clusterName}" not found`)],
    "token-missing",
  ],
  [
    "no account for the data",
    [
      fails(
        "kubectl",
        "get serviceaccount ray-head",
        'Error from server (NotFound): serviceaccounts "ray-head" not found',
      ),
    ],
    "data-account-missing",
  ],
  [
    "an account without its role",
    [json("kubectl", "get serviceaccount ray-workers", { metadata: {} })],
    "data-role-wrong",
  ],
  ["no bucket", [fails("aws", "s3api head-bucket", error("HeadBucket", "404", "Not Found"))], "data-bucket-missing"],
  [
    "a bucket far away",
    [fails("aws", "s3api head-bucket", error("HeadBucket", "301", "Moved Permanently"))],
    "data-bucket-region",
  ],
];

const SUBMIT = "job submit *cpu_job.py";
/** What only a job shows. */
const BROKEN_JOBS: readonly (readonly [title: string, answers: readonly Answer[], code: string])[] = [
  [
    "an old token",
    [
      fails(
        "ray",
        SUBMIT,
        "RuntimeError: Request failed with status code 401: Unauthorized: Invalid authentication token",
      ),
    ],
    "token-rejected",
  ],
  [
    "no right to the token",
    [fails("kubectl", "get secret", 'Error from server (Forbidden): secrets is forbidden: User "x" cannot get')],
    "token-forbidden",
  ],
  [
    "no port forwarding",
    [fails("kubectl", "--namespace ray port-forward", "error: pods is forbidden")],
    "port-forward-failed",
  ],
  [
    "another Ray here",
    [fails("ray", SUBMIT, "RuntimeError: Version mismatch: The cluster was started with Ray 2.56.0")],
    "ray-version",
  ],
  [
    "no right to the bucket",
    [
      fails(
        "ray",
        SUBMIT,
        "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: not authorized to perform: s3:PutObject",
      ),
    ],
    "data-denied",
  ],
  [
    "no way to the bucket",
    [
      fails(
        "ray",
        SUBMIT,
        'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://x.s3.amazonaws.com/"',
      ),
    ],
    "data-unreachable",
  ],
  ["a job that is wrong", [{ program: "ray", when: SUBMIT, stdout: "error: that is not pi" }], "job-failed"],
  [
    "a GPU without CUDA",
    [fails("ray", "job submit *gpu_job.py", "RuntimeError: libcublas is not in this image")],
    "gpu-unusable",
  ],
];

const brokenCodes = ({ findings }: Outcome): string[] => findings.flatMap(({ code }) => code ?? []);

describe("a platform that works", () => {
  test("has nothing broken, and its jobs have results", () => {
    const outcome = verify([], ["--jobs"]);
    expect(outcome.findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(outcome.status).toBe(0);
    expect(outcome.findings.find(({ check }) => check === "GPU job")?.detail).toContain("Tesla T4");
    expect(outcome.calls.find((call) => call.startsWith("ray job submit"))).toContain("--data s3://acme-models/tests/");
  });

  test("is only read, unless jobs are asked for", () => {
    const { calls, findings, status } = verify([]);
    expect(status).toBe(0);
    expect(findings.filter(({ status: one }) => one === "not checked").map(({ check }) => check)).toEqual(["jobs"]);
    const reads = /^(?:aws (?:--version|[\w-]+ (?:get|list|describe|head)-)|kubectl (?:version|get|config view))/;
    expect(calls.filter((call) => !reads.test(call))).toEqual([]);
    expect(calls.length).toBeGreaterThan(20);
  });

  test("has a table at the end, for people", () => {
    const [{ stdout, status }] = runChecks("verify-platform.mjs", HEALTHY, [{ args: [], config }]) as [Outcome];
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nCheck +Result\n[\s\S]*\nhead +ok\n[\s\S]*\n\d+ ok, 0 broken, 1 not checked\.\n$/);
  });
});

describe("a broken platform", () => {
  const cases = [
    ...BROKEN.map(([title, answers, code]) => ({ title, answers, code, args: JSON_ARGS })),
    ...BROKEN_JOBS.map(([title, answers, code]) => ({ title, answers, code, args: [...JSON_ARGS, "--jobs"] })),
  ];
  let outcomes: readonly Outcome[];
  beforeAll(() => {
    const runs = cases.map(({ answers, args }) => ({ args, config, answers }));
    outcomes = runChecks("verify-platform.mjs", HEALTHY, runs);
  }, 120_000);

  test.each(cases.map(({ title, code }, index) => [title, code, index] as const))("%s: %s", (_, code, index) => {
    const outcome = outcomes[index] as Outcome;
    expect(brokenCodes(outcome)).toEqual([code]);
    expect(outcome.status).toBe(1);
    const finding = outcome.findings.find((one) => one.code === code);
    expect(finding?.fix).toMatch(/\w/);
    expect(finding?.see).toBe(`docs/troubleshooting.md#${code}`);
    expect(finding?.detail).not.toMatch(/undefined|\[object/);
  });

  test("there are many", () => {
    expect(cases.length).toBeGreaterThan(60);
  });

  test("several causes are all named, with where to read on", () => {
    const answers = [deployments("kuberay-system", []), rayPods()];
    expect(brokenCodes(verify(answers))).toEqual(["operator-missing", "head-missing"]);
    const [{ stdout }] = runChecks("verify-platform.mjs", HEALTHY, [{ args: [], config, answers }]) as [Outcome];
    expect(stdout).toContain("BROKEN   operator: no deployment in kuberay-system");
    expect(stdout).toContain("docs/troubleshooting.md#operator-missing");
    expect(stdout).toMatch(/\noperator +broken: operator-missing\n/);
  });
});

test("roles that see less than an administrator's get fewer checks, not false alarms", () => {
  const denied = (operation: string, when: string): Answer =>
    fails("aws", when, error(operation, "AccessDeniedException", "User is not authorized"));
  const outcome = verify([
    denied("DescribeAddon", "eks describe-addon"),
    denied("ListNodegroups", "eks list-nodegroups"),
    denied("ListObjectsV2", "s3api list-objects-v2"),
    denied("HeadBucket", "s3api head-bucket"),
    fails("kubectl", "get secret", 'Error from server (Forbidden): secrets "x" is forbidden'),
  ]);
  expect(brokenCodes(outcome)).toEqual([]);
  expect(outcome.findings.filter(({ status }) => status === "not checked").length).toBeGreaterThan(3);
});

test("a machine without the programs is told so, and nothing else is claimed", () => {
  const { findings, status } = runForReal("verify-platform.mjs", JSON_ARGS, config);
  expect(findings.flatMap(({ code }) => code ?? [])).toEqual(["tool-missing", "tool-missing"]);
  expect(findings.filter((one) => one.status === "ok")).toEqual([]);
  expect(status).toBe(1);
});

test("a wrong command line ends with 2, and says what is right", () => {
  const wrong = runForReal("verify-platform.mjs", ["--environment", "prod"], config);
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("environments are dev")]);
  const help = runForReal("verify-platform.mjs", ["--help"], config);
  expect([help.status, help.stdout]).toEqual([0, expect.stringContaining("Exit codes: 0")]);
});
