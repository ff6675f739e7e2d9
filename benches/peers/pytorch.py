"""Training and evaluation of the same networks in PyTorch, on one thread, in images per second."""

import time

import torch
from torch import nn

BATCH = 32
SIZES = {"scaled": (16, 32, 128, 64), "paper": (64, 64, 384, 192)}


def network(first, second, lower, upper, channels=1, side=4):
    """For images of 28 × 28 pixels; of 32 × 32 with side=5, that of the second convolution after pooling."""

    def convolution(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 5, bias=False), nn.ReLU(), nn.BatchNorm2d(outputs), nn.MaxPool2d(2)]

    def dense(inputs, outputs):
        return [nn.Linear(inputs, outputs), nn.ReLU(), nn.BatchNorm1d(outputs)]

    layers = convolution(channels, first) + convolution(first, second) + [nn.Flatten()]
    layers += dense(side * side * second, lower) + dense(lower, upper) + [nn.Linear(upper, 10)]
    return nn.Sequential(*layers)


def rates(work):
    """The median and the largest of nine rates, in images per second."""
    work()
    found = []
    for _ in range(9):
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < 0.25:
            work()
            done += BATCH
        found.append(done / (time.perf_counter() - start))
    return sorted(found)[4], max(found)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    images, labels = torch.rand(BATCH, 1, 28, 28), torch.arange(BATCH) % 10
    for name, size in SIZES.items():
        model = network(*size)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

        def train():
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()

        def evaluate():
            with torch.no_grad():
                nn.functional.cross_entropy(model(images), labels)

        for what, work in [("training", train), ("evaluation", evaluate)]:
            model.train(what == "training")
            median, best = rates(work)
            print(f"PyTorch {torch.__version__}, {name}, {what}: {median:.0f} images per second (best {best:.0f})")


if __name__ == "__main__":
    main()
