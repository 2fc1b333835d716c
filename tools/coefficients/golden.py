"""Golden values of the element-wise functions for the tests: `python3 golden.py > ../../tests/Elbo.Numerics.Tests/Kernels/Elementwise/golden.csv`."""
import random
from mpmath import mp, mpf, exp, expm1, log, log1p, sin, cos, tanh, erf, erfc, erfinv, loggamma, psi, sqrt, pi, findroot

mp.dps = 60


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


def log_gamma(x):
    return loggamma(x).real if x > 0 else log(abs(pi / (x * sin(pi * x)))) - loggamma(-x).real


def quantile(p):
    if p > mpf('0.05') and p < mpf('0.95'):
        return sqrt(mpf(2)) * erfinv(2 * p - 1)
    if p > mpf('0.5'):
        return -quantile(1 - p)
    x = -sqrt(-2 * log(p)) + mpf('0.3')
    for _ in range(200):
        cdf = erfc(-x / sqrt(mpf(2))) / 2
        step = cdf * log(cdf / p) / (exp(-x * x / 2) / sqrt(2 * pi))
        x -= step
        if abs(step) < mpf('1e-45'):
            return x
    raise ArithmeticError(p)


def wide(low, high, count=40):
    """Numbers of both signs whose exponents are spread evenly."""
    r = random.Random(low * 1000 + high)
    return [s * 2 ** r.uniform(low, high) for s in (1, -1) for _ in range(count // 2)]


def even(low, high, count=40):
    r = random.Random(count)
    return [r.uniform(low, high) for _ in range(count)]


functions = {
    'Exp': (exp, even(-744, 709) + wide(-60, 2)),
    'Expm1': (expm1, even(-50, 709) + wide(-60, 2)),
    'Log': (log, [abs(x) for x in wide(-1070, 1020)] + even(0.5, 2)),
    'Log1p': (log1p, [abs(x) for x in wide(-60, 1020)] + even(-0.9999, 1)),
    'Sin': (sin, wide(-60, 40, 80)),
    'Cos': (cos, wide(-60, 40, 80)),
    'Tanh': (tanh, wide(-60, 6, 80)),
    'Sigmoid': (lambda x: 1 / (1 + exp(-x)), even(-740, 40) + wide(-20, 6)),
    'Softplus': (softplus, even(-740, 40) + wide(-20, 6)),
    'LogSigmoid': (lambda x: -softplus(-x), even(-40, 740) + wide(-20, 6)),
    'Silu': (lambda x: x / (1 + exp(-x)), even(-700, 40) + wide(-20, 6)),
    'Gelu': (lambda x: x * erfc(-x / sqrt(mpf(2))) / 2, even(-37, 10) + wide(-20, 4)),
    'Erf': (erf, wide(-60, 3, 80)),
    'Erfc': (erfc, even(-3, 26.5) + wide(-20, 3)),
    'NormalQuantile': (quantile, even(0, 1) + [abs(x) for x in wide(-1070, -1)] + [1 - 2.0 ** -k for k in range(5, 50, 3)]),
    'LogGamma': (log_gamma, [abs(x) for x in wide(-60, 1000)] + even(0, 5) + even(-20, 0) + wide(-30, -10)
                 + [1 + x for x in wide(-40, -3, 10)] + [2 + x for x in wide(-40, -3, 10)]),
    'Digamma': (lambda x: psi(0, x), [abs(x) for x in wide(-60, 200)] + even(0, 5) + even(-20, 0) + wide(-30, -10)
                + [1.4616321449683623 + x for x in wide(-50, -3, 10)]),
    'Trigamma': (lambda x: psi(1, x), [abs(x) for x in wide(-60, 200)] + even(0, 5) + even(-20, 0) + wide(-30, -10)),
}

for name, (f, points) in functions.items():
    for x in points:
        print(f'{name},{x!r},{mp.nstr(f(mpf(x)).real, 20)}')
