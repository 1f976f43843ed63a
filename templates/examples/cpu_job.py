# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0
"""A first job on CPU workers: spreads work over them, and reads and writes a bucket.

    python cpu_job.py [--data s3://BUCKET/PREFIX/] [--tasks N]

Runs on a Ray cluster, as the entrypoint of a job. Everything that it uses is in the image rayproject/ray. It ends with an
error if a result is not the one that it must be.
"""

import argparse
import hashlib
import random
import socket
import sys
import uuid
from urllib.parse import urlparse

import ray

SAMPLES = 200_000


@ray.remote(num_cpus=1)
def count_inside(seed):
    """How many of SAMPLES random points of a square lie in its circle, and the host that counted them."""
    points = random.Random(seed)
    inside = sum(points.random() ** 2 + points.random() ** 2 <= 1 for _ in range(SAMPLES))
    return inside, socket.gethostname()


@ray.remote(num_cpus=1)
def write_object(bucket, key, index):
    """Writes an object, and returns the digest of what it wrote."""
    import boto3

    body = f"part {index}\n".encode() * 10_000
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return hashlib.sha256(body).hexdigest()


@ray.remote(num_cpus=1)
def read_object(bucket, key):
    """The digest of an object."""
    import boto3

    return hashlib.sha256(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()).hexdigest()


def estimate_pi(tasks):
    """Estimates pi with one task for each seed."""
    results = ray.get([count_inside.remote(seed) for seed in range(tasks)])
    pi = 4 * sum(inside for inside, _ in results) / (SAMPLES * tasks)
    hosts = sorted({host for _, host in results})
    print(f"pi is about {pi:.4f}, by {tasks} tasks on {len(hosts)} workers: {', '.join(hosts)}")
    if abs(pi - 3.14159) > 0.05:
        sys.exit("error: that is not pi")


def round_trip(data, tasks):
    """Writes objects below a prefix, lists them, reads them again, and removes them."""
    import boto3

    place = urlparse(data)
    if place.scheme != "s3" or not place.netloc:
        sys.exit(f"error: --data {data}: write s3://BUCKET/PREFIX/")
    bucket, prefix = place.netloc, f"{place.path.lstrip('/')}ray-platform-example/{uuid.uuid4()}/"
    keys = [f"{prefix}part-{index}" for index in range(tasks)]
    s3 = boto3.client("s3")
    try:
        written = ray.get([write_object.remote(bucket, key, index) for index, key in enumerate(keys)])
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"]
        if listed != len(keys):
            sys.exit(f"error: wrote {len(keys)} objects below s3://{bucket}/{prefix}, and {listed} are listed")
        if ray.get([read_object.remote(bucket, key) for key in keys]) != written:
            sys.exit(f"error: what was read below s3://{bucket}/{prefix} is not what was written")
    finally:
        for key in keys:
            s3.delete_object(Bucket=bucket, Key=key)
    print(f"wrote, listed and read {tasks} objects of s3://{bucket}/{prefix}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="prefix to write below and read from, such as s3://acme-models/tests/")
    parser.add_argument("--tasks", type=int, default=4, help="number of tasks, from 1 to 1000 (default: 4)")
    arguments = parser.parse_args()
    if not 1 <= arguments.tasks <= 1000:
        parser.error("--tasks is from 1 to 1000")
    ray.init()
    estimate_pi(arguments.tasks)
    if arguments.data:
        round_trip(arguments.data, arguments.tasks)
    print("result: ok")


if __name__ == "__main__":
    main()
