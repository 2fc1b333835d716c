"""Minimax fits behind the polynomial and rational coefficients of the element-wise kernels.

Run with any Python 3 that has mpmath: `python3 fit.py [name ...]`. Arithmetic is 40 digits throughout.
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, pi, qr_solve

mp.dps = 40


def nodes(lo, hi, count):
    """Chebyshev points of the first kind on [lo, hi], in increasing order."""
    return [(lo + hi) / 2 - (hi - lo) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def remez(g, w, t, lo, hi, degree, rounds=12, grid=600):
    """Polynomial P of the given degree with least max |w(x) (P(t(x)) - g(x))| on [lo, hi]; returns (coefficients, error)."""
    lo, hi = mpf(lo), mpf(hi)
    points = nodes(lo, hi, degree + 2)
    dense = nodes(lo, hi, grid)
    # A weight that vanishes inside the interval would decouple its node from the levelled error.
    floor = max(abs(w(x)) for x in dense) * mpf('1e-3')
    weight = lambda x: abs(w(x)) + floor
    gd, wd, td = [g(x) for x in dense], [weight(x) for x in dense], [t(x) for x in dense]
    for _ in range(rounds):
        a = matrix(degree + 2, degree + 2)
        b = matrix(degree + 2, 1)
        for i, x in enumerate(points):
            power = mpf(1)
            for j in range(degree + 1):
                a[i, j] = power
                power *= t(x)
            a[i, degree + 1] = (-1) ** i / weight(x)
            b[i] = g(x)
        solution = lu_solve(a, b)
        c = [solution[j] for j in range(degree + 1)]
        errors = [wd[k] * (polynomial(c, td[k]) - gd[k]) for k in range(grid)]
        # One extremum per run of equal sign; keep the alternating run with the largest errors.
        runs = []
        for k in range(grid):
            if runs and (errors[k] > 0) == (errors[runs[-1]] > 0):
                if abs(errors[k]) > abs(errors[runs[-1]]):
                    runs[-1] = k
            else:
                runs.append(k)
        while len(runs) > degree + 2:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        worst = max(abs(e) for e in errors)
        if len(runs) < degree + 2:
            break
        points = [dense[k] for k in runs]
        if worst < abs(solution[degree + 1]) * mpf('1.01'):
            break
    return c, worst


def rational(g, w, t, lo, hi, m, n, rounds=25, grid=240):
    """P/Q of degrees (m, n), Q(0) = 1, near-minimax for w (P/Q - g): linearised least squares with Lawson weights."""
    lo, hi = mpf(lo), mpf(hi)
    dense = nodes(lo, hi, grid)
    gd, wd, td = [g(x) for x in dense], [w(x) for x in dense], [t(x) for x in dense]
    lawson = [mpf(1)] * grid
    q = [mpf(1)] * grid
    best = None
    for _ in range(rounds):
        a = matrix(grid, m + n + 1)
        b = matrix(grid, 1)
        for k in range(grid):
            s = wd[k] * mp.sqrt(lawson[k]) / q[k]
            power = mpf(1)
            for j in range(max(m, n) + 1):
                if j <= m:
                    a[k, j] = s * power
                if 1 <= j <= n:
                    a[k, m + j] = -s * power * gd[k]
                power *= td[k]
            b[k] = s * gd[k]
        solution, _ = qr_solve(a, b)
        p = [solution[j] for j in range(m + 1)]
        d = [mpf(1)] + [solution[m + j] for j in range(1, n + 1)]
        q = [polynomial(d, x) for x in td]
        errors = [abs(wd[k] * (polynomial(p, td[k]) / q[k] - gd[k])) for k in range(grid)]
        worst = max(errors)
        if best is None or worst < best[2]:
            best = (p, d, worst)
        lawson = [lawson[k] * (errors[k] / worst + mpf('1e-3')) for k in range(grid)]
        total = sum(lawson) / grid
        lawson = [v / total for v in lawson]
    return best


def polynomial(c, x):
    value = mpf(0)
    for a in reversed(c):
        value = value * x + a
    return value


def show(name, values, kind):
    """Prints coefficients, lowest power first, as C# literals that round to the nearest float or double."""
    print(name)
    for v in values:
        print('    ', (mp.nstr(v, 10) + 'f') if kind == 'float' else mp.nstr(v, 20))
