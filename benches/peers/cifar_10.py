"""Test accuracy of the same network on CIFAR-10 in PyTorch: backpropagation, `scaled`, seeds 1 to 3.

The folder has the files of the binary version. To compare with, for each seed:
    spikealign train --dataset cifar-10 --data FOLDER --rule bp --epochs 5 --seed 1
"""

import sys
from pathlib import Path

import numpy
import torch
from pytorch import BATCH, SIZES, network
from torch import nn

EPOCHS = 5
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1)
DEVIATION = torch.tensor([0.2470, 0.2435, 0.2616]).view(3, 1, 1)


def read(folder, names):
    records = numpy.concatenate([numpy.fromfile(folder / name, numpy.uint8).reshape(-1, 3073) for name in names])
    images = torch.from_numpy(records[:, 1:]).view(-1, 3, 32, 32).float() / 255
    return (images - MEAN) / DEVIATION, torch.from_numpy(records[:, 0]).long()


def start(model):
    """Weights as ours: uniform in ±1/√fan_in, biases 0."""
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            bound = layer.weight[0].numel() ** -0.5
            nn.init.uniform_(layer.weight, -bound, bound)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def learn(seed, train, test):
    torch.manual_seed(seed)
    model = network(*SIZES["scaled"], channels=3, side=5)
    start(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for _ in range(EPOCHS):
        model.train()
        for chosen in torch.randperm(len(train[1])).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(train[0][chosen]), train[1][chosen]).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        answers = torch.cat([model(images).argmax(1) for images in test[0].split(500)])
    return (answers == test[1]).float().mean().item()


def main():
    folder = Path(sys.argv[1])
    train = read(folder, [f"data_batch_{number}.bin" for number in range(1, 6)])
    test = read(folder, ["test_batch.bin"])
    accuracies = [learn(seed, train, test) for seed in (1, 2, 3)]
    print(" ".join(f"{100 * one:.2f}%" for one in accuracies), f"mean {100 * sum(accuracies) / 3:.2f}%")


if __name__ == "__main__":
    main()
