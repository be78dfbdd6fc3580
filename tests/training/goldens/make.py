"""Makes goldens.json: trajectories of small training runs, by PyTorch where it has the thing, else by its paper.

Run with PyTorch 1.13 (Debian's python3-torch): python3 tests/training/goldens/make.py
Everything is float64, so that the goldens are the truth that float32 runs come near to, on every machine the same.
Each run carries the configuration that asks Downhill for the same (see docs/run-config.md); tests/training/goldens.test.ts
compares. NAdam is written out here, because PyTorch before 2.0 multiplies by mu_t twice (pytorch/pytorch#92699).
"""

import json
import math
import pathlib
import platform

import torch

STEPS = 100
BATCH = 16
EXAMPLES = 40  # two full batches and a short one
WIDTHS = [4, 8, 6, 3]
torch.set_default_dtype(torch.float64)


def exact(tensor):
    """Numbers that float32 holds exactly, so that both sides start alike."""
    return (tensor * 1024).round() / 1024


def problem():
    torch.manual_seed(7)
    inputs = exact(torch.randn(EXAMPLES, WIDTHS[0]))
    teacher = torch.randn(WIDTHS[0], 3)
    scores = torch.tanh(inputs @ teacher) + 0.3 * torch.randn(EXAMPLES, 3)
    weights = {}
    for index, (fan_in, fan_out) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        weights[f"layers.{index}.weight"] = exact(torch.randn(fan_out, fan_in) / math.sqrt(fan_in))
        weights[f"layers.{index}.bias"] = exact(0.1 * torch.randn(fan_out))
    single = {**weights, "layers.2.weight": weights["layers.2.weight"][:1], "layers.2.bias": weights["layers.2.bias"][:1]}
    return {
        "inputs": inputs,
        "classes": scores.argmax(1),
        "binary": (scores[:, 0] > 0).long(),
        "numbers": exact(scores),
        "weights": weights,
        "single": single,
    }


def forward(parameters, inputs):
    x = inputs
    last = len(WIDTHS) - 2
    for index in range(last + 1):
        x = x @ parameters[f"layers.{index}.weight"].T + parameters[f"layers.{index}.bias"]
        if index < last:
            x = torch.tanh(x)
    return x


def is_matrix(parameter):
    return parameter.dim() > 1


def groups(parameters, weight_decay):
    """Decay on matrices only, which is Downhill's default."""
    values = list(parameters.values())
    return [
        {"params": [p for p in values if is_matrix(p)], "weight_decay": weight_decay},
        {"params": [p for p in values if not is_matrix(p)], "weight_decay": 0.0},
    ]


class PerParameter(torch.optim.Optimizer):
    """An optimizer that treats every tensor alike: `update(p, g, state, group, t)` changes p in place."""

    def __init__(self, parameter_groups, update, **defaults):
        super().__init__(parameter_groups, {"weight_decay": 0.0, **defaults})
        self.update = update

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                self.update(p, p.grad, state, group, state["t"])


def nadam_update(p, g, state, group, t):
    b1, b2, epsilon, psi = group["beta1"], group["beta2"], group["epsilon"], group["momentum_decay"]
    g = g + group["weight_decay"] * p
    mu = b1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = b1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    state["product"] = state.get("product", 1.0) * mu
    state["m"] = b1 * state.get("m", 0) + (1 - b1) * g
    state["v"] = b2 * state.get("v", 0) + (1 - b2) * g * g
    estimate = (1 - mu) * g / (1 - state["product"]) + mu_next * state["m"] / (1 - state["product"] * mu_next)
    p -= group["lr"] * estimate / ((state["v"] / (1 - b2**t)).sqrt() + epsilon)


def lion_update(p, g, state, group, t):
    """Chen et al. 2023, Algorithm 2."""
    b1, b2 = group["beta1"], group["beta2"]
    m = state.get("m", torch.zeros_like(p))
    c = torch.sign(b1 * m + (1 - b1) * g)
    p -= group["lr"] * (c + group["weight_decay"] * p)
    state["m"] = b2 * m + (1 - b2) * g


def inverse_fourth_root(matrix):
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp_min(1e-300) ** -0.25) @ vectors.T


def shampoo_update(p, g, state, group, t):
    """Gupta, Koren and Singer 2018, Algorithm 1."""
    epsilon = group["epsilon"]
    if not is_matrix(p):
        state["h"] = state.get("h", epsilon) + g * g
        p -= group["lr"] * g / state["h"].sqrt()
        return
    rows, columns = p.shape
    state["L"] = state.get("L", epsilon * torch.eye(rows)) + g @ g.T
    state["R"] = state.get("R", epsilon * torch.eye(columns)) + g.T @ g
    p -= group["lr"] * inverse_fourth_root(state["L"]) @ g @ inverse_fourth_root(state["R"])


def newton_schulz(matrix, steps):
    a, b, c = 3.4445, -4.775, 2.0315
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


def muon_update(p, g, state, group, t):
    """Jordan et al. 2024 for hidden matrices; AdamW for the others."""
    if group["is_muon"]:
        momentum = group["momentum"]
        state["m"] = momentum * state.get("m", 0) + (1 - momentum) * g
        u = (1 - momentum) * g + momentum * state["m"]
        rows, columns = p.shape
        x = newton_schulz(u, 5)
        p -= group["lr"] * group["weight_decay"] * p
        p -= group["lr"] * math.sqrt(max(1, rows / columns)) * x
        return
    lr, b1, b2, epsilon = group["adamw_lr"], 0.9, 0.999, 1e-8
    p -= lr * group["adamw_decay"] * p
    state["m"] = b1 * state.get("m", 0) + (1 - b1) * g
    state["v"] = b2 * state.get("v", 0) + (1 - b2) * g * g
    p -= lr / (1 - b1**t) * state["m"] / (state["v"].sqrt() / math.sqrt(1 - b2**t) + epsilon)


def muon_groups(parameters, all_matrices):
    def is_muon(name, p):
        return is_matrix(p) and (all_matrices or name == "layers.1.weight")

    items = list(parameters.items())
    return [
        {"params": [p for n, p in items if is_muon(n, p)], "is_muon": True, "weight_decay": 0.1},
        {"params": [p for n, p in items if is_matrix(p) and not is_muon(n, p)], "is_muon": False, "adamw_decay": 0.01},
        {"params": [p for n, p in items if not is_matrix(p)], "is_muon": False, "adamw_decay": 0.0},
    ]


optim = torch.optim

# Name to (Downhill's optimizer, parameters to PyTorch's).
OPTIMIZERS = {
    "sgd": ({"kind": "sgd", "learningRate": 0.1}, lambda p: optim.SGD(groups(p, 0), lr=0.1)),
    "sgd momentum dampening": (
        {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "dampening": 0.5, "weightDecay": 0.01},
        lambda p: optim.SGD(groups(p, 0.01), lr=0.1, momentum=0.9, dampening=0.5),
    ),
    "sgd nesterov": (
        {"kind": "sgd", "learningRate": 0.03, "momentum": 0.9, "nesterov": True},
        lambda p: optim.SGD(groups(p, 0), lr=0.03, momentum=0.9, nesterov=True),
    ),
    "rmsprop": (
        {"kind": "rmsprop", "learningRate": 0.003, "alpha": 0.95, "weightDecay": 0.01},
        lambda p: optim.RMSprop(groups(p, 0.01), lr=0.003, alpha=0.95),
    ),
    "rmsprop centered momentum": (
        {"kind": "rmsprop", "learningRate": 0.001, "alpha": 0.95, "momentum": 0.8, "centered": True},
        lambda p: optim.RMSprop(groups(p, 0), lr=0.001, alpha=0.95, momentum=0.8, centered=True),
    ),
    "adagrad": (
        {"kind": "adagrad", "learningRate": 0.05, "learningRateDecay": 0.01, "initialAccumulator": 0.1},
        lambda p: optim.Adagrad(groups(p, 0), lr=0.05, lr_decay=0.01, initial_accumulator_value=0.1),
    ),
    "adadelta": (
        {"kind": "adadelta", "learningRate": 1, "rho": 0.9, "epsilon": 1e-6, "weightDecay": 0.01},
        lambda p: optim.Adadelta(groups(p, 0.01), lr=1.0, rho=0.9, eps=1e-6),
    ),
    "adam": (
        {"kind": "adam", "learningRate": 0.01, "weightDecay": 0.01},
        lambda p: optim.Adam(groups(p, 0.01), lr=0.01),
    ),
    "amsgrad": (
        {"kind": "adam", "learningRate": 0.01, "amsgrad": True},
        lambda p: optim.Adam(groups(p, 0), lr=0.01, amsgrad=True),
    ),
    "adamw": (
        {"kind": "adamw", "learningRate": 0.01, "weightDecay": 0.1},
        lambda p: optim.AdamW(groups(p, 0.1), lr=0.01),
    ),
    "radam": (
        {"kind": "radam", "learningRate": 0.02, "weightDecay": 0.01},
        lambda p: optim.RAdam(groups(p, 0.01), lr=0.02),
    ),
    "nadam": (
        {"kind": "nadam", "learningRate": 0.01, "momentumDecay": 0.004, "weightDecay": 0.01},
        lambda p: PerParameter(
            groups(p, 0.01), nadam_update, lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, momentum_decay=0.004
        ),
    ),
    # A power of two: Lion's steps all have one length, so that a rounding of it would add up a hundred times.
    "lion": (
        {"kind": "lion", "learningRate": 2**-8, "weightDecay": 0.1},
        lambda p: PerParameter(groups(p, 0.1), lion_update, lr=2**-8, beta1=0.9, beta2=0.99),
    ),
    "shampoo": (
        {"kind": "shampoo", "learningRate": 0.1, "epsilon": 1e-4},
        lambda p: PerParameter(list(p.values()), shampoo_update, lr=0.1, epsilon=1e-4),
    ),
    "muon": (
        {
            **{"kind": "muon", "learningRate": 0.02, "momentum": 0.95, "nesterov": True, "weightDecay": 0.1},
            **{"adamwLearningRate": 0.01, "adamwWeightDecay": 0.01},
        },
        lambda p: PerParameter(muon_groups(p, False), muon_update, lr=0.02, momentum=0.95, adamw_lr=0.01),
    ),
    "muon on all matrices": (
        {
            **{"kind": "muon", "learningRate": 0.01, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
            **{"adamwLearningRate": 0.01, "adamwWeightDecay": 0.01, "matrices": "all"},
        },
        lambda p: PerParameter(muon_groups(p, True), muon_update, lr=0.01, momentum=0.9, adamw_lr=0.01),
    ),
}


def plain_sgd(parameters):
    return optim.SGD(groups(parameters, 0), lr=0.1)


def warmup(steps, then):
    """Linear warm-up, then the shape from its own first step on."""
    return lambda step: step / steps if step <= steps else then(step - steps)


def lambdas(shape):
    """A schedule by its formula: the factor of the learning rate at a step counted from 1."""
    return lambda optimizer: optim.lr_scheduler.LambdaLR(optimizer, lambda done: shape(done + 1))


def warmup_cosine(step, warmup_steps=10, total=80, final=0.1):
    if step <= warmup_steps:
        return step / warmup_steps
    p = min((step - warmup_steps) / (total - warmup_steps), 1)
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * p))


def warmup_stable_decay(step, warmup_steps=10, total=80, decay=30, final=0.1):
    if step <= warmup_steps:
        return step / warmup_steps
    p = min(max((step - (total - decay)) / decay, 0), 1)
    return 1 + (final - 1) * p


def inverse_root(step, warmup_steps=10):
    return min(step / warmup_steps, math.sqrt(warmup_steps / step))


# Name to (Downhill's schedule, optimizer to PyTorch's scheduler).
SCHEDULES = {
    "linear": (
        {"kind": "linear", "overSteps": 60, "finalFraction": 0.2},
        lambda o: optim.lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.2, total_iters=60),
    ),
    "step": ({"kind": "step", "every": 30, "factor": 0.5}, lambda o: optim.lr_scheduler.StepLR(o, 30, gamma=0.5)),
    "exponential": (
        {"kind": "exponential", "factor": 0.98},
        lambda o: optim.lr_scheduler.ExponentialLR(o, gamma=0.98),
    ),
    "cosine": (
        {"kind": "cosine", "totalSteps": 100, "finalFraction": 0.1},
        lambda o: optim.lr_scheduler.CosineAnnealingLR(o, T_max=100, eta_min=0.01),
    ),
    "one-cycle": (
        {"kind": "one-cycle", "totalSteps": 100},
        lambda o: optim.lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=100, cycle_momentum=False),
    ),
    "warmup-cosine": (
        {"kind": "warmup-cosine", "warmupSteps": 10, "totalSteps": 80, "finalFraction": 0.1},
        lambdas(warmup_cosine),
    ),
    "warmup-stable-decay": (
        {"kind": "warmup-stable-decay", "warmupSteps": 10, "totalSteps": 80, "decaySteps": 30, "finalFraction": 0.1},
        lambdas(warmup_stable_decay),
    ),
    "inverse-root": ({"kind": "inverse-root", "warmupSteps": 10}, lambdas(inverse_root)),
    "exponential after warm-up": (
        {"kind": "exponential", "factor": 0.98, "warmupSteps": 8},
        lambdas(warmup(8, lambda step: 0.98 ** (step - 1))),
    ),
}


class exponential_of_both:
    """ExponentialLR for groups that have a second learning rate."""

    def __init__(self, optimizer):
        self.groups = optimizer.param_groups

    def step(self):
        for group in self.groups:
            group["lr"] *= 0.98
            group["adamw_lr"] *= 0.98


functional = torch.nn.functional

# Name to (Downhill's loss, which targets, loss of outputs and targets).
LOSSES = {
    "cross-entropy": ({"kind": "cross-entropy"}, "classes", functional.cross_entropy),
    "cross-entropy smoothed": (
        {"kind": "cross-entropy", "labelSmoothing": 0.1},
        "classes",
        lambda z, y: functional.cross_entropy(z, y, label_smoothing=0.1),
    ),
    "cross-entropy weighted": (
        {"kind": "cross-entropy", "labelSmoothing": 0.1, "classWeights": [1, 2, 0.5]},
        "classes",
        lambda z, y: functional.cross_entropy(z, y, weight=torch.tensor([1, 2, 0.5]), label_smoothing=0.1),
    ),
    "bce-with-logits": (
        {"kind": "bce-with-logits"},
        "binary",
        lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y.double()),
    ),
    "mse": ({"kind": "mse"}, "numbers", functional.mse_loss),
    "mae": ({"kind": "mae"}, "numbers", functional.l1_loss),
    "huber": ({"kind": "huber", "delta": 0.5}, "numbers", lambda z, y: functional.huber_loss(z, y, delta=0.5)),
}


def penalty(parameters, l1, l2):
    matrices = [p for p in parameters.values() if is_matrix(p)]
    return sum(l1 * p.abs().sum() + l2 / 2 * (p * p).sum() for p in matrices)


def clip_norm(parameters, limit):
    torch.nn.utils.clip_grad_norm_(list(parameters.values()), limit)


def clip_value(parameters, limit):
    torch.nn.utils.clip_grad_value_(list(parameters.values()), limit)


def train(data, loss="cross-entropy", optimizer=plain_sgd, scheduler=None, clip=None, accumulation=1, penalties=(0, 0)):
    """Losses and gradient norms of 100 steps over the examples in their order."""
    _, targets, criterion = LOSSES[loss]
    start = data["single" if targets == "binary" else "weights"]
    parameters = {name: tensor.clone().requires_grad_() for name, tensor in start.items()}
    opt = optimizer(parameters)
    schedule = scheduler(opt) if scheduler else None
    batches = [slice(first, first + BATCH) for first in range(0, EXAMPLES, BATCH)]
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        opt.zero_grad()
        # The mean over all examples of the step, as in one batch of them; the batches differ in size
        parts = [batches[(step * accumulation + micro) % len(batches)] for micro in range(accumulation)]
        examples = sum(len(data["inputs"][rows]) for rows in parts)
        mean = 0
        for rows in parts:
            value = criterion(forward(parameters, data["inputs"][rows]), data[targets][rows])
            share = value * (len(data["inputs"][rows]) / examples)
            share.backward()
            mean += share.item()
        if penalties != (0, 0):
            penalty(parameters, *penalties).backward()
        losses.append(mean)
        norms.append(math.sqrt(sum((p.grad**2).sum().item() for p in parameters.values())))
        rates.append(opt.param_groups[0]["lr"])
        if clip:
            clip(parameters)
        opt.step()
        if schedule:
            schedule.step()
    return {"loss": losses, "gradNorm": norms, "learningRate": rates}


def runs(data):
    sgd = {"kind": "sgd", "learningRate": 0.1}
    for name, (config, make) in OPTIMIZERS.items():
        yield f"optimizer: {name}", {"optimizer": config}, train(data, optimizer=make)
    for name, (config, make) in SCHEDULES.items():
        yield f"schedule: {name}", {"optimizer": {**sgd, "schedule": config}}, train(data, scheduler=make)
    for name, (config, _, _) in LOSSES.items():
        yield f"loss: {name}", {"optimizer": sgd, "loss": config}, train(data, loss=name)
    yield (
        "clipping: norm",
        {"optimizer": {**sgd, "clipping": {"kind": "norm", "maxNorm": 0.3}}},
        train(data, clip=lambda p: clip_norm(p, 0.3)),
    )
    yield (
        "clipping: value",
        {"optimizer": {**sgd, "clipping": {"kind": "value", "limit": 0.05}}},
        train(data, clip=lambda p: clip_value(p, 0.05)),
    )
    muon_config, muon_make = OPTIMIZERS["muon"]
    yield (
        "schedule: exponential of both of Muon's learning rates",
        {"optimizer": {**muon_config, "schedule": {"kind": "exponential", "factor": 0.98}}},
        train(data, optimizer=muon_make, scheduler=exponential_of_both),
    )
    yield "accumulation", {"optimizer": sgd, "compute": {"accumulation": 4}}, train(data, accumulation=4)
    yield (
        "penalties",
        {"optimizer": sgd, "loss": {"kind": "cross-entropy", "l1": 0.003, "l2": 0.01}},
        train(data, penalties=(0.003, 0.01)),
    )


def optimizer_alone(data):
    """Parameters after 100 updates with given gradients: the optimizer and nothing else."""
    torch.manual_seed(11)
    names = list(data["weights"])
    gradients = [{name: exact(torch.randn_like(data["weights"][name])) for name in names} for _ in range(STEPS)]
    found = {}
    for name, (config, make) in OPTIMIZERS.items():
        parameters = {key: tensor.clone().requires_grad_() for key, tensor in data["weights"].items()}
        opt = make(parameters)
        for given in gradients:
            for key, parameter in parameters.items():
                parameter.grad = given[key].clone()
            opt.step()
        found[name] = {"optimizer": config, "parameters": {key: p.detach() for key, p in parameters.items()}}
    return gradients, found


def plain(value, digits=12):
    """Tensors as nested lists of rounded numbers."""
    if isinstance(value, torch.Tensor):
        return plain(value.flatten().tolist(), digits)
    if isinstance(value, dict):
        return {key: plain(item, digits) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def main():
    data = problem()
    gradients, alone = optimizer_alone(data)
    goldens = {
        "made by": f"PyTorch {torch.__version__}, Python {platform.python_version()}",
        "widths": WIDTHS,
        "batchSize": BATCH,
        "problem": data,
        "runs": [{"name": name, "config": config, **run} for name, config, run in runs(data)],
        "gradients": gradients,
        "optimizers": alone,
    }
    target = pathlib.Path(__file__).with_name("goldens.json")
    target.write_text(json.dumps(plain(goldens), separators=(",", ":")) + "\n")
    print(f"{target.name}: {target.stat().st_size} bytes, {len(goldens['runs'])} runs")


main()
