# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0
"""Writes instance-types.json from two published tables.

usage: instance-types.py <moto instance_types.json.gz> <amazon-vpc-cni-k8s misc/eni-max-pods.txt>

moto's file is the recorded answer of EC2's DescribeInstanceTypes; the VPC CNI's file is what EKS takes for max pods.
"""
import gzip
import json
import re
import sys

FAMILIES = {
    "t3": r"(medium|large|xlarge|2xlarge)",
    "m5": r"(large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge)",
    "m6i": r"(large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)",
    "m7i": r"(large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)",
    "m6g": r"(large|xlarge|2xlarge|4xlarge|8xlarge)",
    "m7g": r"(large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)",
    "c6i": r"(large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)",
    "r6i": r"(large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)",
    "g4dn": r"\w+", "g5": r"\w+", "g6": r"\w+", "g6e": r"\w+", "g5g": r"\w+",
    "p4d": r"\w+", "p4de": r"\w+", "p5": r"\w+", "p5e": r"\w+", "p5en": r"\w+",
}
# EC2 no longer describes the P3 family in new accounts; its figures are from the P3 instance page
# (https://aws.amazon.com/ec2/instance-types/p3/).
RETIRED = {
    "p3.2xlarge": {"vcpu": 8, "memoryMib": 62464, "gpus": 1, "gpuModel": "V100", "gpuMemoryMib": 16384, "architecture": "x86_64", "efaInterfaces": 0},
    "p3.8xlarge": {"vcpu": 32, "memoryMib": 249856, "gpus": 4, "gpuModel": "V100", "gpuMemoryMib": 65536, "architecture": "x86_64", "efaInterfaces": 0},
    "p3.16xlarge": {"vcpu": 64, "memoryMib": 499712, "gpus": 8, "gpuModel": "V100", "gpuMemoryMib": 131072, "architecture": "x86_64", "efaInterfaces": 0},
}


def describe(info):
    gpu = info.get("GpuInfo") or {}
    gpus = gpu.get("Gpus") or []
    network = info["NetworkInfo"]
    return {
        "vcpu": info["VCpuInfo"]["DefaultVCpus"],
        "memoryMib": info["MemoryInfo"]["SizeInMiB"],
        "gpus": sum(g["Count"] for g in gpus),
        "gpuModel": gpus[0]["Name"] if gpus else None,
        "gpuMemoryMib": gpu.get("TotalGpuMemoryInMiB"),
        "architecture": next(a for a in info["ProcessorInfo"]["SupportedArchitectures"] if a in ("x86_64", "arm64")),
        "efaInterfaces": (network.get("EfaInfo") or {}).get("MaximumEfaInterfaces", 0),
    }


def main(ec2_file, max_pods_file):
    with gzip.open(ec2_file) as handle:
        ec2 = json.load(handle)
    max_pods = dict(line.split() for line in open(max_pods_file) if re.match(r"^\w[\w-]*\.\w", line))
    types = {}
    for family, sizes in FAMILIES.items():
        matching = [t for t in ec2 if re.fullmatch(rf"{family}\.{sizes}", t) and "metal" not in t]
        for name in sorted(matching, key=lambda t: (ec2[t]["VCpuInfo"]["DefaultVCpus"], ec2[t]["MemoryInfo"]["SizeInMiB"], t)):
            types[name] = describe(ec2[name])
    types.update(RETIRED)
    for name in types:
        if name not in max_pods:
            sys.exit(f"{name}: not in {max_pods_file}")
        types[name]["maxPods"] = int(max_pods[name])
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in types.items())
    print('{\n  "source": "EC2 DescribeInstanceTypes as recorded in moto 5.2.3 (moto/ec2/resources/instance_types.json.gz); '
          'maxPods: github.com/aws/amazon-vpc-cni-k8s v1.23.2 misc/eni-max-pods.txt; P3: https://aws.amazon.com/ec2/instance-types/p3/",\n'
          '  "asOf": "2026-08-22",\n'
          '  "notes": "memoryMib and gpuMemoryMib are totals per instance. A fractional GPU (g6f) is left out. Regenerate with data/instance-types.py.",\n'
          '  "types": {\n' + lines + "\n  }\n}")


main(*sys.argv[1:])
