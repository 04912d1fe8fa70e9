"""Microseconds per training step of the networks of this comparison in PyTorch (f32, SGD 0.01, one thread)."""

import time

import torch
from torch import nn

ROWS = [
    ((784, 128, 10), 1),
    ((784, 128, 10), 8),
    ((784, 128, 10), 64),
    ((784, 128, 10), 256),
    ((64, 32, 10), 1),
    ((64, 32, 10), 64),
    ((2, 16, 1), 1),
]
BUDGET = 2.0


def step_of(sizes, batch):
    inputs, hidden, outputs = sizes
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    x = torch.rand(batch, inputs)
    if outputs == 1:
        loss, y = nn.MSELoss(), torch.rand(batch, 1)
    else:
        loss, y = nn.CrossEntropyLoss(), torch.arange(batch) * 7 % outputs
    sgd = torch.optim.SGD(net.parameters(), lr=0.01)

    def step():
        sgd.zero_grad()
        loss(net(x), y).backward()
        sgd.step()

    return step


def microseconds(step):
    for _ in range(20):
        step()
    start, least = time.perf_counter(), float("inf")
    while time.perf_counter() - start < BUDGET:
        before = time.perf_counter()
        for _ in range(5):
            step()
        least = min(least, (time.perf_counter() - before) / 5)
    return least * 1e6


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    print("PyTorch", torch.__version__)
    for sizes, batch in ROWS:
        print("-".join(map(str, sizes)), batch, microseconds(step_of(sizes, batch)))


main()
