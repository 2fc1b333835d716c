import sys
from mpmath import mp, mpf, exp, log, log1p, expm1, sin, cos, atanh, erf, erfc, sqrt, pi, ln
from minimax import remez, rational, show, polynomial

L = ln(2) / 2
FITS = {}


def fit(f):
    FITS[f.__name__] = f
    return f


def series(f, small, cut=mpf('1e-12')):
    return lambda x: small if abs(x) < cut else f(x)


def poly(name, g, w, t, lo, hi, degree, kind):
    c, e = remez(g, w, t, lo, hi, degree)
    show(f'{name}: degree {degree}, error {mp.nstr(e, 3)}', c, kind)
    return c


def ratio(name, g, w, t, lo, hi, m, n, kind):
    p, q, e = rational(g, w, t, lo, hi, m, n)
    show(f'{name}: [{m}/{n}], error {mp.nstr(e, 3)}', p, kind)
    show('  over', q, kind)
    return p, q


@fit
def exponential():
    g = series(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    for degree, kind in ((4, 'float'), (9, 'double')):
        poly('exp: (e^r - 1 - r)/r^2', g, lambda r: r**2 / exp(r), lambda r: r, -L, L, degree, kind)


@fit
def expm1_():
    # relative to expm1(r) rather than to e^r
    g = series(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    for degree, kind in ((5, 'float'), (10, 'double')):
        poly('expm1: (e^r - 1 - r)/r^2', g, lambda r: r, lambda r: r, -L, L, degree, kind)


@fit
def logarithm():
    g = series(lambda f: (log1p(f) - f + f**2 / 2) / f**3, mpf(1) / 3, mpf('1e-9'))
    for degree in (7, 8):
        poly('log: (log(1+f) - f + f^2/2)/f^3', g, lambda f: f**2, lambda f: f, -mpf(1) / 3, mpf(1) / 3, degree, 'float')
    h = series(lambda s: (2 * atanh(s) - 2 * s) / s**3, mpf(2) / 3, mpf('1e-9'))
    edge = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
    poly('log: (2 atanh s - 2s)/s^3 in s^2', h, lambda s: s**2, lambda s: s**2, mpf('1e-8'), edge, 6, 'double')


@fit
def softplus():
    h = series(lambda s: (2 * atanh(s) - 2 * s) / s**3, mpf(2) / 3, mpf('1e-9'))
    for degree, kind in ((3, 'float'), (4, 'float'), (11, 'double')):
        poly('log1p on [0,1]: (2 atanh s - 2s)/s^3 in s^2', h, lambda s: s**2, lambda s: s**2, mpf('1e-8'), mpf(1) / 3, degree, kind)


@fit
def trigonometric():
    q = pi / 4 * mpf('1.0001')
    s = series(lambda r: (sin(r) - r) / r**3, -mpf(1) / 6, mpf('1e-9'))
    c = series(lambda r: (cos(r) - 1 + r**2 / 2) / r**4, mpf(1) / 24, mpf('1e-7'))
    for degree, kind in ((2, 'float'), (3, 'float'), (5, 'double')):
        poly('sin: (sin r - r)/r^3 in r^2', s, lambda r: r**2, lambda r: r**2, mpf('1e-7'), q, degree, kind)
        poly('cos: (cos r - 1 + r^2/2)/r^4 in r^2', c, lambda r: r**4, lambda r: r**2, mpf('1e-6'), q, degree, kind)


def relative(g):
    return lambda x: 1 / g(x)


@fit
def error_function():
    g = series(lambda x: erf(x) / x, 2 / sqrt(pi))
    poly('erf(x)/x in x^2 on [0, 0.5]', g, relative(g), lambda x: x**2, mpf('1e-8'), mpf('0.5'), 4, 'float')
    poly('erf(x)/x in x^2 on [0, 0.5]', g, relative(g), lambda x: x**2, mpf('1e-8'), mpf('0.5'), 9, 'double')
    h = lambda x: exp(x * x) * erfc(x)
    ratio('erfcx on [0, 10.5]', h, relative(h), lambda x: x, 0, mpf('10.5'), 4, 5, 'float')
    ratio('erfcx on [0, 27.5]', h, relative(h), lambda x: x, 0, mpf('27.5'), 10, 11, 'double')


def quantile(p):
    """Inverse of the normal distribution function for p < 1/2, by Newton's method on its logarithm."""
    x = -sqrt(-2 * ln(p)) if p < mpf('0.1') else mpf(-1)
    for _ in range(60):
        cdf = erfc(-x / sqrt(mpf(2))) / 2
        step = cdf * ln(cdf / p) / (exp(-x * x / 2) / sqrt(2 * pi))
        x -= step
        if abs(step) < mpf('1e-36'):
            break
    return x


@fit
def normal_quantile():
    centre = series(lambda q: quantile(mpf(1) / 2 - q) / -q, sqrt(2 * pi), mpf('1e-9'))
    ratio('quantile(1/2 + q)/q in 0.180625 - q^2 on [0, 0.425]', centre, relative(centre), lambda q: mpf('0.180625') - q**2, mpf('1e-7'), mpf('0.425'), 7, 7, 'double')
    tail = lambda r: -quantile(exp(-r * r))
    ratio('-quantile(e^-r^2) in r - 1.6 on [1.58, 5]', tail, relative(tail), lambda r: r - mpf('1.6'), mpf('1.58'), mpf(5), 7, 7, 'double')
    ratio('-quantile(e^-r^2) in r - 5 on [5, 27.4]', tail, relative(tail), lambda r: r - 5, mpf(5), mpf('27.4'), 7, 7, 'double')


@fit
def gamma_functions():
    from mpmath import loggamma, psi, findroot
    r = lambda t: (loggamma(1 + t) / (t * (t - 1))).real if abs(t * (t - 1)) > mpf('1e-15') else (-psi(0, 1) if t < mpf('0.5') else psi(0, 2)).real
    ratio('lgamma(1+t)/(t(t-1)) in t + 1/2 on [-0.5, 2]', r, relative(r), lambda t: t + mpf(1) / 2, -mpf(1) / 2, mpf(2), 9, 9, 'double')
    j = lambda z: (loggamma(1 / sqrt(z)) - (1 / sqrt(z) - mpf(1) / 2) * ln(1 / sqrt(z)) + 1 / sqrt(z) - ln(2 * pi) / 2).real / sqrt(z)
    ratio('x*Binet(x) in 1/x^2, x >= 3', j, lambda z: mpf(1), lambda z: z, mpf('1e-6'), mpf(1) / 9, 4, 4, 'double')
    root = findroot(lambda x: psi(0, x), mpf('1.46'))
    high = mpf(float(root))
    show('digamma root: high, low', [high, root - high], 'double')
    d = lambda t: (psi(0, 1 + t) / (1 + t - root)).real if abs(1 + t - root) > mpf('1e-15') else psi(1, root).real
    ratio('digamma(1+t)/(1+t-root) on [0, 2]', d, relative(d), lambda t: t, 0, mpf(2), 7, 7, 'double')
    a = lambda z: ((ln(1 / sqrt(z)) - sqrt(z) / 2 - psi(0, 1 / sqrt(z))).real) / z
    ratio('x^2 (log x - 1/(2x) - digamma) in 1/x^2, x >= 3', a, lambda z: mpf(1), lambda z: z, mpf('1e-6'), mpf(1) / 9, 4, 4, 'double')
    e = lambda t: psi(1, 1 + t).real
    ratio('trigamma(1+t) on [0, 2]', e, relative(e), lambda t: t, 0, mpf(2), 8, 8, 'double')
    b = lambda z: (psi(1, 1 / sqrt(z)).real - sqrt(z) - z / 2) / (z * sqrt(z))
    ratio('x^3 (trigamma - 1/x - 1/(2x^2)) in 1/x^2, x >= 3', b, lambda z: mpf(1), lambda z: z, mpf('1e-6'), mpf(1) / 9, 5, 5, 'double')


if __name__ == '__main__':
    for name in sys.argv[1:] or FITS:
        FITS[name]()
