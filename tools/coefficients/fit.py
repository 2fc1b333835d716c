import sys
from mpmath import mp, mpf, exp, log, log1p, expm1, sin, cos, tanh, atanh, erf, erfc, sqrt, pi, erfinv, ln
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


@fit
def tanh_():
    g = series(lambda x: tanh(x) / x, mpf(1))
    for m, n in ((5, 3), (6, 3), (5, 4), (4, 4)):
        ratio('tanh(x)/x in x^2', g, lambda x: 1 / g(x), lambda x: x**2, mpf('1e-6'), mpf('9.02'), m, n, 'float')


if __name__ == '__main__':
    for name in sys.argv[1:] or FITS:
        FITS[name]()
