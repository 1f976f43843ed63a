# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0
"""A first job on a GPU: multiplies two matrices with cuBLAS, checks the product, and prints the device.

    python gpu_job.py [--size N]

Runs on a Ray cluster, as the entrypoint of a job. The image rayproject/ray:*-gpu has CUDA and NumPy, and no PyTorch, so it
calls CUDA's own libraries. It ends with an error if there is no GPU, or the product is wrong.
"""

import argparse
import ctypes
import glob
import socket
import sys
import time

import ray

TO_DEVICE, TO_HOST = 1, 2  # cudaMemcpyKind
TRANSPOSE_NONE = 0  # cublasOperation_t


def load(name):
    """A library of CUDA, by the newest name that there is of it."""
    for directory in ("", "/usr/local/cuda/lib64/", "/usr/local/cuda/targets/*/lib/"):
        for path in sorted(glob.glob(f"{directory}{name}.so.*"), reverse=True) if directory else [f"{name}.so"]:
            try:
                return ctypes.CDLL(path)
            except OSError:
                continue
    raise RuntimeError(f"{name} is not in this image; use rayproject/ray with the suffix -gpu, or one with CUDA")


def check(status, call):
    """Raises if a call of CUDA failed."""
    if status != 0:
        raise RuntimeError(f"{call} returned {status}")


def device_name():
    """The name of the GPU that Ray gave this task."""
    driver = ctypes.CDLL("libcuda.so.1")
    device, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    check(driver.cuInit(0), "cuInit")
    check(driver.cuDeviceGet(ctypes.byref(device), 0), "cuDeviceGet")
    check(driver.cuDeviceGetName(name, len(name), device), "cuDeviceGetName")
    return name.value.decode()


def multiply(size):
    """Multiplies two matrices on the GPU. Returns the largest error of a product by NumPy, and the seconds it took."""
    import numpy

    runtime, blas = load("libcudart"), load("libcublas")
    random = numpy.random.default_rng(1)
    # cuBLAS reads matrices column by column.
    a, b = (numpy.asfortranarray(random.random((size, size), dtype=numpy.float32)) for _ in range(2))
    product = numpy.zeros((size, size), dtype=numpy.float32, order="F")
    length = ctypes.c_size_t(a.nbytes)
    pointers = [ctypes.c_void_p() for _ in range(3)]
    handle = ctypes.c_void_p()
    try:
        for pointer in pointers:
            check(runtime.cudaMalloc(ctypes.byref(pointer), length), "cudaMalloc")
        for pointer, matrix in zip(pointers, (a, b)):
            source = ctypes.c_void_p(matrix.ctypes.data)
            check(runtime.cudaMemcpy(pointer, source, length, TO_DEVICE), "cudaMemcpy to the device")
        check(blas.cublasCreate_v2(ctypes.byref(handle)), "cublasCreate")
        one, zero, n = ctypes.c_float(1), ctypes.c_float(0), ctypes.c_int(size)
        started = time.perf_counter()
        check(
            blas.cublasSgemm_v2(
                handle, TRANSPOSE_NONE, TRANSPOSE_NONE, n, n, n,
                ctypes.byref(one), pointers[0], n, pointers[1], n, ctypes.byref(zero), pointers[2], n,
            ),
            "cublasSgemm",
        )
        check(runtime.cudaDeviceSynchronize(), "cudaDeviceSynchronize")
        seconds = time.perf_counter() - started
        target = ctypes.c_void_p(product.ctypes.data)
        check(runtime.cudaMemcpy(target, pointers[2], length, TO_HOST), "cudaMemcpy to the host")
    finally:
        if handle:
            blas.cublasDestroy_v2(handle)
        for pointer in pointers:
            if pointer:
                runtime.cudaFree(pointer)
    # GPUs may round to fewer bits on the way, so the error is measured against the size of the numbers.
    expected = a.astype(numpy.float64) @ b.astype(numpy.float64)
    return float(numpy.abs(product - expected).max() / expected.max()), seconds


@ray.remote(num_cpus=1, num_gpus=1)
def compute(size):
    """Runs on a GPU worker."""
    error, seconds = multiply(size)
    return device_name(), socket.gethostname(), error, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="rows and columns, from 16 to 8192 (default: 1024)")
    arguments = parser.parse_args()
    if not 16 <= arguments.size <= 8192:
        parser.error("--size is from 16 to 8192")
    ray.init()
    device, host, error, seconds = ray.get(compute.remote(arguments.size))
    print(f"device: {device} of {host}")
    print(f"multiplied {arguments.size} x {arguments.size} matrices in {seconds * 1000:.1f} ms, largest error {error:.1e}")
    if error > 1e-3:
        sys.exit("error: the product is wrong")
    print("result: ok")


if __name__ == "__main__":
    main()
